"""Word packs: their words, and which of them are offered with a model."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.words.packs import EVERYTHING, LEAST, PACKS, offered, read_packs, words_of
from models.words import ALL, CLASSIC

some_words = st.sets(st.sampled_from(ALL), min_size=1).map(sorted)


def test_packs_are_known_words_in_the_order_offered():
    assert list(PACKS)[:7] == [
        *("everything", "classic", "animals", "food", "home", "road", "outdoors"),
    ]
    assert all(set(words) <= set(ALL) for words in PACKS.values())
    assert all(len(words) >= 2 * LEAST for key, words in PACKS.items() if key != "classic")


def test_a_new_pack_is_one_entry(tmp_path: Path):
    file = tmp_path / "packs.toml"
    file.write_text('sky = ["sun", "moon", "star", "cloud", "rainbow", "airplane"]')
    assert "sky" in offered(ALL, read_packs(file))


@pytest.mark.parametrize("words", ['["sun", "son"]', '["sun", "sun"]'])
def test_a_wrong_pack_is_refused(tmp_path: Path, words: str):
    file = tmp_path / "packs.toml"
    file.write_text(f"sky = {words}")
    with pytest.raises(ValueError, match="pack 'sky'"):
        read_packs(file)


@given(some_words)
def test_offered_packs_hold_enough_words_that_the_model_plays(playable: list[str]):
    packs = offered(playable)
    assert packs.pop(EVERYTHING) == tuple(playable)
    for key, words in packs.items():
        assert len(words) >= LEAST
        assert set(words) == set(PACKS[key]) & set(playable)


def test_no_two_offered_packs_are_the_same():
    assert list(offered(CLASSIC)) == [EVERYTHING]
    assert list(offered(ALL)) == list(PACKS)


def test_chosen_packs_give_each_word_once():
    packs = {
        EVERYTHING: ("sun", "cat", "dog", "cow"),
        "pets": ("cat", "dog"),
        "farm": ("cow", "dog"),
    }
    assert words_of(["pets", "farm"], packs) == ("cat", "dog", "cow")


@pytest.mark.parametrize("keys", [[], ["gone"]])
def test_without_a_pack_that_is_offered_everything_is_played(keys: list[str]):
    assert words_of(keys, offered(CLASSIC)) == CLASSIC
