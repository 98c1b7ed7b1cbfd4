"""The bitmaps of single words in a data folder of either layout.

In the layout of `training.data.quickdraw`, bitmaps are read from disk when they are used. Drawings
of your own (`training.data.own_drawings`) become bitmaps when they are opened, and stay in memory.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data import own_drawings, quickdraw

ReadBitmaps = Callable[[], NDArray[np.uint8]]  # (N, 28, 28), the same at each call


def available(folder: Path) -> tuple[str, ...]:
    """The words with bitmaps in a folder.

    Raises:
        UserError: if a folder of your own drawings has more words than Quick, Draw!.
    """
    if own_drawings.is_own(folder):
        return own_drawings.available(folder)
    return quickdraw.available(folder, "numpy_bitmap")


def opened(word: str, folder: Path) -> ReadBitmaps:
    """A function that returns the bitmaps of a word.

    Each call maps a file of Quick, Draw! anew, so that memory does not hold what was read before.

    Raises:
        UserError: if the word has no bitmaps, or its file is damaged.
    """
    if own_drawings.is_own(folder):
        bitmaps, _ = own_drawings.load(word, folder)
        return lambda: bitmaps
    quickdraw.load_bitmaps(word, folder)  # an error is raised now and not in the middle of a run
    return lambda: quickdraw.load_bitmaps(word, folder)
