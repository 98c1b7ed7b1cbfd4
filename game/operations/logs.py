"""The log of a server, one line per event, as text for people or as JSON for programs.

The log holds no names, drawings, tokens or addresses. The game's own messages do not contain any.
The text of an exception might quote what a player sent, so only its type and place are logged.
Messages of libraries are cleaned of addresses and of anything as long as a token.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from game.meters import ERRORS
from game.operations import LogFormat

OURS = ("game", "models")
SECRET = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?"  # an IPv4 address, with or without a port
    r"|(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:])"
    r"|[A-Za-z0-9_-]{32,}"  # a token or a key
)


def set_up(form: LogFormat) -> None:
    """Log to stderr: the game from level INFO on, libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers = [handler, ErrorCounter(logging.ERROR)]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a failed log call must not print the uncleaned message


class ErrorCounter(logging.Handler):
    """Counts errors in the log, so that monitoring can raise an alarm."""

    def emit(self, record: logging.LogRecord) -> None:
        ERRORS.labels(record.name).inc()


class TextFormatter(logging.Formatter):
    """One line of text for each event, followed by the traces of its errors."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={value}" for name, value in facts_of(record).items())
        lines = [f"{record.levelname.lower()}: {clean(record)}{facts}"]
        for error in errors_of(record):
            lines += [f"  {error['type']}", *(f"    {place}" for place in error["at"])]
        return "\n".join(lines)


class JsonFormatter(logging.Formatter):
    """One JSON object: `time`, `level`, `logger`, `event`, the event's own facts, and `errors`."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": clean(record),
            **facts_of(record),
        }
        if errors := errors_of(record):
            entry["errors"] = errors
        return json.dumps(entry, ensure_ascii=False, default=str)


def facts_of(record: logging.LogRecord) -> Mapping[str, Any]:
    """The facts that were logged with `extra={"facts": {...}}`."""
    return getattr(record, "facts", {})


def clean(record: logging.LogRecord) -> str:
    """The message on one line. Library messages lose addresses and tokens."""
    message = " ".join(record.getMessage().split())
    ours = record.name.partition(".")[0] in OURS
    return message if ours else SECRET.sub("…", message)


def errors_of(record: logging.LogRecord) -> list[dict[str, Any]]:
    """The exception and its causes, at most five, each with its `type` and its trace (`at`)."""
    error = record.exc_info[1] if record.exc_info else None
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < 5:
        trace = traceback.extract_tb(error.__traceback__)
        found.append({"type": _name(error), "at": [*map(_place, trace)]})
        error = error.__cause__ or error.__context__
    return found


def _name(error: BaseException) -> str:
    """The type of an error; for an `OSError` also the system's message."""
    name = type(error).__name__
    return f"{name}: {error.strerror}" if isinstance(error, OSError) and error.strerror else name


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
