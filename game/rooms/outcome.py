"""What a finished round or race comes to: tries and games to be kept, and what is revealed."""

from collections.abc import Mapping
from typing import Any

from game.messages import Drawing, Placing, RaceKind, Replay, Reveal, RoundSummary
from game.records.storage import Game, Plan, Try
from game.rules.race import Race, Round, Scored
from game.rules.seats import Chair

Chairs = Mapping[int, Chair]


def tries_of(result: Round, chairs: Chairs, kind: RaceKind, model: str) -> dict[int, Try]:
    """The players' tries by seat; a pad that stayed empty is none."""
    tries: dict[int, Try] = {}
    for entry in result.scored:
        attempt, chair = entry.attempt, chairs[entry.attempt.seat]
        if chair.ghost or not attempt.strokes:
            continue
        replay = Replay(word=result.word, mode=kind, model=model, **_facts(entry, chair))
        tries[attempt.seat] = Try(chair.key, replay)
    return tries


def reveal_of(result: Round, chairs: Chairs, ids: Mapping[int, str | None]) -> Reveal:
    """All drawings of a round; `ids` are the replays by seat."""
    return Reveal(
        round=result.round,
        word=result.word,
        winner=result.winner,
        drawings=[
            _drawing(e, chairs[e.attempt.seat], ids.get(e.attempt.seat)) for e in result.scored
        ],
    )


def summary_of(result: Round) -> RoundSummary:
    return RoundSummary(
        round=result.round,
        word=result.word,
        winner=result.winner,
        points={entry.attempt.seat: entry.points for entry in result.scored},
    )


def podium_of(race: Race, chairs: Chairs) -> list[Placing]:
    """Everyone who ran, best first."""
    return [
        Placing(
            place=place,
            seat=runner.seat,
            name=chairs[runner.seat].name,
            colour=chairs[runner.seat].colour,
            points=runner.points,
            milliseconds=runner.milliseconds,
            ghost=runner.ghost,
        )
        for place, runner in enumerate(race.podium, 1)
    ]


def games_of(
    race: Race,
    chairs: Chairs,
    kind: RaceKind,
    plan: Plan | None,
    ids: Mapping[tuple[int, int], str | None],
) -> dict[int, Game]:
    """The finished race of each of the chairs that ran in it; `ids` by round and seat."""
    podium = race.podium
    words = tuple(result.word for result in race.results)
    return {
        runner.seat: Game(
            key=chairs[runner.seat].key,
            name=chairs[runner.seat].name,
            colour=chairs[runner.seat].colour,
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
        if runner.seat in chairs and race.results
    }


def _drawing(entry: Scored, chair: Chair, replay: str | None) -> Drawing:
    return Drawing(
        seat=chair.number,
        ghost=chair.ghost,
        place=entry.place,
        replay=replay,
        **_facts(entry, chair),
    )


def _facts(entry: Scored, chair: Chair) -> dict[str, Any]:
    """What `Replay` and `Drawing` both tell."""
    attempt = entry.attempt
    return {
        "name": chair.name,
        "colour": chair.colour,
        "outcome": "guessed" if attempt.guessed else "bell",
        "points": entry.points,
        "milliseconds": attempt.milliseconds,
        "frame": attempt.frame,
        "best": attempt.best,
        "delay": attempt.delay,
        "compensated": attempt.compensated,
        "strokes": attempt.strokes,
        "looks": attempt.looks,
    }
