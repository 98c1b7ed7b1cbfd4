"""Bitmaps in NumPy files, as Quick, Draw! publishes them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.raster import SIDE
from models.user_files import read_array


def read_bitmaps(path: Path) -> NDArray[np.uint8]:
    """Bitmaps (N, 28, 28) of a `.npy` file of (N, 784) or (N, 28, 28).

    Raises:
        UserError: when the file is missing, damaged or of another type or shape.
    """
    bitmaps = read_array(path)
    if bitmaps.dtype != np.uint8 or bitmaps.shape[1:] not in ((SIDE * SIDE,), (SIDE, SIDE)):
        raise UserError(
            f"{path} holds {bitmaps.dtype} {bitmaps.shape}",
            f"Expected uint8 (N, {SIDE * SIDE}) or (N, {SIDE}, {SIDE})",
        )
    return bitmaps.reshape(-1, SIDE, SIDE)
