"""Where a bot's drawings come from: a folder of Quick, Draw!, those that ship, or scribbles."""

import math
from pathlib import Path
from random import Random

from game.messages import PAD, Strokes
from game.records.shipped_ghosts import SHIPPED, hands_file, on_pad, raw_file, timed_drawings
from models.command import UserError

AMONG = 100  # drawings at the beginning of a word's file, of which some are drawn
LOOPS = 3  # of a scribble
LOOP_TIME = 900.0  # ms
SCRIBBLE_GAP = 20.0  # ms between points of a scribble


class Artist:
    """Draws words at the speed at which someone once drew them.

    Args:
        data: a folder of Quick, Draw! drawings with `raw/<word>.ndjson`, gzipped or not; None for
            the drawings that ship with the game.

    Raises:
        UserError: when the folder has no raw drawings.
    """

    def __init__(self, data: Path | None, rng: Random) -> None:
        self._rng = rng
        self._folder = data / "raw" if data else None
        self._known: dict[str, list[Strokes]] = {}
        if self._folder is None:
            for replay in hands_file.validate_json(SHIPPED.read_bytes()):
                self._known.setdefault(replay.word, []).append(replay.strokes)
        elif not self._folder.is_dir():
            raise UserError(
                f"{data} has no folder raw",
                "Fetch drawings with `python -m training.fetch`, or leave --data-dir away",
            )

    def draw(self, word: str) -> Strokes:
        """A drawing of the word, or a scribble when none is known: pad units, ms of the round."""
        if word not in self._known:
            self._known[word] = self._read(word)
        known = self._known[word]
        return self._rng.choice(known) if known else self._scribble()

    def _read(self, word: str) -> list[Strokes]:
        file = raw_file(self._folder, word) if self._folder else None
        return [on_pad(drawing) for drawing in timed_drawings(file, AMONG)] if file else []

    def _scribble(self) -> Strokes:
        """Loops that drift across the pad."""
        x, y = (self._rng.uniform(PAD * 0.3, PAD * 0.7) for _ in range(2))
        size, drift = self._rng.uniform(20, 60), self._rng.uniform(-20, 20)
        steps = int(LOOPS * LOOP_TIME / SCRIBBLE_GAP)
        turns = [LOOPS * step / steps for step in range(steps)]
        return [
            [
                [round(x + size * math.cos(math.tau * turn) + drift * turn, 1) for turn in turns],
                [round(y + size * math.sin(math.tau * turn), 1) for turn in turns],
                [LOOP_TIME * turn for turn in turns],
            ]
        ]


def thinned(strokes: Strokes, gap: float) -> Strokes:
    """The same lines with points at least `gap` ms apart; all first and last points stay."""
    return [list(map(list, zip(*_thin(stroke, gap), strict=True))) for stroke in strokes]


def _thin(stroke: list[list[float]], gap: float) -> list[tuple[float, ...]]:
    *points, last = zip(*stroke, strict=True)
    kept: list[tuple[float, ...]] = []
    for point in points:
        if not kept or point[2] - kept[-1][2] >= gap:
            kept.append(point)
    return [*kept, last]
