"""The answers to messages that are refused."""

from game.messages import Code, Problem
from game.messages.race import LONGEST_NAME, SHORTEST_NAME
from game.rules import badges
from game.rules.race import NotNow, TooLate
from game.rules.seats import RoomFull
from game.rules.sheet import OutOfPlace, TooMuchInk
from game.rules.speed_limit import FromTheFuture, TooQuick

NOT_NOW = Problem(code="not_now", text="There is no word to draw yet.")
UNKNOWN_MODE = Problem(code="malformed", text="There is no such mode. Reload the page.")
NO_SUCH_MOVE = Problem(code="not_now", text="That cannot be done now.")
WATCHING = Problem(code="watching", text="You are watching: take a seat to play.")
NOT_HOST = Problem(code="not_host", text="Only the host of the room can do that.")
TOO_FEW = Problem(code="too_few", text="A race needs two players: share the room's link.")
UNKNOWN_ROOM = Problem(code="unknown_room", text="There is no room with this code.")
TOO_MANY_TRIES = Problem(code="too_many_tries", text="Too many wrong codes. Wait a minute.")
ROOM_FULL = Problem(code="room_full", text="The room is full.")
KICKED = Problem(code="kicked", text="The host has taken your seat away.")
BAD_NAME = Problem(
    code="bad_name",
    text=f"A name has {SHORTEST_NAME} to {LONGEST_NAME} characters, and nothing rude.",
)
BAD_BADGE = Problem(
    code="bad_badge",
    text=f"Badge left out: it has more than {badges.MAX_STROKES} strokes or {badges.MAX_POINTS} "
    "points, or is not written as the protocol asks.",
)
TOO_MANY = Problem(code="too_many", text="The server is full. Try again in a while.")
BUSY = Problem(code="too_many", text="Many are drawing just now. Try to open a room in a minute.")
TOO_FAST = Problem(code="too_fast", text="Slow down: some of this was dropped.")
UNKNOWN = Problem(code="unknown", text="That does not exist, or no longer exists.")
NO_RECORDS = Problem(code="unknown", text="The records cannot be reached. Try again in a while.")
DAILY_DONE = Problem(code="daily_done", text="Today's try is done. New words come at midnight UTC.")
REPLACED = Problem(code="replaced", text="The game goes on in another window.", fatal=True)
STOPPING = Problem(code="stopping", text="The server is restarting. Back in a moment.", fatal=True)

_TEXTS: dict[type[Exception], tuple[Code, str]] = {
    NotNow: (NOT_NOW.code, NOT_NOW.text),
    TooLate: ("too_late", "Too late: this drawing is finished."),
    TooMuchInk: ("too_much_ink", "The pad is full. Clear it or undo a line."),
    TooQuick: ("too_quick", "No hand draws as quickly as this."),
    FromTheFuture: ("from_the_future", "This ink has a time that is still to come."),
    OutOfPlace: ("out_of_place", "This is neither the last line nor the next. Say hello again."),
    RoomFull: (ROOM_FULL.code, ROOM_FULL.text),
}
REFUSALS = tuple(_TEXTS)  # exceptions with which the rules refuse a message


def refusal(error: Exception) -> Problem:
    """The answer for an exception of `REFUSALS`."""
    code, text = _TEXTS[type(error)]
    return Problem(code=code, text=text)
