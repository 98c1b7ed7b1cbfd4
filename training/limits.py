"""What the fields of options, suites and strategies may hold, and the check of what people wrote.

The annotations of a dataclass are the only place that says which values it accepts. `check` holds
a command's options against them, and `build` makes a dataclass of a table of a TOML file.
"""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

from models.command import UserError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Kind = TypeVar("Kind")
Details = Mapping[str, Any]  # of an error of pydantic


@dataclass(frozen=True)
class Accepts:
    """The annotation of a field that accepts some values of its type only.

    Pydantic's own would do, but importing it takes longer than parsing the options.

    Attributes:
        test: whether a value is accepted.
        expected: what is, in words.
    """

    test: Callable[[Any], bool]
    expected: str

    def checked(self, value: Any) -> Any:
        """The value.

        Raises:
            ValueError: if it is not accepted.
        """
        if not self.test(value):
            raise ValueError(f"expected {self.expected}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import AfterValidator

        return AfterValidator(self.checked).__get_pydantic_core_schema__(source, handler)


Count = Annotated[int, Accepts(lambda n: n >= 1, "at least 1")]
Whole = Annotated[int, Accepts(lambda n: n >= 0, "at least 0")]
Positive = Annotated[float, Accepts(lambda x: 0 < x < math.inf, "a finite number above 0")]
NotNegative = Annotated[float, Accepts(lambda x: 0 <= x < math.inf, "a finite number, at least 0")]
Share = Annotated[float, Accepts(lambda x: 0 <= x <= 1, "0 to 1")]
PositiveShare = Annotated[float, Accepts(lambda x: 0 < x <= 1, "more than 0, at most 1")]
PartialShare = Annotated[float, Accepts(lambda x: 0 <= x < 1, "at least 0, less than 1")]

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
}


def one_of(*values: int) -> Accepts:
    """The annotation of a number that is one of a few."""
    *others, last = map(str, values)
    return Accepts(lambda value: value in values, f"{', '.join(others)} or {last}")


def check(values: Any, options: bool = True) -> None:
    """Check the fields of a dataclass, whose types are right.

    Args:
        options: whether they are a command's options, which errors name with dashes.

    Raises:
        UserError: for a value outside its limits.
    """
    from pydantic import ValidationError

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
    from pydantic import ValidationError

    _refuse_unknown(kind, table, where)
    try:
        return _adapter(kind).validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as error:
        raise _refusal(error.errors()[0], where) from error


@cache
def _adapter(kind: type[Kind]) -> "TypeAdapter[Kind]":
    from pydantic import TypeAdapter

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


def _refusal(first: Details, where: str) -> UserError:
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


def _name(error: Details) -> str:
    """The path of a field, without numbers of its items and without kinds of a union."""
    return ".".join(part for part in error["loc"] if isinstance(part, str))


def _expected(error: Details) -> str:
    if error["type"] == "missing":
        return "expected one value more"
    text = error["msg"]
    for theirs, ours in WORDING.items():
        text = text.replace(theirs, ours)
    return text
