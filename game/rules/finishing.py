"""The moment at which a drawing was guessed, and what its player drew after it. Pure."""

from game.messages import Replay, RevealedDrawing, Strokes


def moment_of(drawn: Replay | RevealedDrawing) -> float:
    """Ms from the start of the round to the frame in which the drawing was guessed.

    Infinite when it was not guessed. `milliseconds` is less by what was compensated for the link.
    """
    if drawn.outcome != "guessed":
        return float("inf")
    times = (at for number, at, *_ in drawn.frames if number == drawn.frame)
    return next(times, drawn.milliseconds)


def divided(strokes: Strokes, moment: float) -> tuple[Strokes, Strokes]:
    """The strokes drawn by `moment` (ms of the round), and those drawn after it.

    A stroke that was being drawn at that moment is divided: its second part begins with the last
    point of the first.
    """
    before: Strokes = []
    after: Strokes = []
    for stroke in strokes:
        count = sum(t <= moment for t in stroke[2])
        if count:
            before.append([column[:count] for column in stroke])
        if count < len(stroke[2]):
            after.append([column[max(count - 1, 0) :] for column in stroke])
    return before, after
