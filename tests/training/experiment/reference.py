"""Small trainings whose losses show whether the code still computes the same numbers.

    python -m tests.training.experiment.reference

writes them again, after `RESULTS_VERSION` was raised.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from models.raster import rasterise_batch
from tests import made
from training.choices import Split
from training.data.dataset import NO_STROKES, Bitmaps, Dataset, Part
from training.data.mixture import Mixture
from training.experiment.version import RESULTS_VERSION
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy, head_alone
from training.trainer.fit import Fit

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


def data() -> Dataset:
    """Eight training bitmaps of each made word, the same on every machine."""
    parts: dict[Split, Part] = {}
    for place, split in enumerate(("train", "validation", "test")):
        drawn = [
            (label, made.drawing(word, 20 * place + number))
            for label, word in enumerate(made.WORDS)
            for number in range(8)
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


def _arguments(
    strategy: Strategy, drawings: Dataset, settings: Settings
) -> tuple[Strategy, Dataset, Settings, int, Weights | None, torch.device]:
    start = None
    if strategy.start != "random":
        torch.manual_seed(0)
        start = Weights(dict(Network(Shape(3, 2)).body.state_dict()), RECIPES["torchvision"], "")
    return strategy, drawings, settings, 1, start, torch.device("cpu")


if __name__ == "__main__":
    content = {"version": RESULTS_VERSION, "losses": losses()}
    FILE.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
