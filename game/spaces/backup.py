"""Backups of the records in a data-set repository of the Hub, for hosts without a permanent disk.

Backups are on when the environment variables DOODLE_BACKUP_REPO (OWNER/NAME of the data set) and
HF_TOKEN are set. The database itself stays on the local disk. `restore` fetches the backup if there
is no database yet; then a thread uploads a copy from time to time when something has changed. Two
servers may use the same repository for a while, as when a Space is rebuilt: before each commit, a
server merges what the other one has written.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from huggingface_hub import get_token
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from game import meters
from game.records import database
from game.spaces import BACKUP_REPO, snapshot
from game.spaces.depot import Depot, Overtaken
from game.spaces.hub_errors import SETTINGS
from models.command import UserError

TRIES = 3  # to restore at the start, and to commit when another server commits meanwhile

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """Intervals and time limits of the backups, in seconds.

    Attributes:
        tick: between two checks whether a backup is due.
        period: between two backups.
        start: between two tries to restore.
        again: from a failure to the next try; doubled with each further failure.
        longest: upper limit of that.
        last: for the last backup, when the server stops.
    """

    tick: float = 0.5
    period: float = 300.0
    start: float = 2.0
    again: float = 10.0
    longest: float = 1_800.0
    last: float = 8.0

    def after(self, failures: int) -> float:
        """Seconds to the next backup or try, after a number of failures in a row."""
        return min(self.again * 2 ** (failures - 1), self.longest) if failures else self.period


class Backup:
    """The backup of one database in one repository.

    Args:
        file: the SQLite file, which need not exist yet.
        depot: the repository.
    """

    def __init__(self, file: Path, depot: Depot, pace: Pace) -> None:
        self._file, self._depot, self._pace = file, depot, pace
        self._known: str | None = None  # last commit whose content is all in the database
        self._hash: str | None = None  # SHA-256 of the copy that was last sent or restored
        self._version: int | None = None  # version of the database at that time
        self._watch: sqlite3.Connection
        self._stopped = Event()

    def restore(self) -> None:
        """Fetch the backup if there is no database yet.

        When there is no backup, or it cannot be fetched, the game starts with empty records; the
        backup is merged later, once it can be fetched.
        """
        if self._file.exists():
            log.info("%s exists: it is not restored from %s", self._file.name, self._depot.url)
            return
        for failures in range(1, TRIES + 1):
            try:
                return self._restore()
            except snapshot.Damaged as error:
                return self._complain("the records are not restored", error)
            except Exception as error:
                self._complain("the records could not be restored", error)
                if failures < TRIES:
                    time.sleep(self._pace.start)

    @contextmanager
    def running(self, leaving: Callable[[], bool]) -> Generator[None]:
        """Back up the opened database while the context is open.

        A backup is made every `Pace.period` seconds, at once when `leaving` becomes true, and a
        last time when the context ends, which may take `Pace.last` seconds.
        """
        with closing(snapshot.connect(self._file)) as self._watch:
            if self._known is not None:
                self._version = self._current()
            thread = Thread(target=self._run, args=(leaving,), name="backup", daemon=True)
            thread.start()
            try:
                yield
            finally:
                self._stopped.set()
                thread.join(self._pace.last)
                if thread.is_alive():
                    log.error("the last results are not in %s: out of time", self._depot.url)

    def _run(self, leaving: Callable[[], bool]) -> None:
        failures, left = 0, False
        due = time.monotonic() + (0 if self._version is None else self._pace.period)
        while not self._stopped.wait(self._pace.tick):
            if leaving() and not left:
                left, due = True, 0.0
            if time.monotonic() >= due:
                failures = 0 if self._try() else failures + 1
                due = time.monotonic() + self._pace.after(failures)
        end = time.monotonic() + self._pace.last
        while not self._try() and time.monotonic() + 1 < end:
            time.sleep(1)

    def _try(self) -> bool:
        """Send a copy if something has changed; return whether the backup is up to date."""
        try:
            if self._version is None or self._version != self._current():
                self._send()
        except Exception as error:  # no error may end the thread
            self._complain("the records could not be copied", error)
            return False
        return True

    def _send(self) -> None:
        for _ in range(TRIES):
            head = self._depot.head()
            self._take_in(head)
            version = self._current()
            try:
                self._commit(head)
            except Overtaken:
                log.warning("another server has written to %s meanwhile", self._depot.url)
            else:
                self._version = version
                return
        raise UserError(f"others write to {self._depot.url} all the time")

    def _commit(self, head: str) -> None:
        with TemporaryDirectory() as folder:
            copy = Path(folder, snapshot.DATABASE)
            manifest = snapshot.take(self._file, copy)
            self._hash = manifest.sha256  # now, as the commit may succeed and its answer be lost
            self._known = self._depot.put(copy, manifest, head)
        meters.BACKUPS.inc()
        meters.LAST_BACKUP.set_to_current_time()
        log.info("the records are copied", extra={"facts": {"bytes": manifest.size}})

    def _take_in(self, head: str) -> None:
        """Merge a backup that another server, or an earlier run, has written."""
        if head == self._known:
            return
        with TemporaryDirectory() as folder:
            manifest = self._depot.manifest(head, Path(folder))
            if manifest is not None and manifest.sha256 != self._hash:
                rows = snapshot.merge(self._file, self._depot.fetch(head, manifest, Path(folder)))
                log.info("merged the backup of another server", extra={"facts": {"rows": rows}})
        self._known = head

    def _restore(self) -> None:
        head = self._depot.head()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".restore-", dir=self._file.parent) as folder:
            manifest = self._depot.manifest(head, Path(folder))
            if manifest is None:
                log.info("there is no copy of the records in %s yet", self._depot.url)
                return
            copy = self._depot.fetch(head, manifest, Path(folder))
            snapshot.place(copy, self._file)
        self._known, self._hash = head, manifest.sha256
        log.info("the records are restored", extra={"facts": {"taken": manifest.taken}})

    def _current(self) -> int:
        """A number that changes whenever another connection writes to the database."""
        return self._watch.execute("PRAGMA data_version").fetchone()[0]

    def _complain(self, what: str, error: Exception) -> None:
        """Log what went wrong; an unexpected error with its trace."""
        meters.BACKUP_FAILURES.inc()
        if isinstance(error, UserError):
            log.error("%s: %s", what, error)
        else:
            log.error("%s", what, exc_info=error)


def backup(url: str | None, pace: Pace | None = None) -> Backup | None:
    """The backup that the environment variables ask for; None when they ask for none.

    Args:
        url: of the database, as in `open_records`.

    Raises:
        UserError: the settings do not allow a backup.
    """
    name = os.environ.get(BACKUP_REPO)
    if not name:
        return None
    token = get_token()
    if token is None:
        raise UserError(
            f"{BACKUP_REPO} is set, but there is no token",
            f"Create one with write access at {SETTINGS}, and set HF_TOKEN to it",
        )
    return Backup(file_of(url), Depot(name, token), pace or Pace())


def file_of(url: str | None) -> Path:
    """The SQLite file of a database URL as in `open_records`.

    Raises:
        UserError: the URL is not that of a SQLite file.
    """
    text = url or os.environ.get(database.VARIABLE) or database.DEFAULT_URL
    try:
        parts = make_url(text)
    except ArgumentError as error:
        raise UserError(f"cannot use the database: {error}", database.MEND) from error
    file = parts.database or ""
    if parts.get_backend_name() != "sqlite" or file in ("", ":memory:") or file.startswith("file:"):
        raise UserError(
            f"{BACKUP_REPO} is set, but the records are not in a SQLite file",
            "Unset it, and use the backup tools of the database",
        )
    return Path(file)
