"""Drawings of a data folder, split by drawing into train, validation and test.

The hash of a bitmap's pixels decides its split, so copies of a drawing are always in the same split
and the order of the file does not matter. About one stroke drawing in ten also exists as a bitmap;
it is found by correlation and put into the split of that bitmap. Stretched drawings, whose aspect
ratio is lost, are used for training only, and only if no held-out bitmap could be the same drawing.
`training.sampling.batches` makes the batches of a training step from a split.
"""

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.command import UserError
from models.drawing import Drawing
from models.raster import SIDE, rasterise_batch
from models.words import ALL, KINDS
from training.choices import Split
from training.data import own_drawings, quickdraw
from training.transforms.segments import Segments, segments

SPLITS: tuple[Split, ...] = get_args(Split)
HELD_OUT = 8  # per cent of the drawings for validation, and as many for test
SAME_DRAWING = (
    0.97  # correlation of our raster with Google's bitmap; pairs have 0.99, others < 0.95
)
MAYBE_SAME_STRETCHED = 0.75  # the same after both fill a square; below it no pair was ever seen

FORMS: tuple[quickdraw.StrokeForm, ...] = ("simplified", "binary", "raw", "stretched")
OUTLIER = -1  # the label of drawings of other words


@dataclass(frozen=True)
class Bitmaps:
    """Bitmaps uint8 (N, 28, 28) with labels int64 (N,): a word's column, or `OUTLIER`.

    `fine_labels` int64 (N,) distinguish the other words as well. They are positions in `words.ALL`;
    an own word that Quick, Draw! lacks has the position of a word that the folder lacks.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    fine_labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def at(self, places: NDArray[np.integer[Any]]) -> "Bitmaps":
        """The bitmaps at those positions."""
        return Bitmaps(self.pixels[places], self.labels[places], self.fine_labels[places])


@dataclass(frozen=True)
class StrokeDrawings:
    """Stroke drawings with labels as in `Bitmaps`, and whether their aspect ratio is lost."""

    drawings: tuple[Drawing, ...]
    labels: NDArray[np.int64]
    fine_labels: NDArray[np.int64]
    stretched: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def segments(self) -> Segments:
        """The line segments of all drawings, computed once and shared by all runs."""
        return segments(self.drawings)

    def at(self, places: NDArray[np.intp]) -> "StrokeDrawings":
        """The drawings at those positions."""
        drawings = tuple(self.drawings[place] for place in places)
        return StrokeDrawings(
            drawings, self.labels[places], self.fine_labels[places], self.stretched[places]
        )

    def joined(self, other: "StrokeDrawings") -> "StrokeDrawings":
        """These drawings, then the other ones."""
        return StrokeDrawings(
            self.drawings + other.drawings,
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.fine_labels, other.fine_labels]),
            np.concatenate([self.stretched, other.stretched]),
        )


NO_STROKES = StrokeDrawings((), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_))


@dataclass(frozen=True)
class Part:
    """One split: bitmaps and stroke drawings of the words and of other words.

    `more_strokes` are drawings by other people (`training.data.collection`). `unstroked` are the
    fine labels of the words that have no stroke drawing of known aspect ratio in any split.
    """

    bitmaps: Bitmaps
    strokes: StrokeDrawings
    other_bitmaps: Bitmaps
    other_strokes: StrokeDrawings
    more_strokes: StrokeDrawings = NO_STROKES
    unstroked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Dataset:
    """All splits of the data.

    Attributes:
        words: K words in column order.
        parts: the drawings of each split.
        hash: hex digest that changes if any bitmap, the number of stroke drawings or any split
            changes.
        own: whether they are someone's own drawings and not those of Quick, Draw!.
        more: a digest for each other collection that is learned from, by its name.
    """

    words: tuple[str, ...]
    parts: dict[Split, Part] = field(repr=False)
    hash: str
    own: bool = False
    more: Mapping[str, str] = field(default_factory=dict)


def load(
    words: tuple[str, ...],
    folder: Path,
    *,
    per_word: int | None = None,
    strokes: bool = True,
    others: bool = True,
) -> Dataset:
    """Read and split all drawings of `words` in a data folder.

    Args:
        words: the classes, at least two.
        folder: in the layout of `training.data.quickdraw` or `training.data.own_drawings`.
        per_word: largest number of training bitmaps per word; held-out splits are not limited.
        strokes: read stroke drawings too, if there are any.
        others: read drawings of other words as outliers, except words that name a kind of one of
            `words`.

    Raises:
        UserError: if a word has no bitmaps in the folder, a split has none of any word, or, in a
            folder of one's own drawings, a word has none in some split.
    """
    if len(words) < 2:
        raise UserError(f"{len(words)} word given", "expected at least two to tell apart")
    own_layout = own_drawings.is_own(folder)
    read = (_read_own if own_layout else _read_quickdraw)(words, folder, strokes, others)
    unstroked = frozenset(word.fine_label for word in read if not word.has_strokes)
    parts: dict[Split, Part] = {}
    for split in SPLITS:
        limit = per_word if split == "train" else None
        own = [word for word in read if word.label != OUTLIER]
        other = [word for word in read if word.label == OUTLIER]
        parts[split] = Part(
            _bitmaps(own, split, limit),
            _strokes(own, split),
            _bitmaps(other, split, None),
            _strokes(other, split),
            unstroked=unstroked,
        )
    return Dataset(words, parts, hash_of([word.digest for word in read], per_word), own_layout)


def _read_quickdraw(
    words: tuple[str, ...], folder: Path, strokes: bool, others: bool
) -> "list[_Word]":
    forms: tuple[quickdraw.Form, ...] = ("numpy_bitmap", *FORMS)
    have: dict[quickdraw.Form, set[str]] = {
        form: set(quickdraw.available(folder, form)) for form in forms
    }
    labels = _labels(words, [word for word in ALL if word in have["numpy_bitmap"]], others)
    read = [
        _read(word, label, folder, _forms(word, have) if strokes else [])
        for word, label in labels.items()
    ]
    _check_splits(dict(zip(words, read, strict=False)), folder, len(words))
    return read


def _forms(word: str, have: Mapping[quickdraw.Form, Container[str]]) -> list[quickdraw.StrokeForm]:
    """The stroke forms to read of a word; "binary" holds the same drawings as "simplified"."""
    twice = "binary" if word in have["simplified"] else None
    return [form for form in FORMS if word in have[form] and form != twice]


def _read_own(words: tuple[str, ...], folder: Path, strokes: bool, others: bool) -> "list[_Word]":
    there = own_drawings.available(folder)
    fine_labels = _fine_labels(there)
    read: list[_Word] = []
    for word, label in _labels(words, there, others).items():
        pixels, drawings = own_drawings.load(word, folder)
        kept = drawings if strokes else []
        read.append(_split_word(label, fine_labels[word], pixels, {"simplified": kept}))
    _check_splits(dict(zip(words, read, strict=False)), folder, 1)
    return read


def _check_splits(read: "Mapping[str, _Word]", folder: Path, most: int) -> None:
    """Raise a `UserError` if `most` of the words or more have no bitmap in some split."""
    for split in SPLITS:
        empty = [word for word, each in read.items() if split not in each.splits.tolist()]
        if len(empty) >= most:
            some = ", ".join(f"{word} (has {len(read[word].pixels)})" for word in empty[:10])
            raise UserError(
                f"{folder} has no drawing of {some} for {split}",
                f"{HELD_OUT} in 100 are held out for each of validation and test, chosen by their "
                "pixels: give at least about 50 drawings a word",
            )


def _fine_labels(there: Sequence[str]) -> dict[str, int]:
    """A position in `words.ALL` for each word of a folder, at most as many as Quick, Draw! has.

    Positions of kinds of other words (a shark is a fish) are taken last, because `metrics.wins`
    lets their drawings win these words.
    """
    kinds = {kind for kinds in KINDS.values() for kind in kinds}
    free = iter(sorted(set(ALL) - set(there), key=lambda word: (word in kinds, word)))
    return {word: ALL.index(word if word in ALL else next(free)) for word in there}


def _labels(words: tuple[str, ...], there: Sequence[str], others: bool) -> dict[str, int]:
    """The label of each word to read: its column, or `OUTLIER` for other words."""
    kinds = {kind for word in words for kind in KINDS.get(word, ())}
    labels = {word: label for label, word in enumerate(words)}
    outliers = [word for word in there if word not in words and word not in kinds]
    return labels | dict.fromkeys(outliers if others else [], OUTLIER)


def hash_of(words: Iterable[bytes], per_word: int | None) -> str:
    """`Dataset.hash`, from the digests of all words' drawings and the limit of training bitmaps."""
    digest = hashlib.sha256(b"".join(words))
    for split in SPLITS:
        digest.update(f"{split} {per_word if split == 'train' else None}".encode())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class _Word:
    label: int
    fine_label: int
    pixels: NDArray[np.uint8]
    splits: NDArray[np.str_]
    drawings: list[Drawing]
    drawing_splits: list[str]
    stretched: list[bool]
    digest: bytes

    @property
    def has_strokes(self) -> bool:
        """Whether there is a stroke drawing with ink, of known aspect ratio."""
        each = zip(self.drawings, self.stretched, strict=True)
        return any(drawing.ink > 0 and not stretched for drawing, stretched in each)


def _read(word: str, label: int, folder: Path, forms: Sequence[quickdraw.StrokeForm]) -> _Word:
    drawings: dict[quickdraw.StrokeForm, list[Drawing]] = {
        form: quickdraw.load_strokes(word, folder, form) for form in forms
    }
    pixels = quickdraw.load_bitmaps(word, folder)
    return _split_word(label, ALL.index(word), pixels, drawings)


def _split_word(
    label: int,
    fine_label: int,
    pixels: NDArray[np.uint8],
    strokes: Mapping[quickdraw.StrokeForm, list[Drawing]],
) -> _Word:
    """Decide the split of each drawing of a word."""
    hashes = [drawing_hash(bitmap.tobytes()) for bitmap in pixels]
    splits = np.array([split_of(h) for h in hashes])
    drawings: list[Drawing] = []
    drawing_splits: list[str] = []
    stretched: list[bool] = []
    for form, found in strokes.items():
        place = _place_stretched if form == "stretched" else _place
        drawings += found
        drawing_splits += place(found, pixels, splits)
        stretched += [form == "stretched"] * len(found)
    digest = hashlib.sha256(b"".join(hashes) + "".join(drawing_splits).encode()).digest()
    return _Word(label, fine_label, pixels, splits, drawings, drawing_splits, stretched, digest)


def drawing_hash(content: bytes) -> bytes:
    """Eight bytes, computed from the content of a drawing, that decide its split."""
    return hashlib.blake2b(content, digest_size=8).digest()


def split_of(drawing: bytes) -> Split:
    """The split of a drawing with this `drawing_hash`."""
    number = int.from_bytes(drawing, "big") % 100
    if number < HELD_OUT:
        return "validation"
    return "test" if number < 2 * HELD_OUT else "train"


def splits_of(drawings: Sequence[Drawing], rasters: NDArray[np.uint8]) -> list[Split]:
    """The split of each stroke drawing by its name or, without one, by its raster (28, 28)."""
    names = [
        (drawing.key or "").encode() or raster.tobytes()
        for drawing, raster in zip(drawings, rasters, strict=True)
    ]
    return [split_of(drawing_hash(name)) for name in names]


def _place(
    drawings: Sequence[Drawing], pixels: NDArray[np.uint8], splits: NDArray[np.str_]
) -> list[str]:
    """The split of each drawing: that of its bitmap, or, without one, by its name or strokes."""
    rasters = rasterise_batch(drawings)
    best, which = _best_match(rasters, pixels)
    own = splits_of(drawings, rasters)
    return [
        str(splits[k]) if c > SAME_DRAWING else o for c, k, o in zip(best, which, own, strict=True)
    ]


def _place_stretched(
    drawings: Sequence[Drawing], pixels: NDArray[np.uint8], splits: NDArray[np.str_]
) -> list[str]:
    """ "train", or "" for a drawing that may be the same as a held-out bitmap."""
    held_out = pixels[splits != "train"]
    best, _ = _best_match(_fill_square(rasterise_batch(drawings)), _fill_square(held_out))
    return ["" if c > MAYBE_SAME_STRETCHED else "train" for c in best]


def _best_match(
    a: NDArray[np.uint8], b: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The highest correlation of each bitmap of `a` with any of `b`, and the index of that one."""
    if not len(b):
        return np.zeros(len(a), np.float32), np.zeros(len(a), np.intp)
    right = standardised(b).T
    best, which = np.empty(len(a), np.float32), np.empty(len(a), np.intp)
    for start in range(0, len(a), 1024):  # the whole matrix may not fit in memory
        scores = standardised(a[start : start + 1024]) @ right
        which[start : start + 1024] = scores.argmax(1)
        best[start : start + 1024] = scores.max(1)
    return best, which


def standardised(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Rows (N, pixels) of mean 0 and length 1, so that dot products are correlations."""
    flat = bitmaps.reshape(len(bitmaps), -1).astype(np.float32)
    flat -= flat.mean(1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


def _fill_square(bitmaps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each bitmap's ink, scaled independently in x and y to fill the whole square."""
    squares = np.zeros_like(bitmaps)
    for square, bitmap in zip(squares, bitmaps, strict=True):
        rows, columns = np.flatnonzero(bitmap.max(1) > 60), np.flatnonzero(bitmap.max(0) > 60)
        if len(rows):
            ink = bitmap[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            square[:] = Image.fromarray(ink).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return squares


def _bitmaps(words: Sequence[_Word], split: Split, limit: int | None) -> Bitmaps:
    pixels = [word.pixels[word.splits == split][:limit] for word in words]
    counts = [len(p) for p in pixels]
    return Bitmaps(
        np.concatenate([np.zeros((0, SIDE, SIDE), np.uint8), *pixels]),
        np.repeat(np.array([word.label for word in words], np.int64), counts),
        np.repeat(np.array([word.fine_label for word in words], np.int64), counts),
    )


def _strokes(words: Sequence[_Word], split: Split) -> StrokeDrawings:
    kept = [
        (drawing, word, stretched)
        for word in words
        for drawing, place, stretched in zip(
            word.drawings, word.drawing_splits, word.stretched, strict=True
        )
        if place == split and drawing.ink > 0
    ]
    return StrokeDrawings(
        tuple(drawing for drawing, _, _ in kept),
        np.array([word.label for _, word, _ in kept], np.int64),
        np.array([word.fine_label for _, word, _ in kept], np.int64),
        np.array([stretched for _, _, stretched in kept], bool),
    )


def squeezed(aspect: float) -> NDArray[np.float32]:
    """Factors (2,) for x and y of a stretched drawing that give it this aspect ratio."""
    return np.array([min(aspect, 1), min(1 / aspect, 1)], np.float32)


def aspects(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Width divided by height of the ink of each bitmap (N, 28, 28)."""
    wide, high = bitmaps.max(1) > 60, bitmaps.max(2) > 60
    return (_span(wide) / _span(high)).astype(np.float32)


def _span(touched: NDArray[np.bool_]) -> NDArray[np.float32]:
    first, last = touched.argmax(1), touched.shape[1] - touched[:, ::-1].argmax(1)
    return np.where(touched.any(1), last - first, 1).astype(np.float32)
