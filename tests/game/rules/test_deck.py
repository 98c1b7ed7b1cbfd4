"""The deck of words: complete, random, and with easy and hard words spread evenly."""

from itertools import islice
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from game.rules.deck import Deck, word_order

WORDS = tuple("abcdefghij")
DIFFICULTY = {word: number / 10 for number, word in enumerate(WORDS)}
Bands = list[int | None]
decks = st.sets(st.sampled_from(WORDS), min_size=2).map(sorted)


@given(decks, st.integers(), st.lists(st.sampled_from([None, 0, 1, 2]), min_size=1, max_size=50))
def test_no_word_is_drawn_again_while_others_are_left(words: list[str], seed: int, bands: Bands):
    deck = Deck(words, DIFFICULTY, Random(seed))
    drawn = [deck.draw(band) for band in bands]
    assert len(set(drawn[: len(words)])) == min(len(words), len(drawn))
    for index in range(len(words), len(drawn)):
        assert drawn[index] not in drawn[index - len(words) // 2 : index]


@given(st.integers())
def test_three_drawn_words_are_an_easy_a_middling_and_a_hard_one(seed: int):
    deck = Deck(WORDS[:9], DIFFICULTY, Random(seed))
    for _ in range(3):
        assert {WORDS.index(deck.draw()) // 3 for _ in range(3)} == {0, 1, 2}


@given(st.integers(), st.integers(0, 2))
def test_a_word_of_the_band_is_drawn_while_one_is_left(seed: int, band: int):
    deck = Deck(WORDS[:9], DIFFICULTY, Random(seed))
    assert {deck.bands[deck.draw(band)] for _ in range(3)} == {band}
    assert abs(deck.bands[deck.draw(band)] - band) == 1


def test_which_word_is_drawn_is_chance():
    assert {Deck(WORDS, DIFFICULTY, Random(seed)).draw() for seed in range(200)} == set(WORDS)


def test_a_lately_asked_word_waits_for_the_others_and_what_is_drawn_is_noted():
    noted: list[str] = []
    deck = Deck(WORDS, {}, Random(1), lambda: {"a": 1.0, "b": 2.0}, noted.append)
    drawn = [deck.draw() for _ in WORDS]
    assert noted == drawn
    assert set(drawn[:8]) == set(WORDS) - {"a", "b"}


def test_an_order_asks_for_the_band_before_each_word():
    bands = iter([0, 2, 1])
    order = word_order(WORDS[:9], DIFFICULTY, Random(1), band=lambda: next(bands))
    assert [WORDS.index(word) // 3 for word in islice(order, 3)] == [0, 2, 1]
