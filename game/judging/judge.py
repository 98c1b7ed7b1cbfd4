"""The judge turns the drawings of all players into probabilities, in batches in a thread.

An idle judge starts at once. A drawing that comes during a batch goes into the next batch, in the
state it has when that batch starts. A busy judge therefore judges each drawing less often, but
never falls behind what is on the pads.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game import meters
from game.judging.answers import REMEMBERED, Answers
from game.judging.load import RecentWaits
from game.rules.attempt import Frame
from models.raster import SIDE, rasterise_batch

MAX_BATCH = 32  # drawings; limits how long later drawings wait for a batch
STUCK = 5.0  # seconds; a judge whose batch takes longer counts as stuck

log = logging.getLogger(__name__)


class Model(Protocol):
    """The parts of `models.classifier.Classifier` that the game uses."""

    @property
    def words(self) -> tuple[str, ...]: ...

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Word -> lowest probability with which it counts as guessed, 0 to 1."""
        ...

    @property
    def difficulty(self) -> Mapping[str, float]:
        """Word -> difficulty, 0 (easy) to 1 (hard); words may be missing."""
        ...

    def probabilities(self, bitmaps: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """Calibrated probabilities (N, K) of bitmaps (N, 28, 28)."""
        ...


class FrameSource(Protocol):
    """A source of drawings to be judged. Both methods are called on the event loop."""

    def take_frame(self) -> Frame | None:
        """The drawing as it is now; None when there is nothing to judge."""
        ...

    def judged(self, frame: Frame, probabilities: NDArray[np.float32], /) -> None:
        """Receive the probabilities, (K,) for the K words, of a frame."""
        ...


class JudgeQueue(Protocol):
    """A queue of drawings to be judged: `Judge`, or a replacement for it."""

    @property
    def busy(self) -> bool:
        """Whether drawings wait too long for their guesses (`game.judging.load`)."""
        ...

    @property
    def wait(self) -> float:
        """Seconds for which a drawing waits for its guess at present, in the mean."""
        ...

    def want(self, player: FrameSource, /) -> None:
        """Have the source's drawing judged soon."""
        ...


@dataclass(frozen=True)
class _Batch:
    """Drawings that are judged together, and since when each pad has waited for this."""

    seen: Sequence[tuple[FrameSource, Frame]]
    since: Mapping[FrameSource, float]
    rows: asyncio.Future[list[NDArray[np.float32] | None]]


class Judge:
    """A judge on one running event loop, with one thread for the model.

    Args:
        model: the classifier.
        remembered: number of answers to cache, so that the same bitmap is not judged again.
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
        self._waiting: dict[FrameSource, float] = {}  # -> since when, in order of arrival
        self._warm = False
        self._began: float | None = None  # start of the running batch
        self._working: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Number of drawings that wait for the next batch."""
        return len(self._waiting)

    @property
    def ready(self) -> bool:
        """Whether the judge is warmed up and not stuck."""
        return self._warm and (self._began is None or self._now() - self._began < STUCK)

    @property
    def busy(self) -> bool:
        """Whether drawings wait too long for their guesses."""
        return self.waits.busy

    @property
    def wait(self) -> float:
        """Seconds for which a drawing waits for its guess at present, in the mean."""
        return self.waits.mean

    def want(self, player: FrameSource) -> None:
        """Have the source's drawing judged as soon as possible."""
        self._waiting.setdefault(player, self._now())
        if self._working is None:
            self._working = asyncio.get_running_loop().create_task(self._work())

    def warm_up(self) -> None:
        """Judge a blank bitmap, so that the first player does not wait for one-time set-up."""
        self._model.probabilities(np.zeros((1, SIDE, SIDE), np.uint8))
        self._warm = True

    async def close(self) -> None:
        """Drop the waiting drawings, and wait until the running batch has ended."""
        self._waiting.clear()
        if self._working is not None:
            await self._working
        self._thread.shutdown()

    async def _work(self) -> None:
        """Judge until nothing waits. Each batch is answered while the next one is judged."""
        batch: _Batch | None = None
        while self._waiting or batch is not None:
            following = self._take() if self._waiting else None
            if batch is not None:
                self._answer_all(batch)
            if following is not None:
                await following.rows
                self._began = None
            batch = following
        self._working = None

    def _take(self) -> "_Batch":
        """Take the drawings that wait from their pads, and begin to judge them."""
        players = list(islice(self._waiting, MAX_BATCH))
        since = {player: self._waiting.pop(player) for player in players}
        seen = [(player, frame) for player in players if (frame := _take_frame(player))]
        self._began = self._now()
        work = asyncio.get_running_loop().run_in_executor
        return _Batch(seen, since, work(self._thread, self._rows, [frame for _, frame in seen]))

    def _answer_all(self, batch: "_Batch") -> None:
        for (player, frame), row in zip(batch.seen, batch.rows.result(), strict=True):
            self._count(self._now() - batch.since[player])
            _answer(player, frame, row)

    def _rows(self, frames: Sequence[Frame]) -> list[NDArray[np.float32] | None]:
        """Probabilities of each frame; None for one that cannot be judged."""
        if not frames:
            return []
        try:
            return [*self._answers.about(rasterise_batch([f.drawing for f in frames]))]
        except Exception:  # one bad drawing must not spoil the batch: judge each by itself
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
    except Exception:  # one player's error must not affect the others
        log.exception("a drawing could not be taken from its pad")
        return None


def _answer(player: FrameSource, frame: Frame, row: NDArray[np.float32] | None) -> None:
    try:
        if row is not None:
            player.judged(frame, row)
    except Exception:  # one player's error must not affect the others
        log.exception("an answer of the judge could not be handled")
