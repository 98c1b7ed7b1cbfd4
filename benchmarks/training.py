"""Our trainer's step against the plain recipe, in images a second.

    python -m benchmarks.training

The plain recipe is what one writes first: a DataLoader over torchvision's transforms, eager
efficientnet-pytorch, torch's default layout. Bitmaps are made up: time does not depend on them.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.utils import data as torch_data
from torchvision import transforms

from benchmarks import eager
from benchmarks.result import RESULTS, ratio, rounded, show, summary, write
from models.command import run
from models.raster import SIDE
from training.augment import Augmentation
from training.dataset import Bitmaps, Dataset, Part, Strokes
from training.fit import Fit, Report
from training.settings import Settings
from training.strategy import EVERYTHING, HEAD, Phase, Strategy

WORDS = tuple("abcdefghij")
CPU = torch.device("cpu")
FULL = Strategy("full", "random", (Phase(EVERYTHING),), "everything at once")
HEAD_ONLY = Strategy("head-only", "random", (Phase(HEAD),), "a linear head on frozen features")

HOW = """Milliseconds a step (a batch of drawings), both sides in turn, several times; the first
step of a turn is not counted. ours: training.fit as it is, batches, augmentation and optimiser
included. plain: DataLoader without workers, torchvision's flip and affine transforms,
efficientnet-pytorch's network in the default layout, AdamW, the same stride of the stem. Head only:
ours computes the features once, and that time is counted, spread over all steps of the epochs given
here; plain sends every batch through the frozen network."""


@dataclass(frozen=True)
class Options:
    """Measure the trainer."""

    batch: int = 128
    """Drawings a step."""
    steps: int = 6
    """Steps a turn, at least 2."""
    turns: int = 3
    """How often each side has its turn."""
    epochs: int = 3
    """Epochs over which the features of head-only training serve."""
    out: Path = RESULTS / "training.json"
    """Result file."""


def main(options: Options) -> None:
    cases = {
        "full, stride 2": _case(FULL, 2, options),
        "full, stride 1": _case(FULL, 1, options),
        "head only, stride 1": _case(HEAD_ONLY, 1, options),
    }
    measured = {name: _measure(sides, options) for name, sides in cases.items()}
    rows = [
        [name, one["ours"]["images_per_second"], one["plain"]["images_per_second"], one["ratio"]]
        for name, one in measured.items()
    ]
    show("Training", ("what", "ours, images/s", "plain, images/s", "times"), rows)
    setting = {"batch": options.batch, "epochs_head_only": options.epochs}
    write(options.out, HOW, {**setting, "cases": measured})


Turn = Callable[[], list[float]]


def _case(strategy: Strategy, stride: int, options: Options) -> dict[str, Turn]:
    """A turn of each side: milliseconds of its steps."""
    if strategy.phases[0].features_stay:
        return {
            "ours": lambda: our_cached_steps(strategy, stride, options),
            "plain": lambda: plain_steps(stride, options, head_only=True),
        }
    return {
        "ours": lambda: our_steps(strategy, stride, options),
        "plain": lambda: plain_steps(stride, options, head_only=False),
    }


def _measure(sides: Mapping[str, Turn], options: Options) -> dict[str, Any]:
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(options.turns):
        for name, turn in sides.items():
            times[name] += turn()
    measured: dict[str, Any] = {}
    for name, steps in times.items():
        measured[name] = summary(steps)
        rate = rounded(options.batch * 1000 / measured[name]["median_ms"])
        measured[name]["images_per_second"] = rate
    return measured | {"ratio": ratio(measured["plain"], measured["ours"])}


def our_steps(strategy: Strategy, stride: int, options: Options) -> list[float]:
    """Milliseconds of each step but the first, and but the last, which the validation follows."""
    marks: list[float] = []
    fit = _fit(strategy, stride, options, steps=options.steps + 1, epochs=1)
    fit.run(lambda report: marks.append(time.perf_counter()))
    return _between(marks[:-1])


def our_cached_steps(strategy: Strategy, stride: int, options: Options) -> list[float]:
    """Milliseconds a step over all epochs, features and validation of one bitmap included."""
    fit = _fit(strategy, stride, options, options.steps, options.epochs)
    began = time.perf_counter()
    report: Report = fit.run()
    return [(time.perf_counter() - began) * 1000 / report.steps]


def plain_steps(stride: int, options: Options, head_only: bool) -> list[float]:
    """Milliseconds of each step but the first."""
    network = eager.network(len(WORDS), stride).train()
    if head_only:
        for name, parameter in network.named_parameters():
            parameter.requires_grad_(name.startswith("_fc."))
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=1e-3)
    drawings = torch_data.DataLoader(
        PlainDrawings(_bitmaps(options.steps * options.batch)), options.batch, shuffle=True
    )
    marks: list[float] = []
    for pixels, labels in drawings:
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(pixels), labels).backward()
        optimiser.step()
        marks.append(time.perf_counter())
    return _between(marks)


class PlainDrawings(torch_data.Dataset[tuple[Tensor, int]]):
    """Bitmaps as torchvision's transforms take them, moved as our augmentation moves them."""

    def __init__(self, bitmaps: Bitmaps) -> None:
        how = Augmentation()
        self._bitmaps = bitmaps
        self._transform: Any = transforms.Compose(
            [
                transforms.RandomHorizontalFlip(how.mirror),
                transforms.RandomAffine(
                    how.turn,
                    translate=(how.shift / SIDE, how.shift / SIDE),
                    scale=(1 - how.scale, 1 + how.scale),
                    shear=float(np.degrees(np.arctan(how.shear))),
                    interpolation=transforms.InterpolationMode.BILINEAR,
                ),
                transforms.ToTensor(),
            ]
        )

    def __len__(self) -> int:
        return len(self._bitmaps)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self._bitmaps.pixels[index])
        return self._transform(image), int(self._bitmaps.labels[index])


def _fit(strategy: Strategy, stride: int, options: Options, steps: int, epochs: int) -> Fit:
    none = Strokes((), _labels(0), _labels(0), np.zeros(0, np.bool_))
    train = Part(_bitmaps(steps * options.batch), none, _bitmaps(0), none)
    held_out = Part(_bitmaps(1), none, _bitmaps(0), none)
    data = Dataset(WORDS, {"train": train, "validation": held_out, "test": held_out}, "made up")
    settings = Settings(epochs=epochs, batch=options.batch, stride=stride)
    return Fit(strategy, data, settings, 0, None, CPU)


def _bitmaps(count: int) -> Bitmaps:
    pixels = np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE), np.uint8)
    return Bitmaps(pixels, _labels(count), _labels(count))


def _labels(count: int) -> NDArray[np.int64]:
    return np.arange(count, dtype=np.int64) % len(WORDS)


def _between(marks: list[float]) -> list[float]:
    return (np.diff(marks) * 1000).tolist()


if __name__ == "__main__":
    run(Options, main)
