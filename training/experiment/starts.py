"""The weights that strategies start from: read from a file, or pretrained here.

Each start is pretrained once, by the ordinary trainer. The key in its file name is a digest of
everything that determines it: task, drawings, number of images, settings, results version.
Interrupted pretraining is resumed.

    results/starts/near-<key>.pt        the weights
    results/starts/near-<key>.json      where they come from and what they cost
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import torch

from models.command import whole_file
from training.data.augmentation import Augmentation
from training.data.dataset import Dataset
from training.experiment import results
from training.experiment.provenance import Origin
from training.experiment.version import RESULTS_VERSION
from training.metrics import cost
from training.networks.weights import Recipe, Weights, from_file, nothing
from training.strategies.pretext_tasks import PRETEXTS
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Start, Strategy
from training.trainer import evidence
from training.trainer.fit import Fit, Report

SEED = 0  # seed of pretraining: runs of all seeds share a start, as with ImageNet
RATE = 3e-3
LEARNING = Strategy(
    "pretraining", "random", (Phase(EVERYTHING),), "everything, from random weights"
)


@dataclass(frozen=True)
class Starts:
    """The starts of a comparison, each read or pretrained when a run first needs it.

    Attributes:
        folder: for starts pretrained here.
        recipe: padding and BatchNorm's eps of what is learned here, and of random weights.
        given: from checkpoints.
        images: number of images for each pretraining.
        batch, stride: as of the runs.
        read_others: reads the other words' drawings; called only if a start needs them.
        device: where they are learned.
        say: for messages about pretraining.
    """

    folder: Path
    recipe: Recipe
    given: Mapping[Start, Weights]
    images: int
    batch: int
    stride: int
    read_others: Callable[[], Dataset]
    device: torch.device
    say: Callable[[str], None] = lambda text: None
    _made: dict[Start, Weights] = field(default_factory=dict[Start, Weights])

    @cached_property
    def others(self) -> Dataset:
        return self.read_others()

    def key(self, start: Start) -> str:
        """Key of a start: sha256 of its file, or a digest of how it is pretrained."""
        if start in self.given:
            return self.given[start].sha256
        pretext = PRETEXTS[start]
        return results.digest(
            {
                "start": start,
                "settings": results.decisive(self._settings(start)),
                "images": self.images,
                "drawings": self.others.hash if pretext.drawings else None,
                "recipe": results.decisive(self.recipe),
                "version": RESULTS_VERSION,
            }
        )

    def weights(self, start: Start, show: Callable[[Report], None]) -> Weights:
        """The initial weights, without tensors for a random start. Pretraining takes minutes.

        Raises:
            UserError: when they cannot be read or kept, or the loss stops being finite.
        """
        if start == "random":
            return nothing(self.recipe)
        if start in self.given:
            return self.given[start]
        if start not in self._made:
            file = self.folder / f"{start}-{self.key(start)}.pt"
            if not file.with_suffix(".json").exists():
                self._learn(start, file, show)
            self._made[start] = from_file(file, self.recipe.name)
        return self._made[start]

    def settled(self) -> "Starts":
        """The starts known by now, which can be sent to machines without drawings."""
        known = {**self.given, **self._made}
        return replace(self, given=known, read_others=_no_drawings, say=_nobody)

    def origin(self, start: Start) -> Origin | None:
        """The provenance of a start; None if it has not been pretrained yet."""
        if start in self.given:
            description = f"the checkpoint of --{'weights' if start == 'imagenet' else 'start'}"
            return Origin(start=start, description=description, sha256=self.given[start].sha256)
        record = self.folder / f"{start}-{self.key(start)}.json"
        return Origin.model_validate_json(record.read_bytes()) if record.exists() else None

    def _settings(self, start: Start) -> Settings:
        pretext = PRETEXTS[start]
        augmentation = Augmentation() if pretext.mirror else replace(Augmentation(), mirror=0.0)
        plain = Settings(
            pretext.epochs, RATE, self.batch, stride=self.stride, augmentation=augmentation
        )
        return replace(plain, **pretext.changes)

    def _learn(self, start: Start, file: Path, show: Callable[[Report], None]) -> None:
        pretext = PRETEXTS[start]
        checkpoint = file.with_suffix(".checkpoint")
        data = pretext.data(lambda: self.others, math.ceil(self.images / pretext.epochs))
        plain, settings = nothing(self.recipe), self._settings(start)
        run = Fit(LEARNING, data, settings, SEED, plain, self.device, checkpoint)
        self.say(f"first learning {start} ({pretext.description}) from {self.images:,} images")
        report = run.run(show)
        tensors = {n: t.cpu().contiguous() for n, t in run.network.body.state_dict().items()}
        with whole_file(file) as target:
            torch.save(tensors, target)
        accuracy = report.history[-1]["validation_accuracy"]
        work, known = cost.work(run), evidence.evidence(self.device)
        origin = Origin(
            start=start,
            description=pretext.description,
            sha256=from_file(file, self.recipe.name).sha256,
            seconds=run.seconds,
            images=report.step * run.batches.size,
            forward_work=work.forward,
            backward_work=work.backward,
            accuracy=accuracy,
            device=str(known["device"]),
            command=str(known["command"]),
        )
        with whole_file(file.with_suffix(".json"), "w") as target:
            target.write(origin.model_dump_json(indent=1))
        checkpoint.unlink(missing_ok=True)
        self.say(f"learned {start} in {run.seconds:.0f} s: {accuracy:.2%} of its own task")


def _no_drawings() -> Dataset:
    raise RuntimeError("a start that was to be settled is not")


def _nobody(text: str) -> None:
    """Ignore a message."""
