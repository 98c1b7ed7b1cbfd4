"""The word memory: no word comes again within an hour while others are left."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rules.deck import Deck
from game.rules.word_memory import HOUR, WordMemory

WORDS = tuple("abcdefghij")
PLAYERS = ("ann", "bob", "cem")

# A game: who plays, how many words are asked, and how long one lasts in ms.
games = st.lists(
    st.tuples(
        st.sets(st.sampled_from(PLAYERS), min_size=1),
        st.integers(1, 14),
        st.sampled_from([1_000.0, 20_000.0, HOUR / 4]),
    ),
    max_size=8,
)


@given(games, st.integers())
def test_a_word_comes_again_only_when_no_other_is_left(
    evening: list[tuple[set[str], int, float]], seed: int
):
    memory, rng, clock = WordMemory(), Random(seed), [0.0]
    asked: list[tuple[float, set[str], str]] = []
    for players, count, length in evening:
        deck = Deck(WORDS, {}, rng, lambda p=players: memory.recent(p, clock[0]))
        drawn: set[str] = set()
        for _ in range(count):
            word, now = deck.draw(), clock[0]
            known = {w for at, who, w in asked if who & players and now - at < HOUR} | drawn
            assert word not in known or known == set(WORDS)
            memory.note(players, word, now)
            asked.append((now, players, word))
            drawn.add(word)
            clock[0] += length


def test_the_hour_is_over_after_an_hour():
    memory = WordMemory()
    memory.note(["ann"], "cat", 0.0)
    assert memory.recent(["ann"], HOUR - 1) == {"cat": 0.0}
    assert memory.recent(["ann"], HOUR) == {}


def test_players_in_one_room_share_their_recent_words():
    memory = WordMemory()
    memory.note(["ann"], "cat", 1.0)
    memory.note(["bob"], "dog", 2.0)
    memory.note(["bob"], "cat", 3.0)
    assert memory.recent(["ann", "bob", "cem"], 4.0) == {"cat": 3.0, "dog": 2.0}
    assert memory.recent(["ann"], 4.0) == {"cat": 1.0}


@pytest.mark.parametrize("players", [1, 1_000])
def test_a_player_who_has_not_played_for_an_hour_is_forgotten(players: int):
    memory = WordMemory()
    for number in range(players):
        memory.note([str(number)], "cat", 0.0)
    assert len(memory) == players
    memory.note(["ann"], "dog", HOUR)
    assert len(memory) == 1
