"""All suites, arms and networks, as `training.compare --list` shows them, without torch."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from training.choices import NetworkName
from training.strategies import user_file
from training.strategies.catalogue import STRATEGIES
from training.suites.suites import SUITES


def show(strategies: Path | None) -> None:
    """Print a line each.

    Args:
        strategies: file of the user's own, which are listed too.

    Raises:
        UserError: if that file cannot be read, or holds no strategy.
    """
    if strategies is not None:
        user_file.register(strategies)
    print("\n".join(_lines()))


def _lines() -> Iterator[str]:
    yield "Suites (--suite):"
    for suite in SUITES.values():
        yield f"  {suite.name:26} {suite.question}"
    yield "\nArms (--arms):"
    for strategy in STRATEGIES.values():
        yield f"  {strategy.name:26} {strategy.description}"
    yield f"\nNetworks: {', '.join(get_args(NetworkName))}"
