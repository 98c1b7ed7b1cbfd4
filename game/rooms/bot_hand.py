"""A bot's hand: puts a drawing on the bot's pad bit by bit, at the times of its points."""

from collections.abc import Callable
from random import Random

from game.clock import Clock, Timer
from game.messages import BotStrength, Ink, Point, Strokes
from game.rules.bots import drawing_of

STEP = 120.0  # ms between two moves


class BotHand:
    """Draws one word after the other.

    Args:
        rng: source of the drawings' variety.
        ink: puts points on the bot's pad.
        put_down: called when a drawing is finished.
    """

    def __init__(
        self,
        clock: Clock,
        rng: Random,
        strength: BotStrength,
        ink: Callable[[Ink], None],
        put_down: Callable[[], None],
    ) -> None:
        self._clock, self._rng = clock, rng
        self._strength: BotStrength = strength
        self._ink, self._put_down = ink, put_down
        self._round = 0
        self._started = 0.0
        self._left: list[tuple[int, Point]] = []  # number of the stroke and point, the next first
        self._timer: Timer | None = None

    def draw(self, word: str, round: int, started: float) -> None:
        """Begin to draw the word of a round that started at the time `started`, in ms.

        A second call in the same round changes nothing.
        """
        if round == self._round:
            return
        self.rest()
        self._round, self._started = round, started
        self._left = _points(drawing_of(word, self._strength, self._rng))
        self._wait()

    def rest(self) -> None:
        """Stop drawing."""
        self._left = []
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        """Set the timer for the next points."""
        when = max(self._clock.now() + STEP, self._started + self._left[0][1][2])
        self._timer = self._clock.call_at(when, self._move)

    def _move(self) -> None:
        """Draw all points that are due, a message for each stroke."""
        self._timer = None
        elapsed = self._clock.now() - self._started
        due = [each for each in self._left if each[1][2] <= elapsed]
        self._left = self._left[len(due) :]
        round = self._round
        for stroke in sorted({number for number, _ in due}):
            points = [point for number, point in due if number == stroke]
            self._ink(Ink(round=round, stroke=stroke, points=points))
        if self._left and self._timer is None:
            self._wait()
        elif not self._left:
            self._put_down()


def _points(strokes: Strokes) -> list[tuple[int, Point]]:
    return [
        (number, (x, y, t))
        for number, stroke in enumerate(strokes)
        for x, y, t in zip(*stroke, strict=True)
    ]
