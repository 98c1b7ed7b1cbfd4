"""The judge's latest answers by bitmap: the same bitmap is not judged again.

A second look at a pad where nothing has changed, a point that moves no pixel, and an undone stroke
all show a bitmap that was judged before.
"""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

REMEMBERED = 2_000  # answers; about 2 MB

Probabilities = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


class Answers:
    """Remembers the answers about the bitmaps seen last; for one thread.

    Args:
        probabilities: (N, K) of bitmaps (N, 28, 28).
        most: how many answers are remembered; 0 remembers none.

    Attributes:
        reused: how many answers did not need the model.
    """

    def __init__(self, probabilities: Probabilities, most: int = REMEMBERED) -> None:
        self._probabilities, self._most = probabilities, most
        self._known: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self.reused = 0

    def about(self, bitmaps: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Probabilities (K,) of each of the bitmaps (N, 28, 28)."""
        if not self._most:
            return list(self._probabilities(bitmaps))
        keys = [bitmap.tobytes() for bitmap in bitmaps]
        # Where each new bitmap first stands; the same one may stand in a batch twice.
        new = {key: place for place, key in reversed(list(enumerate(keys))) if not self._has(key)}
        if new:
            rows = self._probabilities(bitmaps[list(new.values())])
            self._known.update(zip(new, rows, strict=True))
        found = [self._known[key] for key in keys]
        self.reused += len(keys) - len(new)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return found

    def _has(self, key: bytes) -> bool:
        if key in self._known:
            self._known.move_to_end(key)
            return True
        return False
