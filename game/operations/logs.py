"""The log of a server, as text for people or as JSON for machines, a line an event.

It holds no names, drawings, tokens or addresses. What the game logs is written without them; the
text of an exception may quote what a player sent, so its type and place are logged instead, and
what libraries say is cleaned of addresses and of whatever is as long as a token.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from game.meters import ERRORS

LogFormat = Literal["text", "json"]

OURS = ("game", "models")
SECRET = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?"  # an address, perhaps with its port
    r"|(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:])"
    r"|[A-Za-z0-9_-]{32,}"  # a token or a key
)


def set_up(form: LogFormat) -> None:
    """Log to stderr: of the game what happens, of libraries only warnings and errors."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers = [handler, ErrorCounter(logging.ERROR)]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # what cannot be written is not written elsewhere, in full


class ErrorCounter(logging.Handler):
    """Counts errors, so that they can ring a bell somewhere."""

    def emit(self, record: logging.LogRecord) -> None:
        ERRORS.labels(record.name).inc()


class TextFormatter(logging.Formatter):
    """A line to be read, and below it where an error came from."""

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
    """What was logged with `extra={"facts": {...}}`."""
    return getattr(record, "facts", {})


def clean(record: logging.LogRecord) -> str:
    """The message on one line; of a library, without what may be about a player."""
    message = " ".join(record.getMessage().split())
    ours = record.name.partition(".")[0] in OURS
    return message if ours else SECRET.sub("…", message)


def errors_of(record: logging.LogRecord) -> list[dict[str, Any]]:
    """The exception and its causes: their types, and the files and lines they went through."""
    error = record.exc_info[1] if record.exc_info else None
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < 5:
        found.append({"type": _name(error), "at": [*map(_place, _frames(error))]})
        error = error.__cause__ or error.__context__
    return found


def _name(error: BaseException) -> str:
    """The type, and the system's own words for what the system refused."""
    name = type(error).__name__
    return f"{name}: {error.strerror}" if isinstance(error, OSError) and error.strerror else name


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
