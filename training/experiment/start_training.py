"""Pretraining of a start: the task's run, after that of a teacher where few labels are known."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from training.data import subset
from training.data.dataset import Dataset
from training.inference.inference import logits_of
from training.metrics import cost
from training.metrics.cost import Bill
from training.networks.weights import Weights
from training.strategies.pretext_tasks import HELD_OUT, Others, Pretext
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy
from training.trainer.fit import Fit, Report

EVERYTHING_AT_ONCE = Strategy(
    "pretraining", "random", (Phase(EVERYTHING),), "everything, from random weights"
)
TEACHER = 1 / 4  # of the images are for the teacher that labels the others


@dataclass(frozen=True)
class Pretraining:
    """How a start is pretrained.

    Attributes:
        pretext: the task.
        others: reads the other words' drawings if the task needs them.
        images: that the network sees in all, including repetitions and second views.
        settings: of the run.
        seed: of initialisation, order and augmentation.
        plain: random weights, with their recipe.
        device: where it runs.
        checkpoint: file to resume from and save to; the teacher's lies beside it.
    """

    pretext: Pretext
    others: Others
    images: int
    settings: Settings
    seed: int
    plain: Weights
    device: torch.device
    checkpoint: Path

    def run(self, show: Callable[[Report], None]) -> tuple[Fit, Bill]:
        """Train to the end; the finished run, and the cost of all of it.

        Raises:
            UserError: when the loss stops being finite or a checkpoint cannot be written.
        """
        shown = self.images / self.pretext.epochs / self.pretext.views
        labelled = self.pretext.labelled
        if labelled is None:
            run = self._fit(self.pretext.data(self.others, math.ceil(shown)), self.checkpoint)
            run.run(show)
            return run, cost.bill(run) * self.pretext.views
        data = self.pretext.data(self.others, math.ceil(shown * (1 - TEACHER)))
        few = subset.choose(data, labelled, self.seed, math.ceil(shown * TEACHER), HELD_OUT)
        teacher = self._fit(few, self._teachers_checkpoint)
        teacher.run(show)
        bitmaps = data.parts["train"].bitmaps
        run = self._fit(
            data, self.checkpoint, logits_of(teacher.network, bitmaps, self.device).softmax(1)
        )
        run.run(show)
        return run, cost.bill(teacher) + cost.bill(run)

    def clear(self) -> None:
        """Delete the checkpoints."""
        for path in (self.checkpoint, self._teachers_checkpoint):
            path.unlink(missing_ok=True)

    @property
    def _teachers_checkpoint(self) -> Path:
        return self.checkpoint.with_suffix(".teacher")

    def _fit(
        self, data: Dataset, checkpoint: Path, soft_targets: torch.Tensor | None = None
    ) -> Fit:
        strategy = replace(EVERYTHING_AT_ONCE, objective=self.pretext.objective)
        return Fit(
            strategy,
            data,
            self.settings,
            self.seed,
            self.plain,
            self.device,
            checkpoint,
            soft_targets,
        )
