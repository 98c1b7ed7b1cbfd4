"""Strategies of your own, from a file: `--strategies mine.py` or `--strategies mine.toml`.

A Python file holds `Strategy` values under any names. A TOML file describes them in tables:

    [[strategy]]
    name = "warm-head"
    start = "imagenet"
    description = "the head alone for 3 epochs, then everything at half the rate"
    changes = { label_smoothing = 0.1 }

    [[strategy.phases]]
    learn = "head"
    epochs = 3
    bn_statistics = "still"

    [[strategy.phases]]
    learn = { stem = 0.5, blocks = 0.5, top = 0.5, head = 1.0 }
    augmentation = { turn = 20.0, cut = 0.2 }

Fields are those of `Strategy` and `Phase` (`training.strategies.strategy`) and, in `changes`, of
`Settings`; an `augmentation` has those of `training.transforms.augmentation.Augmentation`, and what
it does not name has its default. `learn` also takes the words "everything", "head" and
"new layers".
"""

import runpy
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from models.command import UserError
from models.user_files import read_text
from training import limits
from training.strategies import catalogue, freezing
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, HEAD, Strategy

TOML = "Expected a TOML file"
SEE = "See training/strategies/user_file.py"
LEARN: Mapping[str, Mapping[str, float]] = {
    "everything": EVERYTHING,
    "head": HEAD,
    "new layers": freezing.NEW,
}


def register(path: Path) -> tuple[Strategy, ...]:
    """Add the strategies of a file to the catalogue, and return them.

    Raises:
        UserError: if the file cannot be read, holds no strategy, or holds one whose name is taken.
    """
    found = load(path)
    for strategy in found:
        if catalogue.STRATEGIES.get(strategy.name, strategy) != strategy:
            raise UserError(
                f"{path} has a strategy {strategy.name!r}, and so has the catalogue",
                "Give it another name",
            )
        catalogue.STRATEGIES[strategy.name] = strategy
    return found


def load(path: Path) -> tuple[Strategy, ...]:
    """The strategies of a file.

    Raises:
        UserError: when it cannot be read, or holds none.
    """
    readers = {".py": _python, ".toml": _toml}
    if path.suffix not in readers:
        raise UserError(f"{path} is no file of strategies", "expected mine.py or mine.toml")
    if not path.is_file():
        raise UserError(f"there is no file {path}", "Check the path of --strategies")
    found = tuple(readers[path.suffix](path))
    if not found:
        raise UserError(f"{path} holds no strategy", SEE)
    return found


def _python(path: Path) -> Sequence[Strategy]:
    try:
        names = runpy.run_path(str(path))
    except (Exception, SystemExit) as error:  # a user's file may raise anything
        raise UserError(f"cannot run {path}: {type(error).__name__}: {error}") from error
    found = {id(value): value for value in names.values() if isinstance(value, Strategy)}.values()
    for strategy in found:
        check(strategy, f"{path}, strategy {strategy.name!r}")
    return list(found)


def check(strategy: Strategy, where: str) -> None:
    """Check a strategy that a Python file or program made.

    Raises:
        UserError: for a value that it cannot have.
    """
    check_changes(strategy.changes, where)
    try:
        limits.check(strategy, options=False)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def check_changes(changes: Mapping[str, Any], where: str) -> None:
    """Check changes to settings that a Python file or program made.

    Raises:
        UserError: for an unknown setting, or a value that it cannot have.
    """
    for name in changes:
        limits.known(name, [field.name for field in fields(Settings)], f"{where}, changes")
    try:
        limits.check(replace(Settings(), **changes), options=False)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def _toml(path: Path) -> Sequence[Strategy]:
    try:
        content = tomllib.loads(read_text(path, TOML))
    except ValueError as error:
        raise UserError(f"cannot read {path}: {error}", TOML) from error
    tables = limits.build(_File, content, str(path)).strategy
    return [_strategy(table, f"{path}, strategy {table.get('name', '?')!r}") for table in tables]


@dataclass(frozen=True)
class _File:
    strategy: tuple[Mapping[str, Any], ...] = ()


def _strategy(table: Mapping[str, Any], where: str) -> Strategy:
    own = [field.name for field in fields(Strategy) if field.name != "equal_work"]
    for name in table:
        limits.known(name, own, where)
    given = {**table, "changes": {}, "phases": _phases(table.get("phases", ()), where)}
    built = limits.build(Strategy, given, where)
    return replace(built, changes=changes(table.get("changes", {}), where))


def _phases(tables: Any, where: str) -> Any:
    """The tables of phases, with groups in place of a word that stands for them."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return tables
    return [_phase(table, where) for table in tables]


def _phase(table: dict[str, Any], where: str) -> dict[str, Any]:
    learn = table.get("learn")
    if not isinstance(learn, str):
        return table
    limits.known(learn, LEARN, f"{where}: learn")
    return {**table, "learn": LEARN[learn]}


def changes(table: Any, where: str) -> dict[str, Any]:
    """Changes to settings from a table that names some of them.

    Raises:
        UserError: for an unknown setting, or a value that it cannot have.
    """
    settings = limits.build(Settings, table, f"{where}, changes")
    return {name: getattr(settings, name) for name in table}
