"""Quantise an ONNX graph to eight-bit integers and test it on drawings.

The int8 graph is smaller and, on some processors, faster. ONNX Runtime quantises it statically, in
QDQ form, with weights quantised per channel. Training drawings calibrate it, including partial
drawings, because the game judges those too. Weights use seven bits: without VNNI instructions,
products of eight-bit numbers overflow. Quantisation can ruin a graph without an error, so the
result is tested on validation drawings before it is used.
"""

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.classifier import Classifier
from models.command import UserError
from models.raster import rasterise_batch
from training.data.dataset import Dataset, Part
from training.data.subset import first_of_each

PER_WORD = 40  # finished drawings per word, and as many partial ones, for calibration
BATCH = 32
MOST_LOST = 0.001  # largest loss of accuracy on finished and on half-drawn validation drawings


def quantised(graph: bytes, words: Sequence[str], data: Dataset) -> bytes:
    """The graph in int8, checked to be as accurate.

    Args:
        graph: the serialised model: uint8 bitmaps (N, 28, 28) to logits (N, K).
        words: K words in column order.
        data: the training split calibrates the graph, the validation split tests it.

    Raises:
        UserError: if it loses more than `MOST_LOST` accuracy on validation drawings.
    """
    int8 = quantise(graph, calibration(data.parts["train"]))
    check(graph, int8, words, data.parts["validation"])
    return int8


def calibration(part: Part) -> NDArray[np.uint8]:
    """Bitmaps uint8 (N, 28, 28): finished and partial drawings in a fixed, shuffled order."""
    rng = np.random.default_rng(0)
    finished = part.bitmaps.pixels[first_of_each(part.bitmaps.labels, PER_WORD)]
    strokes = part.strokes.at(first_of_each(part.strokes.labels, PER_WORD))
    partial = [drawing.prefix(float(rng.uniform(0.1, 1))) for drawing in strokes.drawings]
    bitmaps = np.concatenate([finished, rasterise_batch(partial)]) if partial else finished
    return bitmaps[rng.permutation(len(bitmaps))]


def quantise(graph: bytes, bitmaps: NDArray[np.uint8]) -> bytes:
    """The graph in int8, with activation ranges measured on the bitmaps (N, 28, 28)."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ONNX warns of its own internals
        given, prepared, done = (Path(folder) / f"{name}.onnx" for name in ("a", "b", "c"))
        given.write_bytes(graph)
        quant_pre_process(str(given), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(done),
            _Reader(bitmaps),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        return done.read_bytes()


def check(graph: bytes, other: bytes, words: Sequence[str], part: Part) -> None:
    """Compare two graphs on drawings of a split, finished ones and half drawn ones.

    Raises:
        UserError: if the accuracy of `other` is lower by more than `MOST_LOST`.
    """
    half = rasterise_batch([drawing.prefix(0.5) for drawing in part.strokes.drawings])
    kinds = {
        "finished": (part.bitmaps.pixels, part.bitmaps.labels),
        "half drawn": (half, part.strokes.labels),
    }
    for kind, (bitmaps, labels) in kinds.items():
        if not len(labels):
            continue
        before, after = (_right(each, words, bitmaps, labels) for each in (graph, other))
        if not before - after <= MOST_LOST:
            raise UserError(
                f"the int8 graph is right on {after:.2%} of {kind} validation drawings, the float "
                f"graph on {before:.2%}",
                f"At most {MOST_LOST:.1%} may be lost: publish with --form float",
            )


def _right(
    graph: bytes, words: Sequence[str], bitmaps: NDArray[np.uint8], labels: NDArray[np.int64]
) -> float:
    model = Classifier(graph, tuple(words), threads=0)
    parts = [model.logits(bitmaps[i : i + BATCH]).argmax(1) for i in range(0, len(labels), BATCH)]
    return float((np.concatenate(parts) == labels).mean())


class _Reader(CalibrationDataReader):
    """Gives the bitmaps to the calibration in batches."""

    def __init__(self, bitmaps: NDArray[np.uint8]) -> None:
        batches = (bitmaps[i : i + BATCH] for i in range(0, len(bitmaps), BATCH))
        self._batches = iter([{"bitmaps": batch} for batch in batches])

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:  # type: ignore[override]
        return next(self._batches, None)
