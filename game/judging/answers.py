"""A cache of the judge's latest answers by bitmap, so that no bitmap is judged twice.

A bitmap comes again when a pad is judged a second time without a change, when a new point changes
no pixel, and when a stroke is undone.
"""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

REMEMBERED = 2_000  # answers; about 2 MB

Probabilities = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


class Answers:
    """Remembers the answers for the latest bitmaps. Not safe for use by several threads.

    Args:
        probabilities: the model: bitmaps (N, 28, 28) uint8 -> probabilities (N, K) float32.
        most: number of answers to remember; 0 for none.

    Attributes:
        reused: number of answers that came from the cache.
    """

    def __init__(self, probabilities: Probabilities, most: int = REMEMBERED) -> None:
        self._probabilities, self._most = probabilities, most
        self._known: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self.reused = 0

    def about(self, bitmaps: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Probabilities (K,) of each of the N bitmaps (N, 28, 28)."""
        if not self._most:
            return list(self._probabilities(bitmaps))
        keys = [bitmap.tobytes() for bitmap in bitmaps]
        # New bitmap -> its first index; the same bitmap may be in a batch twice.
        new = {key: place for place, key in reversed(list(enumerate(keys))) if not self._has(key)}
        if new:
            rows = self._probabilities(bitmaps[list(new.values())])
            # Copies: a row of the batch would keep the whole batch in memory.
            self._known.update((key, row.copy()) for key, row in zip(new, rows, strict=True))
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
