"""What the fields of options, suites and strategies may hold, and the check of what people wrote.

The annotations of a dataclass are the only place that says which values it accepts. `check` holds
a command's options against them, and `build` makes a dataclass of a table of a TOML file.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from models.command import UserError

Kind = TypeVar("Kind")

Count = Annotated[int, Field(ge=1)]
Whole = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
PositiveShare = Annotated[float, Field(gt=0, le=1)]
PartialShare = Annotated[float, Field(ge=0, lt=1)]

WORDING = {  # of pydantic's messages
    "Input should be ": "expected ",
    "Tuple should have ": "expected ",
    " after validation": "",
    "a valid array": "a list",
    "a valid boolean": "true or false",
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid string": "text",
    "an object": "a table",
    "Value error, ": "",
    "greater than or equal to": "at least",
    "greater than": "more than",
    "less than or equal to": "at most",
}


def one_of(*values: int) -> AfterValidator:
    """The annotation of a number that is one of a few."""

    def among_them(value: int) -> int:
        if value not in values:
            *others, last = map(str, values)
            raise ValueError(f"expected {', '.join(others)} or {last}")
        return value

    return AfterValidator(among_them)


def check(values: Any, options: bool = True) -> None:
    """Check the fields of a dataclass, whose types are right.

    Args:
        options: whether they are a command's options, which errors name with dashes.

    Raises:
        UserError: for a value outside its limits.
    """
    try:
        _adapter(type(values)).validate_python(asdict(values))
    except ValidationError as error:
        first = error.errors()[0]
        name = _name(first)
        told = f"--{name.replace('_', '-')}" if options else name
        raise UserError(f"{told} is {first['input']}", _expected(first)) from error


def check_seed(seed: int) -> None:
    """Check the seed of a function.

    Raises:
        UserError: if it is negative.
    """
    if seed < 0:
        raise UserError(f"seed is {seed}", "expected at least 0")


def build(kind: type[Kind], table: Mapping[str, Any], where: str) -> Kind:
    """A dataclass from a table of a TOML file, in which an array stands for a tuple.

    Args:
        kind: the dataclass.
        table: its fields by name, nested ones as tables.
        where: the table is, for errors.

    Raises:
        UserError: for an unknown field, one that is missing, and a value of another type or outside
            its limits.
    """
    _refuse_unknown(kind, table, where)
    try:
        return _adapter(kind).validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as error:
        raise _refusal(error.errors()[0], where) from error


@cache
def _adapter(kind: type[Kind]) -> TypeAdapter[Kind]:
    return TypeAdapter(kind)


def _refuse_unknown(kind: Any, table: Any, where: str) -> None:
    if not isinstance(table, Mapping):
        return  # told as a value of another type
    types = {field.name: field.type for field in fields(kind)}
    for name, value in table.items():
        known(name, types, where)
        for inner in (types[name], *get_args(types[name])):  # also of a tuple of dataclasses
            if is_dataclass(inner):
                for each in value if isinstance(value, list) else [value]:
                    _refuse_unknown(inner, each, f"{where}, {name}")


def _refusal(first: ErrorDetails, where: str) -> UserError:
    path, found = first["loc"], first["input"]
    if not path:
        return UserError(f"{where}: {_expected(first)}")
    if first["type"] == "missing" and isinstance(path[-1], str):
        return UserError(f"{where} has no {path[-1]!r}")
    if first["type"] == "literal_error" and isinstance(found, str):
        words = re.findall("'([^']*)'", first["msg"])
        return _unknown(found, words, f"{where}: {_name(first)}")
    return UserError(f"{where}: {_name(first)} is {found!r}", _expected(first))


def known(word: str, words: Collection[str], where: str) -> None:
    """Refuse a word that is none of those expected.

    Raises:
        UserError: that names the nearest one.
    """
    if word not in words:
        raise _unknown(word, words, where)


def _unknown(word: str, words: Collection[str], where: str) -> UserError:
    close = get_close_matches(word, words, n=1)
    return UserError(
        f"{where}: {word!r} is unknown",
        f"Did you mean {close[0]!r}?" if close else f"expected one of {', '.join(words)}",
    )


def _name(error: ErrorDetails) -> str:
    """The path of a field, without numbers of its items and without kinds of a union."""
    return ".".join(part for part in error["loc"] if isinstance(part, str))


def _expected(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "expected one value more"
    text = error["msg"]
    for theirs, ours in WORDING.items():
        text = text.replace(theirs, ours)
    return text
