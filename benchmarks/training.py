"""The speed of our trainer against the plain recipe, in images per second.

    python -m benchmarks.training

The plain recipe is a DataLoader over torchvision's transforms with eager efficientnet-pytorch in
torch's default layout. The drawings are generated, because the time does not depend on what they
show.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.tools import eager, plain_recipe
from benchmarks.tools.result import RESULTS, in_turn, ratio, rounded, show, summary, write
from models.command import run
from models.drawing import Drawing
from models.raster import SIDE, rasterise_batch
from training.choices import CompileMode
from training.data import subset
from training.data.dataset import NO_STROKES, Bitmaps, Dataset, Part
from training.inference.device import pick_device
from training.inference.features import Features
from training.inference.work import per_image
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy, head_alone
from training.suites.suite import FIRST_TUNING_SEED
from training.trainer.fit import Fit
from training.transforms.segments import Pen, segments

WORDS = tuple("abcdefghij")
FULL = Strategy("full", "random", (Phase(EVERYTHING),), "everything at once")
HEAD_ONLY = Strategy("head-only", "file", (head_alone(),), "a linear head on frozen features")
RATES, SEEDS = 5, 8  # tuning runs and final runs of an arm of training.compare
SQUARE, MATMULS = 2048, 9
PARTIAL, PAINTED = 64, 51  # partial drawings per call, and number of calls
POOL = 4.3  # available drawings per drawing of a run, as with 1,000 of each classic word

HOW = """Milliseconds per step (a batch of drawings), with both sides in turn several times; the
first step of a turn is not counted. ours: training.trainer.fit as it is, including batches,
augmentation and the optimiser. plain: a DataLoader without workers, torchvision's flip and affine
transforms, the network of efficientnet-pytorch in the default layout, AdamW, and the same stride of
the stem. Head only: ours computes the features once. That time is counted, and divided among all
steps of one run of the epochs given here, or among all steps of an arm as training.compare runs it:
five runs on one seed to tune the rate, then one run on each of eight seeds, which choose other
drawings of the same pool. plain sends every batch through the frozen network. work: operations of
convolutions and matrix products, forward and backward, with two per multiply-add. matmul: speed of
products of 2048 x 2048 matrices in the precision of our training (float32 on a CPU, bfloat16 on a
GPU); share_of_matmul is the share of it that training reaches. compiled, captured: ours with that
--settings.compile-mode; the first steps, which compile, are not counted. beginnings: milliseconds
to cut off and rasterise 64 stroke drawings. ours does this on the device, as a step does; host uses
models.drawing and models.raster, and sends the bitmaps to the device."""


@dataclass(frozen=True)
class Options:
    """Measure the trainer."""

    batch: int = 128
    """Drawings per step."""
    steps: int = 6
    """Steps per turn, at least 2."""
    turns: int = 3
    """Number of turns of each side."""
    epochs: int = 3
    """Epochs of the single run of head-only training."""
    epochs_arm: int = 6
    """Epochs of each run of an arm of head-only training."""
    compile_modes: tuple[CompileMode, ...] = ()
    """Compile modes to measure besides eager. Default: all that the device supports."""
    device: str = "auto"
    """Device: auto, cpu or cuda."""
    out: Path = RESULTS / "training.json"
    """Result file."""


def main(options: Options) -> None:
    bench = Bench(options, pick_device(options.device))
    cases = {f"full, stride {stride}": bench.full(stride) for stride in (2, 1)} | {
        "head only, stride 1": {
            "ours": lambda: bench.our_cached_steps(1),
            "plain": lambda: bench.plain_steps(1, head_only=True),
        },
        "head only, an arm of 13 runs, stride 1": {
            "ours": lambda: bench.our_arm(1),
            "plain": lambda: bench.plain_steps(1, head_only=True),
        },
    }
    work = {f"full, stride {stride}": _work(stride) for stride in (2, 1)}
    matmul = bench.matmul()
    measured = {name: _measure(sides, options) for name, sides in cases.items()}
    for name, each in work.items():
        for timed in (measured[name][side] for side in bench.sides):
            timed["share_of_matmul"] = rounded(timed["images_per_second"] * each / matmul)
    rows = [
        [name, side, one[side]["images_per_second"], one["plain"]["images_per_second"], times]
        for name, one in measured.items()
        for side, times in one["times_plain"].items()
    ]
    show("Training", ("what", "how", "images/s", "plain, images/s", "times"), rows)
    setting = {
        "batch": options.batch,
        "epochs_head_only": options.epochs,
        "epochs_arm": options.epochs_arm,
        "trained_on": bench.device.type,
    }
    counted = {"work_gflop_per_image": work, "matmul_gflop_per_second": matmul}
    found = {**setting, **counted, "cases": measured, "beginnings": bench.partial_drawings()}
    write(options.out, HOW, found, bench.device)


Turn = Callable[[], list[float]]


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
    plain = measured["plain"]
    faster = {name: ratio(plain, side) for name, side in measured.items() if side is not plain}
    return measured | {"times_plain": faster}


def _work(stride: int) -> float:
    """Billions of floating-point operations per image, forward and backward."""
    each = per_image(Network(Shape(len(WORDS), stride)))
    return rounded(sum(part.forward + part.backward for part in each) / 1e9)


@dataclass(frozen=True)
class Bench:
    """The measurements, with their options and device."""

    options: Options
    device: torch.device

    @property
    def sides(self) -> dict[str, CompileMode]:
        """Compile modes of our trainer for full training, by the names of their sides."""
        here: tuple[CompileMode, ...] = ("compiled", *(("captured",) if self._cuda else ()))
        return {"ours": "eager", **{mode: mode for mode in self.options.compile_modes or here}}

    def full(self, stride: int) -> dict[str, Turn]:
        """For each side, a function that runs a turn and returns the milliseconds of its steps."""
        turns = {name: partial(self.our_steps, stride, mode) for name, mode in self.sides.items()}
        return {**turns, "plain": lambda: self.plain_steps(stride, head_only=False)}

    def our_steps(self, stride: int, mode: CompileMode) -> list[float]:
        """Milliseconds of each step except the first, and the last, before the validation."""
        marks: list[float] = []
        data = _data((self.options.steps + 1) * self.options.batch)
        settings = replace(self._settings(stride, 1), compile_mode=mode)
        fit = Fit(FULL, data, settings, 0, None, self.device)
        fit.run(lambda report: marks.append(time.perf_counter()))
        return _between(marks[:-1])

    def our_cached_steps(self, stride: int) -> list[float]:
        """Milliseconds per step over all epochs.

        The time includes computing the features and the validation of one bitmap.
        """
        data = _data(self.options.steps * self.options.batch)
        settings = self._settings(stride, self.options.epochs)
        began = time.perf_counter()
        report = Fit(HEAD_ONLY, data, settings, 0, _start(stride), self.device).run()
        return [(time.perf_counter() - began) * 1000 / report.steps]

    def our_arm(self, stride: int) -> list[float]:
        """The same over all runs of an arm, which share cached features."""
        each = self.options.steps * self.options.batch // len(WORDS)
        pool, start, known = _data(int(POOL * each * len(WORDS))), _start(stride), Features()
        settings = self._settings(stride, self.options.epochs_arm)
        steps, began = 0, time.perf_counter()
        for seed in (*[FIRST_TUNING_SEED] * RATES, *range(SEEDS)):
            data = subset.choose(pool, each, seed, 0, None)
            run = Fit(HEAD_ONLY, data, settings, seed, start, self.device, features=known)
            steps += run.run().steps
        return [(time.perf_counter() - began) * 1000 / steps]

    def plain_steps(self, stride: int, head_only: bool) -> list[float]:
        """Milliseconds of each step except the first."""
        network = eager.network(len(WORDS), stride).train().to(self.device)
        bitmaps = _bitmaps(self.options.steps * self.options.batch)
        return _between(plain_recipe.marks(network, bitmaps, self.options.batch, head_only))

    def matmul(self) -> float:
        """The device's speed in large matrix products, in billions of operations per second."""
        kind = torch.bfloat16 if self._cuda else torch.float32
        square = torch.rand(SQUARE, SQUARE, device=self.device).to(kind)
        times = in_turn({"matmul": lambda: float((square @ square)[0, 0])}, MATMULS)["matmul"]
        return rounded(2 * SQUARE**3 / 1e9 / (np.median(times) / 1000))

    def partial_drawings(self) -> dict[str, Any]:
        """Time to cut off and rasterise drawings on the device, against the host."""
        rng = np.random.default_rng(0)
        drawings = [_scrawl(rng) for _ in range(PARTIAL)]
        shares, scales = rng.uniform(0.15, 1, PARTIAL), np.ones((PARTIAL, 2), np.float32)
        pen, which = Pen(segments(drawings), self.device), np.arange(PARTIAL)

        def host() -> Tensor:
            prefixes = [d.prefix(float(share)) for d, share in zip(drawings, shares, strict=True)]
            return torch.from_numpy(rasterise_batch(prefixes)).to(self.device)

        sides = {"ours": lambda: pen.paint(which, shares, scales), "host": host}
        waited = {name: partial(_wait_for, call) for name, call in sides.items()}
        found: dict[str, Any] = {
            name: summary(times) for name, times in in_turn(waited, PAINTED).items()
        }
        return found | {"ratio": ratio(found["host"], found["ours"])}

    @property
    def _cuda(self) -> bool:
        return self.device.type == "cuda"

    def _settings(self, stride: int, epochs: int) -> Settings:
        return Settings(epochs=epochs, batch=self.options.batch, stride=stride)


def _wait_for(call: Callable[[], Tensor]) -> int:
    """Call a function, and wait until the device has finished its work."""
    return int(call()[0, 0, 0])


def _scrawl(rng: np.random.Generator) -> Drawing:
    """A random drawing with about as many strokes and points as drawings by people."""
    walks = [rng.normal(0, 20, (2, int(points))).cumsum(1) for points in rng.integers(2, 15, 6)]
    return Drawing.from_lists([walk.tolist() for walk in walks])


def _start(stride: int) -> Weights:
    """A frozen backbone."""
    body = Network(Shape(len(WORDS), stride)).body
    return Weights(body.state_dict(), RECIPES["torchvision"], "made up")


def _data(count: int) -> Dataset:
    """`count` random bitmaps to train on, and one for validation."""
    train = Part(_bitmaps(count), NO_STROKES, _bitmaps(0), NO_STROKES)
    held_out = Part(_bitmaps(1), NO_STROKES, _bitmaps(0), NO_STROKES)
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
