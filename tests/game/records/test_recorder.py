"""Recorded drawings and judging again; the shipped ghosts are those that `sketch` makes."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from game.messages import PAD, Replay
from game.records.recorder import LENGTH, confirms, record, until
from game.records.shipped_ghosts import READS, SHIPPED, hands_file
from game.records.sketch import SKETCHES, Options, drawn, main
from models.shelf import open_model
from tests.game.fakes import CountsBars, row
from tests.game.records.making import replay

MODEL = CountsBars()


def recorded(drawn: str, word: str) -> Replay:
    return record(MODEL, "bars", replay(drawn).strokes, word, "A hand")


def test_a_hand_is_recorded_until_it_is_guessed():
    kept = recorded("two", "two")
    assert kept.outcome == "guessed"
    assert (kept.frame, kept.milliseconds) == (kept.frames[-1][0], kept.frames[-1][1])
    assert kept.strokes == until(replay("two").strokes, kept.milliseconds)
    assert (kept.word, kept.model, kept.name, kept.points) == ("two", "bars", "A hand", 0)
    assert [frame[3] for frame in kept.frames] == sorted(
        frame[3] for frame in kept.frames
    )  # one, two
    assert confirms(MODEL, kept)


def test_a_hand_that_is_not_guessed_goes_on_to_the_bell():
    kept = recorded("two", "five")
    assert (kept.outcome, kept.milliseconds) == ("bell", LENGTH)
    assert kept.strokes == replay("two").strokes
    assert kept.best == pytest.approx(0.025)


def test_of_a_slow_hand_only_the_round_is_kept():
    x, y, _ = replay("one").strokes[0]
    late = [[x, y, [1_000.0 + 3_000 * step for step in range(11)]]]
    kept = record(MODEL, "bars", late, "two", "A hand")
    assert kept.strokes[0][2] == [time for time in late[0][2] if time <= LENGTH]


def test_a_blank_pad_is_never_judged():
    kept = record(MODEL, "bars", [[[10.0, 20.0], [10.0, 10.0], [0.0, 9.0]]], "one", "A hand")
    assert (kept.outcome, kept.frames, kept.best) == ("bell", [], 0)
    assert not confirms(MODEL, kept)


@pytest.mark.parametrize(
    "changes",
    [{"strokes": []}, {"word": "two"}, {"word": "tractor"}, {"strokes": replay("four").strokes}],
)
def test_strokes_of_something_else_confirm_nothing(changes: dict[str, object]):
    assert confirms(MODEL, replay("one"))
    assert not confirms(MODEL, replay("one").model_copy(update=changes))


def test_ink_that_came_after_the_guess_does_not_undo_it():
    four = replay("four")
    (*_, guessed), (*_, last) = (four.strokes[number][2] for number in (1, 3))
    frames = [(1, guessed, 0.9, "two"), (2, last, 0.9, "four")]
    assert confirms(MODEL, four.model_copy(update={"word": "two", "frames": frames}))
    assert not confirms(MODEL, four.model_copy(update={"word": "two", "frames": frames[1:]}))


def test_the_bot_draws_like_a_hand():
    for routes in SKETCHES.values():
        strokes = drawn(routes, Random(1))
        assert len(strokes) == len(routes)
        assert strokes[0][2][0] == READS
        times = np.concatenate([times for _, _, times in strokes])
        assert (np.diff(times) > 0).all()
        for x, y, t in strokes:
            points = np.array([x, y])
            assert points.min() >= 0
            assert points.max() <= PAD
            speed = np.hypot(*np.diff(points)) / np.diff(t)  # pad units a ms
            assert speed.max() < 1.5


def test_the_hands_that_ship_are_what_the_bot_draws():
    shipped = hands_file.validate_json(SHIPPED.read_bytes())
    assert [kept.word for kept in shipped] == ["house", "sun", "fish"]
    for kept in shipped:
        whole = drawn(SKETCHES[kept.word], Random(kept.word))
        assert kept.strokes == until(whole, kept.milliseconds)
        assert kept.outcome == "guessed"
        assert kept.frames[-1][1] == kept.milliseconds


def test_the_command_records_what_the_published_model_guesses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    main(Options(out=tmp_path / "hands.json"))
    made = hands_file.validate_json((tmp_path / "hands.json").read_bytes())
    assert [kept.outcome for kept in made] == ["guessed"] * 3
    assert all(confirms(open_model(), kept) for kept in made)
    assert capsys.readouterr().out.count("guessed at") == 3


def test_strokes_confirm_a_word_at_just_the_threshold():
    class Just(CountsBars):
        def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
            return np.repeat([row("one", self.thresholds["one"])], len(bitmaps), axis=0)

    assert confirms(Just(), replay("one"))
