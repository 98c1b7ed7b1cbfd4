"""Distillation: train a network on teachers' probabilities for each training bitmap.

Soft targets carry more information than labels, and less harm where a label is wrong (Hinton et al.
2015, arXiv 1503.02531; from networks of the same kind: Furlanello et al. 2018, arXiv 1805.04770).
Teachers are finished runs, or are trained for one run, on the drawings of that run.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from models.command import UserError
from training.data.dataset import Dataset
from training.experiment.run_status import RunOutcome, end
from training.inference.inference import logits_of
from training.inference.work import Work, per_image
from training.metrics import cost
from training.metrics.cost import Bill
from training.strategies.strategy import Strategy
from training.trainer.fit import Fit, Report
from training.trainer.runs import open_run


def soft_targets_of(runs: Sequence[Path], data: Dataset, device: torch.device) -> Tensor:
    """Mean probabilities (N, K) of the runs' networks on the N training bitmaps of the words.

    Raises:
        UserError: when a folder holds no finished run, or one on other words.
    """
    bitmaps = data.parts["train"].bitmaps
    probabilities: list[Tensor] = []
    for folder in runs:
        record, network = open_run(folder, device)
        if tuple(record["words"]) != data.words:
            raise UserError(
                f"{folder} was trained on {', '.join(record['words'])}",
                f"expected a teacher of {', '.join(data.words)}",
            )
        probabilities.append(logits_of(network, bitmaps, device).softmax(1))
    return torch.stack(probabilities).mean(0)


@dataclass(frozen=True)
class Distilled:
    """The soft targets for a run, and the cost of its teachers.

    Attributes:
        soft_targets: float32 (N, K), the last teacher's probabilities of the N training bitmaps of
            the words; None without a teacher, or when one failed.
        bill: of all teachers, from the first step to the last probability.
        outcome: of the last one that was trained.
    """

    soft_targets: Tensor | None = None
    bill: Bill = field(default_factory=Bill)
    outcome: RunOutcome = field(default_factory=RunOutcome)


def distil(
    teachers: Sequence[Strategy],
    prepare: Callable[[Strategy, Tensor | None], Fit],
    show: Callable[[Report], None],
) -> Distilled:
    """Train the teachers of a run, each on the probabilities of the one before.

    Args:
        teachers: in order; the first has no teacher.
        prepare: makes a teacher's run from its soft targets, on the drawings of the run it is for.
        show: called with the progress of each.
    """
    found = Distilled()
    for strategy in teachers:
        run = prepare(strategy, found.soft_targets)
        outcome, bill = end(run, show), found.bill + cost.bill(run)
        if outcome.status != "finished":
            lost = RunOutcome(outcome.status, f"its teacher, {strategy.name}: {outcome.error}")
            return Distilled(None, bill, lost)
        soft_targets, cost_of_it = _probabilities(run)
        found = Distilled(soft_targets, bill + cost_of_it)
    return found


def _probabilities(run: Fit) -> tuple[Tensor, Bill]:
    """A network's probabilities (N, K) of its own training bitmaps, and what they cost."""
    bitmaps, before = run.data.parts["train"].bitmaps, time.monotonic()
    found = logits_of(run.network, bitmaps, run.device).softmax(1)
    backbone, head = per_image(run.network)
    forward = (backbone + head).forward * len(bitmaps)
    return found, Bill(time.monotonic() - before, 0.0, Work(forward))
