"""Solo games: stages, resumption, messages at the wrong time, and stored results."""

from random import Random
from typing import TypeVar

import pytest

from game.clock import SLACK
from game.guests.guest import Guest
from game.guests.presence import KEPT, MAX_VANISHED
from game.messages import (
    AttemptKept,
    Clear,
    GameKept,
    Guesses,
    Hello,
    Ink,
    Leave,
    Message,
    Mode,
    Ping,
    Point,
    Pong,
    Problem,
    Profile,
    Skip,
    Start,
    State,
    Undo,
    Welcome,
)
from game.rooms.hub import Hub
from game.rules.attempt import VERDICT_GAP
from game.rules.difficulty import bands_of
from game.rules.modes import COUNTDOWN, MODES, SECOND
from game.services import Services
from game.web import pad
from models.drawing import MAX_POINTS
from tests.game.fakes import (
    THRESHOLD,
    THRESHOLDS,
    WORDS,
    CountsBars,
    ManualClock,
    ManualJudge,
    Notes,
    row,
)
from tests.game.memory import Memory, at_once

LINE: list[Point] = [(0, 0, 0), (100, 0, 10)]


class Table:
    """A hub with one player, and a clock and a judge that tests control."""

    def __init__(self) -> None:
        self.clock, self.judge, self.storage = ManualClock(), ManualJudge(), Memory()
        self.hub = Hub(
            Services(CountsBars(), self.judge, self.clock, self.storage, "bars", Random(1), at_once)
        )
        self.notes = Notes()
        self.guest = self.hub.join(Hello(), self.notes)

    @property
    def word(self) -> str:
        word = self.notes.state.word
        assert word is not None
        return word

    def begin(self, mode: Mode = "quick_six") -> None:
        """Start a game, and skip its countdown."""
        self.receive(Start(mode=mode))
        self.clock.pass_(COUNTDOWN + SLACK)

    def receive(self, message: Message) -> None:
        self.hub.receive(self.guest, message)

    def ink(self, round: int = 1, stroke: int = 0) -> None:
        self.receive(Ink(round=round, stroke=stroke, points=LINE))

    def rejoin(self) -> Notes:
        notes = Notes()
        assert self.hub.join(Hello(token=self.guest.token), notes) is self.guest
        return notes


@pytest.fixture
def table() -> Table:
    return Table()


M = TypeVar("M")


def said(notes: Notes, kind: type[M]) -> list[M]:
    return [message for message in notes.sent if isinstance(message, kind)]


# -- arriving and the course of a game -------------------------------------------------------------


def test_a_newcomer_is_welcomed_home(table: Table):
    welcome, state = table.notes.sent
    assert welcome == Welcome(
        token=table.guest.token,
        key=table.guest.key,
        resumed=False,
        words=list(WORDS),
        thresholds=THRESHOLDS,
        packs={"everything": len(WORDS)},
        models=["bars"],
        script=pad.entry(),
    )
    assert state == State(stage="home")


def test_a_game_goes_from_countdown_to_its_end_by_itself(table: Table):
    table.receive(Start(mode="quick_six"))
    state = table.notes.state
    assert (state.stage, state.left, state.round, state.word) == ("countdown", COUNTDOWN, 1, None)
    stages = ["countdown"]
    for _ in range(200):
        table.clock.pass_(SECOND)
        if table.notes.state.stage != stages[-1]:
            stages.append(table.notes.state.stage)
    assert stages == ["countdown", *["drawing", "reveal"] * 6, "over"]
    assert len(table.notes.state.results) == table.notes.state.rounds == 6
    assert table.clock.waiting == 0


def test_drawing_tells_the_word_and_the_time(table: Table):
    table.begin("sprint")
    state = table.notes.state
    assert (state.stage, state.mode, state.round, state.rounds) == ("drawing", "sprint", 1, None)
    assert state.word in WORDS
    assert state.total == 60 * SECOND
    assert state.left == 60 * SECOND - SLACK


def test_a_word_is_guessed_by_ink_that_holds_twice(table: Table):
    table.begin("sprint")
    word = table.word
    table.ink()
    table.judge.answer(row(word))
    guess = said(table.notes, Guesses)[-1]
    assert (guess.guesses[0].word, guess.hold, guess.frame) == (word, 1, 1)
    table.clock.pass_(VERDICT_GAP)
    table.ink(stroke=1)
    table.judge.answer(row(word))
    state = table.notes.state
    assert (state.stage, state.points, state.word) == ("reveal", 1, word)
    assert state.strokes == state.results[-1].strokes != []
    assert [type(message) for message in table.notes.sent[-3:]] == [Guesses, State, AttemptKept]


def test_a_pen_at_rest_gets_its_second_look(table: Table):
    table.begin()
    word = table.word
    table.ink()
    table.judge.answer(row(word))
    assert table.judge.wanting == []
    table.clock.pass_(VERDICT_GAP + SLACK)
    table.judge.answer(row(word))
    assert table.notes.state.stage == "reveal"
    assert table.notes.state.results[-1].milliseconds == SLACK + VERDICT_GAP + SLACK


def test_no_second_look_when_the_first_did_not_hold(table: Table):
    table.begin()
    table.ink()
    table.judge.answer(row(table.word, THRESHOLD / 2))
    table.clock.pass_(SECOND)
    assert table.judge.wanting == []


def test_practise_shows_five_guesses_and_never_ends(table: Table):
    table.receive(Start(mode="practise"))
    table.ink()
    table.judge.answer(row("three"))
    guess = said(table.notes, Guesses)[-1]
    assert (guess.guesses[0].word, len(guess.guesses)) == ("three", 5)
    table.clock.pass_(1_000 * SECOND)
    assert (table.notes.state.stage, table.notes.state.left) == ("drawing", None)


def test_skip_shows_the_word_and_goes_on(table: Table):
    table.begin("sprint")
    table.receive(Skip(round=1))
    assert table.notes.state.results[-1].outcome == "skipped"
    table.clock.pass_(MODES["sprint"].reveal + SLACK)
    assert (table.notes.state.stage, table.notes.state.round) == ("drawing", 2)


def test_leaving_goes_home_and_stops_the_clock(table: Table):
    table.begin()
    table.ink()
    table.judge.answer(row(table.word))
    table.receive(Leave())
    assert table.notes.state == State(stage="home")
    assert table.clock.waiting == 0


def test_a_new_game_replaces_the_running_one(table: Table):
    table.begin("quick_six")
    table.receive(Start(mode="sprint"))
    assert (table.notes.state.mode, table.notes.state.stage) == ("sprint", "countdown")
    table.clock.pass_(COUNTDOWN + SLACK)
    assert (table.notes.state.mode, table.notes.state.stage) == ("sprint", "drawing")
    assert table.clock.waiting == 1


def test_ping_is_answered(table: Table):
    table.receive(Ping(sent=12.5))
    assert table.notes.sent[-1] == Pong(sent=12.5)


# -- too early, too late, too much -----------------------------------------------------------------


@pytest.mark.parametrize("message", [Ink(round=1, stroke=0, points=LINE), Skip(round=1)])
@pytest.mark.parametrize("stage", ["home", "countdown"])
def test_the_pad_is_closed_before_the_game(table: Table, message: Ink | Skip, stage: str):
    if stage == "countdown":
        table.receive(Start(mode="sprint"))
    table.receive(message)
    problem = table.notes.sent[-1]
    assert isinstance(problem, Problem)
    assert (problem.code, problem.fatal) == ("not_now", False)
    table.clock.pass_(COUNTDOWN + SLACK)
    if stage == "countdown":
        assert (table.notes.state.round, table.notes.state.strokes) == (1, [])


@pytest.mark.parametrize("round", [0, 2, 99])
def test_messages_for_other_rounds_are_dropped(table: Table, round: int):
    table.begin()
    table.notes.take()
    for message in (Skip(round=round), Undo(round=round), Clear(round=round)):
        table.receive(message)
    table.ink(round)
    assert table.notes.sent == []
    assert table.judge.wanting == []


def test_ink_after_the_bell_is_dropped(table: Table):
    table.begin()
    table.clock.pass_(20 * SECOND)
    assert table.notes.state.stage == "reveal"
    table.notes.take()
    table.ink()
    assert (table.notes.sent, table.judge.wanting) == ([], [])


def test_the_bell_rings_even_if_its_timer_is_late(table: Table):
    table.begin()
    table.clock.jump(20 * SECOND)
    table.ink()
    assert table.notes.state.stage == "reveal"
    assert table.notes.state.results[-1].strokes == []


def test_a_late_answer_does_not_touch_the_next_word(table: Table):
    table.begin("sprint")
    table.ink()
    pad = table.judge.wanting[0]
    frame = pad.take_frame()
    assert frame is not None
    table.receive(Skip(round=1))
    table.clock.pass_(MODES["sprint"].reveal + SLACK)
    table.notes.take()
    pad.judged(frame, row(frame.attempt.word or ""))
    assert table.notes.sent == []


def test_an_answer_after_leaving_is_dropped(table: Table):
    table.begin()
    table.ink()
    pad = table.judge.wanting[0]
    frame = pad.take_frame()
    assert frame is not None
    table.receive(Leave())
    table.notes.take()
    pad.judged(frame, row("one"))
    assert (table.notes.sent, pad.take_frame()) == ([], None)


@pytest.mark.parametrize("erase", [Clear(round=1), Undo(round=1)])
def test_an_emptied_pad_has_no_guess(table: Table, erase: Clear | Undo):
    table.begin()
    table.ink()
    table.judge.answer(row(table.word))
    table.receive(erase)
    guess = table.notes.sent[-1]
    assert isinstance(guess, Guesses)
    assert (guess.guesses, guess.hold, guess.frame) == ([], 0, 2)
    table.clock.pass_(VERDICT_GAP + SLACK)
    table.judge.answer(row(table.word))
    assert table.notes.state.stage == "drawing"


def test_a_full_pad_is_reported(table: Table):
    table.begin()
    points: list[Point] = [(0, 0, 0)] * 1_000
    for _ in range(MAX_POINTS // 1_000):
        table.receive(Ink(round=1, stroke=0, points=points))
    assert said(table.notes, Problem) == []
    table.ink()
    assert [problem.code for problem in said(table.notes, Problem)] == ["too_much_ink"]


def test_strokes_out_of_place_are_refused(table: Table):
    table.begin()
    table.ink()
    table.ink(stroke=7)
    assert [problem.code for problem in said(table.notes, Problem)] == ["out_of_place"]
    assert table.rejoin().state.strokes == [[[0, 100], [0, 0], [0, 10]]]


# -- losing and finding the connection -------------------------------------------------------------


def test_a_token_brings_the_game_back_as_it_is_now(table: Table):
    table.begin()
    table.ink()
    table.judge.answer(row("two", 0.4))
    table.hub.vanish(table.guest, table.notes)
    table.clock.pass_(4 * SECOND)
    welcome, state, guess = table.rejoin().sent
    assert isinstance(welcome, Welcome)
    assert (welcome.resumed, welcome.token) == (True, table.guest.token)
    assert isinstance(state, State)
    assert (state.stage, state.left) == ("drawing", 16 * SECOND - SLACK)
    assert state.strokes == [[[0, 100], [0, 0], [0, 10]]]
    assert isinstance(guess, Guesses)


def test_the_clock_runs_on_without_the_player(table: Table):
    table.begin()
    table.hub.vanish(table.guest, table.notes)
    table.notes.take()
    table.clock.pass_(20 * SECOND + MODES["quick_six"].reveal + SLACK)
    assert table.notes.sent == []
    assert table.rejoin().state.round == 2


def test_a_second_window_takes_the_game_over(table: Table):
    table.begin()
    second = table.rejoin()
    last = table.notes.sent[-1]
    assert isinstance(last, Problem)
    assert (last.code, last.fatal) == ("replaced", True)
    table.hub.vanish(table.guest, table.notes)  # the first window's socket closes only now
    table.receive(Skip(round=1))
    assert second.state.stage == "reveal"


def test_hello_again_on_the_same_link_tells_the_state(table: Table):
    table.begin()
    table.notes.take()
    table.hub.join(Hello(token=table.guest.token), table.notes)
    assert [type(message) for message in table.notes.sent] == [Welcome, State]


@pytest.mark.parametrize("token", ["", "unknown", None])
def test_an_unknown_token_gets_a_new_seat(table: Table, token: str | None):
    notes = Notes()
    room = table.hub.join(Hello(token=token), notes)
    welcome = notes.sent[0]
    assert isinstance(welcome, Welcome)
    assert (welcome.resumed, room is table.guest) == (False, False)
    assert len(table.hub.guests) == 2


def test_a_vanished_seat_is_kept_for_a_while_and_then_gone(table: Table):
    table.begin("practise")
    table.hub.vanish(table.guest, table.notes)
    table.clock.pass_(KEPT - 1)
    assert len(table.hub.guests) == 1
    table.clock.pass_(1)
    assert len(table.hub.guests) == 0
    assert table.clock.waiting == 0


def test_a_seat_that_was_taken_again_stays(table: Table):
    table.hub.vanish(table.guest, table.notes)
    table.clock.pass_(KEPT / 2)
    table.rejoin()
    table.clock.pass_(KEPT)
    assert len(table.hub.guests) == 1


def test_vanished_seats_are_bounded_and_players_stay(table: Table):
    seats: list[Guest] = []
    for _ in range(MAX_VANISHED + 5):
        notes = Notes()
        seats.append(table.hub.join(Hello(), notes))
        table.hub.vanish(seats[-1], notes)
    assert len(table.hub.guests) == MAX_VANISHED + 1
    assert table.rejoin().sent[0] == Welcome(
        token=table.guest.token,
        key=table.guest.key,
        resumed=True,
        words=list(WORDS),
        thresholds=THRESHOLDS,
        packs={"everything": len(WORDS)},
        models=["bars"],
        script=pad.entry(),
    )


def test_one_player_does_not_hear_another(table: Table):
    notes = Notes()
    neighbour = table.hub.join(Hello(), notes)
    table.begin()
    table.ink()
    table.judge.answer(row("one"))
    assert [type(message) for message in notes.sent] == [Welcome, State]
    assert neighbour.activity is None


def test_stopping_tells_everyone_and_ends_all_clocks(table: Table):
    table.begin()
    table.hub.stop()
    last = table.notes.sent[-1]
    assert isinstance(last, Problem)
    assert (last.code, last.fatal) == ("stopping", True)
    assert table.clock.waiting == 0


# -- the records -----------------------------------------------------------------------------------


def test_rounds_and_the_game_are_stored_and_confirmed(table: Table):
    table.receive(Profile(name="Ada", colour=3))
    table.begin("quick_six")
    for round in range(1, 7):
        if round != 2:
            table.ink(round)
        table.clock.pass_(20 * SECOND + MODES["quick_six"].reveal + SLACK)
    assert table.notes.state.stage == "over"
    assert [(kept.round, kept.replay) for kept in said(table.notes, AttemptKept)] == [
        (1, "replay-0"),
        *[(round, f"replay-{round - 2}") for round in (3, 4, 5, 6)],
    ]
    assert [told.challenge for told in said(table.notes, GameKept)] == ["challenge-0"]
    (game,) = table.storage.games
    assert (game.name, game.colour, game.mode, game.key) == ("Ada", 3, "quick_six", table.guest.key)
    assert (game.replays[1], len(game.words), game.source) == (None, 6, None)
    replay = table.storage.attempts[0].replay
    assert (replay.word, replay.outcome, replay.model) == (game.words[0], "bell", "bars")
    assert replay.strokes == [[[0, 100], [0, 0], [0, 10]]]


def test_what_was_stored_is_told_again_after_a_reload(table: Table):
    table.begin("quick_six")
    table.ink()
    table.clock.pass_(200 * SECOND)
    assert table.notes.state.stage == "over"
    for kind, count in ((AttemptKept, 1), (GameKept, 1)):
        assert len(said(table.notes, kind)) == count
        assert said(table.rejoin(), kind) == said(table.notes, kind)


def test_more_ink_does_not_put_off_the_second_frame(table: Table):
    table.begin("quick_six")
    table.ink()
    table.judge.answer(row(table.word))
    table.clock.pass_(60)
    table.ink(stroke=1)
    table.judge.answer(row(table.word))
    table.clock.pass_(VERDICT_GAP - 60 + SLACK)
    assert len(table.judge.wanting) == 1


def test_no_second_frame_is_wanted_once_the_word_does_not_hold(table: Table):
    table.begin("quick_six")
    table.ink()
    table.judge.answer(row(table.word))
    table.ink(stroke=1)
    table.judge.answer(row(table.word, 0.3))
    table.clock.pass_(VERDICT_GAP + SLACK)
    assert table.judge.wanting == []


def test_a_kept_guess_tells_the_frame_that_decided(table: Table):
    table.begin("sprint")
    table.ink()
    table.judge.answer(row(table.word))
    table.clock.pass_(VERDICT_GAP + SLACK)
    table.judge.answer(row(table.word))
    replay = table.storage.attempts[0].replay
    assert (replay.outcome, replay.frame, replay.best) == ("guessed", 2, pytest.approx(0.9))
    assert [frame[0] for frame in replay.frames] == [1, 2]


@pytest.mark.parametrize("mode", ["practise", "showdown"])
def test_free_drawing_is_not_kept(table: Table, mode: Mode):
    table.begin(mode)
    table.ink()
    table.clock.pass_(90 * SECOND)
    table.receive(Leave())
    assert (table.storage.attempts, table.storage.games) == ([], [])


def test_records_that_fail_stop_no_game(table: Table):
    table.storage.broken = True
    table.begin("quick_six")
    table.ink()
    table.clock.pass_(200 * SECOND)
    assert table.notes.state.stage == "over"
    assert (said(table.notes, AttemptKept), said(table.notes, GameKept)) == ([], [])


# -- a hand's limits -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([(0, 0, 0), (250, 0, 1), (0, 0, 2)], "too_quick"),
        ([(0, 0, 0), (10, 0, 5_000)], "from_the_future"),
    ],
)
def test_ink_that_no_hand_drew_is_refused(table: Table, points: list[Point], code: str):
    table.begin()
    table.receive(Ink(round=1, stroke=0, points=points))
    assert [problem.code for problem in said(table.notes, Problem)] == [code]
    assert table.judge.wanting == []
    table.receive(Ink(round=1, stroke=0, points=LINE))
    assert table.judge.wanting != []


def test_the_next_game_asks_for_other_words_while_any_is_left(table: Table):
    asked: list[str] = []
    for _ in WORDS:
        table.begin()
        asked.append(table.word)
        table.receive(Leave())
    assert set(asked) == set(WORDS)


def test_a_sprint_begins_with_easy_words(table: Table, monkeypatch: pytest.MonkeyPatch):
    difficulty = {word: number / 10 for number, word in enumerate(WORDS)}
    monkeypatch.setattr(CountsBars, "difficulty", difficulty)
    easy = {word for word, band in bands_of(WORDS, difficulty).items() if band == 0}
    table.begin("sprint")
    assert table.word in easy
    assert table.notes.state.worth == 1
