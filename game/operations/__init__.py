"""Operation of a running server: readiness, metrics, logs and a graceful stop."""
