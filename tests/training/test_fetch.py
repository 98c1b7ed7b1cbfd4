"""`python -m training.fetch` against a local bucket."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.command import UserError
from tests.cli import odd_proxy, refusal
from tests.signals import usual
from tests.training.bucket import Bucket, serve
from tests.training.data.test_quickdraw import HOUSE, SUN, binary, ndjson
from training.data.quickdraw import StrokeForm, available, load_bitmaps, load_strokes
from training.fetch import Options, main

WORDS = ("alarm clock", "cat", "dog")


def npy(rows: np.ndarray, folder: Path) -> bytes:
    np.save(folder / "rows.npy", rows)
    return (folder / "rows.npy").read_bytes()


@pytest.fixture
def bucket(tmp_path: Path) -> Generator[Bucket]:
    """Three words as bitmaps; each bitmap of the n-th word is n + 1 all over."""
    with serve() as bucket:
        for n, word in enumerate(WORDS):
            rows = np.full((40, 784), n + 1, np.uint8)
            bucket.files[f"/full/numpy_bitmap/{word}.npy"] = npy(rows, tmp_path)
        yield bucket


def options(bucket: Bucket, data: Path, **changes: Any) -> Options:
    usual = Options(words=",".join(WORDS), data_dir=data, base_url=bucket.url, tries=1)
    return replace(usual, **changes)


def command(bucket: Bucket, data: Path, *more: str) -> list[str]:
    fixed = ["--data-dir", str(data), "--base-url", bucket.url, "--words", ",".join(WORDS)]
    return [sys.executable, "-m", "training.fetch", *fixed, *more]


def files_of(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_proxy_that_is_none_is_named(
    bucket: Bucket,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    message = odd_proxy(monkeypatch)
    arguments = f"--data-dir {tmp_path / 'data'} --base-url {bucket.url} --words cat"
    assert message in refusal(Options, main, arguments, monkeypatch, capsys)
    assert files_of(tmp_path / "data") == []


def test_bitmaps_of_all_words_arrive(
    bucket: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    data = tmp_path / "data"
    main(options(bucket, data))
    assert files_of(data) == [f"numpy_bitmap/{word}.npy" for word in WORDS]
    assert [int(load_bitmaps(word, data).max()) for word in WORDS] == [1, 2, 3]
    assert "3 words in" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("form", "folder", "file", "content"),
    [
        ("strokes", "binary", "cat.bin", binary(HOUSE, SUN)),
        ("simplified", "simplified", "cat.ndjson", ndjson("cat", HOUSE, SUN)),
        ("raw", "raw", "cat.ndjson", ndjson("cat", HOUSE, SUN)),
    ],
)
def test_strokes_arrive_in_each_form(
    bucket: Bucket, tmp_path: Path, form: str, folder: StrokeForm, file: str, content: bytes
):
    bucket.files[f"/full/{folder}/{file}"] = content
    main(options(bucket, tmp_path / "data", words="cat", form=form))
    drawings = load_strokes("cat", tmp_path / "data", folder)
    assert [drawing.to_lists() for drawing in drawings] == [HOUSE, SUN]


def test_what_is_there_is_not_fetched_again(bucket: Bucket, tmp_path: Path):
    main(options(bucket, tmp_path / "data", words="cat"))
    main(options(bucket, tmp_path / "data"))
    assert len(bucket.ranges["/full/numpy_bitmap/cat.npy"]) == 1
    assert available(tmp_path / "data", "numpy_bitmap") == WORDS


def test_a_missing_word_is_named_and_the_others_arrive(bucket: Bucket, tmp_path: Path):
    del bucket.files["/full/numpy_bitmap/cat.npy"]
    with pytest.raises(UserError, match=r"1 of 3 words .*: cat \(the server answers 404"):
        main(options(bucket, tmp_path / "data"))
    assert available(tmp_path / "data", "numpy_bitmap") == ("alarm clock", "dog")


@pytest.mark.parametrize(
    ("form", "path", "content"),
    [
        ("bitmaps", "numpy_bitmap/cat.npy", b"<html>with the wrong content type</html>"),
        ("bitmaps", "numpy_bitmap/cat.npy", b""),
        ("strokes", "binary/cat.bin", binary(HOUSE, SUN)[:-1]),
        ("simplified", "simplified/cat.ndjson", ndjson("cat", HOUSE, SUN)[:-9]),
        ("simplified", "simplified/cat.ndjson", ndjson("dog", HOUSE, SUN)),
        ("raw", "raw/cat.ndjson", b""),
    ],
    ids=["html", "empty", "half a record", "half a line", "another word", "no lines"],
)
def test_what_is_no_file_of_drawings_never_gets_its_name(
    bucket: Bucket, tmp_path: Path, form: str, path: str, content: bytes
):
    bucket.files[f"/full/{path}"] = content
    with pytest.raises(UserError, match=r"cat \(the server sends something else than drawings"):
        main(options(bucket, tmp_path / "data", words="cat", form=form))
    assert files_of(tmp_path / "data") == []


def test_a_file_with_a_hole_is_refused(bucket: Bucket, tmp_path: Path):
    rows = np.ones((40, 784), np.uint8)
    rows[20:] = 0
    bucket.files["/full/numpy_bitmap/cat.npy"] = npy(rows, tmp_path)
    with pytest.raises(UserError, match="something else than drawings"):
        main(options(bucket, tmp_path / "data", words="cat"))


def test_without_a_network_the_error_names_the_remedy_at_once(tmp_path: Path):
    with serve() as gone:
        pass
    with pytest.raises(UserError) as offline:
        main(options(gone, tmp_path / "data", words="all", jobs=2))
    text = str(offline.value)
    assert "345 of 345 words could not be fetched" in text
    assert "cannot be reached" in text
    assert "Run the same command again" in text
    assert "DOODLE_DATA_DIR" in text


def test_a_folder_that_cannot_be_written_is_said(bucket: Bucket, tmp_path: Path):
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(UserError, match="cannot write"):
        main(options(bucket, tmp_path / "data"))


@pytest.mark.parametrize(
    "wrong", [{"jobs": 0}, {"tries": 0}, {"timeout": 0.0}, {"base_url": "./data"}, {"words": "cta"}]
)
def test_impossible_options_are_refused(bucket: Bucket, tmp_path: Path, wrong: dict[str, Any]):
    with pytest.raises(UserError):
        main(options(bucket, tmp_path / "data", **wrong))
    assert not bucket.ranges


def test_the_command_fails_with_one_line_and_exit_2(bucket: Bucket, tmp_path: Path):
    bucket.faults["/full/numpy_bitmap/dog.npy"] = ["html"]
    done = subprocess.run(
        command(bucket, tmp_path / "data"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert re.fullmatch(
        r"error: 1 of 3 words .* dog \(the server sends a web page.*\n", done.stderr
    )


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_command_goes_on_where_it_was(
    bucket: Bucket, tmp_path: Path, ending: signal.Signals
):
    path, data = "/full/numpy_bitmap/dog.npy", tmp_path / "data"
    bucket.faults[path] = ["stall"]
    half = len(bucket.files[path]) // 2
    part = data / ".part" / "numpy_bitmap" / "dog.npy"
    slow = command(bucket, data, "--timeout", "30")  # longer than any delay of a busy machine
    with subprocess.Popen(
        slow, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=usual
    ) as process:
        while not (part.exists() and part.stat().st_size == half):
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(process.pid, ending)
    assert process.returncode in (-signal.SIGKILL, 130)
    main(options(bucket, data))
    assert bucket.ranges[path] == [None, f"bytes={half}-"]
    # A kill may leave litter in .part, never among the drawings.
    assert files_of(data / "numpy_bitmap") == [f"{word}.npy" for word in WORDS]
