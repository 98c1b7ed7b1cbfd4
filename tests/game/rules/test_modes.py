"""The rules of solo games: verdict, stages, words and points, also under random events."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from game.messages import Ink, Mode, Outcome
from game.rules.attempt import NEAR_BLANK, Attempt, Frame, Verdict
from game.rules.attempt import VERDICT_GAP as GAP
from game.rules.deck import word_order
from game.rules.difficulty import BANDS
from game.rules.modes import COUNTDOWN, MODES, SECOND, Game, points
from game.rules.speed_limit import FLICK, FromTheFuture, TooQuick
from tests.game.fakes import THRESHOLD, THRESHOLDS, WORDS, row

SPRINT, QUICK_SIX = MODES["sprint"], MODES["quick_six"]


def game_of(mode: Mode, seed: int = 0, now: float = 0.0) -> Game:
    return Game(mode, word_order(WORDS, {}, Random(seed)), WORDS, THRESHOLDS, now)


def drawing_game(mode: Mode) -> Game:
    """A game at the first moment of its first word, which is `COUNTDOWN`."""
    game = game_of(mode)
    game.advance(COUNTDOWN)
    return game


def attempt_of(game: Game) -> Attempt:
    assert game.attempt is not None
    return game.attempt


def draw(game: Game) -> Attempt:
    """Draw a line long enough to be judged."""
    attempt = attempt_of(game)
    attempt.sheet.add(0, [(0, 0, 0), (100, 100, 10)])
    return attempt


def frame_at(attempt: Attempt, now: float) -> Frame:
    frame = attempt.take_frame(now)
    assert frame is not None
    return frame


def guess(game: Game, at: float) -> None:
    """Win the running word with two frames, the second of ink at time `at`."""
    attempt = draw(game)
    assert attempt.word is not None
    for when in (at - GAP, at):
        game.judged(frame_at(attempt, when), row(attempt.word))


# -- verdict ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frames", "won"),
    [
        ([(True, 0)], False),
        ([(True, 0), (True, GAP - 1)], False),
        ([(True, 0), (True, GAP)], True),
        ([(True, 0), (True, GAP - 40), (True, GAP + 20)], True),  # the middle one does not restart
        ([(True, 0), (False, GAP - 40), (True, GAP + 20)], False),
        ([(True, 0), (False, 60), (True, 120), (True, 120 + GAP)], True),
        ([(False, 0), (False, 2 * GAP)], False),
    ],
)
def test_a_win_takes_two_frames_that_hold_and_lie_apart(
    frames: list[tuple[bool, float]], won: bool
):
    verdict = Verdict()
    assert [verdict.judge(holds, at) for holds, at in frames][-1] is won


@given(some.lists(some.tuples(some.booleans(), some.floats(0, 1.5 * GAP))))
def test_a_win_means_held_all_through_the_gap(steps: list[tuple[bool, float]]):
    verdict, now, frames = Verdict(), 0.0, list[tuple[bool, float]]()
    for holds, gap in steps:
        now += gap
        frames.append((holds, now))
        if verdict.judge(holds, now):
            since = verdict.since
            assert since is not None
            assert now - since >= GAP
            assert all(held for held, at in frames if at > since)
            assert (True, since) in frames


def test_the_word_must_be_first_and_reach_the_threshold():
    game = drawing_game("quick_six")
    attempt = draw(game)
    assert attempt.word is not None
    other = next(word for word in WORDS if word != attempt.word)
    for at, probabilities in enumerate(
        [row(attempt.word, THRESHOLD - 0.01), row(other), row(attempt.word, THRESHOLD - 0.01)]
    ):
        message = game.judged(frame_at(attempt, COUNTDOWN + 200 * at), probabilities)
        assert message is not None
        assert message.hold == 0
    assert game.stage == "drawing"


def test_guesses_are_the_best_five_in_order():
    game = drawing_game("quick_six")
    attempt = draw(game)
    message = game.judged(frame_at(attempt, COUNTDOWN), row("three", 0.6))
    assert message is not None
    assert [g.word for g in message.guesses] == ["three", "one", "two", "four", "five"]
    assert message.guesses[0].probability == pytest.approx(0.6)
    assert message.target == pytest.approx(0.6 if attempt.word == "three" else 0.1)
    assert (message.round, message.frame) == (1, 1)


@pytest.mark.parametrize("length", [0.0, NEAR_BLANK - 1])
def test_a_near_blank_pad_is_not_looked_at(length: float):
    attempt = attempt_of(drawing_game("practise"))
    attempt.sheet.add(0, [(0, 0, 0), (length, 0, 0)])
    assert attempt.take_frame(0) is None
    attempt.sheet.add(0, [(NEAR_BLANK, 0, 0)])
    assert attempt.take_frame(0) is not None


@pytest.mark.parametrize("take_back", ["undo", "clear"])
def test_ink_that_was_taken_back_is_not_guessed(take_back: str):
    game = drawing_game("practise")
    attempt = draw(game)
    frame = frame_at(attempt, COUNTDOWN)
    getattr(attempt.sheet, take_back)()
    attempt.sheet.add(0, [(0, 0, 0), (100, 0, 0)])
    assert game.judged(frame, row("one")) is None
    assert attempt.guesses == []


# -- the course of a game --------------------------------------------------------------------------


def test_a_game_begins_after_the_countdown():
    game = game_of("sprint", now=500)
    game.advance(500 + COUNTDOWN - 1)
    assert (game.stage, game.attempt, game.round) == ("countdown", None, 1)
    game.advance(500 + COUNTDOWN)
    assert game.stage == "drawing"
    assert attempt_of(game).word in WORDS


def test_practise_has_no_word_clock_or_end():
    game = game_of("practise")
    attempt = draw(game)
    assert (game.stage, attempt.word, game.deadline) == ("drawing", None, None)
    message = game.judged(frame_at(attempt, 50), row("two"))
    assert message is not None
    assert (message.guesses[0].word, message.target, message.hold) == ("two", 0, 0)
    game.skip(100)
    game.advance(1e9)
    assert (game.stage, game.attempt) == ("drawing", attempt)


def test_quick_six_is_six_words_of_twenty_seconds():
    game = drawing_game("quick_six")
    now = COUNTDOWN
    for number in range(1, 7):
        assert (game.round, game.stage, game.total) == (number, "drawing", 20 * SECOND)
        now += 20 * SECOND
        game.advance(now)
        assert game.stage == "reveal"
        now += QUICK_SIX.reveal
        game.advance(now)
    assert game.stage == "over"
    assert [r.outcome for r in game.results] == ["bell"] * 6


def test_sprint_time_runs_only_while_drawing():
    game = drawing_game("sprint")
    now = COUNTDOWN + 10 * SECOND
    guess(game, now)
    assert (game.stage, game.results[0].milliseconds) == ("reveal", 10 * SECOND)
    game.advance(now + SPRINT.reveal)
    assert game.deadline == now + SPRINT.reveal + 50 * SECOND
    assert game.total == 60 * SECOND


def test_a_skip_in_sprint_costs_three_seconds():
    game = drawing_game("sprint")
    game.skip(COUNTDOWN + SECOND)
    game.advance(COUNTDOWN + SECOND + SPRINT.reveal)
    assert game.deadline == COUNTDOWN + SECOND + SPRINT.reveal + 56 * SECOND
    assert (game.results[0].outcome, game.points) == ("skipped", 0)


def test_a_skip_with_less_than_its_cost_left_ends_the_game():
    game = drawing_game("sprint")
    game.skip(COUNTDOWN + 58 * SECOND)
    game.advance(COUNTDOWN + 58 * SECOND + SPRINT.reveal)
    assert game.stage == "over"


def test_a_late_call_ends_each_stage_when_it_was_due():
    game = game_of("quick_six")
    game.advance(1e9)
    assert game.stage == "over"
    assert [result.milliseconds for result in game.results] == [20 * SECOND] * 6


def test_an_answer_is_taken_at_the_time_of_its_ink():
    game = drawing_game("quick_six")
    attempt = draw(game)
    assert attempt.word is not None
    game.judged(frame_at(attempt, COUNTDOWN + 5_000), row(attempt.word))
    game.judged(frame_at(attempt, COUNTDOWN + 5_000 + GAP), row(attempt.word))
    assert game.results[0].milliseconds == 5_000 + GAP
    assert game.deadline == COUNTDOWN + 5_000 + GAP + QUICK_SIX.reveal


def test_a_late_answer_touches_neither_the_next_word_nor_the_next_game():
    game = drawing_game("quick_six")
    late = frame_at(draw(game), COUNTDOWN + 10)
    game.skip(COUNTDOWN + 20)
    game.advance(COUNTDOWN + 20 + QUICK_SIX.reveal)
    following = attempt_of(game)
    other = drawing_game("quick_six")
    for later in (game, other):
        assert later.judged(late, row("one")) is None
    assert (following.frame, attempt_of(other).frame) == (0, 0)


def test_a_game_is_in_a_round_until_its_last_reveal_ends():
    game = drawing_game("quick_six")
    now, seen = COUNTDOWN, [game.in_round]
    for _ in range(6):
        game.skip(now)
        seen.append(game.in_round)
        now += QUICK_SIX.reveal
        game.advance(now)
    assert (seen, game.in_round) == ([True, *[False] * 5, True], False)


def test_the_deciding_frame_is_kept_however_soon_it_comes():
    attempt = draw(drawing_game("quick_six"))
    word = attempt.word or ""
    for at, probability in [(0, 0.1), (20, 0.9), (GAP + 10, 0.9), (GAP + 25, 0.9)]:
        frame_at(attempt, COUNTDOWN + at).judged(WORDS, row(word, probability), THRESHOLDS)
    assert [(frame, at) for frame, at, _, _ in attempt.frames] == [
        *((1, 0), (3, GAP + 10), (4, GAP + 25))
    ]


def test_the_best_frame_is_the_first_of_its_probability():
    attempt = draw(drawing_game("quick_six"))
    for at in (0, 200):
        frame_at(attempt, COUNTDOWN + at).judged(WORDS, row(attempt.word or "", 0.6), THRESHOLDS)
    assert (attempt.best_frame, attempt.best_at) == (1, COUNTDOWN)


def test_each_word_has_its_own_threshold():
    """At 0.6, a word with threshold 0.5 is guessed; at 0.8, one with threshold 0.9 is not."""
    for threshold, probability, outcome in ((0.5, 0.6, True), (0.9, 0.8, False)):
        order = iter(WORDS)
        game = Game("quick_six", order, WORDS, dict.fromkeys(WORDS, 0.99) | {"one": threshold}, 0)
        game.advance(COUNTDOWN)
        attempt = draw(game)
        for at in (COUNTDOWN, COUNTDOWN + GAP):
            game.judged(frame_at(attempt, at), row("one", probability))
        assert (game.stage == "reveal") == outcome


def test_a_probability_that_is_just_the_threshold_holds():
    attempt = draw(drawing_game("quick_six"))
    frame_at(attempt, COUNTDOWN).judged(
        WORDS, row(attempt.word or "", 0.5), dict.fromkeys(WORDS, 0.5)
    )
    assert attempt.message().hold == 1


def test_probabilities_are_sent_with_four_digits():
    attempt = draw(drawing_game("quick_six"))
    frame_at(attempt, COUNTDOWN).judged(WORDS, row(attempt.word or "", 0.61237), THRESHOLDS)
    assert (attempt.message().target, attempt.guesses[0].probability) == (0.6124, 0.6124)


def test_frames_are_numbered_on_after_the_pad_was_wiped():
    attempt = draw(drawing_game("quick_six"))
    frame_at(attempt, COUNTDOWN).judged(WORDS, row(attempt.word or ""), THRESHOLDS)
    attempt.clear()
    attempt.forget()
    wiped = attempt.message()
    assert (wiped.frame, wiped.points, wiped.guesses, wiped.target, wiped.hold) == (2, 0, [], 0, 0)
    attempt.sheet.add(0, [(0, 0, 0), (100, 100, 10)])
    frame_at(attempt, COUNTDOWN + 500).judged(WORDS, row("one"), THRESHOLDS)
    assert attempt.message().frame == 3


def test_ink_is_timed_from_the_start_of_its_round():
    attempt = attempt_of(drawing_game("quick_six"))
    with pytest.raises(FromTheFuture):
        attempt.draw(Ink(round=1, stroke=0, points=[(0, 0, 1_000)]), COUNTDOWN)
    attempt.draw(Ink(round=1, stroke=0, points=[(0, 0, 1_000)]), COUNTDOWN + 1_000)
    assert attempt.sheet.points == 1


def test_undo_gives_back_what_its_stroke_took_and_clear_gives_a_fresh_speed_limit():
    attempt = attempt_of(drawing_game("quick_six"))
    flick = Ink(round=1, stroke=0, points=[(0, 0, 0), (FLICK, 0, 0)])
    another = Ink(round=1, stroke=1, points=flick.points)
    attempt.draw(flick, COUNTDOWN)
    attempt.undo()
    attempt.draw(flick, COUNTDOWN)
    with pytest.raises(TooQuick):
        attempt.draw(another, COUNTDOWN)
    attempt.clear()
    attempt.draw(flick, COUNTDOWN)
    assert attempt.sheet.points == 2


def test_a_result_keeps_the_ink_and_the_last_guesses():
    game = drawing_game("sprint")
    guess(game, COUNTDOWN + SECOND)
    result = game.results[0]
    assert result.strokes == [[[0, 100], [0, 100], [0, 10]]]
    assert (result.guesses[0].word, result.outcome) == (result.word, "guessed")
    assert result.best == pytest.approx(0.9)


# -- words and points ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "elapsed", "expected"),
    [
        ("sprint", 0, 1),
        ("sprint", 59_000, 1),
        ("quick_six", 0, 100),
        ("quick_six", 10_000, 75),
        ("quick_six", 20_000, 50),
    ],
)
def test_a_guess_is_worth(mode: Mode, elapsed: float, expected: float):
    assert points(MODES[mode], 0, "guessed", elapsed, 0.9) == expected


@pytest.mark.parametrize(
    ("mode", "best", "expected"),
    [("sprint", 0.62, 0.3), ("sprint", 0, 0), ("quick_six", 1, 25), ("quick_six", 0.5, 12)],
)
def test_the_bell_gives_part_of_half_the_points(mode: Mode, best: float, expected: float):
    assert points(MODES[mode], 0, "bell", 20_000, best) == expected


# -- any order of events ---------------------------------------------------------------------------

EVENTS = some.lists(
    some.tuples(
        some.sampled_from(["wait", "draw", "right", "wrong", "late", "skip", "undo", "clear"]),
        some.floats(0, 4_000),
    ),
    max_size=60,
)


class Player:
    """A game under random events."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.now = 0.0
        self.frames: list[Frame] = []

    def do(self, event: str, wait: float) -> None:
        self.now += wait
        attempt, game = self.game.attempt, self.game
        if event == "skip":
            game.skip(self.now)
        elif event == "late" and self.frames:
            self.answer_late(self.frames[0])
        elif event == "wait" or attempt is None:
            game.advance(self.now)
        elif event == "draw":
            attempt.sheet.add(0, [(wait % 256, 0, 0), (0, wait % 200, 0)])
        elif event in ("undo", "clear"):
            getattr(attempt.sheet, event)()
        elif frame := attempt.take_frame(self.now):
            self.frames.append(frame)
            word = attempt.word or "one"
            game.judged(frame, row(word, 0.9 if event == "right" else 0.1))

    def answer_late(self, frame: Frame) -> None:
        """An answer for an earlier round must change nothing."""
        self.game.advance(self.now)
        if frame.attempt is not self.game.attempt:
            before = self.game.changes, len(self.game.results)
            assert self.game.judged(frame, row("one")) is None
            assert (self.game.changes, len(self.game.results)) == before


@given(some.sampled_from(["sprint", "quick_six"]), some.integers(0, 99), EVENTS)
def test_every_game_ends_and_adds_up(mode: Mode, seed: int, events: list[tuple[str, float]]):
    player = Player(game_of(mode, seed))
    for event, wait in events:
        player.do(event, wait)
        check(player.game)
    player.game.advance(player.now + 200 * SECOND)
    check(player.game)
    assert (player.game.stage, player.game.attempt, player.game.deadline) == ("over", None, None)


def check(game: Game) -> None:
    """Check what must hold at any time."""
    results = game.results
    assert game.points >= 0
    assert all(result.points >= 0 and result.milliseconds >= 0 for result in results)
    assert (game.stage == "drawing") == (game.attempt is not None)
    assert (game.stage == "over") == (game.deadline is None)
    assert game.round - len(results) == (game.stage in ("countdown", "drawing"))
    asked = [result.word for result in results] + ([game.attempt.word] if game.attempt else [])
    for start in range(0, len(asked), len(WORDS)):
        lap = asked[start : start + len(WORDS)]
        assert len(set(lap)) == len(lap)
    if game.mode == "sprint":
        assert sum(result.milliseconds for result in results) <= 60 * SECOND + 1e-6
    else:
        assert len(results) <= 6


# -- harder words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "best", "paid"), [("guessed", 1, 1), ("bell", 0.6, 0.3)])
def test_a_harder_word_is_worth_more_in_a_sprint(outcome: Outcome, best: float, paid: float):
    by_band = [points(SPRINT, band, outcome, 900.0, best) for band in range(BANDS)]
    assert by_band == pytest.approx([paid, 2 * paid, 3 * paid])


def test_in_quick_six_all_words_are_worth_the_same():
    assert len({points(QUICK_SIX, band, "guessed", 900.0, 1) for band in range(BANDS)}) == 1


def test_a_game_pays_what_it_offers_for_each_word():
    order = (WORDS[0], WORDS[1], WORDS[2])
    bands = {word: band for band, word in enumerate(order)}
    game = Game("sprint", iter(order), WORDS, THRESHOLDS, 0.0, bands)
    assert game.worth == 0
    offered: list[float] = []
    for _ in order:
        assert game.deadline is not None
        game.advance(attempt_of(game).started if game.attempt else game.deadline)
        offered.append(game.worth)
        guess(game, attempt_of(game).started + 1_000)
    assert offered == [result.points for result in game.results] == [1, 2, 3]
    assert (game.points, game.worth) == (6, 0)
