"""The default picture of links: a drawing with the guesses of the AI."""

from functools import cache
from io import BytesIO

from game.messages import Replay
from game.records.share_pictures import ACCENT, CARD, INK, SOFT, SUCCESS, Canvas
from game.records.shipped_ghosts import SHIPPED, hands_file
from game.web.pitch import SPRINT

LEFT = 640.0  # where the text begins, in pixels


@cache
def default_picture() -> bytes:
    """A PNG of `CARD` pixels with a drawing of a shipped ghost, and a line about the game."""
    replay = _drawing()
    canvas = Canvas(CARD)
    sheet = (64.0, 63.0, 504.0)
    canvas.sheet(sheet)
    canvas.strokes(replay.strokes, sheet)
    room = CARD[0] - LEFT - 50
    canvas.text((LEFT, 96), "Doodle Race", "hand", 112, INK, room=room)
    canvas.text((LEFT, 236), "You draw, the AI guesses", "sans", 36, SOFT, room=room)
    canvas.text((LEFT, 258 + 46), _guesses(replay), "hand", 52, ACCENT, room=room)
    canvas.text((LEFT, 376), f"{replay.word}!", "hand", 92, SUCCESS, room=room)
    canvas.text((LEFT, 508), SPRINT, "sans", 30, INK, room=room)
    file = BytesIO()
    canvas.finished().save(file, "PNG", optimize=True)
    return file.getvalue()


def _drawing() -> Replay:
    """The shipped drawing with the most points among those that were guessed."""
    replays = hands_file.validate_json(SHIPPED.read_bytes())
    guessed = [replay for replay in replays if replay.outcome == "guessed"]
    return max(guessed, key=lambda replay: sum(len(x) for x, _, _ in replay.strokes))


def _guesses(replay: Replay) -> str:
    """The last two wrong guesses before the right one, as text."""
    words = [word for _, _, _, word in replay.frames if word and word != replay.word]
    return "  ".join(f"{word}?" for word in [*dict.fromkeys(words)][-2:]) or "…"
