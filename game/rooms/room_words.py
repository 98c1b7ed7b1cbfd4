"""The words of a room's races: the host's choice, and the deck from which they are drawn."""

from collections.abc import Callable, Iterable, Iterator

from game.messages import OwnWords, OwnWordsRead, RoomSettings
from game.services import Services
from game.words.choice import playable, read_own_words, words_for


class RoomWords:
    """Draws a room's words.

    Args:
        players: returns the keys of the players who are asked.

    Attributes:
        settings: the host's choice for the next race.
    """

    def __init__(self, services: Services, players: Callable[[], Iterable[str]]) -> None:
        self.settings = RoomSettings()
        self._services, self._players = services, players
        self._words: tuple[str, ...] = ()
        self._order: Iterator[str] = iter(())

    def configure(self, settings: RoomSettings) -> None:
        """Take over settings, without packs and words that cannot be played here."""
        self.settings = playable(settings, self._services.packs)

    def read(self, message: OwnWords) -> OwnWordsRead:
        """Use a typed list in the next race if enough of its words are known."""
        answer = read_own_words(message, self._services.model.words)
        if answer.used or not message.text.strip():
            update = {"own": tuple(answer.words), "packs": ()}
            self.settings = self.settings.model_copy(update=update)
        return answer

    def order(self) -> Iterator[str]:
        """The words of the next race. A rematch goes on with the deck of the race before."""
        words = words_for(self.settings, self._services.packs)
        if words != self._words:
            self._words = words
            self._order = self._services.deck(self._players, words=words)
        return self._order
