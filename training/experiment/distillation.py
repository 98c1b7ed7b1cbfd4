"""What networks teach another: their guess of each training bitmap.

Probabilities say more than labels do, and less loudly where a label is wrong (distillation, Hinton
et al. 2015, arXiv 1503.02531; of networks like itself, Furlanello et al. 2018, arXiv 1805.04770).
Teachers are finished runs, or trained for a run alone, on its own drawings and no others.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from models.command import UserError
from training.data.dataset import Dataset
from training.experiment.run_status import Ending, end
from training.metrics import cost
from training.metrics.cost import Bill
from training.networks.inference import logits_of
from training.networks.work import Work, per_image
from training.strategies.strategy import Strategy
from training.trainer.fit import Fit, Report
from training.trainer.runs import open_run


def lessons(runs: Sequence[Path], data: Dataset, device: torch.device) -> Tensor:
    """Mean probabilities (N, K) of the runs' networks on the N training bitmaps of the words.

    Raises:
        UserError: when a folder holds no finished run, or one on other words.
    """
    bitmaps = data.parts["train"].bitmaps
    guesses: list[Tensor] = []
    for folder in runs:
        record, network = open_run(folder, device)
        if tuple(record["words"]) != data.words:
            raise UserError(
                f"{folder} was trained on {', '.join(record['words'])}",
                f"expected a teacher of {', '.join(data.words)}",
            )
        guesses.append(logits_of(network, bitmaps, device).softmax(1))
    return torch.stack(guesses).mean(0)


@dataclass(frozen=True)
class Taught:
    """What its teachers leave a run.

    Attributes:
        lessons: float32 (N, K), the last one's probabilities of the N training bitmaps of the
            words; None without a teacher, or when one is lost.
        bill: of all of them, from the first step to the last probability.
        ending: of the last that began.
    """

    lessons: Tensor | None = None
    bill: Bill = field(default_factory=Bill)
    ending: Ending = field(default_factory=Ending)


def teach(
    teachers: Sequence[Strategy],
    prepare: Callable[[Strategy, Tensor | None], Fit],
    show: Callable[[Report], None],
) -> Taught:
    """Train the teachers of a run, each on the probabilities of the one before.

    Args:
        teachers: the first is taught by nobody.
        prepare: makes a teacher's run, from its lessons, on the drawings of the run it is for.
        show: is told how it goes.
    """
    taught = Taught()
    for strategy in teachers:
        run = prepare(strategy, taught.lessons)
        ending, bill = end(run, show), taught.bill + cost.bill(run)
        if ending.status != "finished":
            lost = Ending(ending.status, f"its teacher, {strategy.name}: {ending.error}")
            return Taught(None, bill, lost)
        thought, asked = _think(run)
        taught = Taught(thought, bill + asked)
    return taught


def _think(run: Fit) -> tuple[Tensor, Bill]:
    """A network's probabilities (N, K) of its own training bitmaps, and what asking it cost."""
    bitmaps, before = run.data.parts["train"].bitmaps, time.monotonic()
    thought = logits_of(run.network, bitmaps, run.device).softmax(1)
    backbone, head = per_image(run.network)
    forward = (backbone + head).forward * len(bitmaps)
    return thought, Bill(time.monotonic() - before, 0.0, Work(forward))
