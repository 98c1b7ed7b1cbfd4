"""Download drawings from Google's public Quick, Draw! bucket.

    python -m training.fetch --words classic --form bitmaps
    python -m training.fetch --words "cat,alarm clock" --form strokes --data-dir data

To resume an interrupted download, run the same command again. A file gets its name only when it is
complete and checked; until then it is in `<data-dir>/.part`.
"""

import threading
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
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

from models import words
from models.command import UserError, run
from models.proxies import require_usable
from training.data.download import DownloadError, Patience, UnreachableError, discard, download
from training.data.quickdraw import ENVIRONMENT, Form, available, check, data_dir, file_name

BUCKET = "https://storage.googleapis.com/quickdraw_dataset"
PARTS = ".part"
FORMS: dict[str, Form] = {
    "bitmaps": "numpy_bitmap",
    "strokes": "binary",
    "simplified": "simplified",
    "raw": "raw",
}


@dataclass(frozen=True)
class Options:
    """Download drawings from Google's public Quick, Draw! bucket (CC BY 4.0)."""

    words: str = "classic"
    """classic, party, all, or names separated by commas."""
    form: Literal["bitmaps", "strokes", "simplified", "raw"] = "bitmaps"
    """28x28 bitmaps, strokes in binary form, the same strokes as ndjson (simplified), or raw
    with times."""
    data_dir: Path | None = None
    """Folder for the files; default $DOODLE_DATA_DIR, else ./data."""
    base_url: str = BUCKET
    """The bucket, or a mirror of it."""
    jobs: int = 4
    """Number of files to download at a time."""
    tries: int = 5
    """Attempts in a row without new bytes after which a file is given up."""
    timeout: float = 30.0
    """Seconds without a byte after which an attempt fails."""


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


def main(options: Options) -> None:
    """Download the missing files; report those that failed."""
    wanted, folder = words.parse(options.words), data_dir(options.data_dir)
    form = FORMS[options.form]
    _check_options(options)
    there = available(folder, form)
    missing = [word for word in wanted if word not in there]
    failures = _fetch_all(missing, folder, form, options)
    if failures:
        raise UserError(*_explain(failures, len(wanted), folder, form))
    print(f"{len(wanted)} words in {folder / form}, {len(wanted) - len(missing)} were there before")


def _check_options(options: Options) -> None:
    if options.jobs < 1 or options.tries < 1 or options.timeout <= 0:
        raise UserError("--jobs, --tries and --timeout must be positive")
    if not options.base_url.startswith(("https://", "http://")):
        raise UserError(
            f"--base-url {options.base_url!r} is no web address",
            "Expected http:// or https://; a folder of drawings goes to --data-dir instead",
        )


def _fetch_all(missing: list[str], folder: Path, form: Form, options: Options) -> dict[str, str]:
    """Download words in parallel; returns the failed words, each with the reason."""
    require_usable()
    patience, stop = Patience(tries=options.tries, timeout=options.timeout), threading.Event()
    columns = DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    with (
        httpx.Client(timeout=options.timeout, follow_redirects=True) as client,
        Progress(TextColumn("{task.description}"), BarColumn(), *columns) as bars,
        ThreadPoolExecutor(options.jobs) as pool,
    ):
        fetcher = Fetcher(client, options.base_url, folder, form, patience, bars, stop)
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


def _explain(failures: dict[str, str], wanted: int, folder: Path, form: Form) -> tuple[str, str]:
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


if __name__ == "__main__":
    run(Options, main)
