"""The one judge of all players: drawings in, probabilities out, in batches off the event loop.

An idle judge begins at once with what it is given. What comes in while it works makes the next
batch, and of each player only the latest drawing: a busy judge looks less often, never later and
later.
"""

import asyncio
import logging
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.drawing import Drawing
from models.raster import SIDE, rasterise_batch

MAX_BATCH = 32  # drawings; bounds how long a batch keeps later ones waiting

Answer = Callable[[NDArray[np.float32]], None]

log = logging.getLogger(__name__)


class Model(Protocol):
    """What the game needs of `models.classifier.Classifier`."""

    @property
    def words(self) -> tuple[str, ...]: ...

    @property
    def threshold(self) -> float: ...

    def probabilities(self, bitmaps: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """Calibrated (N, K) of bitmaps (N, 28, 28)."""
        ...


@dataclass(frozen=True)
class _Case:
    drawing: Drawing
    answer: Answer


class Judge:
    """Must be used from within one running event loop; `answer` is called on it."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._worker = ThreadPoolExecutor(1, "judge")
        self._waiting: dict[Hashable, _Case] = {}
        self._working: asyncio.Task[None] | None = None

    def submit(self, player: Hashable, drawing: Drawing, answer: Answer) -> None:
        """Have a drawing judged; one of the same player that still waits is forgotten.

        Args:
            answer: called with the probabilities, (K,); never if a later drawing takes its place.
        """
        self._waiting[player] = _Case(drawing, answer)
        if self._working is None:
            self._working = asyncio.get_running_loop().create_task(self._work())

    def warm_up(self) -> None:
        """Judge a blank bitmap, so that the first player does not wait for one-time set-up."""
        self._model.probabilities(np.zeros((1, SIDE, SIDE), np.uint8))

    async def close(self) -> None:
        """Drop what waits and let the running batch end."""
        self._waiting.clear()
        if self._working is not None:
            await self._working
        self._worker.shutdown()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            players = list(islice(self._waiting, MAX_BATCH))
            cases = [self._waiting.pop(player) for player in players]
            rows = await loop.run_in_executor(self._worker, self._rows, cases)
            for case, row in zip(cases, rows, strict=True):
                if row is not None:
                    self._answer(case, row)
        self._working = None

    def _rows(self, cases: Sequence[_Case]) -> Sequence[NDArray[np.float32] | None]:
        """Probabilities of each case; None for one that cannot be judged."""
        try:
            return list(self._model.probabilities(rasterise_batch([c.drawing for c in cases])))
        except Exception:  # a drawing that breaks the judge must not take the others with it
            if len(cases) == 1:
                log.exception("a drawing could not be judged")
                return [None]
            return [row for case in cases for row in self._rows([case])]

    def _answer(self, case: _Case, row: NDArray[np.float32]) -> None:
        try:
            case.answer(row)
        except Exception:  # one player's trouble is no other's
            log.exception("an answer could not be taken")
