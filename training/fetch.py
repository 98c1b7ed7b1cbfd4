"""Download drawings from Google's public Quick, Draw! bucket.

    python -m training.fetch --words classic --form bitmaps
    python -m training.fetch --words "cat,alarm clock" --form strokes --data-dir data

To resume an interrupted download, run the same command again. A file gets its name only when it is
complete and checked; until then it is in `<data-dir>/.part`.
"""

from dataclasses import dataclass
from pathlib import Path

from models.command import UserError, run
from training.choices import DownloadForm

BUCKET = "https://storage.googleapis.com/quickdraw_dataset"


@dataclass(frozen=True)
class Options:
    """Download drawings from Google's public Quick, Draw! bucket (CC BY 4.0)."""

    words: str = "classic"
    """classic, party, all, or names separated by commas."""
    form: DownloadForm = "bitmaps"
    """28x28 bitmaps, strokes in binary form, the same strokes as ndjson (simplified; one of the two
    is enough), or raw with times."""
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


def main(options: Options) -> None:
    """Download the missing files.

    Raises:
        UserError: for options that make no sense, or for words that could not be downloaded.
    """
    _check_options(options)
    from models import words
    from training.data.download import Patience
    from training.data.fetching import FORMS, explained, fetch_all
    from training.data.quickdraw import available, data_dir

    wanted, folder = words.parse(options.words), data_dir(options.data_dir)
    form = FORMS[options.form]
    there = available(folder, form)
    missing = [word for word in wanted if word not in there]
    patience = Patience(tries=options.tries, timeout=options.timeout)
    failures = fetch_all(missing, folder, form, options.base_url, options.jobs, patience)
    if failures:
        raise UserError(*explained(failures, len(wanted), folder, form))
    print(f"{len(wanted)} words in {folder / form}, {len(wanted) - len(missing)} were there before")


def _check_options(options: Options) -> None:
    if options.jobs < 1 or options.tries < 1 or options.timeout <= 0:
        raise UserError("--jobs, --tries and --timeout must be positive")
    if not options.base_url.startswith(("https://", "http://")):
        raise UserError(
            f"--base-url {options.base_url!r} is no web address",
            "Expected http:// or https://; a folder of drawings goes to --data-dir instead",
        )


if __name__ == "__main__":
    run(Options, main)
