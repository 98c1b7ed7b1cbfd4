"""Our classifier (ONNX Runtime) against eager efficientnet-pytorch, one thread each.

    python -m benchmarks.classifier

The network is the same on both sides: its stem has the stride that the published model's card
states. If that is 1, the package's own stride of 2, which costs about a third, is timed too.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.tools.eager import guesser, network
from benchmarks.tools.result import RESULTS, in_turn, ratio, rounded, show, summary, write
from models import shelf
from models.command import UserError, run
from models.raster import SIDE

ROOT = Path(__file__).parents[1]
SIZES = (1, 8, 64)

HOW = """Bitmaps (N, 28, 28) uint8 are turned into probabilities (N, K). Both sides run in one
process with one thread each, and are called in turn. eager: the network of efficientnet-pytorch
with the published model's stride of the stem, in the default layout and inference mode, with random
weights (the time does not depend on them). eager stride 2: the same with the package's own stem.
models: every published model, one thread each, called in turn as the game calls it; times: how many
times as long the model above takes. start: time from a process's start to its first guess, and its
memory then. The processes are started in turn, and the first of each side is not counted."""


@dataclass(frozen=True)
class Options:
    """Measure the classifier."""

    model: str = shelf.DEFAULT
    """Name of the published model."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    repeats: int = 30
    """Timed calls per batch size."""
    starts: int = 5
    """Timed processes of each side."""
    out: Path = RESULTS / "classifier.json"
    """Result file."""


def main(options: Options) -> None:
    classifier = shelf.open_model(options.model, options.shelf)
    stride = stem_stride(shelf.read_card(options.model, options.shelf))
    classes = len(classifier.words)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    contenders = {"ours": classifier.probabilities, "eager": guesser(network(classes, stride))}
    if stride == 1:
        contenders["eager stride 2"] = guesser(network(classes, 2))
    batches = {str(n): _batch(contenders, n, options.repeats) for n in SIZES}
    models = {str(n): _models(options, n) for n in SIZES}
    torch.set_num_threads(threads)
    start = _starts(options, classes, stride)
    _print(batches, models, start)
    measured = {"model": options.model, "stride": stride, "batches": batches}
    write(options.out, HOW, measured | {"models": models, "start": start})


def stem_stride(card: shelf.Card) -> int:
    """The stride of a published model's stem.

    Raises:
        UserError: if its card does not state it.
    """
    try:
        return int(card.provenance["training"]["settings"]["stride"])
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"the card of {card.name} does not state the stem's stride",
            "Publish the model again with python -m training.publish",
        ) from error


def _models(options: Options, n: int) -> dict[str, Any]:
    """The cost of a batch for every published model, as the game opens it."""
    names = dict.fromkeys((options.model, *shelf.names(options.shelf)))
    calls = _calls({m: shelf.open_model(m, options.shelf).probabilities for m in names}, n)
    found = {name: summary(t) for name, t in in_turn(calls, options.repeats, warm_up=2).items()}
    return {
        name: times | {"times": ratio(found[options.model], times)} for name, times in found.items()
    }


def _calls(contenders: dict[str, Any], n: int) -> dict[str, Callable[[], object]]:
    bitmaps = np.random.default_rng(n).integers(0, 256, (n, SIDE, SIDE), np.uint8)
    return {name: lambda guess=guess: guess(bitmaps) for name, guess in contenders.items()}


def _batch(contenders: dict[str, Any], n: int, repeats: int) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    for name, times in in_turn(_calls(contenders, n), repeats, warm_up=2).items():
        measured[name] = summary(times)
        measured[name]["images_per_second"] = rounded(n * 1000 / measured[name]["median_ms"])
    ratios = {
        name: ratio(measured[name], measured["ours"]) for name in contenders if name != "ours"
    }
    return measured | {"ratio": ratios}


def _starts(options: Options, classes: int, stride: int) -> dict[str, Any]:
    calls = {
        "ours": f"onnxruntime({str(options.shelf.resolve())!r}, {options.model!r})",
        "eager": f"eager({classes}, {stride})",
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for number in range(1 + options.starts):
        for name, call in calls.items():
            one = _start(call)
            if number:
                found[name].append(one)
    measured: dict[str, Any] = {}
    for name, starts in found.items():
        times, memory = zip(*starts, strict=True)
        measured[name] = summary(times) | {"resident_mib": rounded(np.median(memory))}
    measured["ratio"] = ratio(measured["eager"], measured["ours"])
    measured["ratio_memory"] = rounded(
        measured["eager"]["resident_mib"] / measured["ours"]["resident_mib"]
    )
    return measured


def _start(call: str) -> tuple[float, float]:
    """Milliseconds from a process's start to its first guess, and its memory in MiB by then."""
    code = f"from benchmarks.tools import first_guess; first_guess.{call}"
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        took = (time.perf_counter() - began) * 1000
        memory = process.stdout.read()
    if said != "guessed\n" or process.returncode:
        raise RuntimeError(f"{code!r} failed, see above")
    return took, float(memory)


def _print(batches: dict[str, Any], models: dict[str, Any], start: dict[str, Any]) -> None:
    rows = [
        [n, name, times["median_ms"], times["images_per_second"], batch["ratio"].get(name, "")]
        for n, batch in batches.items()
        for name, times in batch.items()
        if name != "ratio"
    ]
    show("A batch of N", ("N", "by", "ms", "images/s", "times ours"), rows)
    rows = [
        [n, name, times["median_ms"], times["times"]]
        for n, found in models.items()
        for name, times in found.items()
    ]
    show("Published models, a batch of N", ("N", "model", "ms", "times cheaper"), rows)
    rows = [
        *(
            [name, start[name]["median_ms"], start[name]["resident_mib"]]
            for name in ("ours", "eager")
        ),
        ["eager/ours", start["ratio"], start["ratio_memory"]],
    ]
    show("Start to first guess", ("by", "ms", "MiB"), rows)


if __name__ == "__main__":
    run(Options, main)
