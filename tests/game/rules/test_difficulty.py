"""Bands of difficulty, what a Sprint asks for, what a word is worth."""

from hypothesis import given
from hypothesis import strategies as st

from game.rules.difficulty import BANDS, STREAK, WARM_UP, bands_of, sprint_band, worth

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


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_sprint_begins_easily_and_gets_harder_with_a_streak(asked: int, streak: int):
    assert sprint_band(min(asked, WARM_UP - 1), streak) == 0
    assert sprint_band(asked, streak) <= sprint_band(asked, streak + 1) <= BANDS - 1
    assert sprint_band(WARM_UP + asked, 2 * STREAK) == BANDS - 1


def test_harder_words_are_worth_more():
    assert [worth(band) for band in range(BANDS)] == sorted({worth(band) for band in range(BANDS)})
    assert worth(0) == 1
