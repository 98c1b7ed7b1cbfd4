"""The reference of the WebSocket's messages in docs/protocol.md, from `game.messages`."""

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, Lt, MaxLen, MinLen
from pydantic.fields import FieldInfo

from game import messages
from game.messages.base import MAX_HOUR
from game.messages.live import InkLine
from game.messages.record import JudgedFrame

SHAPES: tuple[tuple[Any, str], ...] = (
    (messages.Point, "[x, y, ms]"),
    (list[list[float]], "[[x, ...], [y, ...], [ms, ...]]"),
    (InkLine, "[stroke, [x, ...], [y, ...]]"),
    (JudgedFrame, "[frame, ms, probability of the word, most probable word]"),
    (messages.Code, "a [code](#codes-of-problem)"),
)
"""Types that are not told part by part, and how they are written."""
NOTES = f"""Each message has its heading below as the field `type`. A point is `[x, y, ms]`: \
x and y from {-messages.PAD} to {2 * messages.PAD}, and the time \
since the round began, at most {MAX_HOUR:,}. Whole strokes are `[[x, ...], [y, ...], [ms, ...]]`. \
Fields of clients with a default may be left out; the server sends all fields."""
NAMES = {str: "text", int: "integer", float: "number", bool: "true or false", NoneType: "null"}
PROBLEMS: Mapping[messages.Code, str] = {
    "malformed": "The message is no JSON object of this protocol; `text` names the field.",
    "too_large": f"The message has more than {messages.MAX_MESSAGE_BYTES:,} bytes; fatal.",
    "too_fast": "More messages, points or new rooms than the server accepts; some were dropped.",
    "too_much_ink": "The pad is full: no more strokes or points in this drawing.",
    "too_quick": "Ink that is faster than a hand can draw; dropped.",
    "from_the_future": "Ink with a time that is still to come; dropped.",
    "out_of_place": "Ink of a stroke that is neither the last nor the next. Send `hello` again.",
    "not_now": "The message makes no sense in this stage, or before `hello`.",
    "too_late": "Ink after the bell, after the drawing was guessed, or of another round.",
    "unknown_room": "There is no room with this code.",
    "room_full": "All seats of the room are taken.",
    "too_many_tries": "Too many wrong codes from this address; wait a minute.",
    "too_few": "A race needs two players.",
    "not_host": "Only the host of the room may do that.",
    "watching": "Watchers may not do that.",
    "bad_name": "The name is too short, too long or rude.",
    "bad_badge": "The badge is too large or not well formed; it was left out.",
    "kicked": "The host has taken the seat away.",
    "unknown": "No such replay, challenge or ghost, or the records cannot be reached.",
    "daily_done": "Today's ranked attempt has been used.",
    "too_many": "The server is full or busy: no more players (then it is fatal), or no new room.",
    "replaced": "The same player has opened another connection; fatal.",
    "stopping": "The server stops; fatal. Connect again in a moment.",
    "waiting": "The connection to the race is interrupted; the race goes on.",
    "unreachable": "Rooms cannot be reached at the moment.",
    "room_lost": "The room is gone; results that were told as saved are safe.",
}
"""Codes of `problem`, and what each means."""


def text() -> str:
    """Every message of the WebSocket as Markdown: its sender, its meaning and its fields."""
    parts = [inspect.cleandoc(messages.__doc__ or ""), NOTES]
    sides = {
        "From the client": get_args(get_args(messages.ClientMessage)[0]),
        "From the server": get_args(get_args(messages.ServerMessage)[0]),
    }
    ours = [*sides["From the client"], *_nested(sides["From the client"])]
    for title, kinds in sides.items():
        parts += [f"## {title}", *(_message(kind, kind in ours) for kind in kinds)]
    nested = _nested(kind for kinds in sides.values() for kind in kinds)
    parts += ["## Objects in messages", *(_message(kind, kind in ours) for kind in nested)]
    codes = "\n".join(f"| `{code}` | {meaning} |" for code, meaning in PROBLEMS.items())
    parts += ["## Codes of `problem`", f"| code | meaning |\n|---|---|\n{codes}"]
    return "\n\n".join(parts)


def _nested(kinds: Iterable[type[messages.Message]]) -> list[type[messages.Message]]:
    """The models that fields of these hold, directly or not, in order of their names."""
    found: dict[str, type[messages.Message]] = {}
    waiting = list(kinds)
    while waiting:
        for field in waiting.pop().model_fields.values():
            for part in _models(field.annotation):
                if part.__name__ not in found:
                    found[part.__name__] = part
                    waiting.append(part)
    return [found[name] for name in sorted(found)]


def _models(annotation: Any) -> Iterator[type[messages.Message]]:
    if isinstance(annotation, type) and issubclass(annotation, messages.Message):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _message(kind: type[messages.Message], by_client: bool) -> str:
    """A heading, what the docstring says, and a line for each field, with defaults for clients."""
    said = _docstring(kind)[0]
    bases = [base for base in reversed(kind.__mro__) if issubclass(base, messages.Message)]
    texts = {name: text for base in bases for name, text in _attributes(base).items()}
    tag = kind.model_fields.get("type")
    parts = [f"### `{tag.default if tag else kind.__name__}`", said]
    lines = [
        _line(name, field, texts.get(name) or field.description or "", by_client)
        for name, field in kind.model_fields.items()
        if name != "type"
    ]
    return "\n\n".join(part for part in (*parts, "\n".join(lines)) if part)


def _docstring(kind: type[messages.Message]) -> tuple[str, str]:
    """Its own docstring, not an inherited one: what it says, and its "Attributes"."""
    text = inspect.cleandoc(kind.__dict__.get("__doc__") or "")
    said, _, attributes = text.partition("\n\nAttributes:\n")
    return said, attributes


def _attributes(kind: type[messages.Message]) -> dict[str, str]:
    """Name -> meaning, of the "Attributes" of a docstring; names may share a line."""
    texts: dict[str, str] = {}
    names: list[str] = []
    for line in _docstring(kind)[1].splitlines():
        if line.startswith("     "):
            texts |= {name: f"{texts[name]} {line.strip()}" for name in names}
        elif line.strip():
            said, _, meaning = line.strip().partition(": ")
            names = said.split(", ")
            texts |= dict.fromkeys(names, meaning)
    return texts


def _line(name: str, field: FieldInfo, meaning: str, by_client: bool) -> str:
    about = [_type(field.annotation), *_limits(field.metadata)]
    if by_client and not field.is_required():
        about.append(f"default `{json.dumps(field.default)}`")
    said = f": {meaning}" if meaning else ""
    return f"- `{name}` ({'; '.join(about)}){said}".replace(" None ", " null ")


def _limits(metadata: Iterable[Any]) -> Iterator[str]:
    for limit in metadata:
        match limit:
            case Ge(least):
                yield f"at least {least}"
            case Le(most):
                yield f"at most {most}"
            case Lt(above):
                yield f"below {above}"
            case MinLen(least):
                yield f"length at least {least}"
            case MaxLen(most):
                yield f"length at most {most:,}"
            case _ if pattern := getattr(limit, "pattern", None):
                yield f"matches `{pattern}`"
            case _:
                pass


def _type(annotation: Any) -> str:
    """A type as JSON has it, in words."""
    for shape, written in SHAPES:
        if annotation == shape:
            return written
    parts, origin = get_args(annotation), get_origin(annotation)
    if origin is Annotated:
        return _type(parts[0])
    if origin in (Union, UnionType):
        return " or ".join(_type(part) for part in parts)
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin is dict:
        return f"object of {_type(parts[0])} to {_type(parts[1])}"
    if origin is list or (origin is tuple and parts[1:] == (...,)):
        return f"list of {_type(parts[0])}"
    if origin is tuple:
        return f"[{', '.join(_type(part) for part in parts)}]"
    if annotation in NAMES:
        return NAMES[annotation]
    return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
