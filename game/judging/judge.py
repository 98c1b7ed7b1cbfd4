"""The judge of all players: drawings in, probabilities out, in batches off the event loop.

An idle judge begins at once. A drawing that comes while it works is in the next batch, as it is
when that batch begins: a busy judge judges each drawing less often, but its answers are not about
ever older drawings.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game import meters
from game.judging.answers import REMEMBERED, Answers
from game.judging.load import RecentWaits
from game.rules.attempt import Frame
from models.raster import SIDE, rasterise_batch

MAX_BATCH = 32  # drawings; bounds how long a batch keeps later ones waiting
STUCK = 5.0  # seconds; a judge whose batch takes longer is taken to be stuck

log = logging.getLogger(__name__)


class Model(Protocol):
    """What the game needs of `models.classifier.Classifier`."""

    @property
    def words(self) -> tuple[str, ...]: ...

    @property
    def threshold(self) -> float: ...

    @property
    def difficulty(self) -> Mapping[str, float]:
        """How hard words are, 0 to 1; it need not name them all."""
        ...

    def probabilities(self, bitmaps: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """Calibrated (N, K) of bitmaps (N, 28, 28)."""
        ...


class FrameSource(Protocol):
    """Who has drawings judged; both methods are called on the event loop."""

    def take_frame(self) -> Frame | None:
        """The drawing as it is now; None when there is nothing to judge."""
        ...

    def judged(self, frame: Frame, probabilities: NDArray[np.float32], /) -> None:
        """Take the judge's answer, (K,)."""
        ...


class JudgeQueue(Protocol):
    """Where drawings are judged: `Judge`, or a stand-in for it."""

    @property
    def busy(self) -> bool:
        """Whether drawings wait too long for their guess (`game.judging.load`)."""
        ...

    def want(self, player: FrameSource, /) -> None:
        """Have the source's drawing judged soon."""
        ...


class Judge:
    """A judge on one running event loop, with one thread for the model.

    Args:
        model: the classifier.
        remembered: how many answers are kept, so that the same bitmap is not judged again.
        now: a clock in seconds that never runs backwards.
    """

    def __init__(
        self,
        model: Model,
        remembered: int = REMEMBERED,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model, self._now = model, now
        self._answers = Answers(model.probabilities, remembered)
        self.waits = RecentWaits(now)
        self._thread = ThreadPoolExecutor(1, "judge")
        self._waiting: dict[FrameSource, float] = {}  # since when, in the order they came
        self._warm = False
        self._began: float | None = None  # the running batch
        self._working: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many drawings wait to be in a batch."""
        return len(self._waiting)

    @property
    def ready(self) -> bool:
        """Whether it is warm, and not stuck."""
        return self._warm and (self._began is None or self._now() - self._began < STUCK)

    @property
    def busy(self) -> bool:
        """Whether drawings wait too long for their guess."""
        return self.waits.busy

    def want(self, player: FrameSource) -> None:
        """Have the player's drawing judged as soon as possible."""
        self._waiting.setdefault(player, self._now())
        if self._working is None:
            self._working = asyncio.get_running_loop().create_task(self._work())

    def warm_up(self) -> None:
        """Judge a blank bitmap, so that the first player does not wait for one-time set-up."""
        self._model.probabilities(np.zeros((1, SIDE, SIDE), np.uint8))
        self._warm = True

    async def close(self) -> None:
        """Forget who waits, and let the running batch end."""
        self._waiting.clear()
        if self._working is not None:
            await self._working
        self._thread.shutdown()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            players = list(islice(self._waiting, MAX_BATCH))
            since = {player: self._waiting.pop(player) for player in players}
            self._began = self._now()
            seen = [(player, frame) for player in players if (frame := _take_frame(player))]
            rows = await loop.run_in_executor(self._thread, self._rows, [f for _, f in seen])
            self._began = None
            for (player, frame), row in zip(seen, rows, strict=True):
                self._count(self._now() - since[player])
                _answer(player, frame, row)
        self._working = None

    def _rows(self, frames: Sequence[Frame]) -> list[NDArray[np.float32] | None]:
        """Probabilities of each frame; None for one that cannot be judged."""
        if not frames:
            return []
        try:
            return [*self._answers.about(rasterise_batch([f.drawing for f in frames]))]
        except Exception:  # a drawing that breaks the judge must not take the others with it
            if len(frames) == 1:
                log.exception("a drawing could not be judged")
                return [None]
            return [row for frame in frames for row in self._rows([frame])]

    def _count(self, waited: float) -> None:
        meters.GUESSES.inc()
        meters.JUDGE_DELAY.observe(waited)
        self.waits.add(waited)


def _take_frame(player: FrameSource) -> Frame | None:
    try:
        return player.take_frame()
    except Exception:  # one player's trouble is no other's
        log.exception("a drawing could not be looked at")
        return None


def _answer(player: FrameSource, frame: Frame, row: NDArray[np.float32] | None) -> None:
    try:
        if row is not None:
            player.judged(frame, row)
    except Exception:  # one player's trouble is no other's
        log.exception("an answer could not be taken")
