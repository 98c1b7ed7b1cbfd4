"""Bitmaps in NumPy files, as Quick, Draw! publishes them."""

from pathlib import Path
from tokenize import TokenError
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.command import UserError
from models.raster import SIDE


def read_bitmaps(path: Path) -> NDArray[np.uint8]:
    """Bitmaps (N, 28, 28) of a `.npy` file of (N, 784) or (N, 28, 28).

    Raises:
        UserError: when the file is missing, damaged or of another type or shape.
    """
    try:
        with path.open("rb") as file:
            bitmaps = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError, MemoryError, BadZipFile, TokenError) as error:
        raise UserError(f"cannot read {path}: {error}", "Expected a .npy file") from error
    if not isinstance(bitmaps, np.ndarray):
        raise UserError(f"{path} is an archive of arrays", "Expected one array in a .npy file")
    if bitmaps.dtype != np.uint8 or bitmaps.shape[1:] not in ((SIDE * SIDE,), (SIDE, SIDE)):
        raise UserError(
            f"{path} holds {bitmaps.dtype} {bitmaps.shape}",
            f"Expected uint8 (N, {SIDE * SIDE}) or (N, {SIDE}, {SIDE})",
        )
    return bitmaps.reshape(-1, SIDE, SIDE)
