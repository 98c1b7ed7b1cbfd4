"""The rules of solo games: modes, stages, words and points. Pure.

Nothing here reads a clock or does I/O. Methods take `now`, in milliseconds of any clock that never
runs backwards. A stage whose time is up ends at its deadline, however late the call comes.

A new mode is one entry of `MODES` and its texts in `game/web/pad/languages/` (`modes.NAME`). The
server, the page's buttons, the boards and the static site read the entry; the JavaScript gets it
from `python -m game.web.rules`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from game.messages import Guesses, Mode, Outcome, RaceKind, RoundResult, Stage
from game.rules.attempt import Attempt, Frame
from game.rules.difficulty import BANDS
from game.rules.stage_clock import StageClock

SECOND = 1_000.0
COUNTDOWN = 3 * SECOND
BELL_SHARE = 0.5  # of the lowest points of a guess; times the best probability, when time runs out

Menu = Literal["first", "main", "more"]
Suggested = Literal["unplayed", "always"]


@dataclass(frozen=True)
class ModeRules:
    """The rules of one mode. Times are in milliseconds.

    Attributes:
        rounds: number of words in the game; None for as many as the time allows.
        game_time: drawing time of the whole game, shared by its words; None for no such limit.
        round_time: drawing time of each word; None for no such limit.
        reveal: how long a finished word is shown. The drawing time stands still meanwhile.
        skip_cost: drawing time of the game that skipping a word costs.
        points: points of a word guessed at once, and of one guessed as its time ends; linear in
            between.
        worth: factor of a word's points by its band of difficulty, from easy to hard.
        digits: decimal places that points are rounded to.
        shared: whether other models guess as well. Then the first guess does not end the word.
        ranked: whether results are stored, and appear on the boards, as ghosts and as challenges.
        menu: where the start page offers the mode: as the first choice (one mode only), among the
            main choices, or among the small ones below.
        suggested: when the page offers the mode as what to play next: until it has been played, or
            always, after everything else; None for never.
        icon: name of the button's icon in `game/web/pad/markup/icons.html`.
    """

    rounds: int | None = None
    game_time: float | None = None
    round_time: float | None = None
    reveal: float = 0.0
    skip_cost: float = 0.0
    points: tuple[float, float] = (0.0, 0.0)
    worth: tuple[float, ...] = (1.0,) * BANDS
    digits: int = 0
    shared: bool = False
    ranked: bool = False
    menu: Menu = "more"
    suggested: Suggested | None = None
    icon: str = "pencil"

    @property
    def asks(self) -> bool:
        """Whether the mode asks for words. Free drawing has no words, no time limit and no end."""
        return self.game_time is not None or self.round_time is not None


MODES: dict[Mode, ModeRules] = {
    "sprint": ModeRules(
        game_time=60 * SECOND,
        reveal=1.2 * SECOND,
        skip_cost=3 * SECOND,
        points=(1, 1),
        worth=(1, 2, 3),
        digits=1,
        ranked=True,
        menu="first",
        suggested="always",
        icon="watch",
    ),
    "practise": ModeRules(menu="main"),
    "quick_six": ModeRules(
        rounds=6,
        round_time=20 * SECOND,
        reveal=2.5 * SECOND,
        points=(100, 50),
        ranked=True,
        suggested="unplayed",
        icon="tally",
    ),
    "showdown": ModeRules(round_time=60 * SECOND, reveal=4 * SECOND, shared=True, icon="eye"),
}


def boards() -> list[str]:
    """Names of the high-score boards: one for each ranked mode and each kind of race."""
    return [mode for mode, rules in MODES.items() if rules.ranked] + list(get_args(RaceKind))


def points(rules: ModeRules, band: int, outcome: Outcome, elapsed: float, best: float) -> float:
    """Points of a finished word.

    Args:
        band: the word's band of difficulty, from 0 (easy).
        elapsed: drawing time in ms.
        best: highest calibrated probability of the word in the round, 0 to 1.
    """
    quick, slow = (rules.worth[band] * each for each in rules.points)
    if outcome == "skipped":
        return 0.0
    if outcome == "bell":
        return round(BELL_SHARE * slow * best, rules.digits)
    share = 0.0 if rules.round_time is None else min(elapsed / rules.round_time, 1.0)
    return round(quick + (slow - quick) * share, rules.digits)


class Game(StageClock[Stage]):
    """One player's game of a mode, from the countdown to its end.

    In a game with `game_time`, the `total` of the stage `drawing` is the game's time, not the
    word's. The stage is never `home`.

    Attributes:
        round: number of the current or last word, from 1.
        attempt: the running attempt; None unless the stage is `drawing`.
        results: results of the finished words, in order.
        attempts: the attempts at those words, in the same order.
    """

    def __init__(
        self,
        mode: Mode,
        order: Iterator[str],
        words: Sequence[str],
        thresholds: Mapping[str, float],
        now: float,
        bands: Mapping[str, int] | None = None,
    ) -> None:
        """Begin with the countdown; free drawing begins at once.

        Args:
            order: yields the words to ask, as many as the game needs.
            words: the K words of the model.
            thresholds: word -> lowest probability with which it counts as guessed, 0 to 1.
            now: ms.
            bands: word -> band of difficulty, as `difficulty.bands_of`; a missing word is easy.
        """
        super().__init__()
        self.mode: Mode = mode
        self.rules = MODES[mode]
        self.words = words
        self.thresholds = thresholds
        self.bands = bands or {}
        self.round = 1
        self.attempt: Attempt | None = None
        self.results: list[RoundResult] = []
        self.attempts: list[Attempt] = []
        self._order = order
        self._left = self.rules.game_time
        self._enter("countdown", now, COUNTDOWN if self.rules.asks else 0.0)
        self.advance(now)

    @property
    def points(self) -> float:
        return round(sum(result.points for result in self.results), self.rules.digits)

    @property
    def worth(self) -> float:
        """Points of the running word if it is guessed at once; 0 when there is none."""
        word = self.attempt.word if self.attempt else None
        return 0.0 if word is None else points(self.rules, self._band(word), "guessed", 0.0, 1.0)

    def advance(self, now: float) -> None:
        """End every stage whose deadline is at or before `now`, each at its deadline."""
        while self.deadline is not None and now >= self.deadline:
            at = self.deadline
            match self.stage:
                case "drawing":
                    self._end_round("bell", at)
                case "reveal" if self._finished:
                    self._enter("over", at, None)
                case "reveal":
                    self.round += 1
                    self._begin_round(at)
                case _:
                    self._begin_round(at)

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> Guesses | None:
        """Record the judge's probabilities, (K,) for the K words, of a frame.

        Returns:
            The message for the player; None when the frame's attempt is over or the player has
            erased ink since.
        """
        self.advance(frame.at)
        attempt = frame.attempt
        if attempt is not self.attempt or not frame.current:
            return None
        guessed = frame.judged(self.words, probabilities, self.thresholds)
        message = attempt.message()
        if guessed and not self.rules.shared:
            self._end_round("guessed", frame.at)
        return message

    def conclude(self, elapsed: float, now: float) -> None:
        """End the word of a shared mode, which was first guessed after `elapsed` ms of drawing."""
        self.advance(now)
        if self.attempt is not None:
            self._end_round("guessed", now, elapsed)

    def skip(self, now: float) -> None:
        """Give up the running word; does nothing when there is none."""
        self.advance(now)
        if self.attempt is not None and self.attempt.word is not None:
            self._end_round("skipped", now)

    @property
    def in_round(self) -> bool:
        """Whether the player would lose something if the game stopped now.

        True while a word is drawn, while the last word is shown, and throughout a game with
        `game_time` once its countdown is over.
        """
        if not self.rules.asks or self.stage in ("countdown", "over"):
            return False
        return self.stage == "drawing" or self._finished or self._left is not None

    @property
    def _finished(self) -> bool:
        return self._left == 0 or self.round == self.rules.rounds

    def _band(self, word: str) -> int:
        return self.bands.get(word, 0)

    def _begin_round(self, at: float) -> None:
        word = next(self._order) if self.rules.asks else None
        self.attempt = Attempt(self.round, word, at)
        self._enter("drawing", at, self.rules.round_time if self._left is None else self._left)
        self.total = self.rules.game_time or self.rules.round_time

    def _end_round(self, outcome: Outcome, at: float, elapsed: float | None = None) -> None:
        attempt, self.attempt = self.attempt, None
        assert attempt is not None
        assert attempt.word is not None  # in free drawing nothing ends a round
        elapsed = at - attempt.started if elapsed is None else elapsed
        self.attempts.append(attempt)
        if self._left is not None:
            cost = self.rules.skip_cost if outcome == "skipped" else 0.0
            self._left = 0.0 if outcome == "bell" else max(self._left - elapsed - cost, 0.0)
        self.results.append(
            RoundResult(
                word=attempt.word,
                outcome=outcome,
                milliseconds=elapsed,
                points=points(self.rules, self._band(attempt.word), outcome, elapsed, attempt.best),
                best=attempt.best,
                strokes=attempt.sheet.to_lists(),
                guesses=attempt.guesses,
            )
        )
        self._enter("reveal", at, self.rules.reveal)
