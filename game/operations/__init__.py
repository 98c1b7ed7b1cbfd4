"""Operation of a running server: readiness, metrics, logs and a graceful stop."""

from typing import Literal

FINISH_WITHIN = 25.0  # seconds; container engines kill a stopping container after 30 by default
LOOPBACK = "127.0.0.1,::1"

LogFormat = Literal["text", "json"]
