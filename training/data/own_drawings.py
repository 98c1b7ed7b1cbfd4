"""Your own drawings of any words, in a folder given by the same `--data-dir`:

    mine/cat.ndjson[.gz]    stroke drawings, a line each, as Quick, Draw! has them
    mine/dog.npy            bitmaps (N, height, width) or (N, 784), in 0 .. 255 or in 0 .. 1
    mine/cow/*.png          images of a class in a folder (PNG, JPEG, GIF, BMP, WebP, TIFF)

Any command that reads drawings reads them, and a model of them can be published and played.

Stroke drawings and images become 28×28 bitmaps with white ink on black, like Google's. Images on
light paper are inverted, and the ink is scaled and centred in the same way. Transparent paper is
white, or black where all ink is light. Drawings without ink are left out.
"""

import struct
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from models import words as word_sets
from models.command import UserError
from models.drawing import Drawing, read_ndjson
from models.raster import SIDE, rasterise_batch
from models.user_files import read_array
from training.data import quickdraw

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
UNREAD = (".avif", ".eps", ".heic", ".heif", ".jxl", ".pdf", ".psd", ".svg", ".tga")  # images too
STROKES = (".ndjson", ".ndjson.gz")
MOST_WORDS = len(word_sets.ALL)
INK_SIDE = 26  # pixels of the larger side of the ink in Google's bitmaps
UNREADABLE = (  # errors of Pillow
    *(OSError, ValueError, SyntaxError, EOFError, struct.error),
    Image.DecompressionBombError,
)
ROUNDING = 1e-3  # how far values may be outside of their range, as after resizing
FAINT = 20  # largest gray level of paper after its own level is subtracted


def is_own(folder: Path) -> bool:
    """Whether a folder has this module's layout and not that of Quick, Draw!."""
    laid_out = any((folder / form).is_dir() for form in quickdraw.FORMS)
    return folder.is_dir() and not laid_out and bool(_files(folder))


def words(text: str, folder: Path) -> tuple[str, ...]:
    """The words named by an option, for a folder of either layout.

    Args:
        text: names separated by commas, or "all". The default "classic" also means all words in a
            folder of your own that lacks the classic words.
        folder: of drawings.

    Raises:
        UserError: for an unknown word; the message names the nearest known one. For a set of words
            of which the folder lacks some. As `available` does.
    """
    if not is_own(folder):
        return word_sets.parse(text)
    there = tuple(_files(folder))
    if text == "all":
        return there
    if text in word_sets.WORD_SETS:
        return _set_of_words(text, folder, there)
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    for word in named:
        if word not in there:
            raise _missing(word, folder, there)
    if len(set(named)) != len(named) or not named:
        raise UserError(f"expected a list of different words, found {text!r}")
    return named


def _set_of_words(name: str, folder: Path, there: tuple[str, ...]) -> tuple[str, ...]:
    chosen = word_sets.WORD_SETS[name]
    lacking = [word for word in chosen if word not in there]
    if lacking and name != "classic":
        raise UserError(
            f"{folder} has no drawings of {len(lacking)} of the {len(chosen)} words of {name!r}, "
            f"such as {lacking[0]!r}",
            "Expected --words all, or names separated by commas",
        )
    return there if lacking else chosen


def available(folder: Path) -> tuple[str, ...]:
    """All words of a folder of your own drawings, sorted.

    Raises:
        UserError: if there are more words than Quick, Draw! has, two files of one word, or a folder
            of images that cannot be read.
    """
    found = tuple(_files(folder))
    if len(found) > MOST_WORDS:
        raise UserError(f"{folder} has {len(found)} words", f"expected at most {MOST_WORDS}")
    return found


def load(word: str, folder: Path) -> tuple[NDArray[np.uint8], list[Drawing]]:
    """Bitmaps (N, 28, 28) of a word, N >= 1, and its stroke drawings, if it has any.

    Raises:
        UserError: if there is no file of the word, or it is damaged or contains no drawing.
    """
    files = _files(folder)
    if word not in files:
        raise _missing(word, folder, tuple(files))
    path = files[word]
    drawings: list[Drawing] = []
    if path.is_dir():
        bitmaps = _inked(_images(path))
    elif path.suffix == ".npy":
        bitmaps = _inked(_array(path))
    else:
        drawings = [drawing for drawing in read_ndjson(path) if drawing.ink > 0]
        bitmaps = rasterise_batch(drawings)
    if not len(bitmaps):
        raise UserError(f"{path} holds no drawing", "Put some in, or take it away")
    return bitmaps, drawings


def _missing(word: str, folder: Path, there: tuple[str, ...]) -> UserError:
    close = get_close_matches(word, there, n=1)
    mend = f"Did you mean {close[0]!r}?" if close else f"It has {', '.join(there[:10])}"
    return UserError(f"{folder} has no drawings of {word!r}", mend)


def _files(folder: Path) -> Mapping[str, Path]:
    """The file or folder of each word, sorted by word.

    Raises:
        UserError: for two files of one word, and for a folder of images that cannot be read.
    """
    found: dict[str, Path] = {}
    for path in _visible(folder) if folder.is_dir() else []:
        for suffix in ("", ".npy", *STROKES):
            holds = _has_images(path) if not suffix else path.is_file()
            if path.name.endswith(suffix) and holds:
                word = path.name.removesuffix(suffix)
                if word in found:
                    raise UserError(
                        f"{folder} has {word!r} twice: {found[word].name} and {path.name}",
                        "Take one of them away",
                    )
                found[word] = path
    return dict(sorted(found.items()))


def _has_images(path: Path) -> bool:
    """Whether it is a folder of images.

    Raises:
        UserError: if it holds images, but none that can be read.
    """
    kinds = {file.suffix.lower() for file in _visible(path)} if path.is_dir() else set[str]()
    unread = sorted(kinds & set(UNREAD))
    if unread and not kinds & set(IMAGES):
        raise UserError(
            f"{path} holds no image that can be read, but {', '.join(unread)}",
            f"Convert them to one of {', '.join(IMAGES)}, or take the folder away",
        )
    return bool(kinds & set(IMAGES))


def _visible(folder: Path) -> list[Path]:
    """The files of a folder without hidden ones, such as `._cat.npy`, which macOS adds."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _inked(bitmaps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The bitmaps that show anything."""
    return bitmaps[bitmaps.any((1, 2))]


def _images(folder: Path) -> NDArray[np.uint8]:
    files = [file for file in _visible(folder) if file.suffix.lower() in IMAGES]
    return np.stack([_image(file) for file in files])


def _image(file: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(file) as opened:
            upright = ImageOps.exif_transpose(opened)  # a phone's photo may lie on its side
            gray = _deep(upright) if upright.mode.startswith("I") else _flat(upright)
    except UNREADABLE as error:
        raise UserError(f"cannot read the image {file}: {error}", "Mend or remove it") from error
    return as_bitmap(gray)


def _deep(image: Image.Image) -> NDArray[np.uint8]:
    """Gray levels of an image of 16 bits, which `convert` would clip to white.

    Some tools write levels up to 255 into 16 bits; as such they would all be black."""
    levels = np.asarray(image).astype(np.int64)
    return np.clip(levels // 257 if levels.max() > 255 else levels, 0, 255).astype(np.uint8)


def _flat(image: Image.Image) -> NDArray[np.uint8]:
    """Gray levels of an image on paper: white, or black where all that is seen is light."""
    layers = np.asarray(image.convert("RGBA").convert("LA"))
    gray, alpha = layers[..., 0], layers[..., 1] / 255
    seen = gray[layers[..., 1] > FAINT]
    paper = 0 if seen.size and seen.min() > 127 else 255
    return (gray * alpha + paper * (1 - alpha)).round().astype(np.uint8)


def _array(file: Path) -> NDArray[np.uint8]:
    values = read_array(file)
    if values.ndim == 2 and values.shape[1] == SIDE * SIDE:
        values = values.reshape(-1, SIDE, SIDE)
    if values.ndim != 3 or values.dtype.kind not in "uifb" or 0 in values.shape[1:]:
        raise UserError(
            f"{file} is an array of {values.dtype} {values.shape}",
            "expected (N, 784) or (N, height, width) of gray levels",
        )
    levels = _levels(values, file)
    ready = levels.shape[1:] == (SIDE, SIDE)
    convert: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] = _upright if ready else as_bitmap
    return np.stack([convert(bitmap) for bitmap in levels]) if len(levels) else levels


def _levels(values: NDArray[Any], file: Path) -> NDArray[np.uint8]:
    """Gray levels from 0 to 255, of levels from 0 to 255, shares from 0 to 1, or booleans.

    Raises:
        UserError: there are other values, such as those of standardised images.
    """
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if not (low >= -ROUNDING and high <= 255 + ROUNDING):  # also when one of them is not a number
        raise UserError(
            f"{file} has values from {low:g} to {high:g}", "expected 0 to 255, or 0 to 1"
        )
    if values.dtype == np.uint8 and high > 1:
        return values
    scale = 255 if high <= 1 + ROUNDING else 1
    return np.clip(values.astype(np.float32) * scale, 0, 255).round().astype(np.uint8)


def as_bitmap(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A gray image (height, width) as white ink on black, (28, 28), scaled and centred."""
    ink = _upright(gray)
    rows, columns = np.flatnonzero(ink.max(1) > FAINT), np.flatnonzero(ink.max(0) > FAINT)
    bitmap = np.zeros((SIDE, SIDE), np.uint8)
    if not len(rows):
        return bitmap
    cut = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = INK_SIDE / max(cut.size)
    size = (max(round(cut.width * scale), 1), max(round(cut.height * scale), 1))
    small = np.asarray(cut.resize(size, Image.Resampling.BOX), np.float64)
    small = small * min(255 / max(small.max(), 1), 4)  # downscaling makes thin lines fainter
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    bitmap[top : top + size[1], left : left + size[0]] = np.clip(small, 0, 255).round()
    return bitmap


def _upright(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """White ink on black: invert an image with a light border, subtract the paper's level."""
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    paper = int(np.median(border))
    ink = paper - gray.astype(np.int64) if paper > 127 else gray.astype(np.int64) - paper
    return np.clip(ink, 0, 255).astype(np.uint8)
