"""The weights that strategies start from: read from a file, or pretrained here.

Each start is pretrained once, or several times with different seeds, by the ordinary trainer. The
key in its file name is a digest of everything that determines it: task, drawings, number of images,
settings, seed, results version. Interrupted pretraining is resumed.

    results/starts/near-<key>.pt        the weights
    results/starts/near-<key>.json      where they come from and what they cost
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import torch

from models.command import whole_file
from training.data.dataset import Dataset
from training.experiment import results
from training.experiment.provenance import StartProvenance
from training.experiment.start_training import Pretraining
from training.experiment.version import RESULTS_VERSION
from training.networks.weights import Recipe, Weights, from_file, nothing
from training.strategies.pretext_tasks import PRETEXTS
from training.strategies.settings import Settings
from training.strategies.strategy import StartName
from training.trainer import checkpoints, evidence
from training.trainer.fit import Report
from training.transforms.augmentation import Augmentation

RATE = 3e-3


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
    given: Mapping[str, Weights]
    images: int
    batch: int
    stride: int
    read_others: Callable[[], Dataset]
    device: torch.device
    say: Callable[[str], None] = lambda text: None
    _made: dict[str, Weights] = field(default_factory=dict[str, Weights])

    @cached_property
    def others(self) -> Dataset:
        return self.read_others()

    def key(self, start: StartName, checkpoint: int = 0) -> str:
        """Key of a start: sha256 of its file, or a digest of how it is pretrained."""
        if start in self.given:
            return self.given[start].sha256
        pretext = PRETEXTS[start]
        return results.digest(
            {
                "start": start,
                "settings": results.decisive(self._settings(start)),
                "objective": pretext.objective,
                "labelled": pretext.labelled,
                "seed": checkpoint,
                "images": self.images,
                "drawings": self.others.hash if pretext.drawings else None,
                "recipe": results.decisive(self.recipe),
                "version": RESULTS_VERSION,
            }
        )

    def keys(self, starts: Sequence[StartName], checkpoints: int) -> dict[str, str]:
        """The keys of all checkpoints of some starts by their names."""
        each = self.checkpoints(starts, checkpoints)
        return {checkpoint_name(*one): self.key(*one) for one in each}

    def checkpoints(self, starts: Sequence[StartName], count: int) -> list[tuple[StartName, int]]:
        """All checkpoints of some starts; only what is pretrained here has several."""
        return [(s, k) for s in starts for k in range(1 if s in self.given else count)]

    def weights(
        self, start: StartName, show: Callable[[Report], None], checkpoint: int = 0
    ) -> Weights:
        """The initial weights, without tensors for a random start. Pretraining takes minutes.

        Raises:
            UserError: when they cannot be read or kept, or the loss stops being finite.
        """
        if start == "random":
            return nothing(self.recipe)
        name = checkpoint_name(start, checkpoint)
        for known in (name, start):
            if known in self.given:
                return self.given[known]
        if name not in self._made:
            file = self._file(start, checkpoint)
            if not file.with_suffix(".json").exists():
                self._learn(start, checkpoint, file, show)
            self._made[name] = from_file(file, self.recipe.name)
        return self._made[name]

    def settled(self) -> "Starts":
        """The starts known by now, which can be sent to machines without drawings."""
        known = {**self.given, **self._made}
        return replace(self, given=known, read_others=_no_drawings, say=_nobody)

    def provenance(self, start: StartName, checkpoint: int = 0) -> StartProvenance | None:
        """The provenance of a start; None if it has not been pretrained yet."""
        if start in self.given:
            description = f"the checkpoint of --{'weights' if start == 'imagenet' else 'start'}"
            return StartProvenance(
                start=start, description=description, sha256=self.given[start].sha256
            )
        record = self._file(start, checkpoint).with_suffix(".json")
        return StartProvenance.model_validate_json(record.read_bytes()) if record.exists() else None

    def _file(self, start: StartName, checkpoint: int) -> Path:
        return self.folder / f"{start}-{self.key(start, checkpoint)}.pt"

    def _settings(self, start: StartName) -> Settings:
        pretext = PRETEXTS[start]
        augmentation = Augmentation() if pretext.mirror else replace(Augmentation(), mirror=0.0)
        plain = Settings(
            pretext.epochs, RATE, self.batch, stride=self.stride, augmentation=augmentation
        )
        return replace(plain, **pretext.changes)

    def _learn(
        self, start: StartName, checkpoint: int, file: Path, show: Callable[[Report], None]
    ) -> None:
        pretext, name = PRETEXTS[start], checkpoint_name(start, checkpoint)
        pretraining = Pretraining(
            pretext,
            lambda: self.others,
            self.images,
            self._settings(start),
            checkpoint,
            nothing(self.recipe),
            self.device,
            file.with_suffix(".checkpoint"),
        )
        self.say(f"first learning {name} ({pretext.description}) from {self.images:,} images")
        run, bill = pretraining.run(show)
        tensors = {n: t.cpu().contiguous() for n, t in run.network.body.state_dict().items()}
        checkpoints.write(file, tensors)
        known = evidence.evidence(self.device)
        provenance = StartProvenance(
            start=start,
            description=pretext.description,
            sha256=from_file(file, self.recipe.name).sha256,
            seconds=bill.seconds,
            images=round(bill.images),
            forward_work=bill.work.forward,
            backward_work=bill.work.backward,
            accuracy=run.report.history[-1]["validation_accuracy"],
            chance=run.objective.guessing,
            checkpoint=checkpoint,
            device=str(known["device"]),
            command=str(known["command"]),
        )
        with whole_file(file.with_suffix(".json"), "w") as target:
            target.write(provenance.model_dump_json(indent=1))
        pretraining.clear()
        self.say(
            f"learned {name} in {bill.seconds:.0f} s: {provenance.accuracy:.2%} of its own task"
        )


def checkpoint_name(start: StartName, checkpoint: int) -> str:
    """A start's name if it is the first of its checkpoints, else the name and its number."""
    return f"{start}.{checkpoint}" if checkpoint else start


def _no_drawings() -> Dataset:
    raise RuntimeError("a start that was to be settled is not")


def _nobody(text: str) -> None:
    """Ignore a message."""
