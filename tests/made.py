"""Makes data for tests: drawings of simple words, a folder of them, a tiny published model."""

import gzip
import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.drawing import Drawing, Stroke
from models.raster import SIDE, rasterise_batch
from models.shelf import Card, PlayableWord

WORDS = ("circle", "square", "zigzag")
OTHERS = ("star", "triangle")
TWICE = 6  # of each word's stroke drawings, so many are bitmaps too


def _polygon(corners: int, step: int = 1) -> NDArray[np.float64]:
    angles = np.arange(corners + 1) * step * 2 * math.pi / corners + math.pi / corners
    return np.stack([np.sin(angles), np.cos(angles)], 1)


SHAPES = {
    "circle": _polygon(24),
    "square": _polygon(4),
    "zigzag": np.stack([np.linspace(-1, 1, 7), np.tile([-0.8, 0.8], 4)[:7]], 1),
    "star": _polygon(5, 2),
    "triangle": _polygon(3),
}


def drawing(word: str, number: int) -> Drawing:
    """The word's shape, slightly rotated, distorted and moved, as the number determines."""
    rng = np.random.default_rng([hashlib.sha256(word.encode()).digest()[0], number])
    turn = rng.uniform(-0.3, 0.3)
    axes = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    shape = SHAPES[word] * rng.uniform(70, 120, 2) @ axes
    points = shape + rng.normal(0, 3, shape.shape) + rng.uniform(0, 300, 2)
    middle = len(points) // 2  # two strokes that meet there
    halves = (points[: middle + 1], points[middle:])
    strokes = tuple(Stroke(half.round(1).astype(np.float32)) for half in halves)
    return Drawing(strokes, word, f"{word}{number}")


def drawings(word: str, count: int, first: int = 0) -> list[Drawing]:
    return [drawing(word, number) for number in range(first, first + count)]


def write_bitmaps(folder: Path, word: str, bitmaps: NDArray[np.uint8]) -> None:
    """Write `numpy_bitmap/<word>.npy`."""
    path = folder / "numpy_bitmap" / f"{word}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, bitmaps.reshape(len(bitmaps), -1))


def write_strokes(folder: Path, form: str, word: str, drawn: Sequence[Drawing]) -> None:
    """Write `<form>/<word>.ndjson.gz`."""
    path = folder / form / f"{word}.ndjson.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("".join(d.to_json() + "\n" for d in drawn).encode()))


def write_folder(
    folder: Path, words: Sequence[str] = WORDS + OTHERS, bitmaps: int = 80, strokes: int = 60
) -> None:
    """Write a data folder: the bitmaps and simplified strokes of words, `TWICE` of them equal."""
    for word in words:
        write_bitmaps(folder, word, rasterise_batch(drawings(word, bitmaps)))
        write_strokes(folder, "simplified", word, drawings(word, strokes, bitmaps - TWICE))


def onnx_model(
    weight: NDArray[np.float32],
    kind: int = TensorProto.UINT8,
    side: int = SIDE,
) -> bytes:
    """A graph of one linear layer: bitmaps (N, side, side) times weight (side * side, K)."""
    nodes = [
        helper.make_node("Cast", ["bitmaps"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["float"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "weight"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "linear",
        [helper.make_tensor_value_info("bitmaps", kind, ["n", side, side])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", weight.shape[1]])],
        [numpy_helper.from_array(weight, "weight")],
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


def template_weight(words: Sequence[str] = WORDS) -> NDArray[np.float32]:
    """A linear layer that recognises drawings of the words, by ridge regression of one-hot rows."""
    known = rasterise_batch([d for word in words for d in drawings(word, 40)])
    rows = known.reshape(len(known), -1).astype(np.float64)
    targets = np.repeat(8 * np.eye(len(words)), 40, axis=0)
    kernel = rows @ rows.T
    kernel += np.eye(len(rows)) * kernel.diagonal().mean() / 50
    return (rows.T @ np.linalg.solve(kernel, targets)).astype(np.float32)


def publish(
    shelf: Path,
    name: str,
    words: Sequence[str] = WORDS,
    temperature: float = 1.0,
    weight: NDArray[np.float32] | None = None,
) -> Card:
    """Publish a linear model of the words in a folder of models; it knows them without a weight."""
    graph = onnx_model(template_weight(words) if weight is None else weight)
    card = Card(
        name=name,
        words=tuple(words),
        architecture="linear",
        parameters=SIDE * SIDE * len(words),
        temperature=temperature,
        threshold=0.7,
        sha256=hashlib.sha256(graph).hexdigest(),
        recipe=("by hand",),
        provenance={},
        metrics={},
    )
    folder = shelf / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(graph)
    (folder / "card.json").write_text(card.model_dump_json())
    return card


def play_only(shelf: Path, name: str, thresholds: Mapping[str, float]) -> Card:
    """Let the game ask only for some words of a published model, at these thresholds."""
    path = shelf / name / "card.json"
    chosen = {
        word: PlayableWord(
            drawings=70, recall=0.9, threshold=at, wins=0.8, difficulty=at / 2, mistaken_for={}
        )
        for word, at in thresholds.items()
    }
    difficulty = {word: each.difficulty for word, each in chosen.items()}
    card = Card.model_validate_json(path.read_bytes())
    card = card.model_copy(update={"playable": chosen, "difficulty": difficulty})
    path.write_text(card.model_dump_json(), "utf-8")
    return card


def damage(path: Path, at: int = -20) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)


def scrambled(rng: np.random.Generator, count: int) -> NDArray[np.uint8]:
    """Bitmaps (count, 28, 28) of random noise."""
    return rng.integers(0, 256, (count, SIDE, SIDE), np.uint8)


def contents(folder: Path) -> set[str]:
    """Names of all files below a folder, relative to it."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
