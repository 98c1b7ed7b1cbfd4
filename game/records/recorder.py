"""Drawings judged as if they were drawn now: recorded hands, and stored strokes judged again."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from game.judging.judge import Model
from game.messages import COLOURS, Replay, Strokes
from game.rules.attempt import DIGITS, FRAME_GAP, NEAR_BLANK, Attempt
from models.drawing import Drawing, Stroke
from models.raster import rasterise_batch

LENGTH = 20_000.0  # ms of a round
BATCH = 8  # frames that are judged at once
AGAIN = 5  # of the last looks, at whose moments stored strokes are judged again

TimedDrawing = tuple[float, Drawing]


def record(model: Model, model_name: str, strokes: Strokes, word: str, name: str) -> Replay:
    """The replay of a hand that draws `strokes` (pad units, ms of the round) for a word.

    It is judged every `FRAME_GAP` by `game.rules.attempt`, and ends when it is guessed or when
    `LENGTH` is over.
    """
    attempt = Attempt(1, word, 0.0)
    guessed = _judge(attempt, model, strokes)
    end = LENGTH if guessed is None else guessed
    return Replay(
        word=word,
        outcome="bell" if guessed is None else "guessed",
        milliseconds=end,
        frame=attempt.best_frame if guessed is None else attempt.frame,
        best=round(attempt.best, DIGITS),
        points=0.0,
        strokes=until(strokes, end),
        looks=attempt.looks,
        name=name,
        colour=sum(word.encode()) % COLOURS,
        mode="ghost",
        model=model_name,
    )


def confirms(model: Model, replay: Replay) -> bool:
    """Whether the model takes the stored strokes for the word, whole or at one of the last looks.

    Ink that was on its way when the word was guessed is stored too, so the looks count as well.
    """
    moments = [*(at for _, at, _, _ in replay.looks[-AGAIN:]), float("inf")]
    drawings = [_drawing(until(replay.strokes, at)) for at in moments]
    drawings = [drawing for drawing in drawings if drawing.ink >= NEAR_BLANK]
    if not drawings or replay.word not in model.words:
        return False
    rows, column = _rows(model, drawings), model.words.index(replay.word)
    holds = (rows.argmax(axis=1) == column) & (rows[:, column] >= model.threshold)
    return bool(holds.any())


def until(strokes: Strokes, moment: float) -> Strokes:
    """What was drawn by a moment of the round, in ms."""
    counts = [int(np.searchsorted(times, moment, side="right")) for _, _, times in strokes]
    return [
        [column[:count] for column in stroke]
        for stroke, count in zip(strokes, counts, strict=True)
        if count
    ]


def _judge(attempt: Attempt, model: Model, strokes: Strokes) -> float | None:
    """Let the model look until it guesses; when that was, None when it does not."""
    looks = _looks(strokes)
    while batch := list(islice(looks, BATCH)):
        rows = _rows(model, [drawing for _, drawing in batch])
        for (at, _), row in zip(batch, rows, strict=True):
            if attempt.judged(model.words, row, model.threshold, at):
                return at
    return None


def _looks(strokes: Strokes) -> Iterator[TimedDrawing]:
    """The drawing at each moment of a look; a last one follows the last point."""
    last = max((times[-1] for _, _, times in strokes), default=0.0) + 2 * FRAME_GAP
    for at in np.arange(FRAME_GAP, min(last, LENGTH) + 1, FRAME_GAP).tolist():
        drawing = _drawing(until(strokes, at))
        if drawing.ink >= NEAR_BLANK:
            yield at, drawing


def _rows(model: Model, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
    return model.probabilities(rasterise_batch(drawings))


def _drawing(strokes: Strokes) -> Drawing:
    return Drawing(tuple(Stroke(np.array(stroke[:2], np.float32).T) for stroke in strokes))
