"""What a member of a room sees of it: the `race` state."""

from typing import TYPE_CHECKING

from game.messages import RaceStage, RaceState, Seat, Strokes
from game.rooms.outcome import podium_of, summary_of
from game.rooms.race_session import Heat
from game.rules.seats import Chair

if TYPE_CHECKING:
    from game.rooms.room import Room

SHOWN = ("drawing", "settling", "reveal")  # stages in which the word is told


def race_state(room: "Room", now: float) -> RaceState:
    """The whole state as who watches may see it: no drawing of the running round."""
    heat = room.heat
    race = heat.race if heat else None
    return RaceState(
        kind=room.kind,
        code=room.code,
        stage=race.stage if race else "lobby",
        you=None,
        seats=[_seat(room, chair, now) for chair in room.seats],
        watchers=room.watchers,
        settings=room.settings,
        round=race.round if race else 0,
        number=race.number if race else 0,
        rounds=race.rounds if race else room.settings.rounds,
        word=race.word if race and race.stage in SHOWN else None,
        left=_left(room, now),
        total=race.total if race else None,
        results=[summary_of(result) for result in race.told] if race else [],
        podium=podium_of(race, heat.chairs) if heat and race and race.stage == "over" else [],
    )


def seen_from(seat: int | None, state: RaceState, heat: Heat | None) -> RaceState:
    """The state as a seat sees it: with its own drawing."""
    if seat is None:
        return state
    strokes = _strokes(heat, seat) if heat else []
    return state.model_copy(update={"you": seat, "strokes": strokes})


def _left(room: "Room", now: float) -> float | None:
    """Until the stage ends by itself: drawing ends with the bell, whatever is still on its way."""
    if room.quick.ends is not None:
        return max(room.quick.ends - now, 0.0)
    race = room.heat.race if room.heat else None
    if race is None or race.deadline is None:
        return None
    return max((race.bell if race.stage == "drawing" else race.deadline) - now, 0.0)


def _strokes(heat: Heat, seat: int) -> Strokes:
    runner = heat.race.runners.get(seat)
    if runner is None or runner.turn is None or not _shown(heat, seat):
        return []
    return runner.turn.sheet.to_lists()


def _seat(room: "Room", chair: Chair, now: float) -> Seat:
    heat = room.heat
    runner = heat.race.runners.get(chair.number) if heat else None
    shown = heat is not None and _shown(heat, chair.number)
    return Seat(
        seat=chair.number,
        name=chair.name,
        colour=chair.colour,
        host=chair.number == room.seats.host,
        connected=chair.connected,
        ready=chair.ready,
        ghost=chair.ghost,
        joins=heat is not None and heat.race.stage in SHOWN and not shown,
        delay=chair.delay,
        points=heat.race.points(chair.number) if heat else 0.0,
        milliseconds=runner.progress(now).milliseconds if runner and shown else None,
    )


def _shown(heat: Heat, seat: int) -> bool:
    """Whether the seat is in a round that is drawn or shown."""
    stage: RaceStage = heat.race.stage
    return stage in SHOWN and heat.race.runs(seat)
