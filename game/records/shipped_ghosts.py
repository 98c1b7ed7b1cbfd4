"""Ghosts from recorded drawings: raw Quick, Draw! drawings in a folder, or the shipped ghosts.

A ghost draws at its recorded speed. The raw form of the Quick, Draw! data set has the times of all
points; its files are in the data folder, as `raw/<word>.ndjson`, gzipped or not.
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
READS = 700.0  # ms to read the word, added because the times of the data set begin with the ink
AMONG = 200  # a drawing is chosen among this many at the beginning of a file
TRIES = 3  # drawings of a word that are judged to find one that is guessed
JUDGED = 8  # replays of a word to make; after that, one of them is used again

log = logging.getLogger(__name__)
hands_file: TypeAdapter[list[Replay]] = TypeAdapter(list[Replay])


class FolderGhosts:
    """Makes ghosts from drawings in a folder, judged by the game's model.

    Args:
        data: a folder of Quick, Draw! drawings; it need not exist.
    """

    def __init__(self, model: Model, model_name: str, data: Path, rng: Random) -> None:
        self._model, self._model_name, self._rng = model, model_name, rng
        self._folder = data / "raw"
        self._known: dict[str, list[Replay]] = {}

    def from_folder(self, words: Sequence[str]) -> Ghost | None:
        """A ghost with up to `PLAN_ROUNDS` of the words; None if the folder has none of them."""
        known = [(word, path) for word in words if (path := raw_file(self._folder, word))]
        chosen = self._rng.sample(known, min(PLAN_ROUNDS, len(known)))
        replays = [self._replay(word, path) for word, path in chosen]
        return _ghost([replay for replay in replays if replay])

    def _replay(self, word: str, path: Path) -> Replay | None:
        """A replay of a random drawing of a word; after `JUDGED`, one of the earlier ones."""
        known = self._known.setdefault(word, [])
        if len(known) >= JUDGED:
            return self._rng.choice(known)
        replay = self._record(word, path)
        if replay is not None:
            known.append(replay)
        return replay

    def _record(self, word: str, path: Path) -> Replay | None:
        """A replay of a drawing in a file: the first of `TRIES` that is guessed, else the last."""
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
            log.warning("a file of drawings cannot be used for ghosts: %s", error)
            return []
        return self._rng.sample(timed, min(TRIES, len(timed)))


def shipped(words: Sequence[str]) -> Ghost | None:
    """The ghost that ships with the game, with those of its words that are in `words`."""
    replays = hands_file.validate_json(SHIPPED.read_bytes())
    return _ghost([replay for replay in replays if replay.word in words])


def on_pad(drawing: Drawing) -> Strokes:
    """A raw drawing scaled to the pad and centred, with its own times, `READS` ms later."""
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
    """The file of a word's raw drawings, gzipped or not; None when there is none."""
    files = (folder / f"{word}.ndjson{end}" for end in ("", ".gz"))
    return next((file for file in files if file.is_file()), None)


def timed_drawings(path: Path, among: int) -> list[Drawing]:
    """Those of the first `among` drawings in a file that have times for all points.

    Raises:
        UserError: the file cannot be read.
    """
    return [drawing for drawing in islice(read_ndjson(path), among) if drawing.timed]


def _ghost(replays: Sequence[Replay]) -> Ghost | None:
    if not replays:
        return None
    return Ghost(replays[0].name, replays[0].colour, tuple(replays))
