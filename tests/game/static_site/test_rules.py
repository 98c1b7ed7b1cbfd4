"""The JavaScript rules equal the Python ones: the same events make the same game."""

import json
import shutil
from collections.abc import Callable, Sequence
from math import isclose
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from game.messages import Ink, Mode, Replay, RoomSettings
from game.rules.attempt import Attempt, Frame
from game.rules.certainty import certainty, close, voice
from game.rules.deck import word_order
from game.rules.difficulty import bands_of, rising_band
from game.rules.modes import MODES, Game, ModeRules
from game.rules.race import STORE_WITHIN, NotNow, Race, Round, TooLate
from game.rules.runner import Recorded, Runner
from game.rules.sheet import OutOfPlace, TooMuchInk
from game.rules.speed_limit import FromTheFuture, TooQuick
from game.web import rules
from tests.game.static_site.node import Call, driving

WORDS = ("one", "two", "three", "four", "five", "six", "seven")
THRESHOLDS = {word: 0.5 + 0.06 * place for place, word in enumerate(WORDS)}
BANDS = bands_of(WORDS, {word: place / 10 for place, word in enumerate(WORDS)})
EVENTS = 600  # of a game, some 85 seconds of it
GAMES = 30
Event = tuple[str, float, int, Any]  # kind, time, round, ink or probabilities
CODES: dict[type[Exception], str] = {
    NotNow: "not_now",
    TooLate: "too_late",
    TooMuchInk: "too_much_ink",
    TooQuick: "too_quick",
    FromTheFuture: "from_the_future",
    OutOfPlace: "out_of_place",
}


# -- what happens ----------------------------------------------------------------------------------


class Player:
    """Random actions of a player, and random guesses of the AI.

    Args:
        guessing: how often the AI guesses the word.
    """

    def __init__(self, seed: int, guessing: float) -> None:
        self._rng, self._guessing, self._now = Random(seed), guessing, 0.0

    def next(self, game: "Alone | Racing") -> Event:
        """The next random event for the present state of a game."""
        rng = self._rng
        self._now += rng.choice([0.0, 1.0, 12.5, 40.0, 100.0, 130.0, 700.0])
        kinds = ["ink", "take_frame", "judged", "undo", "clear", "skip", "advance", "stray"]
        kind = rng.choices(kinds, [8, 8, 8, 0.4, 0.2, 0.1, 0.5, 0.4])[0]
        if kind == "advance":
            self._now += rng.uniform(0, 900)
        elif kind == "stray":
            return "ink", self._now, rng.randint(0, 9), self._ink(rng.uniform(0, 9e4), 0)
        what = self._ink(*game.pen(self._now)) if kind == "ink" else None
        return kind, self._now, game.round, self._row(game.word) if kind == "judged" else what

    def _ink(self, elapsed: float, strokes: int) -> dict[str, Any]:
        rng = self._rng
        x, y = rng.uniform(0, 256), rng.uniform(0, 256)
        start = max(elapsed - rng.choice([0.0, 50.0, 400.0]), 0.0)
        points = [
            (round(x + 9 * i, 1), round(y + rng.uniform(-9, 9), 1), round(start + 4 * i, 1))
            for i in range(rng.randint(1, 9))
        ]
        return {"stroke": max(strokes + rng.choice([-2, -1, 0, 0, 0, 1]), 0), "points": points}

    def _row(self, word: str | None) -> list[float]:
        chances = np.array([self._rng.random() ** 3 for _ in WORDS])
        if word and self._rng.random() < self._guessing:
            chances[WORDS.index(word)] = 20
        return (chances / chances.sum()).astype(np.float32).tolist()


# -- Python's side ---------------------------------------------------------------------------------


def played(player: Player, ours: "Alone | Racing") -> tuple[list[Event], list[Any]]:
    """The events, and after each one the answers and the state of the game."""
    events: list[Event] = []
    answers: list[Any] = []
    while len(events) < EVENTS:
        events.append(player.next(ours))
        before, answer = ours.results, _answer(events[-1], ours)
        standing = ours.standing(events[-1][1])
        answers.append([answer, standing, ours.last if ours.results > before else None])
    return events, answers


def _answer(event: Event, ours: "Alone | Racing") -> Any:
    kind, now, round, what = event
    try:
        match kind:
            case "advance":
                ours.advance(now)
            case "skip":
                ours.skip(now)
            case "take_frame":
                ours.frame = ours.take_frame(now)
                return ours.frame and ours.frame.drawing.points
            case "judged":
                return ours.judged(now, np.array(what, np.float32)) if ours.frame else None
            case _:
                attempt = ours.pad(now, round)
                if attempt is not None:
                    _change(attempt, kind, now, round, what)
                    return [attempt.sheet.points, attempt.blank]
    except tuple(CODES) as error:
        return CODES[type(error)]
    return None


def _change(attempt: Attempt, kind: str, now: float, round: int, what: Any) -> None:
    match kind:
        case "ink":
            attempt.draw(Ink(round=round, **what), now)
        case "undo":
            attempt.undo()
        case _:
            attempt.clear()


class Alone:
    """A solo game by the server's rules."""

    def __init__(self, mode: Mode, order: Sequence[str]) -> None:
        self.game = Game(mode, iter(order), WORDS, THRESHOLDS, 0.0, BANDS)
        self.frame: Frame | None = None
        self.advance, self.skip = self.game.advance, self.game.skip

    @property
    def round(self) -> int:
        return self.game.round

    @property
    def word(self) -> str | None:
        return self.game.attempt.word if self.game.attempt else None

    def pen(self, now: float) -> tuple[float, int]:
        """Milliseconds of the running round, and how many strokes it has."""
        attempt = self.game.attempt
        return (now - attempt.started, attempt.sheet.strokes) if attempt else (0.0, 0)

    def pad(self, now: float, round: int) -> Attempt | None:
        self.game.advance(now)
        attempt = self.game.attempt
        return attempt if attempt is not None and attempt.round == round else None

    def take_frame(self, now: float) -> Frame | None:
        self.game.advance(now)
        return self.game.attempt.take_frame(now) if self.game.attempt else None

    def judged(self, now: float, probabilities: NDArray[np.float32]) -> Any:
        assert self.frame is not None
        message = self.game.judged(self.frame, probabilities)
        return message and message.model_dump()

    def standing(self, now: float) -> Any:
        game = self.game
        return {
            **_course(game),
            "points": game.points,
            "worth": game.worth,
            "results": len(game.results),
        }

    @property
    def results(self) -> int:
        return len(self.game.results)

    @property
    def last(self) -> Any:
        """The last finished word."""
        return [self.game.results[-1].model_dump(), self.game.attempts[-1].frames]


class Racing:
    """A race of a player against a ghost, whose results are stored at once."""

    def __init__(self, order: Sequence[str], replays: Sequence[Replay]) -> None:
        settings = RoomSettings(rounds=3)
        self.race = Race(iter(order), settings, WORDS, THRESHOLDS, 0.0, rounds=len(order))
        self.race.enter(Runner(0))
        self.race.enter(Recorded(1, tuple(replays)))
        self.frame: Frame | None = None

    @property
    def round(self) -> int:
        return self.race.round

    @property
    def word(self) -> str | None:
        return self.race.word

    def pen(self, now: float) -> tuple[float, int]:
        """Milliseconds of the running round, and how many strokes it has."""
        attempt = self.race.runners[0].attempt
        return (now - attempt.started, attempt.sheet.strokes) if attempt else (0.0, 0)

    def advance(self, now: float) -> None:
        self._stored(lambda: self.race.advance(now))

    def skip(self, now: float) -> None:
        """There is nothing to skip in a race."""

    def pad(self, now: float, round: int) -> Attempt:
        self.advance(now)
        return self.race.pad(0, round, now)

    def take_frame(self, now: float) -> Frame | None:
        self.advance(now)
        return self.race.take_frame(0, now)

    def judged(self, now: float, probabilities: NDArray[np.float32]) -> Any:
        frame = self.frame
        assert frame is not None
        self.advance(now)
        message = self._stored(lambda: self.race.judged(0, frame, probabilities, now))
        return message and message.model_dump()

    def standing(self, now: float) -> Any:
        race = self.race
        return {
            **_course(race),
            "results": len(race.results),
            "podium": [[r.seat, r.points, r.milliseconds] for r in race.podium],
            "progress": []
            if race.stage == "countdown"
            else [progress.model_dump() for progress in race.progress(now)],
        }

    @property
    def results(self) -> int:
        return len(self.race.results)

    @property
    def last(self) -> Any:
        """The last finished round."""
        return _result(self.race.results[-1])

    def _stored(self, act: Callable[[], Any]) -> Any:
        done = act()
        if self.race.stage == "settling" and self.race.scored:
            assert self.race.deadline is not None
            self.race.stored(self.race.deadline - STORE_WITHIN)
        return done


def _course(game: Game | Race) -> dict[str, Any]:
    return {
        "stage": game.stage,
        "deadline": game.deadline,
        "total": game.total,
        "round": game.round,
    }


def _result(result: Round) -> dict[str, Any]:
    scored = [
        {
            "attempt": {
                "seat": entry.result.seat,
                "guessed": entry.result.guessed,
                "milliseconds": entry.result.milliseconds,
                "frame": entry.result.frame,
                "best": entry.result.best,
                "bestAt": entry.result.best_at,
                "strokes": entry.result.strokes,
                "frames": entry.result.frames,
            },
            "place": entry.place,
            "points": entry.points,
        }
        for entry in result.scored
    ]
    return {"round": result.round, "word": result.word, "scored": scored}


# -- the comparison --------------------------------------------------------------------------------


def difference(ours: Any, theirs: Any, where: str = "") -> str:
    """Where two JSON values differ (numbers by more than 1e-9); empty when they do not."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        mine, other = cast(dict[str, Any], ours), cast(dict[str, Any], theirs)
        pairs = [(key, mine.get(key, key), other.get(key)) for key in mine | other]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = [(str(i), *pair) for i, pair in enumerate(zip(ours, theirs, strict=True))]
    elif isinstance(ours, float | int) and isinstance(theirs, float | int):
        return "" if isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9) else f"{where}: {ours}"
    else:
        return "" if ours == theirs else f"{where}: {ours} and {theirs}"
    found = (difference(mine, other, f"{where}/{name}") for name, mine, other in pairs)
    return next(filter(None, found), "")


def assert_same(ours: list[Any], theirs: list[Any], events: Sequence[Event]) -> None:
    for index, (mine, other) in enumerate(zip(json.loads(json.dumps(ours)), theirs, strict=True)):
        assert difference(mine, other) == "", events[max(index - 5, 0) : index + 1]


def order(seed: int, count: int) -> list[str]:
    deck = word_order(WORDS, {}, Random(seed))
    return [next(deck) for _ in range(count)]


def hands(words: Sequence[str], rng: Random) -> list[Replay]:
    """A ghost's attempts: some guessed, some not, some too late for this race."""
    return [hand(word, rng) for word in words]


def hand(word: str, rng: Random) -> Replay:
    frames = [(n + 1, 400.0 * n, round(rng.random(), 4), word) for n in range(rng.randint(0, 60))]
    guessed = bool(frames) and rng.random() < 0.6
    return Replay(
        word=word,
        outcome="guessed" if guessed else "bell",
        milliseconds=frames[-1][1] if guessed else 20_000.0,
        frame=len(frames),
        best=0.9,
        points=0.0,
        strokes=[[[1.0, 90.0], [1.0, 90.0], [0.0, 300.0]]],
        frames=frames,
        name="Ghost",
        colour=1,
        mode="ghost",
        model="none",
    )


@pytest.mark.parametrize("mode", ["sprint", "quick_six", "practise"])
def test_games_alone_go_as_ours_do(js: Call, mode: Mode):
    games: list[Any] = []
    evenings: list[tuple[list[Event], list[Any]]] = []
    for seed in range(GAMES):
        words = order(seed, 60)
        evenings.append(played(Player(seed, seed % 5 / 6), Alone(mode, words)))
        games.append({"mode": mode, "order": words, "events": evenings[-1][0]})
    known = {"words": WORDS, "thresholds": THRESHOLDS, "bands": BANDS}
    theirs = js("alone", [game | known for game in games])
    for (events, ours), found in zip(evenings, theirs, strict=True):
        assert_same(ours, found, events)
    if mode != "practise":
        standings = [standing for _, ours in evenings for _, standing, _ in ours]
        outcomes = {last[0]["outcome"] for _, ours in evenings for _, _, last in ours if last}
        assert outcomes == {"guessed", "bell", "skipped"}
        assert {standing["stage"] for standing in standings} >= {"countdown", "reveal", "over"}
        assert said(evenings) == {"too_quick", "from_the_future", "out_of_place"}


def test_a_mode_that_is_added_to_the_rules_needs_no_javascript(
    page_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    trio = ModeRules(rounds=3, round_time=9_000, reveal=700, skip_cost=0, points=(30, 10), digits=2)
    monkeypatch.setitem(MODES, "trio", trio)
    shutil.copytree(page_folder.parent, tmp_path / "page")
    (tmp_path / "page" / "pad" / "js" / "rules.js").write_text(rules.module())
    with driving(tmp_path / "page" / "pad") as js:
        test_games_alone_go_as_ours_do(js, "trio")


def test_races_against_a_ghost_go_as_ours_do(js: Call):
    games: list[Any] = []
    evenings: list[tuple[list[Event], list[Any]]] = []
    for seed in range(GAMES):
        words = order(seed, 3)
        replays = hands(words, Random(seed))
        evenings.append(played(Player(seed, seed % 5 / 6), Racing(words, replays)))
        dumped = [replay.model_dump() for replay in replays]
        games.append({"order": words, "replays": dumped, "events": evenings[-1][0]})
    theirs = js("raced", [game | {"words": WORDS, "thresholds": THRESHOLDS} for game in games])
    for (events, ours), found in zip(evenings, theirs, strict=True):
        assert_same(ours, found, events)
    last = [ours[-1][1] for _, ours in evenings]
    assert {standing["stage"] for standing in last} >= {"over"}
    points = {tuple(row[:2]) for standing in last for row in standing["podium"]}
    assert {seat for seat, won in points if won} == {0, 1}
    assert said(evenings) == {
        *("too_quick", "from_the_future", "out_of_place"),
        *("too_late", "not_now"),
    }


def test_drawings_and_races_get_ids_without_https(js: Call):
    replays = [replay.model_dump() for replay in hands(WORDS, Random(0))]
    ids, found = js("kept", replays)
    assert found == json.loads(json.dumps(replays))
    assert len({*ids, *js("racing", replays, 3)}) == len(replays) + 3


def said(evenings: Sequence[tuple[list[Event], list[Any]]]) -> set[str]:
    """The refused messages."""
    return {answer for _, ours in evenings for answer, *_ in ours if isinstance(answer, str)}


# -- chance and numbers ----------------------------------------------------------------------------


class Dealt(Random):
    """Given random numbers, with the same simple shuffle as in the page."""

    def __init__(self, chances: Sequence[float]) -> None:
        super().__init__(0)
        self._chances = iter(chances)

    def random(self) -> float:
        return next(self._chances)

    def sample(self, population: Any, k: int, **_: Any) -> list[Any]:
        rest = list(population)
        for i in range(k):
            chosen = i + int(next(self._chances) * (len(rest) - i))
            rest[i], rest[chosen] = rest[chosen], rest[i]
        return rest[:k]

    def shuffle(self, x: Any) -> None:
        x[:] = self.sample(x, len(x))


@pytest.mark.parametrize("count", [2, 3, 7])
@pytest.mark.parametrize("known", [0.0, 0.5, 1.0])
def test_words_are_dealt_as_ours_are(js: Call, count: int, known: float):
    rng = Random(count)
    words = WORDS[:count]
    difficulty = {word: rng.random() for word in words if rng.random() < known}
    chances = [rng.random() for _ in range(2_000)]
    deck = word_order(words, difficulty, Dealt(chances))
    expected = [next(deck) for _ in range(60)]
    assert js("deal", words, difficulty, chances, 60) == expected


def test_words_get_harder_as_ours_do(js: Call):
    rng = Random(5)
    games = [rng.choices(["guessed", "skipped"], [5, 1], k=rng.randint(0, 12)) for _ in range(200)]
    assert js("rising", games) == [rising_band(outcomes) for outcomes in games]


def test_certainty_is_as_ours(js: Call):
    rng = Random(7)
    pairs = [(rng.random() ** 0.1, rng.uniform(0.5, 0.999)) for _ in range(500)]
    for (p, threshold), (sure, how, near) in zip(pairs, js("certain", pairs), strict=True):
        assert isclose(sure, certainty(p, threshold), abs_tol=1e-12)
        assert (how, near) == (voice(p, threshold), close(p, threshold))


def test_numbers_are_rounded_as_ours_are(js: Call):
    rng = Random(3)
    numbers = [(rng.uniform(0, 100), digits) for digits in (0, 1, 4) for _ in range(500)]
    ties = [(k / 2 ** (digits + 1), digits) for digits in (0, 1, 4) for k in range(200)]
    traps = [(0.35, 1), (2.675, 2), (1.005, 2), (0.00005, 4), (0.99995, 4)]
    cases = numbers + ties + traps
    assert js("rounded", cases) == [round(x, digits) for x, digits in cases]
