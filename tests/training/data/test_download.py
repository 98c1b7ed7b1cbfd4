"""Downloads of a file from a server with faults: the file is complete and right, or not there."""

from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.training.bucket import Bucket, Fault, serve
from training.data.download import DownloadError, Patience, UnreachableError, download

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def bucket() -> Generator[Bucket]:
    with serve() as bucket:
        bucket.files["/file"] = CONTENT
        yield bucket


def bring(bucket: Bucket, part: Path, tries: int = 3, timeout: float = 10.0) -> list[float]:
    """Download `/file`; return the seconds waited between tries."""
    waits: list[float] = []
    url, patience = f"{bucket.url}/file", Patience(tries)
    with httpx.Client(timeout=timeout) as client:
        download(client, url, part, patience, lambda *_: None, waits.append)
    return waits


def test_a_file_arrives_whole(bucket: Bucket, tmp_path: Path):
    assert bring(bucket, tmp_path / "part") == []
    assert (tmp_path / "part").read_bytes() == CONTENT


def test_progress_tells_the_bytes_at_hand_and_the_whole(bucket: Bucket, tmp_path: Path):
    bucket.faults["/file"] = ["truncate"]
    told: list[tuple[int, int | None]] = []
    with httpx.Client() as client:
        url, part = f"{bucket.url}/file", tmp_path / "part"
        download(client, url, part, Patience(), lambda *at: told.append(at), lambda _: None)
    assert {size for _, size in told} == {len(CONTENT)}
    arrived = [at for at, _ in told]
    assert arrived == sorted(arrived)
    assert arrived[-1] == len(CONTENT)


@pytest.mark.parametrize("fault", ["truncate", "stall"])
def test_a_broken_answer_is_gone_on_with_where_it_broke(
    bucket: Bucket, tmp_path: Path, fault: Fault
):
    bucket.faults["/file"] = [fault, fault]
    bring(bucket, tmp_path / "part", timeout=0.3)
    assert (tmp_path / "part").read_bytes() == CONTENT
    half, quarter = len(CONTENT) // 2, len(CONTENT) // 4
    assert bucket.ranges["/file"] == [None, f"bytes={half}-", f"bytes={half + quarter}-"]


@pytest.mark.parametrize(
    ("faults", "waits"),
    [
        (["500"], [1.0]),
        (["500", "500"], [1.0, 2.0]),
        (["wrong md5"], [1.0]),
        (["short"], [1.0]),
        (["long"], [1.0, 2.0]),
        (["500", "truncate", "500"], [1.0, 1.0, 2.0]),
    ],
)
def test_a_server_that_recovers_is_tried_again(
    bucket: Bucket, tmp_path: Path, faults: list[Fault], waits: list[float]
):
    bucket.faults["/file"] = list(faults)
    assert bring(bucket, tmp_path / "part") == waits
    assert (tmp_path / "part").read_bytes() == CONTENT


@pytest.mark.parametrize("fault", ["no range", "wrong range"])
def test_a_server_that_cannot_resume_sends_it_all_again(
    bucket: Bucket, tmp_path: Path, fault: Fault
):
    bucket.faults["/file"] = ["truncate", fault]
    bring(bucket, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT


def test_two_versions_of_a_file_are_never_joined(bucket: Bucket, tmp_path: Path):
    bucket.faults["/file"] = ["truncate"]
    with pytest.raises(DownloadError):
        bring(bucket, tmp_path / "part", tries=1)
    assert 0 < (tmp_path / "part").stat().st_size < len(CONTENT)
    bucket.files["/file"] = changed = CONTENT[::-1]
    bring(bucket, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == changed


def test_a_part_without_a_note_of_its_version_is_begun_again(bucket: Bucket, tmp_path: Path):
    (tmp_path / "part").write_bytes(b"from somewhere")
    bring(bucket, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT
    assert bucket.ranges["/file"] == [None]


def test_a_part_longer_than_the_file_is_begun_again(bucket: Bucket, tmp_path: Path):
    bring(bucket, tmp_path / "part")
    with (tmp_path / "part").open("ab") as file:
        file.write(b"more")
    bring(bucket, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT


def test_a_part_that_is_whole_is_not_asked_for_again(bucket: Bucket, tmp_path: Path):
    bring(bucket, tmp_path / "part")
    bring(bucket, tmp_path / "part")
    assert len(bucket.ranges["/file"]) == 1


@pytest.mark.parametrize(("fault", "reason"), [("404", "404 Not Found"), ("html", "web page")])
def test_a_refusal_is_final(bucket: Bucket, tmp_path: Path, fault: Fault, reason: str):
    bucket.faults["/file"] = [fault]
    with pytest.raises(DownloadError, match=reason):
        bring(bucket, tmp_path / "part")
    assert len(bucket.ranges["/file"]) == 1
    assert not (tmp_path / "part").exists()


@pytest.mark.parametrize(
    ("fault", "reason"), [("500", "500 Internal"), ("stall", "stopped sending")]
)
def test_tries_that_bring_nothing_end(bucket: Bucket, tmp_path: Path, fault: Fault, reason: str):
    bucket.files["/file"] = b"1234"
    bucket.faults["/file"] = [fault] * 50
    with pytest.raises(DownloadError, match=reason):
        bring(bucket, tmp_path / "part", tries=2, timeout=0.3)
    assert len(bucket.ranges["/file"]) < 50


def test_a_server_that_only_ever_starts_over_is_given_up(bucket: Bucket, tmp_path: Path):
    bucket.faults["/file"] = ["wrong md5"] * 50
    with pytest.raises(DownloadError, match="not what the server announced"):
        bring(bucket, tmp_path / "part", tries=3)
    assert len(bucket.ranges["/file"]) == 3


def test_an_unreachable_server_is_reported_as_such(tmp_path: Path):
    with serve() as gone:
        pass
    with pytest.raises(UnreachableError, match="cannot be reached"):
        bring(gone, tmp_path / "part", tries=2)
