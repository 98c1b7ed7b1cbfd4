"""The drawings of bots: from a folder of Quick, Draw! data, the shipped ghosts, or sketches."""

from pathlib import Path
from random import Random

from game.messages import Strokes
from game.records.shipped_ghosts import SHIPPED, hands_file, on_pad, raw_file, timed_drawings
from game.rules.bots import drawing_of
from models.command import UserError

AMONG = 100  # a bot chooses among this many drawings at the beginning of a word's file


class Artist:
    """Chooses drawings of words, with the times of the people who drew them.

    Args:
        data: a folder of Quick, Draw! data with `raw/<word>.ndjson`, gzipped or not; None for the
            drawings that ship with the game.
        rng: source of the random choices.

    Raises:
        UserError: the folder has no raw drawings.
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
                "Fetch drawings with `python -m training.fetch`, or omit --data-dir",
            )

    def draw(self, word: str) -> Strokes:
        """A random drawing of the word; where there is none, a sketch by `game.rules.bots`.

        Returns:
            Strokes with x and y in pad units, and t in ms since drawing began.
        """
        if word not in self._known:
            file = raw_file(self._folder, word) if self._folder else None
            found = timed_drawings(file, AMONG) if file else []
            self._known[word] = [on_pad(drawing) for drawing in found]
        known = self._known[word]
        return self._rng.choice(known) if known else drawing_of(word, "medium", self._rng)


def thinned(strokes: Strokes, gap: float) -> Strokes:
    """The same strokes with points at least `gap` ms apart; first and last points are kept."""
    return [list(map(list, zip(*_thin(stroke, gap), strict=True))) for stroke in strokes]


def _thin(stroke: list[list[float]], gap: float) -> list[tuple[float, ...]]:
    *points, last = zip(*stroke, strict=True)
    kept: list[tuple[float, ...]] = []
    for point in points:
        if not kept or point[2] - kept[-1][2] >= gap:
            kept.append(point)
    return [*kept, last]
