"""The deck of words: every word, by chance, easy and hard ones evenly."""

from itertools import islice, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from game.rules.deck import balanced, word_order

WORDS = tuple("abcdefghij")
DIFFICULTY = {word: number / 10 for number, word in enumerate(WORDS)}
decks = st.sets(st.sampled_from(WORDS), min_size=2).map(sorted)


@given(decks, st.integers(), st.integers(1, 50))
def test_no_word_comes_again_before_all_were_asked_for(words: list[str], seed: int, rounds: int):
    asked = list(islice(word_order(words, DIFFICULTY, Random(seed)), rounds * len(words)))
    for start in range(0, len(asked), len(words)):
        assert set(asked[start : start + len(words)]) == set(words)
    assert all(one != other for one, other in pairwise(asked))


@given(st.integers())
def test_three_words_are_an_easy_a_middling_and_a_hard_one(seed: int):
    order = balanced(WORDS[:9], DIFFICULTY, Random(seed))
    for start in range(0, 9, 3):
        bands = {WORDS.index(word) // 3 for word in order[start : start + 3]}
        assert bands == {0, 1, 2}


def test_what_comes_first_is_chance():
    first = {balanced(WORDS, DIFFICULTY, Random(seed))[0] for seed in range(200)}
    assert first == set(WORDS)


def test_equally_hard_words_are_only_shuffled():
    orders = {tuple(balanced(WORDS[:3], {}, Random(seed))) for seed in range(200)}
    assert len(orders) == 6


def test_a_word_of_unknown_difficulty_is_middling():
    known = {"a": 0.0, "b": 0.1, "m": 0.5, "y": 0.9, "z": 1.0}
    for seed in range(50):
        order = balanced(("a", "b", "m", "unknown", "y", "z"), known, Random(seed))
        assert len({"m", "unknown"} & set(order[:3])) == 1
