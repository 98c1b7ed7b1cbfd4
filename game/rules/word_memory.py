"""The words that players were asked lately, so that none comes again within an hour. Pure."""

from collections import OrderedDict
from collections.abc import Iterable

HOUR = 3_600_000.0  # ms


class WordMemory:
    """The words that each player was asked in the last hour.

    Times are in ms of any clock that never runs backwards.
    """

    def __init__(self, keep: float = HOUR) -> None:
        """Remember each word for `keep` ms."""
        self._keep = keep
        self._players: OrderedDict[str, dict[str, float]] = OrderedDict()  # last asked at the end

    def __len__(self) -> int:
        """Number of players remembered."""
        return len(self._players)

    def note(self, players: Iterable[str], word: str, now: float) -> None:
        """Note that these players were asked the word."""
        for player in players:
            asked = self._players.pop(player, {})
            asked[word] = now
            self._players[player] = asked
        self._forget(now)

    def recent(self, players: Iterable[str], now: float) -> dict[str, float]:
        """Words that any of these players was asked within the hour -> time of the last asking."""
        found: dict[str, float] = {}
        for player in players:
            for word, at in self._players.get(player, {}).items():
                if now - at < self._keep:
                    found[word] = max(at, found.get(word, at))
        return found

    def _forget(self, now: float) -> None:
        """Forget players whose last word is older than the hour."""
        while self._players:
            player, asked = next(iter(self._players.items()))
            if now - max(asked.values()) < self._keep:
                return
            del self._players[player]
