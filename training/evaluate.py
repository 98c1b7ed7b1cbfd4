"""Measure a trained network on held-out drawings.

    python -m training.evaluate --run runs/full --data-dir ./data

Writes `evaluation.json` into the run's folder: finished bitmaps, our rasters, partial drawings,
noise, thicker and thinner lines, shifts, turns, calibration, and how often a drawing would win for
its own word and for another one.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from rich.console import Console
from rich.progress import track
from scipy.special import softmax

from models.command import UserError, run, whole_file
from models.drawing import Drawing
from models.raster import rasterise_batch
from models.words import ALL, KINDS
from training import dataset, evidence, metrics, quickdraw
from training.dataset import Part, Strokes
from training.device import pick_device
from training.fit import Settings, as_input
from training.network import Network, Shape
from training.weights import RECIPES, read

JUDGED = tuple(round(0.1 * k, 1) for k in range(1, 11))  # shares of ink at which wins are counted
SHARES = tuple(sorted({*JUDGED, 0.25, 0.75}))  # shares of ink at which accuracy is measured
FALSE_WINS = 0.005
LEAST = 5  # a word needs so many stroke drawings to count in a mean over words

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True)
class Options:
    """Measure a trained network on held-out drawings."""

    run: Path
    """Folder that training.train wrote."""
    split: dataset.Split = "validation"
    """Which drawings. The test split is for publishing: look at it once, at the end."""
    data_dir: Path | None = None
    """Folder of drawings; default $DOODLE_DATA_DIR, else ./data."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""


def main(options: Options) -> None:
    console = Console(stderr=True)
    device = pick_device(options.device)
    record, network = open_run(options.run, device)
    with console.status("reading drawings"):
        data = dataset.load(tuple(record["words"]), quickdraw.data_dir(options.data_dir))
    part = data.parts[options.split]
    result = evaluate(predictor(network, device), part, data.words)
    result["split"] = options.split
    result["evidence"] = evidence.evidence(device) | {"data": data.hash}
    path = options.run / "evaluation.json"
    with whole_file(path, "w") as file:
        json.dump(result, file, indent=1)
    console.print(
        f"{options.split}: bitmaps {result['bitmaps']['top1']:.2%}, our rasters "
        f"{result['rasters']['top1_macro']:.2%}, threshold {result['wins']['threshold']}, "
        f"false wins {result['wins']['false']:.2%}, true wins {result['wins']['true']:.1%}; {path}"
    )


def open_run(folder: Path, device: torch.device) -> tuple[dict[str, Any], Network]:
    """The record and the network of a finished run.

    Raises:
        UserError: when the folder holds no finished run.
    """
    try:
        record = json.loads((folder / "run.json").read_text("utf-8"))
        settings, recipe = Settings(**record["settings"]), RECIPES[record["recipe"]]
        shape = Shape(len(record["words"]), settings.stride, recipe.padding, recipe.eps)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{folder} holds no finished run ({error!r})", "Train one with python -m training.train"
        ) from error
    network, file = Network(shape), folder / "network.pt"
    try:
        network.b0.load_state_dict(read(file))
    except RuntimeError as error:
        raise UserError(f"{file} is not the network of its run.json", "Train it anew") from error
    return record, network.eval().on(device)


def predictor(network: Network, device: torch.device) -> Predict:
    """Logits (N, K) of uint8 bitmaps (N, 28, 28), in batches, with progress."""

    def predict(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        pixels = torch.from_numpy(bitmaps)[:, None]
        with torch.inference_mode():
            parts = [network(as_input(batch.to(device))).cpu() for batch in pixels.split(256)]
        return torch.cat(parts).numpy()

    return predict


def evaluate(
    predict: Predict,
    part: Part,
    words: tuple[str, ...],
    temperature: float | None = None,
    threshold: float | None = None,
) -> dict[str, Any]:
    """Everything measured on one split; temperature and threshold are fitted on it where None."""
    logits, labels = predict(part.bitmaps.pixels), part.bitmaps.labels
    if temperature is None:
        temperature = metrics.fit_temperature(logits, labels)

    def probabilities(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        return softmax(predict(bitmaps) / temperature, axis=1)

    own = unstretched(part.strokes)
    frames = judged(probabilities, own.drawings, SHARES, "own words")
    return {
        "temperature": temperature,
        "bitmaps": _bitmaps(logits, labels, words, temperature),
        "rasters": _rasters(frames[:, -1], own.labels, words),
        "partial": _partial(frames, own.labels, words),
        "other_hands": {
            change: metrics.accuracy(probabilities(bitmaps), labels)
            for change, bitmaps in other_hands(part.bitmaps.pixels).items()
        },
        "wins": _wins(
            probabilities,
            frames[:, [SHARES.index(share) for share in JUDGED]],
            own,
            part.other_strokes,
            words,
            threshold,
        ),
    }


def judged(
    probabilities: Predict, drawings: Sequence[Drawing], shares: Sequence[float], what: str
) -> NDArray[np.float32]:
    """Probabilities (N, F, K) of drawings at each of F shares of their ink."""
    console = Console(stderr=True)
    frames = [
        probabilities(rasterise_batch([drawing.prefix(share) for drawing in drawings]))
        for share in track(shares, f"judging {what}", console=console, transient=True)
    ]
    return np.stack(frames, 1)


def _bitmaps(
    logits: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str], temperature: float
) -> dict[str, Any]:
    counts = metrics.confusion(logits, labels)
    precision, recall = metrics.precision_recall(counts)
    return {
        "n": len(labels),
        "top1": metrics.accuracy(logits, labels),
        "top1_macro": metrics.macro(metrics.by_word(logits, labels, words)),
        "by_word": metrics.by_word(logits, labels, words),
        "precision": precision,
        "recall": recall,
        "log_loss": metrics.log_loss(logits, labels, temperature),
        "calibration_error": metrics.calibration_error(
            softmax(logits / temperature, axis=1), labels
        ),
        "calibration_error_uncalibrated": metrics.calibration_error(
            softmax(logits, axis=1), labels
        ),
        "confusion": counts,
    }


def _rasters(
    final: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, Any]:
    each = metrics.by_word(final, labels, words)
    return {
        "n": {word: int((labels == k).sum()) for k, word in enumerate(words)},
        "top1": metrics.accuracy(final, labels),
        "top1_macro": metrics.macro(enough(each, labels, words)),
        "by_word": each,
    }


def _partial(
    frames: NDArray[np.float32], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for number, share in enumerate(SHARES):
        each = metrics.by_word(frames[:, number], labels, words)
        shares[f"{share:.0%}"] = {
            "top1": metrics.accuracy(frames[:, number], labels),
            "top1_macro": metrics.macro(enough(each, labels, words)),
        }
    return shares


def enough(
    each: dict[str, float], labels: NDArray[np.int64], words: Sequence[str]
) -> dict[str, float]:
    """Only the words with enough drawings for a figure of their own."""
    return {w: v for w, v in each.items() if (labels == words.index(w)).sum() >= LEAST}


def _wins(
    probabilities: Predict,
    frames: NDArray[np.float32],
    own: Strokes,
    other_strokes: Strokes,
    words: Sequence[str],
    threshold: float | None,
) -> dict[str, Any]:
    """True and false wins, and the threshold between them.

    A drawing is judged at 10, 20 ... 100 % of its ink; a win is two successive judgements with the
    word top-1 at or above the threshold. Every drawing of another word counts once for every word
    that it is no true kind of.
    """
    others = unstretched(other_strokes)
    if not len(others) or not len(own):
        raise UserError(
            "no stroke drawings to find the threshold with",
            "Fetch some: training.fetch --form simplified",
        )
    own_scores = metrics.win_scores(frames)
    rows = np.arange(len(own))
    true = own_scores[rows, own.labels]
    false = [np.delete(own_scores[i], own.labels[i]) for i in rows]
    scores = metrics.win_scores(judged(probabilities, others.drawings, JUDGED, "other words"))
    for row, kind in zip(scores, others.kinds, strict=True):
        false.append(row[[ALL[kind] not in KINDS.get(word, ()) for word in words]])
    wrong = np.concatenate(false)
    if threshold is None:
        threshold = metrics.pick_threshold(wrong, FALSE_WINS)

    def wins(at: float) -> dict[str, Any]:
        each = metrics.by_word_share(true >= at, own.labels, words)
        return {
            "threshold": at,
            "false": float((wrong >= at).mean()),
            "true": metrics.macro(enough(each, own.labels, words)),
            "true_by_word": each,
        }

    curve = [wins(float(at)) for at in np.linspace(0, 1, 41).round(3)]
    return {
        **wins(threshold),
        "pairs": len(wrong),
        "drawings": len(true),
        "curve": [{k: v for k, v in row.items() if k != "true_by_word"} for row in curve],
    }


def unstretched(strokes: Strokes) -> Strokes:
    """Only the drawings whose aspect is known."""
    keep = np.flatnonzero(~strokes.stretched)
    return Strokes(
        tuple(strokes.drawings[i] for i in keep),
        strokes.labels[keep],
        strokes.kinds[keep],
        strokes.stretched[keep],
    )


def other_hands(pixels: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """Bitmaps (N, 28, 28) changed as other hands and other pads would, by what was done to them."""
    noise = np.random.default_rng(0).normal(0, 40, pixels.shape)
    return {
        "noise": np.clip(pixels + noise, 0, 255).astype(np.uint8),
        "thicker": _filtered(pixels, ImageFilter.MaxFilter(3)),
        "thinner": (pixels.astype(np.float32) ** 2 / 255).astype(np.uint8),
        "shifted": np.roll(pixels, (2, -2), (1, 2)),
        "turned": _turned(pixels, 15),
        "mirrored": np.ascontiguousarray(pixels[:, :, ::-1]),
    }


def _filtered(pixels: NDArray[np.uint8], how: ImageFilter.Filter) -> NDArray[np.uint8]:
    return np.stack([np.asarray(Image.fromarray(p).filter(how)) for p in pixels])


def _turned(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    bilinear = Image.Resampling.BILINEAR
    return np.stack([np.asarray(Image.fromarray(p).rotate(degrees, bilinear)) for p in pixels])


if __name__ == "__main__":
    run(Options, main)
