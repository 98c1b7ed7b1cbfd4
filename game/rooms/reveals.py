"""The messages that revealed the rounds of a race, kept small until somebody asks for them again.

A race keeps all its drawings until the next one begins, for members who join late or come back. As
lists of Python's numbers a drawing takes ten times as much memory; see `benchmarks.kept`.
"""

import zlib
from collections.abc import Iterator

from game.messages import Reveal, RevealedDrawing

FAST = 1  # level of compression: higher ones gain little here


class Reveals:
    """The reveals of one race, by the number of the round, in the order in which they were made."""

    def __init__(self) -> None:
        self._packed: dict[int, bytes] = {}

    def __contains__(self, round: int) -> bool:
        return round in self._packed

    def __iter__(self) -> Iterator[Reveal]:
        return map(unpacked, self._packed.values())

    def keep(self, reveal: Reveal) -> None:
        """Keep the message that reveals a round, in place of an earlier one."""
        self._packed[reveal.round] = packed(reveal)

    def hide(self, replay: str) -> None:
        """Remove the drawing with the id of a replay."""
        for reveal in self:
            if any(drawing.replay == replay for drawing in reveal.drawings):
                drawings = [_hidden(d) if d.replay == replay else d for d in reveal.drawings]
                self.keep(reveal.model_copy(update={"drawings": drawings}))


def packed(reveal: Reveal) -> bytes:
    """The message as compressed JSON; the numbers in it stay exact."""
    return zlib.compress(reveal.model_dump_json().encode(), FAST)


def unpacked(kept: bytes) -> Reveal:
    """The inverse of `packed`."""
    return Reveal.model_validate_json(zlib.decompress(kept))


def _hidden(drawing: RevealedDrawing) -> RevealedDrawing:
    return drawing.model_copy(update={"hidden": True, "strokes": []})
