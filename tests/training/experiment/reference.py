"""Small trainings whose losses show whether the code still computes the same numbers: runs of
strategies, and the tasks by which starts are pretrained.

    python -m tests.training.experiment.reference

writes them again, after `RESULTS_VERSION` was raised.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import torch

from models.raster import rasterise_batch
from tests import made
from training.choices import Split
from training.data.dataset import NO_STROKES, Bitmaps, Dataset, Part
from training.experiment import start_training
from training.experiment.start_training import EVERYTHING_AT_ONCE, Pretraining
from training.experiment.starts import Starts
from training.experiment.version import RESULTS_VERSION
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights, nothing
from training.sampling.mixture import Mixture
from training.strategies.pretext_tasks import PRETEXTS
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, StartName, Strategy, head_alone
from training.trainer.fit import Fit, Report

FILE = Path(__file__).with_name("reference.json")
PLAIN = Settings(epochs=2, batch=12, lr=3e-3, stride=2)
FINETUNED = Phase(EVERYTHING, 1, bn_statistics="re-estimated")
SOLVED = head_alone(name="penalty", bn_statistics="re-estimated", solver="optimum")
RUNS: Mapping[str, tuple[Strategy, Settings]] = {
    "B0, statistics estimated anew": (
        Strategy("a", "imagenet", (FINETUNED,), "", stem="random"),
        replace(PLAIN, lr=1e-3),
    ),
    "mixed, a second head, averaged": (
        Strategy("b", "random", (Phase({"head": 1.0}, 1), Phase(EVERYTHING)), "", network="cnn"),
        replace(PLAIN, lr=1e-2, mixup=0.2, averaged=0.5, fine_labels=0.3),
    ),
    "traced drawings, SGD": (
        Strategy("c", "random", (Phase(EVERYTHING),), "", network="cnn"),
        replace(PLAIN, lr=0.03, mixture=Mixture(traced=0.25), optimiser="sgd", schedule="constant"),
    ),
    "a solved head, larger input": (
        Strategy(
            "d", "random", (SOLVED, Phase(EVERYTHING, bn_statistics="still")), "", "summed", "cnn"
        ),
        replace(PLAIN, lr=1e-4, rates={"penalty": 0.1}, side=56),
    ),
}

# The other tasks are "near" with settings that stand in their starts' keys.
TASKS: Sequence[StartName] = (
    *("near", "rotation", "fractals"),
    *("autoencoder", "simclr", "pseudo-labels"),
)
IMAGES = 192  # for each pretraining
MANY = 500  # for the data of a task: five variants of each fractal
CPU = torch.device("cpu")


def data(each: int = 8) -> Dataset:
    """As many training bitmaps of each made word, the same on every machine."""
    parts: dict[Split, Part] = {}
    for place, split in enumerate(("train", "validation", "test")):
        drawn = [
            (label, made.drawing(word, max(20, each) * place + number))
            for label, word in enumerate(made.WORDS)
            for number in range(each)
        ]
        labels = torch.tensor([label for label, _ in drawn]).numpy()
        bitmaps = Bitmaps(rasterise_batch([drawing for _, drawing in drawn]), labels, labels)
        parts[split] = Part(bitmaps, NO_STROKES, bitmaps.at(labels[:0]), NO_STROKES)
    return Dataset(made.WORDS, parts, "reference")


def losses() -> dict[str, list[float]]:
    """Losses on validation and training after each epoch of each run, with three digits."""
    drawings = data()
    return {
        name: [
            float(f"{record[loss]:.3g}")
            for record in Fit(*_arguments(strategy, drawings, settings)).run().history
            for loss in ("validation_loss", "train_loss")
        ]
        for name, (strategy, settings) in RUNS.items()
    }


def drawn(tasks: Sequence[StartName] = TASKS) -> dict[str, list[float]]:
    """The sizes and marks of the data of each task, training and validation."""
    others = data(40)
    found = {task: PRETEXTS[task].data(lambda: others, MANY).parts for task in tasks}
    return {
        task: [
            value
            for split in ("train", "validation")
            for value in (len(parts[split].bitmaps), _mark(parts[split].bitmaps))
        ]
        for task, parts in found.items()
    }


def _mark(bitmaps: Bitmaps) -> float:
    """A number in which every pixel has a weight by its place and the bitmap's label."""
    places = bitmaps.pixels.reshape(len(bitmaps), -1) @ np.arange(1, 28 * 28 + 1)
    return float(f"{float((places * (bitmaps.labels + 1)).mean()):.6g}")


def pretext_losses(tasks: Sequence[StartName] = TASKS) -> dict[str, list[float]]:
    """Losses on validation and training after each epoch of each pretraining, with five digits.

    The small CNN takes the place of B0, whose numbers `losses` has: it learns something in the few
    steps that a test has time for, so that its losses depend on the task.
    """
    network = replace(EVERYTHING_AT_ONCE, network="cnn")
    with mock.patch.object(start_training, "EVERYTHING_AT_ONCE", network):
        return {task: list(_pretrained(task)) for task in tasks}


def _pretrained(task: StartName) -> Iterator[float]:
    """The losses of a task, after those of its teacher if it has one."""
    others, recipe, reports = data(40), RECIPES["torchvision"], list[Report]()

    def note(report: Report) -> None:
        if not any(report is known for known in reports):
            reports.append(report)

    with TemporaryDirectory() as folder:
        starts = Starts(Path(folder), recipe, {}, IMAGES, 12, 2, lambda: others, CPU)
        Pretraining(
            *(PRETEXTS[task], lambda: others, IMAGES, starts._settings(task), 0, nothing(recipe)),
            *(CPU, Path(folder) / "checkpoint"),
        ).run(note)
    for report in reports:
        for record in report.history:
            yield from (float(f"{record[f'{part}_loss']:.5g}") for part in ("validation", "train"))


def _arguments(
    strategy: Strategy, drawings: Dataset, settings: Settings
) -> tuple[Strategy, Dataset, Settings, int, Weights | None, torch.device]:
    start = None
    if strategy.start != "random":
        torch.manual_seed(0)
        start = Weights(dict(Network(Shape(3, 2)).body.state_dict()), RECIPES["torchvision"], "")
    return strategy, drawings, settings, 1, start, CPU


if __name__ == "__main__":
    content = {
        "version": RESULTS_VERSION,
        "losses": losses(),
        "pretexts": {"data": drawn(), "losses": pretext_losses()},
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
