"""One file over HTTP, going on where an earlier try, or an earlier process, broke off.

What has arrived lies in a part file; beside it, in `<part>.json`, what the server said of the whole
(its ETag or date, size and MD5), so that bytes of two versions are never joined.
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Self

import httpx

from models.command import whole_file

Progress = Callable[[int, int | None], None]
_PASSING = {408, 425, 429}  # client errors that a later try may not meet


class DownloadError(Exception):
    """A file that cannot be had; the message says why, in a few words."""


class UnreachableError(DownloadError):
    """No server answered at all."""


class _Again(Exception):
    """This try failed, the next may not."""


@dataclass(frozen=True)
class Patience:
    """When to give up.

    Attributes:
        tries: how many in a row may bring nothing new.
        wait: seconds before the second try, doubled before each further one.
        timeout: seconds without a byte after which a try counts as stalled.
    """

    tries: int = 5
    wait: float = 1.0
    timeout: float = 30.0


@dataclass(frozen=True)
class Remote:
    """What a server says of a file; None where it does not.

    Attributes:
        validator: strong ETag, else date of change: equal for equal bytes.
        size: bytes of the whole file.
        md5: base64, as Google Cloud Storage writes it in `x-goog-hash`.
    """

    validator: str | None
    size: int | None
    md5: str | None

    @classmethod
    def of(cls, response: httpx.Response) -> Self:
        """Read the headers of a whole answer (status 200)."""
        etag = response.headers.get("etag")
        strong = etag is not None and not etag.startswith("W/")
        validator = etag if strong else response.headers.get("last-modified")
        length = response.headers.get("content-length")
        md5 = re.search(r"md5=([\w+/=]+)", response.headers.get("x-goog-hash", ""))
        return cls(validator, None if length is None else int(length), md5 and md5[1])

    @classmethod
    def of_part(cls, part: Path) -> Self | None:
        """What was said of a part file when it was begun; None when it cannot be gone on with."""
        try:
            remote = cls(**json.loads(_note(part).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return remote if remote.validator and part.exists() else None

    def save(self, part: Path) -> None:
        with whole_file(_note(part), "w") as file:
            json.dump(asdict(self), file)


def download(
    client: httpx.Client,
    url: str,
    part: Path,
    patience: Patience,
    progress: Progress,
    sleep: Callable[[float], object],
) -> None:
    """Bring `url` whole into `part`; its folder exists. An interrupted download is gone on with.

    Args:
        progress: called with the bytes that have arrived and those of the whole, None if unknown;
            what it raises ends the download.
        sleep: waits the given seconds between two tries.

    Raises:
        DownloadError: when the server refuses for good, or after `patience.tries` tries.
        OSError: when `part` cannot be written.
    """
    failures, most = 0, _size(part)
    while True:
        try:
            return _attempt(client, url, part, progress)
        except (_Again, httpx.RequestError) as error:
            failures = 1 if _size(part) > most else failures + 1
            most = max(most, _size(part))
            if failures >= patience.tries:
                raise _failure(error) from error
            sleep(patience.wait * 2 ** (failures - 1))


def discard(part: Path) -> None:
    """Forget a part file, so that the next download begins anew."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _attempt(client: httpx.Client, url: str, part: Path, progress: Progress) -> None:
    remote, headers = Remote.of_part(part), {"Accept-Encoding": "identity"}
    if remote is None or remote.validator is None:
        discard(part)
    elif remote.size != _size(part):  # otherwise a process was stopped with all bytes at hand
        headers |= {"Range": f"bytes={_size(part)}-", "If-Range": remote.validator}
    else:
        return _check_whole(part, remote)
    with client.stream("GET", url, headers=headers) as response:
        _check_answer(response, part)
        if response.status_code == HTTPStatus.PARTIAL_CONTENT and remote is not None:
            _check_range(response, part, remote)
        else:
            discard(part)
            remote = Remote.of(response)
            remote.save(part)
        _append(response, part, remote, progress)
    _check_whole(part, remote)


def _append(response: httpx.Response, part: Path, remote: Remote, progress: Progress) -> None:
    with part.open("ab") as file:
        progress(file.tell(), remote.size)
        for chunk in response.iter_raw():
            file.write(chunk)
            progress(file.tell(), remote.size)
        file.flush()
        os.fsync(file.fileno())


def _check_answer(response: httpx.Response, part: Path) -> None:
    status = response.status_code
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        discard(part)
        raise _Again("the server has fewer bytes than have arrived")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING:
        raise _Again(f"the server answers {status} {response.reason_phrase}")
    if status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        raise DownloadError(f"the server answers {status} {response.reason_phrase}")
    if response.headers.get("content-type", "").startswith("text/html"):
        raise DownloadError("the server sends a web page instead of data")


def _check_range(response: httpx.Response, part: Path, remote: Remote) -> None:
    found = response.headers.get("content-range", "")
    size = r"\d+" if remote.size is None else remote.size
    if not re.fullmatch(rf"bytes {_size(part)}-\d+/({size}|\*)", found):
        discard(part)
        raise _Again(f"the server sends another range than asked for ({found!r})")


def _check_whole(part: Path, remote: Remote) -> None:
    size = _size(part)
    if remote.size is not None and size < remote.size:
        raise _Again(f"the server sends {size} of {remote.size} bytes")
    too_long = remote.size is not None and size > remote.size
    if too_long or (remote.md5 is not None and remote.md5 != _md5(part)):
        discard(part)
        raise _Again("what arrived is not what the server announced")


def _md5(part: Path) -> str:
    with part.open("rb") as file:
        return base64.b64encode(hashlib.file_digest(file, "md5").digest()).decode()


def _failure(error: Exception) -> DownloadError:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return UnreachableError("the server cannot be reached")
    if isinstance(error, httpx.TimeoutException):
        return DownloadError("the server stopped sending")
    return DownloadError(str(error) or type(error).__name__)


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")
