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

Fields are those of `Strategy` and `Phase` (`training.strategies.strategy`) and, in `changes`, of
`Settings`. `learn` also takes the words "everything", "head" and "new layers".
"""

import runpy
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from models.command import UserError
from models.user_files import read_text
from training.choices import NetworkName, StemWeights
from training.data.augmentation import Augmentation
from training.data.mixture import Mixture
from training.strategies import catalogue, freezing
from training.strategies.settings import Decays, OptimiserName, Settings
from training.strategies.strategy import (
    EVERYTHING,
    HEAD,
    BnStatistics,
    HeadWeights,
    Phase,
    Schedule,
    Solver,
    Start,
    Strategy,
)

TOML = "Expected a TOML file"
SEE = "See training/strategies/user_file.py"
LEARN: Mapping[str, Mapping[str, float]] = {
    "everything": EVERYTHING,
    "head": HEAD,
    "new layers": freezing.NEW,
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "start": get_args(Start),
    "stem": get_args(StemWeights),
    "network": get_args(NetworkName),
    "head": get_args(HeadWeights),
    "bn_statistics": get_args(BnStatistics),
    "schedule": get_args(Schedule),
    "solver": get_args(Solver),
    "optimiser": get_args(OptimiserName),
    "decays": get_args(Decays),
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
    return list(
        {id(value): value for value in names.values() if isinstance(value, Strategy)}.values()
    )


def _toml(path: Path) -> Sequence[Strategy]:
    try:
        content = tomllib.loads(read_text(path, TOML))
    except ValueError as error:
        raise UserError(f"cannot read {path}: {error}", TOML) from error
    _known(content, ("strategy",), str(path))
    try:
        return [_strategy(table, path) for table in content.get("strategy", [])]
    except (AttributeError, TypeError) as error:  # a value of another kind, such as a number
        raise UserError(f"{path} has no tables of strategies: {error}", f"{TOML}: {SEE}") from error


def _strategy(table: dict[str, Any], path: Path) -> Strategy:
    where = f"{path}, strategy {table.get('name', '?')!r}"
    own = [field.name for field in fields(Strategy) if field.name != "equal_work"]
    _known(table, own, where)
    _complete(table, ("name", "start", "description", "phases"), where)
    phases = tuple(_phase(phase, where) for phase in table["phases"])
    changes = _changes(table.get("changes", {}), where)
    given: dict[str, Any] = {**table, "phases": phases, "changes": changes}
    try:
        return Strategy(**given)
    except (ValueError, TypeError) as error:
        raise UserError(f"{where}: {error}") from error


def _phase(table: dict[str, Any], where: str) -> Phase:
    _known(table, [field.name for field in fields(Phase)], where)
    _complete(table, ("learn",), where)
    learn = table["learn"]
    if isinstance(learn, str):
        _one_of(learn, tuple(LEARN), f"{where}: learn")
        learn = LEARN[learn]
    given: dict[str, Any] = {**table, "learn": learn}
    try:
        return Phase(**given)
    except (ValueError, TypeError) as error:
        raise UserError(f"{where}: {error}") from error


def _changes(table: dict[str, Any], where: str) -> dict[str, Any]:
    _known(table, [field.name for field in fields(Settings)], f"{where}, changes")
    nested = {"mixture": Mixture, "augmentation": Augmentation}
    for name in nested.keys() & table.keys():
        _known(table[name], [field.name for field in fields(nested[name])], f"{where}, {name}")
    return {
        name: nested[name](**value) if name in nested else value for name, value in table.items()
    }


def _known(table: dict[str, Any], names: Sequence[str], where: str) -> None:
    """Reject unknown fields and invalid values."""
    for name, value in table.items():
        _one_of(name, names, where)
        if name == "network" and str(value).startswith("timm:"):
            continue  # found, or not, when the network is built
        if name in CHOICES and isinstance(value, str):
            _one_of(value, CHOICES[name], f"{where}: {name}")


def _one_of(word: str, words: Sequence[str], where: str) -> None:
    if word not in words:
        close = get_close_matches(word, words, n=1)
        raise UserError(
            f"{where}: {word!r} is unknown",
            f"Did you mean {close[0]!r}?" if close else f"expected one of {', '.join(words)}",
        )


def _complete(table: dict[str, Any], names: Sequence[str], where: str) -> None:
    missing = [name for name in names if name not in table]
    if missing:
        raise UserError(f"{where} has no {missing[0]!r}", f"expected {', '.join(names)}")
