"""Estimates from measurements what many players, or training on all drawings, would need.

The estimate uses the row with the most replicas. There, most players are connected to a replica
that does not own their room. `ASSUMED` lists the assumptions that were not measured.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

PLAYERS = (1_000, 10_000, 100_000)
DRAWINGS = 50_000_000  # of Quick, Draw!'s 345 words
CARD, CARD_GFLOP = "NVIDIA H100 SXM", 67_000.0  # a second, float32 without tensor cores: data sheet
LOAD = 0.5  # planned load of a core, so that delays stay as measured
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
    """Hours of one pass over all of Quick, Draw! at the given training images per second."""
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


def section(found: Row, failover: Row, training: Row) -> str:
    """The results of benchmarks.scale, of failover and of training as Markdown for hosts."""
    rows = [
        (
            str(row["replicas"]) if row["replicas"] else "one process, no Redis",
            f"{row['guesses_per_second']:.0f}",
            f"{row['median_ms']:.0f} ms ({row['p99_ms']:.0f})",
            f"{row['cpu_ms_per_guess_replicas']:.1f} ms",
            f"{row['cpu_ms_per_guess_redis']:.2f} ms",
            str(row["dropped"]),
        )
        for row in found["rows"]
    ]
    head = ("replicas", "guesses/s", "ink to guess (99 %)", "CPU a guess", "of Redis", "dropped")
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
    machine, projected = found["evidence"], found["projection"]
    goes_on = failover["goes_on"]
    hours = [
        _hours(name, case["ours"]["images_per_second"], training)
        for name, case in training["cases"].items()
        if name in training["work_gflop_per_image"]
    ]
    return "\n".join(
        [
            f"A room whose owner was killed in mid-race, {len(failover['kills'])} times, had its "
            f"drawing guessed at again after {goes_on['median_s']:.1f} s (median; longest "
            f"{goes_on['longest_s']:.1f} s; `python -m benchmarks.failover`).",
            "",
            *lines,
            "",
            f"{found['players']} bots in {found['rooms']} rooms; bots, replicas and Redis share "
            f"the {machine['cores']} cores of one {machine['processor']}, so more replicas only "
            "cost more here: compare CPU, not delays. Rasterising and judging one drawing alone "
            f"takes {found['judge_ms']:.1f} ms. From the last row, not measured:",
            "",
            *(f"- {line}" for line in projected["text"]),
            "",
            f"Assumed: {'; '.join(projected['assumed'])}.",
            "",
            f"One pass over Quick, Draw!'s {DRAWINGS:,} drawings, at the speed measured here "
            f"({training['evidence']['device']}), and on one {CARD} if that reached the same share "
            f"of its float32 products ({CARD_GFLOP:,.0f} GFLOP/s by its data sheet; here "
            f"{training['matmul_gflop_per_second']:.0f}, measured). No GPU was measured:",
            "",
            *(f"- {line}" for line in hours),
        ]
    )


def _hours(name: str, rate: float, training: Row) -> str:
    """Hours of an epoch here and on a card, with the arithmetic."""
    work = training["work_gflop_per_image"][name]
    share = rate * work / training["matmul_gflop_per_second"]
    card = share * CARD_GFLOP / work
    return (
        f"{name}: {rate:,.0f} images/s × {work:g} GFLOP = {share:.0%} of matrix products; "
        f"{epoch_hours(rate):.0f} hours here; {card:,.0f} images/s and {epoch_hours(card):.2g} "
        "GPU hours there"
    )
