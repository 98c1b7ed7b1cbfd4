"""Recorded hands: raw Quick, Draw! drawings of a folder, or else those that ship with the game.

A hand draws at its own speed. The raw form of the data set has the times of all points; its files
lie in the data folder as `raw/<word>.ndjson`, gzipped or not.
"""

import logging
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
from pydantic import TypeAdapter

from game.judging.judge import Model
from game.messages import PAD, Replay, Strokes
from game.records.recorder import record
from game.records.storage import Ghost
from game.rules.race import PLAN_ROUNDS
from models.command import UserError
from models.drawing import Drawing, read_ndjson

SHIPPED = Path(__file__).with_name("shipped_ghosts.json")
NAME = "A recorded hand"
MARGIN = 16.0  # pad units that stay free around the drawing
READS = 700.0  # ms in which a hand has read the word; the data set's times begin with the ink
AMONG = 200  # drawings at the beginning of a file, of which one is taken
TRIES = 3  # drawings of a word that are tried for one that is guessed
JUDGED = 8  # hands of a word; then judging has cost enough, and one of them comes again

log = logging.getLogger(__name__)
hands_file: TypeAdapter[list[Replay]] = TypeAdapter(list[Replay])


class FolderGhosts:
    """Recorded hands, judged by the game's model.

    Args:
        data: a folder of Quick, Draw! drawings; it need not be there.
    """

    def __init__(self, model: Model, model_name: str, data: Path, rng: Random) -> None:
        self._model, self._model_name, self._rng = model, model_name, rng
        self._folder = data / "raw"
        self._known: dict[str, list[Replay]] = {}

    def from_folder(self, words: Sequence[str]) -> Ghost | None:
        """A ghost made of drawings of the folder; None when it has none of the words."""
        known = [(word, path) for word in words if (path := raw_file(self._folder, word))]
        chosen = self._rng.sample(known, min(PLAN_ROUNDS, len(known)))
        replays = [self._replay(word, path) for word, path in chosen]
        return _ghost([replay for replay in replays if replay])

    def _replay(self, word: str, path: Path) -> Replay | None:
        """A drawing of a file; once enough were judged, one of these."""
        known = self._known.setdefault(word, [])
        if len(known) >= JUDGED:
            return self._rng.choice(known)
        replay = self._record(word, path)
        if replay is not None:
            known.append(replay)
        return replay

    def _record(self, word: str, path: Path) -> Replay | None:
        """A drawing of a file, one that is guessed if that is soon found."""
        replay = None
        for drawing in self._drawings(path):
            strokes = on_pad(drawing)
            replay = record(self._model, self._model_name, strokes, word, NAME)
            if replay.outcome == "guessed":
                break
        return replay

    def _drawings(self, path: Path) -> list[Drawing]:
        try:
            timed = timed_drawings(path, AMONG)
        except UserError as error:
            log.warning("no recorded hand: %s", error)
            return []
        return self._rng.sample(timed, min(TRIES, len(timed)))


def shipped(words: Sequence[str]) -> Ghost | None:
    """The hands that ship with the game, as far as the model knows their words."""
    replays = hands_file.validate_json(SHIPPED.read_bytes())
    return _ghost([replay for replay in replays if replay.word in words])


def on_pad(drawing: Drawing) -> Strokes:
    """A raw drawing in the middle of the pad, at its own speed."""
    points = np.concatenate([stroke.xy for stroke in drawing.strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (PAD - 2 * MARGIN) / max(float((high - low).max()), 1.0)
    strokes: Strokes = []
    for stroke in drawing.strokes:
        assert stroke.t is not None
        x, y = ((stroke.xy - (low + high) / 2) * scale + PAD / 2).T.round(1).tolist()
        strokes.append([x, y, np.maximum.accumulate(stroke.t + READS).tolist()])
    return strokes


def raw_file(folder: Path, word: str) -> Path | None:
    """The file of a word's raw drawings, gzipped or not; None where there is none."""
    files = (folder / f"{word}.ndjson{end}" for end in ("", ".gz"))
    return next((file for file in files if file.is_file()), None)


def timed_drawings(path: Path, among: int) -> list[Drawing]:
    """Of the first `among` drawings of a file those that tell when each point was drawn.

    Raises:
        UserError: when the file cannot be read.
    """
    return [
        drawing
        for drawing in islice(read_ndjson(path), among)
        if drawing.strokes and all(stroke.t is not None for stroke in drawing.strokes)
    ]


def _ghost(replays: Sequence[Replay]) -> Ghost | None:
    if not replays:
        return None
    return Ghost(replays[0].name, replays[0].colour, tuple(replays))
