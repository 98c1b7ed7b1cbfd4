"""Reproduce a published model: run the commands of its card, in order.

    python -m training.remake --name classic-b0

Paths in a card are relative to the current folder, so run this command where `data` and `weights`
are. Finished training is not repeated, and interrupted training is resumed.
"""

import importlib
import shlex
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import tyro

from models import defaults
from models.command import UserError, run

if TYPE_CHECKING:
    from models.shelf import Card

TRAINERS, PUBLISH = ("training.train", "training.pretrain", "training.soup"), "training.publish"


@dataclass(frozen=True)
class Options:
    """Reproduce a published model from its card."""

    name: str = defaults.DEFAULT
    """Name of a published model."""
    shelf: Path = defaults.PUBLISHED
    """Folder of published models."""
    out: Path = Path("runs/shelf")
    """Folder to write the reproduced model to."""


def main(options: Options) -> None:
    """Run the card's commands and compare their results with the card.

    Raises:
        UserError: if a command of the card is not one of this project, has options that it does not
            have, or fails.
    """
    from rich.console import Console

    from models import shelf
    from training.trainer import renamed

    console = Console(stderr=True)
    card = shelf.read_card(options.name, options.shelf)
    then = _accuracy(card)
    steps = [parse(renamed.command(command)) for command in card.recipe]
    for module, arguments in steps:
        _require_understood(module, arguments)
    for number, (module, arguments) in enumerate(steps, 1):
        console.rule(f"step {number} of {len(steps)}: {module}", align="left")
        if module in TRAINERS and _finished(arguments):
            console.print("finished before; skipped")
            continue
        if module == PUBLISH:
            arguments = [*arguments, "--shelf", str(options.out)]
        code = subprocess.call([sys.executable, "-m", module, *arguments])
        if code:
            raise UserError(
                f"step {number} of {len(steps)} ended with exit code {code}",
                "What it said stands above; mend it and give the same command again",
            )
    now = _accuracy(shelf.read_card(options.name, options.out))
    console.print(f"test top-1: published {then:.2%}, made again {now:.2%}; {options.out}")


def parse(command: str) -> tuple[str, list[str]]:
    """Module and arguments of a card's command.

    Raises:
        UserError: if it is not a command of this project: a card must not run anything else.
    """
    try:
        words = shlex.split(command)
    except ValueError:  # a quotation mark that is not closed
        words = []
    known = (*TRAINERS, PUBLISH)
    if words[:2] != ["python", "-m"] or words[2:3] not in [[module] for module in known]:
        raise UserError(
            f"the card's command {command!r} is not run from here",
            f"expected python -m {' or '.join(known)}",
        )
    return words[2], words[3:]


def _require_understood(module: str, arguments: list[str]) -> None:
    options = importlib.import_module(module).Options
    try:
        tyro.cli(options, args=arguments, console_outputs=False)
    except SystemExit as error:
        raise UserError(
            f"{module} does not understand the card's options {shlex.join(arguments)}",
            f"The card may be damaged; see python -m {module} --help",
        ) from error


def _accuracy(card: "Card") -> float:
    """Test accuracy of a published model on finished bitmaps."""
    try:
        return float(card.metrics["test"]["bitmaps"]["top1"])
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"the card of {card.name} does not tell its accuracy on the test split ({error!r})",
            "Expected a model of training.publish",
        ) from error


def _finished(arguments: list[str]) -> bool:
    places = [value for key, value in pairwise(arguments) if key == "--out"]
    return bool(places) and (Path(places[-1]) / "run.json").exists()


if __name__ == "__main__":
    run(Options, main)
