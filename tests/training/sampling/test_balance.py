"""Balance: drawings of rare words are repeated up to a limit, and of others reduced to a cap."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.sampling.balance import Balance

LABELS = np.repeat(np.arange(3), [500, 9, 40])
BALANCE = Balance(cap=100, repeats=4)


def epoch(seed: int) -> np.ndarray:
    return BALANCE.epoch(LABELS, np.random.default_rng(seed))


def test_each_word_gets_its_part():
    assert np.bincount(LABELS[epoch(0)]).tolist() == [100, 36, 100]


def test_a_rich_word_shows_no_drawing_twice_and_others_next_time():
    first, second = (epoch(seed)[LABELS[epoch(seed)] == 0] for seed in (0, 1))
    assert len(set(first.tolist())) == 100
    assert len(set(first.tolist()) | set(second.tolist())) > 150


def test_a_starved_word_shows_all_its_drawings_equally_often():
    shown = epoch(0)
    assert np.bincount(shown)[500:509].tolist() == [4] * 9
    assert set(np.bincount(shown)[509:549].tolist()) == {2, 3}


def test_the_order_is_mixed_and_follows_from_the_seed():
    np.testing.assert_array_equal(epoch(3), epoch(3))
    assert len(set(LABELS[epoch(3)][:20].tolist())) > 1


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=6),
    st.integers(1, 40),
    st.integers(1, 5),
)
def test_no_word_is_above_the_cap_and_no_drawing_above_its_repeats(
    sizes: list[int], cap: int, repeats: int
):
    labels = np.repeat(np.arange(len(sizes)), sizes).astype(np.int64)
    shown = Balance(cap, repeats).epoch(labels, np.random.default_rng(0))
    words = np.bincount(labels[shown], minlength=len(sizes))
    assert words.tolist() == [min(cap, size * repeats) for size in sizes]
    assert np.bincount(shown, minlength=1).max(initial=0) <= repeats
