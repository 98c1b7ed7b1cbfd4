"""All suites, arms and networks, as `training.compare --list` shows them."""

from collections.abc import Iterator
from typing import get_args

from training.choices import NetworkName
from training.strategies.catalogue import STRATEGIES
from training.suites.suites import SUITES


def text() -> str:
    """A line each."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "Suites (--suite):"
    for suite in SUITES.values():
        yield f"  {suite.name:26} {suite.question}"
    yield "\nArms (--arms):"
    for strategy in STRATEGIES.values():
        yield f"  {strategy.name:26} {strategy.description}"
    yield f"\nNetworks: {', '.join(get_args(NetworkName))}"
