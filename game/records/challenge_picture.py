"""The picture of a challenge for sharing: the challenger's drawings and result."""

from io import BytesIO

from game.records.share_pictures import CARD, INK, SEATS, SOFT, SUCCESS, Canvas, drawable
from game.records.storage import Ghost

SHEETS = 3  # drawings to show; all but the first are small
FIRST = (60.0, 63.0, 504.0)
ROW = (640.0, 408.0, 152.0)  # the first of the small sheets
LEFT = 630.0


def challenge_card(ghost: Ghost) -> bytes:
    """A PNG of `CARD` pixels. `ghost` must have at least one drawing."""
    drawn = [replay for replay in ghost.replays if replay]
    drawn.sort(key=lambda replay: replay.outcome != "guessed")
    first, *others = drawn
    canvas = Canvas(CARD)
    for place, replay in enumerate([first, *others[: SHEETS - 1]]):
        box = FIRST if not place else (ROW[0] + (place - 1) * 190, ROW[1], ROW[2])
        canvas.sheet(box)
        canvas.strokes(replay.strokes, box)
    words, room = len(ghost.replays), CARD[0] - LEFT - 50
    if drawable(ghost.name):
        canvas.player((LEFT, 92), ghost.name, SEATS[ghost.colour])
    canvas.text((LEFT, 146), "Can you beat me?", "hand", 84, INK, room=room)
    seconds = sum(replay.milliseconds for replay in drawn) / 1000
    result = f"{words} {'word' if words == 1 else 'words'} · {seconds:.1f} s of drawing"
    canvas.text((LEFT, 274), result, "hand", 46, SUCCESS, room=room)
    canvas.text((LEFT, 576), "Doodle Race · draw, and the AI guesses", "sans", 22, SOFT, room=room)
    file = BytesIO()
    canvas.finished().save(file, "PNG", optimize=True)
    return file.getvalue()
