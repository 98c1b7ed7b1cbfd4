"""The words that a host chose for a room: packs, or a list of the host's own. Pure."""

from collections.abc import Mapping, Sequence

from game.messages import OwnWords, OwnWordsRead, RefusedWord, RoomSettings
from game.words.languages import FIRST, languages
from game.words.own_words import LEAST, parse
from game.words.packs import EVERYTHING, words_of

Packs = Mapping[str, tuple[str, ...]]


def playable(settings: RoomSettings, packs: Packs) -> RoomSettings:
    """The settings without packs that are not offered and without words that are not known.

    Args:
        packs: the offered packs, from `game.words.packs.offered`.
    """
    known = set(packs[EVERYTHING])
    own = tuple(word for word in dict.fromkeys(settings.own) if word in known)
    chosen = tuple(key for key in dict.fromkeys(settings.packs) if key in packs)
    return settings.model_copy(
        update={
            "packs": () if EVERYTHING in chosen else chosen,
            "own": own if len(own) >= LEAST else (),
        }
    )


def words_for(settings: RoomSettings, packs: Packs) -> tuple[str, ...]:
    """The words to ask in a race with these settings."""
    return settings.own or words_of(settings.packs, packs)


def read_own_words(message: OwnWords, playable_words: Sequence[str]) -> OwnWordsRead:
    """The known and the refused words of a host's list."""
    spoken = languages()
    code = message.language if message.language in spoken else FIRST
    found = parse(message.text, playable_words, spoken, code)
    return OwnWordsRead(
        words=list(found.words),
        refused=[RefusedWord(typed=each.typed, nearest=each.nearest) for each in found.refused],
        used=len(found.words) >= LEAST,
    )
