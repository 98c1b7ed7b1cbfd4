"""The words that a host chose for a room, or typed."""

from game.messages import OwnWords, RefusedWord, RoomSettings
from game.words.choice import playable, read_own_words, words_for
from game.words.own_words import LEAST
from game.words.packs import offered
from models.words import ALL, CLASSIC

PACKS = offered(ALL)


def test_without_a_choice_all_words_are_asked():
    assert words_for(RoomSettings(), PACKS) == ALL
    assert words_for(playable(RoomSettings(packs=("everything", "food")), PACKS), PACKS) == ALL


def test_chosen_packs_are_asked_together_and_each_word_once():
    words = words_for(RoomSettings(packs=("home", "food")), PACKS)
    assert set(words) == {*PACKS["home"], *PACKS["food"]}
    assert len(words) == len(set(words))  # both packs have a teapot


def test_own_words_go_before_packs():
    settings = RoomSettings(packs=("food",), own=("cat", "dog", "sun"))
    assert words_for(settings, PACKS) == ("cat", "dog", "sun")


def test_what_is_not_offered_here_is_left_out():
    packs = offered(CLASSIC)
    settings = RoomSettings(packs=("animals", "nothing"), own=("cat", "dog", "sun", "cat", "tree"))
    assert playable(settings, packs) == RoomSettings(own=("cat", "sun", "tree"))
    assert playable(RoomSettings(own=("cat", "sun", "dog")), packs) == RoomSettings()


def test_a_typed_list_is_read_in_the_hosts_language_and_refuses_with_the_nearest():
    read = read_own_words(OwnWords(text="Katze, ein Haus; Bahnhof\nSonne", language="de"), CLASSIC)
    assert read.words == ["cat", "house", "sun"]
    assert [word.typed for word in read.refused] == ["Bahnhof"]
    assert read.used
    near = read_own_words(OwnWords(text="trea, cat"), CLASSIC)
    assert near.refused == [RefusedWord(typed="trea", nearest="tree")]
    assert not near.used
    assert len(near.words) < LEAST


def test_a_language_that_is_not_spoken_here_is_no_obstacle():
    assert read_own_words(OwnWords(text="cat, sun, tree", language="xx"), CLASSIC).used


def test_words_without_a_name_in_any_language_are_found_by_their_own():
    read = read_own_words(OwnWords(text="one, Two bars, blob"), ("one", "two bars", "three"))
    assert read.words == ["one", "two bars"]
    assert [word.typed for word in read.refused] == ["blob"]
