"""The outcome of a round or race: records to be stored, and messages about the results. Pure."""

from collections.abc import Mapping
from typing import Any

from game.messages import Placing, RaceKind, Replay, Reveal, RevealedDrawing, RoundSummary
from game.records.storage import AttemptRecord, GameRecord, RacePlan
from game.rules.race import Race, Round, Scored
from game.rules.seats import Seat

SeatsByNumber = Mapping[int, Seat]


def attempts_of(
    result: Round, seats: SeatsByNumber, kind: RaceKind, model: str
) -> dict[int, AttemptRecord]:
    """The players' attempts by seat, without ghosts, bots, and pads that stayed empty."""
    attempts: dict[int, AttemptRecord] = {}
    for entry in result.scored:
        attempt, taken = entry.result, seats[entry.result.seat]
        if taken.ghost or taken.bot or not attempt.strokes:
            continue
        replay = Replay(word=result.word, mode=kind, model=model, **_facts(entry, taken))
        attempts[attempt.seat] = AttemptRecord(taken.key, replay)
    return attempts


def reveal_of(result: Round, seats: SeatsByNumber, ids: Mapping[int, str | None]) -> Reveal:
    """The message that reveals all drawings of a round; `ids`: seat -> id of the replay."""
    return Reveal(
        round=result.round,
        word=result.word,
        winner=result.winner,
        drawings=[_drawing(e, seats[e.result.seat], ids.get(e.result.seat)) for e in result.scored],
    )


def summary_of(result: Round) -> RoundSummary:
    return RoundSummary(
        round=result.round,
        word=result.word,
        winner=result.winner,
        points={entry.result.seat: entry.points for entry in result.scored},
    )


def podium_of(race: Race, seats: SeatsByNumber) -> list[Placing]:
    """Everyone who ran, best first."""
    return [
        Placing(
            place=place,
            seat=runner.seat,
            name=seats[runner.seat].name,
            colour=seats[runner.seat].colour,
            points=runner.points,
            milliseconds=runner.milliseconds,
            ghost=runner.ghost,
            bot=runner.bot,
        )
        for place, runner in enumerate(race.podium, 1)
    ]


def games_of(
    race: Race,
    seats: SeatsByNumber,
    kind: RaceKind,
    plan: RacePlan | None,
    ids: Mapping[tuple[int, int], str | None],
) -> dict[int, GameRecord]:
    """The finished race as a record for each of `seats` that ran in it.

    A race of one player against bots has no record: it would fill the boards with easy points.

    Args:
        ids: (round, seat) -> id of the stored replay; None when it was not stored.
    """
    podium = race.podium
    if any(runner.bot for runner in podium) and sum(runner.player for runner in podium) < 2:
        return {}
    words = tuple(result.word for result in race.results)
    return {
        runner.seat: GameRecord(
            key=seats[runner.seat].key,
            name=seats[runner.seat].name,
            colour=seats[runner.seat].colour,
            mode=kind,
            source=plan.id if plan else None,
            words=words,
            replays=tuple(ids.get((result.round, runner.seat)) for result in race.results),
            points=runner.points,
            milliseconds=runner.milliseconds,
            place=place,
            racers=len(podium),
        )
        for place, runner in enumerate(podium, 1)
        if runner.seat in seats and runner.player and race.results
    }


def _drawing(entry: Scored, taken: Seat, replay: str | None) -> RevealedDrawing:
    return RevealedDrawing(
        seat=taken.number,
        ghost=taken.ghost,
        bot=taken.bot is not None,
        place=entry.place,
        replay=replay,
        **_facts(entry, taken),
    )


def _facts(entry: Scored, taken: Seat) -> dict[str, Any]:
    """The fields that `Replay` and `RevealedDrawing` share."""
    attempt = entry.result
    return {
        "name": taken.name,
        "colour": taken.colour,
        "outcome": "guessed" if attempt.guessed else "bell",
        "points": entry.points,
        "milliseconds": attempt.milliseconds,
        "frame": attempt.frame,
        "best": attempt.best,
        "delay": attempt.delay,
        "compensated": attempt.compensated,
        "strokes": attempt.strokes,
        "frames": attempt.frames,
    }
