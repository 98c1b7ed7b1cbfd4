"""What many players or all drawings would need, from what was measured: plain arithmetic.

Taken from the row with the most replicas, as there most players sit at another replica than their
room's owner. What is assumed and not measured stands in `ASSUMED`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

PLAYERS = (1_000, 10_000, 100_000)
DRAWINGS = 50_000_000  # of Quick, Draw!'s 345 words
LOAD = 0.5  # of a core that is planned for, so that delays stay as measured
ASSUMED = (
    "every player races all the time, as the bots do",
    "cost grows with the players and with nothing else: not measured beyond one machine",
    f"a core is used to {LOAD:.0%}, so that delays stay near those measured",
    "a replica uses one core besides its judge's thread; a Redis uses one core",
    "with more than one Redis, rooms are spread over them by their codes: not built",
)

Row = Mapping[str, Any]


def project(rows: Sequence[Row], judge_ms: float) -> dict[str, Any]:
    """Cores of replicas and Redis servers for each of `PLAYERS`, with the arithmetic in words."""
    row = max(rows, key=lambda row: row["replicas"])
    rate = row["guesses_per_player_second"]
    replica, redis = row["cpu_ms_per_guess_replicas"], row["cpu_ms_per_guess_redis"]
    needs = [_need(players, rate, replica, redis, judge_ms) for players in PLAYERS]
    return {
        "from_replicas": row["replicas"],
        "load": LOAD,
        "assumed": list(ASSUMED),
        "needs": needs,
        "text": [_words(need, rate, replica, redis, judge_ms) for need in needs],
    }


def epoch_hours(images_per_second: float) -> float:
    """Hours of one pass over all of Quick, Draw! at so many training images a second."""
    return DRAWINGS / images_per_second / 3600


def _need(players: int, rate: float, replica: float, redis: float, judge: float) -> dict[str, Any]:
    guesses = players * rate
    return {
        "players": players,
        "guesses_per_second": round(guesses),
        "replica_cores": math.ceil(guesses * replica / 1000 / LOAD),
        "of_these_judging": math.ceil(guesses * judge / 1000 / LOAD),
        "redis_servers": math.ceil(guesses * redis / 1000 / LOAD),
    }


def _words(need: Row, rate: float, replica: float, redis: float, judge: float) -> str:
    guesses = need["guesses_per_second"]
    return (
        f"{need['players']:,} players × {rate:g} guesses a second = {guesses:,}; "
        f"× {replica:g} ms ÷ {LOAD:g} = {need['replica_cores']:,} cores of replicas "
        f"(judging alone, {judge:.2g} ms: {need['of_these_judging']:,}); "
        f"× {redis:g} ms ÷ {LOAD:g} = {need['redis_servers']:,} Redis"
    )
