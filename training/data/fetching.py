"""Download drawings into a data folder, several files at a time."""

import threading
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from models.command import UserError
from models.proxies import require_usable
from training.choices import DownloadForm
from training.data.download import DownloadError, Patience, UnreachableError, discard, download
from training.data.quickdraw import ENVIRONMENT, Form, check, file_name

PARTS = ".part"
FORMS: dict[DownloadForm, Form] = {
    "bitmaps": "numpy_bitmap",
    "strokes": "binary",
    "simplified": "simplified",
    "raw": "raw",
}


class _Stopped(Exception):
    """Ends this download because another one failed, or because of Ctrl-C."""


@dataclass(frozen=True)
class Fetcher:
    """The state shared by the downloads of one command; `stop` ends all of them."""

    client: httpx.Client
    base_url: str
    folder: Path
    form: Form
    patience: Patience
    bars: Progress
    stop: threading.Event

    def fetch(self, word: str, label: str) -> None:
        """Download and check one word's file; `label` is the text beside its progress bar.

        Raises:
            DownloadError: if it cannot be downloaded, or is not a file of drawings.
            UserError: when the folder cannot be written.
        """
        name = file_name(word, self.form)
        part, target = self.folder / PARTS / name, self.folder / name
        url = f"{self.base_url.rstrip('/')}/full/{quote(name)}"
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._progress(label) as progress:
                download(self.client, url, part, self.patience, progress, self._sleep)
            self._check(word, part)
            part.replace(target)
            discard(part)
        except OSError as error:
            raise UserError(
                f"cannot write {error.filename or part}: {error.strerror or error}",
                "Free some space or choose another --data-dir, then run the same command again",
            ) from error

    def _check(self, word: str, part: Path) -> None:
        try:
            check(word, self.folder / PARTS, self.form)
        except UserError as error:
            discard(part)
            raise DownloadError("the server sends something else than drawings") from error

    @contextmanager
    def _progress(self, label: str) -> Generator[Callable[[int, int | None], None]]:
        """A progress bar for one file, removed at the end."""
        bar = self.bars.add_task(label, total=None)

        def tell(arrived: int, size: int | None) -> None:
            self.bars.update(bar, completed=arrived, total=size)
            if self.stop.is_set():
                raise _Stopped

        try:
            yield tell
        finally:
            self.bars.remove_task(bar)

    def _sleep(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise _Stopped


def fetch_all(
    missing: list[str], folder: Path, form: Form, base_url: str, jobs: int, patience: Patience
) -> dict[str, str]:
    """Download several words in parallel.

    Args:
        missing: the words.
        folder: of drawings.
        form: of the files.
        base_url: the bucket, or a mirror of it.
        jobs: number of files to download at a time.
        patience: with a server that is slow or fails.

    Returns:
        the failed words, each with the reason.

    Raises:
        UserError: when the folder cannot be written.
    """
    require_usable()
    stop = threading.Event()
    columns = DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    with (
        httpx.Client(timeout=patience.timeout, follow_redirects=True) as client,
        Progress(TextColumn("{task.description}"), BarColumn(), *columns) as bars,
        ThreadPoolExecutor(jobs) as pool,
    ):
        fetcher = Fetcher(client, base_url, folder, form, patience, bars, stop)
        futures = {
            pool.submit(fetcher.fetch, word, f"{word} ({number} of {len(missing)})"): word
            for number, word in enumerate(missing, 1)
        }
        try:
            return _reasons(futures, stop)
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def _reasons(futures: dict[Future[None], str], stop: threading.Event) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for future in as_completed(futures):
        try:
            future.result()
        except (CancelledError, _Stopped):
            reasons[futures[future]] = "given up, as nobody answers"
        except DownloadError as error:
            reasons[futures[future]] = str(error)
            if isinstance(error, UnreachableError) and not stop.is_set():
                stop.set()  # the other words would wait for the same unreachable server
                for other in futures:
                    other.cancel()
    return {word: reasons[word] for word in futures.values() if word in reasons}


def explained(failures: dict[str, str], wanted: int, folder: Path, form: Form) -> tuple[str, str]:
    """What failed, and what to do next.

    Args:
        failures: the failed words, at least one, each with the reason.
        wanted: number of words asked for.
        folder: of drawings.
        form: of the files.
    """
    by_reason: dict[str, list[str]] = {}
    for word, reason in failures.items():
        by_reason.setdefault(reason, []).append(word)
    listed = "; ".join(f"{', '.join(names)} ({reason})" for reason, names in by_reason.items())
    return (
        f"{len(failures)} of {wanted} words could not be fetched: {listed}",
        "Run the same command again to go on where it stopped. Without internet, bring the files "
        f"to {folder} by other means, as {file_name(next(iter(failures)), form)}, or point "
        f"--data-dir (or {ENVIRONMENT}) at a folder that has them",
    )
