"""Bands of difficulty, and how hard the next word of a Sprint is."""

from hypothesis import given
from hypothesis import strategies as st

from game.rules.difficulty import BANDS, STREAK, WARM_UP, bands_of, rising_band

WORDS = tuple("abcdefghij")
difficulties = st.dictionaries(st.sampled_from(WORDS), st.floats(0, 1))


@given(st.sets(st.sampled_from(WORDS), min_size=1).map(sorted), difficulties)
def test_bands_are_thirds_in_order_of_difficulty(words: list[str], difficulty: dict[str, float]):
    bands = bands_of(words, difficulty)
    assert set(bands) == set(words)
    sizes = [list(bands.values()).count(band) for band in range(BANDS)]
    assert max(sizes) - min(sizes) <= 1
    known = [word for word in words if word in difficulty]
    for one in known:
        assert all(bands[one] <= bands[o] for o in known if difficulty[one] < difficulty[o])


def test_a_word_of_unknown_difficulty_is_middling():
    known = {"a": 0.0, "b": 0.1, "m": 0.5, "y": 0.9, "z": 1.0}
    assert bands_of(("a", "b", "m", "unknown", "y", "z"), known)["unknown"] == 1


@given(st.lists(st.sampled_from(["guessed", "skipped", "bell"])), st.integers(0, 20))
def test_the_first_words_are_easy_and_a_streak_makes_them_harder(before: list[str], streak: int):
    outcomes = [*before, "skipped", *["guessed"] * streak]
    expected = 0 if len(outcomes) < WARM_UP else min(streak // STREAK, BANDS - 1)
    assert rising_band(outcomes) == expected
    assert rising_band(["guessed"] * streak) == (
        0 if streak < WARM_UP else min(streak // STREAK, BANDS - 1)
    )
