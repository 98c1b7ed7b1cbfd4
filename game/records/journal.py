"""Results that the database could not take yet, in files: a server that is killed loses none.

A file is a round's attempts or a game, under the ids that they get in the records, so that one that
is kept twice is kept once. In place of the player's private key it has what the records store.
"""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from game.records.replays import hashed
from game.records.storage import AttemptRecord, GameRecord
from models.command import UserError, whole_file

LEAST_FREE = 4 << 20  # bytes on the disk, below which the records have no room

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """A round's attempts, or a finished game: what is kept at once. All have their ids."""

    attempts: tuple[AttemptRecord, ...] = ()
    game: GameRecord | None = None


_results: TypeAdapter[Result] = TypeAdapter(Result)


class Journal:
    """Results in files of the first of some folders that has room."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def add(self, result: Result) -> Path | None:
        """The file of a result; None when no folder has room."""
        name = f"{time.time_ns():020}-{os.getpid()}.json"  # rounds come before their games
        content = _results.dump_json(_without_keys(result))
        for folder in self._folders:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with whole_file(folder / name) as file:
                    file.write(content)
            except (OSError, UserError) as error:
                log.warning("a result does not go into the journal: %s", type(error).__name__)
            else:
                return folder / name
        return None

    def entries(self) -> Iterator[tuple[Path, Result]]:
        """What waits, in the order in which it ended; a damaged file is left where it is."""
        paths = (path for folder in self._folders for path in folder.glob("*.json"))
        for path in sorted(paths, key=lambda path: path.name):
            try:
                yield path, _results.validate_json(path.read_bytes())
            except (OSError, ValidationError):
                log.exception("a result of the journal cannot be read")

    def has_room(self) -> bool:
        """Whether the disk of the first folder, which is that of the records, has room."""
        there = next(path for path in self._folders[0].absolute().parents if path.is_dir())
        disk = os.statvfs(there)
        return disk.f_bavail * disk.f_frsize >= LEAST_FREE


def remove(path: Path | None) -> None:
    """A result is kept: it waits no more."""
    if path is not None:
        path.unlink(missing_ok=True)


def _without_keys(result: Result) -> Result:
    attempts = tuple(replace(each, key=hashed(each.key)) for each in result.attempts)
    game = result.game and replace(result.game, key=hashed(result.game.key))
    return Result(attempts, game)
