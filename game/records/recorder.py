"""Judges recorded drawings as if they were drawn now: for ghosts, and to check stored strokes."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from game.judging.judge import Model
from game.messages import COLOURS, Replay, Strokes
from game.rules.attempt import DIGITS, FRAME_GAP, NEAR_BLANK, VERDICT_GAP, Attempt
from models.drawing import Drawing, Stroke
from models.raster import rasterise_batch

LENGTH = 20_000.0  # ms; length of a round
BATCH = 8  # frames judged together
AGAIN = 5  # number of the last stored frames at whose times strokes are judged again

TimedDrawing = tuple[float, Drawing]


def record(model: Model, model_name: str, strokes: Strokes, word: str, name: str) -> Replay:
    """Make the replay of a ghost from a drawing.

    The drawing is judged every `FRAME_GAP` ms by `game.rules.attempt`. The replay ends when the
    drawing is guessed, or after `LENGTH` ms.

    Args:
        model_name: the model's name in its card.
        strokes: x and y in pad units, t in ms of the round.
        name: name of the ghost.
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
        frames=attempt.frames,
        name=name,
        colour=sum(word.encode()) % COLOURS,
        mode="ghost",
        model=model_name,
    )


def confirms(model: Model, replay: Replay) -> bool:
    """Whether the model recognises the word in the strokes of a replay.

    It may do so in the whole drawing or at the time of one of the last `AGAIN` stored frames,
    because ink that arrived after the guess is stored as well.
    """
    moments = [*(at for _, at, _, _ in replay.frames[-AGAIN:]), float("inf")]
    drawings = [_drawing(until(replay.strokes, at)) for at in moments]
    drawings = [drawing for drawing in drawings if drawing.ink >= NEAR_BLANK]
    if not drawings or replay.word not in model.words:
        return False
    rows, column = _rows(model, drawings), model.words.index(replay.word)
    holds = (rows.argmax(axis=1) == column) & (rows[:, column] >= model.thresholds[replay.word])
    return bool(holds.any())


def until(strokes: Strokes, moment: float) -> Strokes:
    """The part of the strokes that was drawn by `moment` (ms of the round)."""
    counts = [int(np.searchsorted(times, moment, side="right")) for _, _, times in strokes]
    return [
        [column[:count] for column in stroke]
        for stroke, count in zip(strokes, counts, strict=True)
        if count
    ]


def rows_over_time(
    model: Model, strokes: Strokes
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The times (F,), in ms, at which a drawing is judged, and the probabilities (F, K) then."""
    times, rows = zip(*_judged(model, strokes), strict=True)
    return np.array(times), np.stack(rows)


def _judge(attempt: Attempt, model: Model, strokes: Strokes) -> float | None:
    """Judge the drawing until it is guessed; return that time in ms, None when it never is."""
    for at, row in _judged(model, strokes):
        if attempt.judged(model.words, row, model.thresholds, at):
            return at
    return None


def _judged(model: Model, strokes: Strokes) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Times in ms and probabilities (K,) then; some are computed in advance, in a batch."""
    frames = _frames(strokes)
    while batch := list(islice(frames, BATCH)):
        rows = _rows(model, [drawing for _, drawing in batch])
        yield from zip([at for at, _ in batch], rows, strict=True)


def _frames(strokes: Strokes) -> Iterator[TimedDrawing]:
    """The drawing every `FRAME_GAP` ms until it has won with its last point, except while blank."""
    last = max((times[-1] for _, _, times in strokes), default=0.0) + VERDICT_GAP + 2 * FRAME_GAP
    for at in np.arange(FRAME_GAP, min(last, LENGTH) + 1, FRAME_GAP).tolist():
        drawing = _drawing(until(strokes, at))
        if drawing.ink >= NEAR_BLANK:
            yield at, drawing


def _rows(model: Model, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
    return model.probabilities(rasterise_batch(drawings))


def _drawing(strokes: Strokes) -> Drawing:
    return Drawing(tuple(Stroke(np.array(stroke[:2], np.float32).T) for stroke in strokes))
