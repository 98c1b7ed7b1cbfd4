"""The showdown: several models, each with its own judge, guess one drawing."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from game.clock import SLACK
from game.guests.guest import Guest
from game.messages import (
    Clear,
    Hello,
    Ink,
    ModelGuess,
    Point,
    ShowdownState,
    Skip,
    Start,
    State,
    Welcome,
)
from game.rooms.hub import Hub
from game.rooms.showdown import LATER, MOST, open_rivals
from game.rooms.solo import Solo
from game.rules.attempt import VERDICT_GAP
from game.rules.modes import COUNTDOWN, MODES
from game.services import Rival, Services
from models.raster import SIDE
from models.words import ALL
from tests import made
from tests.game.fakes import WORDS, CountsBars, ManualClock, ManualJudge, Notes, row
from tests.game.memory import Memory, at_once

LINE: list[Point] = [(0, 0, 0), (100, 0, 50)]
MORE: list[Point] = [(110, 0, 60)]


class Strict(CountsBars):
    """A rival with a higher threshold."""

    thresholds: dict[str, float] = dict.fromkeys(WORDS, 0.95)


class Ring:
    """A showdown of three models at its first word, with a clock and judges that tests control."""

    def __init__(self, alone: bool = False) -> None:
        self.clock, self.notes = ManualClock(), Notes()
        self.own, self.ben, self.cleo = ManualJudge(), ManualJudge(), ManualJudge()
        others = [Rival("ben", CountsBars(), self.ben), Rival("cleo", Strict(), self.cleo)]
        rivals = [] if alone else others
        self.services = Services(
            CountsBars(), self.own, self.clock, Memory(), "own", Random(1), at_once, rivals=rivals
        )
        self.hub = Hub(self.services)
        self.guest: Guest = self.hub.join(Hello(), self.notes)
        self.send(Start(mode="showdown"))
        self.clock.pass_(COUNTDOWN + SLACK)

    def send(self, message: Start | Ink | Clear | Skip) -> None:
        self.hub.receive(self.guest, message)

    def draw(self, points: list[Point] = LINE) -> None:
        self.send(Ink(round=self.state.round, stroke=0, points=points))

    def guess(self, judge: ManualJudge, probability: float = 0.99) -> None:
        """Have a model judge two frames with the given probability of the word."""
        assert self.state.word is not None
        for wait in (VERDICT_GAP + SLACK, 0):
            judge.answer(row(self.state.word, probability))
            self.clock.pass_(wait)

    @property
    def state(self) -> State:
        return self.notes.state

    @property
    def models(self) -> list[ModelGuess]:
        """The last message about all models."""
        told = [message for message in self.notes.sent if isinstance(message, ShowdownState)]
        return [*told[-1].models]

    @property
    def times(self) -> list[float | None]:
        return [model.guessed for model in self.models]


@pytest.fixture
def ring() -> Ring:
    return Ring()


def drawn(ring: Ring) -> Ring:
    ring.clock.pass_(500)
    ring.draw()
    return ring


def test_the_welcome_names_the_models_the_games_own_first(ring: Ring):
    welcome = next(message for message in ring.notes.sent if isinstance(message, Welcome))
    assert welcome.models == ["own", "ben", "cleo"]


def test_all_models_see_the_drawing_and_tell_what_they_think(ring: Ring):
    drawn(ring)
    assert [len(judge.wanting) for judge in (ring.own, ring.ben, ring.cleo)] == [1, 1, 1]
    ring.ben.answer(row("two", 0.6))
    assert [model.model for model in ring.models] == ["own", "ben", "cleo"]
    own, ben, cleo = ring.models
    assert own.guesses == cleo.guesses == []
    assert (ben.guesses[0].word, ben.guesses[0].probability) == ("two", pytest.approx(0.6))
    assert ben.target == pytest.approx(0.6 if ring.state.word == "two" else 0.1)
    ring.own.answer(row("one", 0.5))
    assert ring.models[0].guesses[0].word == "one"


def test_each_model_wins_by_its_own_threshold_and_is_timed(ring: Ring):
    drawn(ring)
    ring.guess(ring.cleo, 0.9)  # must be surer
    ring.guess(ring.ben, 0.9)
    assert ring.times[0] is None
    assert ring.times[1] == pytest.approx(500 + 2 * (VERDICT_GAP + SLACK), abs=2 * SLACK)
    assert ring.times[2] is None
    assert ring.state.stage == "drawing"


def test_a_pen_at_rest_is_looked_at_a_second_time(ring: Ring):
    drawn(ring)
    assert ring.state.word is not None
    ring.ben.answer(row(ring.state.word))
    assert not ring.ben.wanting
    ring.clock.pass_(VERDICT_GAP + SLACK)
    assert ring.ben.wanting


def test_a_model_that_has_guessed_judges_no_more(ring: Ring):
    drawn(ring)
    ring.guess(ring.ben)
    ring.draw(MORE)
    assert not ring.ben.wanting
    assert ring.cleo.wanting


def test_the_word_ends_when_all_have_it_and_counts_from_the_first(ring: Ring):
    drawn(ring)
    ring.guess(ring.ben)
    first = ring.times[1]
    ring.guess(ring.own)
    assert ring.state.stage == "drawing"  # the own model's guess ends nothing
    ring.draw(MORE)
    ring.guess(ring.cleo)
    assert ring.state.stage == "reveal"
    assert ring.state.results[-1].outcome == "guessed"
    assert ring.state.results[-1].milliseconds == first
    assert None not in ring.times


def test_the_own_model_may_be_the_last(ring: Ring):
    drawn(ring)
    ring.guess(ring.ben)
    ring.guess(ring.cleo)
    ring.guess(ring.own)
    assert ring.state.stage == "reveal"


def test_the_others_do_not_get_for_ever(ring: Ring):
    drawn(ring)
    ring.guess(ring.cleo)
    first = ring.times[2]
    ring.clock.pass_(LATER - 2 * VERDICT_GAP)
    assert ring.state.stage == "drawing"
    ring.clock.pass_(2 * VERDICT_GAP)
    assert ring.state.stage == "reveal"
    assert (ring.state.results[-1].outcome, ring.state.results[-1].milliseconds) == (
        "guessed",
        first,
    )


def test_the_next_word_begins_without_guesses_and_late_answers_are_ignored(ring: Ring):
    drawn(ring)
    ring.guess(ring.ben)
    ring.draw(MORE)  # cleo and the own model are asked
    ring.send(Skip(round=1))
    rules = MODES["showdown"]
    ring.clock.pass_(rules.reveal + SLACK)
    assert (ring.state.stage, ring.state.round) == ("drawing", 2)
    told = len(ring.notes.sent)
    ring.cleo.answer(row("one"))
    assert len(ring.notes.sent) == told
    drawn(ring)
    ring.cleo.answer(row("one"))
    assert ring.times == [None, None, None]
    assert (rules.round_time or 0) > LATER
    ring.clock.pass_(LATER)
    assert ring.state.stage == "drawing"


def test_the_bell_ends_a_word_that_nobody_has(ring: Ring):
    drawn(ring)
    ring.clock.pass_(MODES["showdown"].round_time or 0)
    assert ring.state.results[-1].outcome == "bell"


def test_a_cleared_pad_is_thought_nothing_of(ring: Ring):
    drawn(ring)
    for judge in (ring.own, ring.ben, ring.cleo):
        judge.answer(row("one", 0.4))
    ring.send(Clear(round=1))
    assert all(model.guesses == [] for model in ring.models)


def test_without_rivals_the_own_guess_ends_the_word():
    alone = drawn(Ring(alone=True))
    alone.guess(alone.own)
    assert alone.state.stage == "reveal"


def test_rivals_are_the_published_models_that_know_the_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    for name in ("own", "cousin", "party", "torn"):
        words = ("star", "triangle") if name == "party" else made.WORDS
        made.publish(tmp_path, name, words)
    made.damage(tmp_path / "torn" / "model.onnx")
    rivals = open_rivals("own", made.WORDS, tmp_path)
    assert list(rivals) == ["cousin"]
    assert rivals["cousin"].words == made.WORDS
    assert "torn" in caplog.text
    for number in range(9):
        made.publish(tmp_path, f"more{number}")
    assert len(open_rivals("own", made.WORDS, tmp_path)) == MOST
    assert open_rivals("own", WORDS, tmp_path) == {}


def test_rivals_that_know_other_words_share_enough_of_them(tmp_path: Path):
    known = ALL[:10]
    for name, words in {"few": ALL[5:12], "half": ALL[2:10], "rest": ALL[:4] + ALL[9:14]}.items():
        blind = np.zeros((SIDE * SIDE, len(words)), np.float32)
        made.publish(tmp_path, name, words, weight=blind)
    assert list(open_rivals("own", known, tmp_path)) == ["half"]  # eight words; "few" has five


def test_a_showdown_asks_only_for_words_that_all_models_know():
    class Narrow(CountsBars):
        words = ("two", "three")

    ring = Ring()
    rival = replace(ring.services.rivals[0], model=Narrow())
    services = replace(ring.services, rivals=(rival,))
    assert services.shared_words == ("two", "three")
    for _ in range(8):
        game = Solo(services, ring.guest, "showdown").game
        game.advance(ring.clock.now() + COUNTDOWN)
        assert game.attempt is not None
        assert game.attempt.word in {"two", "three"}
    asked = Solo(services, ring.guest, "sprint").game
    assert set(asked.words) == set(WORDS)
