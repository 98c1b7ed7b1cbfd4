"""The memory of a drawing that a room keeps until its next race: packed, and as messages.

python -m benchmarks.kept
"""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.tools.result import RESULTS, in_turn, rounded, show, summary, write
from game.bot.artist import Artist, thinned
from game.bot.player import inks
from game.messages import RoomSettings
from game.rooms.outcome import reveal_of
from game.rooms.reveals import packed, unpacked
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import Race, Round
from game.rules.runner import Runner
from game.rules.seats import Seat
from game.rules.sketches import DRAWINGS
from models.command import run

WORDS = tuple(DRAWINGS)
EVEN = np.ones(len(WORDS))
NEVER = dict.fromkeys(WORDS, 1.1)  # nothing is guessed: every drawing goes on to its end

HOW = """Bots' sketches are drawn by the rules of a race, a point at a time, and judged after each
point with made-up probabilities. Once a round is over, a room keeps it for members who join late or
come back. bytes a drawing: of what is kept, as Python's tracemalloc counts it, over all drawings;
both ways keep the same rounds. packed: ours, the round's reveal as compressed JSON, and its result
without drawings. messages: the reveal and the result as objects, with a list of Python numbers for
each column, as before. pack: time to pack a reveal, once a round; unpack: to rebuild it for
a member who comes."""


@dataclass(frozen=True)
class Options:
    """Measure the memory of the drawings that a room keeps."""

    rounds: int = 30
    """Number of rounds that are kept."""
    players: int = 4
    """Drawings in each round."""
    points: float = 20.0
    """Points per second of a drawing."""
    seed: int = 1
    """Seed of the choice of words and sketches."""
    out: Path = RESULTS / "kept.json"
    """Result file."""


def main(options: Options) -> None:
    """Measure, print and write the result."""
    sizes = {"packed": size(as_packed, options), "messages": size(as_messages, options)}
    results = [*rounds(options)]
    drawn = [entry.result for result in results for entry in result.scored]
    found: dict[str, Any] = {
        "drawings": len(drawn),
        "points_a_drawing": rounded(np.mean([sum(len(x) for x, *_ in d.strokes) for d in drawn])),
        "frames_a_drawing": rounded(np.mean([len(each.frames) for each in drawn])),
        "bytes_a_drawing": {name: rounded(bytes_) for name, bytes_ in sizes.items()},
        "ratio": rounded(sizes["messages"] / sizes["packed"]),
        **_times(results[0]),
    }
    rows = [(name, f"{bytes_:,.0f}") for name, bytes_ in sizes.items()]
    show("A drawing that a room keeps", ("", "bytes"), [*rows, ("ratio", found["ratio"])])
    write(options.out, HOW, {"players": options.players} | found)


def size(keep: Callable[[Round], object], options: Options) -> float:
    """Bytes a drawing of what `keep` makes of the rounds."""
    keep(next(rounds(options)))  # so that what is loaded once is not counted
    gc.collect()
    tracemalloc.start()
    kept = [keep(result) for result in rounds(options)]
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / (len(kept) * options.players)


def as_packed(result: Round) -> object:
    """What a room keeps of a round."""
    return result.without_drawings(), packed(reveal_of(result, _seats(result), {}))


def as_messages(result: Round) -> object:
    """The same as objects."""
    return result, reveal_of(result, _seats(result), {})


def rounds(options: Options) -> Iterator[Round]:
    """Finished rounds with all their drawings; the same on every call."""
    rng = Random(options.seed)
    artist = Artist(None, rng)
    for _ in range(options.rounds):
        yield _drawn(artist, rng, options)


def _drawn(artist: Artist, rng: Random, options: Options) -> Round:
    word = rng.choice(WORDS)
    race = Race(iter([word]), RoomSettings(), WORDS, NEVER, 0.0, rounds=1)
    for seat in range(options.players):
        race.enter(Runner(seat))
    race.advance(COUNTDOWN)
    chances = np.random.default_rng(rng.randrange(2**32))
    for seat in race.runners:
        strokes = thinned(artist.draw(word), SECOND / options.points)
        for at, ink in inks(strokes, 1, rng.uniform(0, SECOND)):
            now = race.started + at
            race.pad(seat, 1, now).draw(ink, now)
            if frame := race.take_frame(seat, now):
                race.judged(seat, frame, chances.dirichlet(EVEN).astype(np.float32), now)
    race.advance(race.bell + SECOND)
    race.advance(race.bell + SECOND)
    return race.results[-1]


def _seats(result: Round) -> dict[int, Seat]:
    numbers = [entry.result.seat for entry in result.scored]
    return {number: Seat(number, f"Player {number}", number) for number in numbers}


def _times(result: Round, repeats: int = 50) -> dict[str, Any]:
    """Times to pack the reveal of a round, and to rebuild it."""
    reveal = reveal_of(result, _seats(result), {})
    kept = packed(reveal)
    times = in_turn({"pack": lambda: packed(reveal), "unpack": lambda: unpacked(kept)}, repeats)
    return {name: summary(taken) for name, taken in times.items()}


if __name__ == "__main__":
    run(Options, main)
