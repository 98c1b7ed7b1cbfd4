"""The `race` state: what a member of a room sees of it."""

from typing import Protocol

from game.messages import (
    RaceKind,
    RaceStage,
    RaceState,
    RoomSettings,
    SeatState,
    SeriesState,
    Strokes,
)
from game.rooms.outcome import podium_of, summary_of
from game.rooms.race_session import RaceSession
from game.rooms.timers import Countdown
from game.rules.seats import Seat, Seats
from game.rules.series import Series
from game.rules.teams import points_of

SHOWN = ("drawing", "settling", "reveal")  # stages in which the word is shown


class RoomView(Protocol):
    """The parts of a `game.rooms.room.Room` that the state shows; they are described there."""

    @property
    def kind(self) -> RaceKind: ...

    @property
    def code(self) -> str: ...

    @property
    def seats(self) -> Seats: ...

    @property
    def watchers(self) -> int: ...

    @property
    def settings(self) -> RoomSettings: ...

    @property
    def session(self) -> RaceSession | None: ...

    @property
    def series(self) -> Series | None: ...

    @property
    def quick(self) -> Countdown: ...


def race_state(room: RoomView, now: float, answers: bool = False) -> RaceState:
    """The whole state as a watcher sees it: without drawings of the running round."""
    session = room.session
    race = session.race if session else None
    return RaceState(
        kind=room.kind,
        code=room.code,
        stage=race.stage if race else "lobby",
        answers=answers,
        you=None,
        seats=[_seat(room, taken, now) for taken in room.seats],
        watchers=room.watchers,
        settings=room.settings,
        round=race.round if race else 0,
        number=race.number if race else 0,
        rounds=race.rounds if race else room.settings.rounds,
        word=race.word if race and race.stage in SHOWN else None,
        left=_left(room, now),
        total=race.total if race else None,
        results=[summary_of(result) for result in race.told] if race else [],
        team_points=team_points(session),
        podium=podium_of(race, session.seats) if session and race and race.stage == "over" else [],
        series=_series(room.series, over=race is None or race.stage == "over"),
    )


def seen_from(seat: int | None, state: RaceState, session: RaceSession | None) -> RaceState:
    """The state as the player in a seat sees it, with the player's own drawing."""
    if seat is None:
        return state
    strokes = _strokes(session, seat) if session else []
    return state.model_copy(update={"you": seat, "strokes": strokes})


def _left(room: RoomView, now: float) -> float | None:
    """Ms until the stage ends by itself; None when it does not. Drawing ends with the bell.

    The deadline of drawing may be later, because players with a link delay may draw longer.
    """
    if room.quick.ends is not None:
        return max(room.quick.ends - now, 0.0)
    race = room.session.race if room.session else None
    if race is None or race.deadline is None:
        return None
    return max((race.bell if race.stage == "drawing" else race.deadline) - now, 0.0)


def team_points(session: RaceSession | None) -> tuple[float, float] | None:
    """Each team's points in a race; None without a race, or in a race without teams."""
    on = session is not None and session.race.settings.teams
    return points_of(session.teams, session.race) if session is not None and on else None


def _series(series: Series | None, over: bool) -> SeriesState | None:
    if series is None:
        return None
    race = series.run if over else series.run + 1
    return SeriesState(
        race=race,
        races=series.races,
        standings=series.standings,
        team_points=series.team_points,
    )


def _strokes(session: RaceSession, seat: int) -> Strokes:
    runner = session.race.runners.get(seat)
    if runner is None or runner.attempt is None or not _shown(session, seat):
        return []
    return runner.attempt.sheet.to_lists()


def _seat(room: RoomView, taken: Seat, now: float) -> SeatState:
    session = room.session
    runner = session.race.runners.get(taken.number) if session else None
    shown = session is not None and _shown(session, taken.number)
    return SeatState(
        seat=taken.number,
        name=taken.name,
        colour=taken.colour,
        badge=taken.badge,
        host=taken.number == room.seats.host,
        connected=taken.connected,
        ready=taken.ready,
        ghost=taken.ghost,
        bot=taken.bot,
        team=taken.team,
        joins=session is not None and session.race.stage in SHOWN and not shown,
        delay=taken.delay,
        points=session.race.points(taken.number) if session else 0.0,
        milliseconds=runner.progress(now).milliseconds if runner and shown else None,
    )


def _shown(session: RaceSession, seat: int) -> bool:
    """Whether the seat is in a round that is being drawn or shown."""
    stage: RaceStage = session.race.stage
    return stage in SHOWN and session.race.runs(seat)
