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
from benchmarks.result import RESULTS, in_turn, ratio, rounded, show, summary, write
from models.command import run
from models.raster import SIDE
from training import cost, subset
from training.architectures import Shape
from training.augment import Augmentation
from training.dataset import Bitmaps, Dataset, Part, Strokes
from training.features import Features
from training.fit import Fit
from training.network import Network
from training.settings import Settings
from training.strategy import EVERYTHING, HEAD, Phase, Strategy
from training.suites import FIRST_TUNING_SEED
from training.weights import RECIPES, Weights

WORDS = tuple("abcdefghij")
CPU = torch.device("cpu")
FULL = Strategy("full", "random", (Phase(EVERYTHING),), "everything at once")
HEAD_ONLY = Strategy("head-only", "file", (Phase(HEAD),), "a linear head on frozen features")
RATES, SEEDS = 5, 8  # of an arm of training.compare: its tuning runs, its final ones
SQUARE, MATMULS = 2048, 9
POOL = 4.3  # drawings there are for each that a run takes, as with 1,000 of each classic word

HOW = """Milliseconds a step (a batch of drawings), both sides in turn, several times; the first
step of a turn is not counted. ours: training.fit as it is, batches, augmentation and optimiser
included. plain: DataLoader without workers, torchvision's flip and affine transforms,
efficientnet-pytorch's network in the default layout, AdamW, the same stride of the stem. Head only:
ours computes the features once, and that time is counted, spread over all steps of one run of the
epochs given here, or over all steps of an arm as training.compare runs it: five runs on one seed to
tune the rate, then one on each of eight seeds, which choose other drawings of the same pool. plain
sends every batch through the frozen network. work: of convolutions and matrices, forward and
backward, a multiply-add is two; matmul: of float32 matrices of 2048 x 2048."""


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
    """Of the single run of head-only training."""
    epochs_arm: int = 6
    """Of each run of an arm of head-only training."""
    out: Path = RESULTS / "training.json"
    """Result file."""


def main(options: Options) -> None:
    cases = {
        "full, stride 2": _full(2, options),
        "full, stride 1": _full(1, options),
        "head only, stride 1": {
            "ours": lambda: our_cached_steps(1, options),
            "plain": lambda: plain_steps(1, options, head_only=True),
        },
        "head only, an arm of 13 runs, stride 1": {
            "ours": lambda: our_arm(1, options),
            "plain": lambda: plain_steps(1, options, head_only=True),
        },
    }
    measured = {name: _measure(sides, options) for name, sides in cases.items()}
    rows = [
        [name, one["ours"]["images_per_second"], one["plain"]["images_per_second"], one["ratio"]]
        for name, one in measured.items()
    ]
    show("Training", ("what", "ours, images/s", "plain, images/s", "times"), rows)
    setting = {
        "batch": options.batch,
        "epochs_head_only": options.epochs,
        "epochs_arm": options.epochs_arm,
    }
    work = {f"full, stride {stride}": _work(stride) for stride in (2, 1)}
    counted = {"work_gflop_per_image": work, "matmul_gflop_per_second": _matmul()}
    write(options.out, HOW, {**setting, **counted, "cases": measured})


Turn = Callable[[], list[float]]


def _full(stride: int, options: Options) -> dict[str, Turn]:
    """A turn of each side: milliseconds of its steps."""
    return {
        "ours": lambda: our_steps(stride, options),
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


def _work(stride: int) -> float:
    """Billion floating-point operations of an image, forward and backward."""
    each = cost.per_image(Network(Shape(len(WORDS), stride)))
    return rounded(sum(part.forward + part.backward for part in each) / 1e9)


def _matmul() -> float:
    """What this machine reaches at what it does best, in billion operations a second."""
    square = torch.rand(SQUARE, SQUARE)
    times = in_turn({"matmul": lambda: square @ square}, MATMULS)["matmul"]
    return rounded(2 * SQUARE**3 / 1e9 / (np.median(times) / 1000))


def our_steps(stride: int, options: Options) -> list[float]:
    """Milliseconds of each step but the first, and but the last, which the validation follows."""
    marks: list[float] = []
    data = _data((options.steps + 1) * options.batch)
    fit = Fit(FULL, data, _settings(stride, 1, options), 0, None, CPU)
    fit.run(lambda report: marks.append(time.perf_counter()))
    return _between(marks[:-1])


def our_cached_steps(stride: int, options: Options) -> list[float]:
    """Milliseconds a step over all epochs, features and validation of one bitmap included."""
    data = _data(options.steps * options.batch)
    settings = _settings(stride, options.epochs, options)
    began = time.perf_counter()
    report = Fit(HEAD_ONLY, data, settings, 0, _start(stride), CPU).run()
    return [(time.perf_counter() - began) * 1000 / report.steps]


def our_arm(stride: int, options: Options) -> list[float]:
    """Milliseconds a step over all runs of an arm, likewise; they share what is known."""
    each = options.steps * options.batch // len(WORDS)
    pool, start, known = _data(int(POOL * each * len(WORDS))), _start(stride), Features()
    settings = _settings(stride, options.epochs_arm, options)
    steps, began = 0, time.perf_counter()
    for seed in (*[FIRST_TUNING_SEED] * RATES, *range(SEEDS)):
        data = subset.choose(pool, each, seed, 0, None)
        steps += Fit(HEAD_ONLY, data, settings, seed, start, CPU, features=known).run().steps
    return [(time.perf_counter() - began) * 1000 / steps]


def _settings(stride: int, epochs: int, options: Options) -> Settings:
    return Settings(epochs=epochs, batch=options.batch, stride=stride)


def _start(stride: int) -> Weights:
    """A backbone that stands still."""
    body = Network(Shape(len(WORDS), stride)).body
    return Weights(body.state_dict(), RECIPES["torchvision"], "made up")


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


def _data(count: int) -> Dataset:
    """So many made-up bitmaps to train on, and one to validate."""
    none = Strokes((), _labels(0), _labels(0), np.zeros(0, np.bool_))
    train = Part(_bitmaps(count), none, _bitmaps(0), none)
    held_out = Part(_bitmaps(1), none, _bitmaps(0), none)
    return Dataset(WORDS, {"train": train, "validation": held_out, "test": held_out}, "made up")


def _bitmaps(count: int) -> Bitmaps:
    pixels = np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE), np.uint8)
    return Bitmaps(pixels, _labels(count), _labels(count))


def _labels(count: int) -> NDArray[np.int64]:
    return np.arange(count, dtype=np.int64) % len(WORDS)


def _between(marks: list[float]) -> list[float]:
    return (np.diff(marks) * 1000).tolist()


if __name__ == "__main__":
    run(Options, main)
