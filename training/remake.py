"""Reproduce a published model: run the commands of its card, in order.

    python -m training.remake --name classic-b0

Paths in a card are relative to the current folder, so run this command where `data` and `weights`
are. Finished training is not repeated, interrupted training is resumed, and nothing is uploaded.
"""

import importlib
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tyro

from models import defaults
from models.command import UserError, run

if TYPE_CHECKING:
    from models.shelf import Card

TRAINERS = ("training.train", "training.pretrain", "training.soup")
COMPARE, PUBLISH = "training.compare", "training.publish"


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
    from training.publication import renamed
    from training.trainer import evidence

    console = Console(stderr=True)
    card = shelf.read_card(options.name, options.shelf)
    then = _accuracy(card)
    steps: list[Step] = []
    for command in dict.fromkeys(card.recipe):  # a comparison that publishes stands there twice
        module, arguments = parse(renamed.command(command))
        steps.append(understood(module, evidence.without_upload(arguments)))
    for number, step in enumerate(steps, 1):
        console.rule(f"step {number} of {len(steps)}: {step.module}", align="left")
        if step.finished:
            console.print("finished before; skipped")
            continue
        shelved = ["--shelf", str(options.out)] if step.publishes else []
        code = subprocess.call([sys.executable, "-m", step.module, *step.arguments, *shelved])
        if code:
            raise UserError(
                f"step {number} of {len(steps)} ended with exit code {code}",
                "What it said stands above; mend it and give the same command again",
            )
    now = _accuracy(shelf.read_card(options.name, options.out))
    console.print(f"test top-1: published {then:.2%}, made again {now:.2%}; {options.out}")


@dataclass(frozen=True)
class Step:
    """One command of a card, and the options that its arguments come to."""

    module: str
    arguments: list[str]
    options: Any

    @property
    def finished(self) -> bool:
        """Whether it trains a run that is there; a comparison finds by itself what it has done."""
        return self.module in TRAINERS and (self.options.out / "run.json").exists()

    @property
    def publishes(self) -> bool:
        return self.module == PUBLISH or (self.module == COMPARE and self.options.publish_best)


def parse(command: str) -> tuple[str, list[str]]:
    """Module and arguments of a card's command.

    Raises:
        UserError: if it is not a command of this project: a card must not run anything else.
    """
    try:
        words = shlex.split(command)
    except ValueError:  # a quotation mark that is not closed
        words = []
    known = (*TRAINERS, COMPARE, PUBLISH)
    if words[:2] != ["python", "-m"] or words[2:3] not in [[module] for module in known]:
        raise UserError(
            f"the card's command {command!r} is not run from here",
            f"expected python -m {' or '.join(known)}",
        )
    return words[2], words[3:]


def understood(module: str, arguments: list[str]) -> Step:
    """The step of a command with these arguments.

    Raises:
        UserError: if the command does not have these options.
    """
    kind: type[Any] = importlib.import_module(module).Options
    try:
        return Step(module, arguments, tyro.cli(kind, args=arguments, console_outputs=False))
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


if __name__ == "__main__":
    run(Options, main)
