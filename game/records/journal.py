"""The journal: files of results that are not in the database yet, which survive a killed server.

Each file holds the attempts of a round, or a game, with the ids that they get in the records, so
that storing a result twice has no effect. In place of a player's secret key it holds the hash of
it that the records store.
"""

import logging
import os
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from game.records.replays import hashed, player_of
from game.records.storage import AttemptRecord, GameRecord
from models.command import UserError, whole_file

LEAST_FREE = 4 << 20  # bytes of free space; with less, the disk counts as full

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WaitingResult:
    """The attempts of a round, or a finished game, with ids; it is stored as a whole."""

    attempts: tuple[AttemptRecord, ...] = ()
    game: GameRecord | None = None

    def without(self, players: Collection[str]) -> "WaitingResult":
        """What is left without the attempts and the game of players (hashed keys)."""
        attempts = tuple(each for each in self.attempts if player_of(each.key) not in players)
        kept = self.game is not None and player_of(self.game.key) not in players
        return WaitingResult(attempts, self.game if kept else None)


_results: TypeAdapter[WaitingResult] = TypeAdapter(WaitingResult)


class Journal:
    """Results in files.

    Args:
        folders: a result goes into the first of these that it can be written to.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def add(self, result: WaitingResult) -> Path | None:
        """Write a result into a file; return its path, None when no folder can be written to."""
        name = f"{time.time_ns():020}-{os.getpid()}.json"  # sorts rounds before their games
        for folder in self._folders:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(folder / name, result)
            except (OSError, UserError) as error:
                log.warning("a result cannot be written to the journal: %s", type(error).__name__)
            else:
                return folder / name
        return None

    def entries(self) -> Iterator[tuple[Path, WaitingResult]]:
        """The results with their files, oldest first. Damaged files are logged and skipped."""
        paths = (path for folder in self._folders for path in folder.glob("*.json"))
        for path in sorted(paths, key=lambda path: path.name):
            try:
                yield path, _results.validate_json(path.read_bytes())
            except (OSError, ValidationError):
                log.exception("a result in the journal cannot be read")

    def forget(self, players: Collection[str]) -> None:
        """Delete what waits of players (hashed keys).

        Raises:
            UserError: a file that holds results of others too cannot be written again.
        """
        for path, result in self.entries():
            left = result.without(players)
            if left != result:
                rewrite(path, left)

    def has_room(self) -> bool:
        """Whether the disk of the first folder, which is that of the records, is not full."""
        there = next(path for path in self._folders[0].absolute().parents if path.is_dir())
        disk = os.statvfs(there)
        return disk.f_bavail * disk.f_frsize >= LEAST_FREE


def remove(path: Path | None) -> None:
    """Delete the file of a result that is stored now."""
    if path is not None:
        path.unlink(missing_ok=True)


def rewrite(path: Path, left: WaitingResult) -> None:
    """Write the file of a result again with what is left of it; delete it if nothing is."""
    if left == WaitingResult():
        remove(path)
    else:
        _write(path, left)


def _write(path: Path, result: WaitingResult) -> None:
    with whole_file(path) as file:
        file.write(_results.dump_json(_without_keys(result)))


def _without_keys(result: WaitingResult) -> WaitingResult:
    attempts = tuple(replace(each, key=hashed(each.key)) for each in result.attempts)
    game = result.game and replace(result.game, key=hashed(result.game.key))
    return WaitingResult(attempts, game)
