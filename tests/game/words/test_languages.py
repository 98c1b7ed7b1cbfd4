"""Every language has a noun for each of the 345 words, in its own script, with an article."""

import re
from collections import Counter

import pytest

from game.words.languages import Language, languages
from models.words import ALL

LATIN = r"[A-Za-zÀ-ÖØ-öø-ÿœŒ’ -]+"
SCRIPTS = {
    **dict.fromkeys(("en", "de", "fr", "es"), LATIN),
    "hi": r"[\u0900-\u097f -]+",  # Devanagari
    "ja": r"[\u3040-\u30ff\u4e00-\u9fff々・]+|Tシャツ",  # kana and kanji
}
ARTICLES = {
    "en": {"a", "an", "the", ""},
    "de": {"ein", "eine", "der", "die", ""},
    "fr": {"un", "une", "des", "du", "de la", "de l’", "la"},
    "es": {"un", "una", "unos", "unas", "la", ""},
    "hi": {""},
    "ja": {""},
}
every = pytest.mark.parametrize("language", languages().values(), ids=lambda each: each.code)


def test_the_page_speaks_six_languages_english_first():
    assert list(languages()) == ["en", "de", "es", "fr", "hi", "ja"]


@every
def test_every_word_has_one_noun_of_its_own(language: Language):
    assert tuple(language.nouns) == ALL
    names = Counter(noun.name.casefold() for noun in language.nouns.values())
    assert [name for name, times in names.items() if times > 1] == []


@every
def test_nouns_are_written_in_the_language_s_script(language: Language):
    pattern = re.compile(SCRIPTS[language.code])
    names = [noun.name for noun in language.nouns.values()]
    assert [name for name in names if not pattern.fullmatch(name) or name != name.strip()] == []


@every
def test_articles_are_those_of_the_language(language: Language):
    assert {article.strip() for article in language.articles.values()} == ARTICLES[language.code]
    assert {noun.kind for noun in language.nouns.values()} == set(language.articles)


def test_german_nouns_begin_with_a_capital():
    lower = [
        n.name for n in languages()["de"].nouns.values() if not n.name.split()[-1][0].isupper()
    ]
    assert lower == []


@pytest.mark.parametrize(
    ("code", "word", "phrase"),
    [
        ("en", "hourglass", "an hourglass"),
        ("en", "The Eiffel Tower", "the Eiffel Tower"),
        ("en", "flip flops", "flip-flops"),
        ("de", "cat", "eine Katze"),
        ("de", "eyeglasses", "eine Brille"),
        ("de", "matches", "Streichhölzer"),
        ("de", "The Eiffel Tower", "der Eiffelturm"),
        ("fr", "eyeglasses", "des lunettes"),
        ("fr", "grass", "de l’herbe"),
        ("fr", "bat", "une chauve-souris"),
        ("es", "axe", "un hacha"),
        ("es", "scissors", "unas tijeras"),
        ("es", "The Mona Lisa", "la Mona Lisa"),
        ("hi", "cat", "बिल्ली"),
        ("ja", "cat", "猫"),
    ],
)
def test_a_phrase_is_a_noun_with_its_article(code: str, word: str, phrase: str):
    assert languages()[code].phrase(word) == phrase


@pytest.mark.parametrize("code", ["fr", "en"])
def test_articles_agree_with_the_first_sound(code: str):
    language = languages()[code]
    vowel = {"fr": r"(?i)de (la|l[ea]s?) [aeiouyéèœh]", "en": r"(?i)a [aeio]|an [^aeiouh]"}[code]
    assert [p for p in map(language.phrase, ALL) if re.match(vowel, p)] == []
