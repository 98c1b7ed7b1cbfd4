"""Word sets and their names on the command line."""

import pytest

from models.command import UserError
from models.words import ALL, CLASSIC, KINDS, PARTY, parse


def test_all_holds_the_345_names_once():
    assert (len(ALL), len(set(ALL))) == (345, 345)
    assert {"The Eiffel Tower", "zigzag", "t-shirt", "hot air balloon"} <= set(ALL)


def test_no_name_has_stray_space():
    assert [word for word in ALL if word != word.strip() or not word] == []


def test_the_columns_of_published_sets_never_move():
    assert " ".join(CLASSIC) == "banana bicycle bird cake car cat fish house sun tree"
    assert " ".join(PARTY) == (
        "tractor toothpaste toothbrush skull spider toilet mountain sword marker sheep"
    )


def test_kinds_are_names_each_of_one_word_and_none_a_class_itself():
    kinds = [kind for kinds in KINDS.values() for kind in kinds]
    assert set(kinds) <= set(ALL) - set(CLASSIC)
    assert set(KINDS) <= set(ALL)
    assert len(set(kinds)) == len(kinds)


def test_parse_knows_sets_and_lists():
    assert parse("classic") == CLASSIC
    assert parse("party") == PARTY
    assert parse("all") == ALL
    assert parse("sun, hot air balloon ,cat,") == ("sun", "hot air balloon", "cat")


def test_an_unknown_word_brings_its_neighbours():
    with pytest.raises(UserError, match="unknown word 'bananna'; did you mean 'banana'"):
        parse("cat,bananna")


def test_an_unheard_word_brings_no_neighbours_but_what_to_do():
    with pytest.raises(UserError, match=r"unknown word 'xqzw'\. expected classic, party, all or"):
        parse("xqzw")


@pytest.mark.parametrize("text", ["", " , ", "cat,cat"])
def test_a_list_needs_different_words(text: str):
    with pytest.raises(UserError, match="expected a list of different words"):
        parse(text)
