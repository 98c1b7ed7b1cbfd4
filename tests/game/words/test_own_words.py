"""A host's own word list, as people type it in any language; unknown words are refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.words.languages import languages
from game.words.own_words import Refused, WordList, parse
from models.words import ALL, CLASSIC

codes = st.sampled_from(sorted(languages()))


@given(
    st.lists(st.sampled_from(ALL), unique=True), codes, st.sampled_from([", ", "\n", "; ", "、"])
)
def test_names_and_phrases_of_a_language_are_understood(words: list[str], code: str, between: str):
    language = languages()[code]
    for name in (lambda word: language.nouns[word].name, language.phrase):
        text = between.join(map(name, words))
        assert parse(text, ALL, languages(), code) == WordList(tuple(words), ())


@given(st.sampled_from(ALL), codes)
def test_case_and_composition_do_not_matter(word: str, code: str):
    name = languages()[code].nouns[word].name
    for typed in (name.upper(), name.lower(), unicodedata.normalize("NFD", name)):
        assert parse(typed, ALL, languages(), code).words == (word,)


@pytest.mark.parametrize(
    ("typed", "code", "word"),
    [
        ("ECUREUIL", "fr", "squirrel"),
        ("oeil", "fr", "eye"),
        ("l'herbe", "fr", "grass"),
        ("de l'herbe", "fr", "grass"),
        ("einen Loffel", "de", "spoon"),
        ("FUSS", "de", "foot"),
        ("un leon", "es", "lion"),
        ("टी शर्ट", "hi", "t-shirt"),
        ("पिज्जा", "hi", "pizza"),
        ("リンゴ", "ja", "apple"),
        ("flipflops", "en", "flip flops"),
        ("fire-truck", "en", "firetruck"),
        ("firetruck", "en", "firetruck"),
        ("Katze", "ja", "cat"),
    ],
)
def test_what_people_type_is_understood(typed: str, code: str, word: str):
    assert parse(typed, ALL, languages(), code).words == (word,)


def test_a_name_of_two_languages_is_read_in_the_host_s():
    assert parse("crayon", ALL, languages(), "en").words == ("crayon",)
    assert parse("crayon", ALL, languages(), "fr").words == ("pencil",)


def test_unknown_words_are_refused_with_the_nearest_one():
    found = parse("cat, bannana, xyzzy, the cat", CLASSIC, languages())
    assert found == WordList(("cat",), (Refused("bannana", "banana"), Refused("xyzzy", None)))


def test_a_word_that_the_model_does_not_play_is_refused():
    assert parse("octopus", CLASSIC, languages()).words == ()


@given(st.text(max_size=60))
def test_any_text_is_read(text: str):
    found = parse(text, CLASSIC, languages())
    assert set(found.words) <= set(CLASSIC)
    assert {refused.nearest for refused in found.refused} <= {None, *CLASSIC}
