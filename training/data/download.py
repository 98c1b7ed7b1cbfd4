"""Download a file over HTTP, resuming where an earlier attempt or process stopped.

The bytes received so far are kept in a part file. Beside it, `<part>.json` holds the server's ETag
or date, size and MD5 of the whole file, so that bytes of two versions are never joined.
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

ReportBytes = Callable[[int, int | None], None]
_PASSING = {408, 425, 429}  # client errors that may be temporary


class DownloadError(Exception):
    """A file cannot be downloaded; the message gives the reason in a few words."""


class UnreachableError(DownloadError):
    """No connection to a server could be made."""


class _Again(Exception):
    """This attempt failed with an error that may be temporary."""


@dataclass(frozen=True)
class Patience:
    """How often and how long to try.

    Attributes:
        tries: attempts in a row without any new bytes before the download fails.
        wait: seconds before the second attempt, doubled before each further one.
        timeout: seconds without a byte after which an attempt is ended.
    """

    tries: int = 5
    wait: float = 1.0
    timeout: float = 30.0


@dataclass(frozen=True)
class Remote:
    """A server's description of a file; None for what its headers do not contain.

    Attributes:
        validator: strong ETag, or else the date of the last change; the same for the same bytes.
        size: of the whole file, in bytes.
        md5: base64, as Google Cloud Storage writes it in `x-goog-hash`.
    """

    validator: str | None
    size: int | None
    md5: str | None

    @classmethod
    def of(cls, response: httpx.Response) -> Self:
        """Read the headers of a response with the whole file (status 200)."""
        etag = response.headers.get("etag")
        strong = etag is not None and not etag.startswith("W/")
        validator = etag if strong else response.headers.get("last-modified")
        length = response.headers.get("content-length")
        md5 = re.search(r"md5=([\w+/=]+)", response.headers.get("x-goog-hash", ""))
        return cls(validator, None if length is None else int(length), md5 and md5[1])

    @classmethod
    def of_part(cls, part: Path) -> Self | None:
        """The description stored when a part file was begun; None if it cannot be resumed."""
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
    progress: ReportBytes,
    sleep: Callable[[float], object],
) -> None:
    """Download all of `url` to `part`, in an existing folder; resumes an interrupted download.

    Args:
        progress: called with the bytes received and the bytes of the whole file (None if unknown).
            An exception that it raises ends the download.
        sleep: waits the given number of seconds between two attempts.

    Raises:
        DownloadError: if the server refuses permanently, or after `patience.tries` attempts in a
            row without new bytes.
        OSError: if `part` cannot be written.
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
    """Delete a part file, so that the next download starts from the beginning."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _attempt(client: httpx.Client, url: str, part: Path, progress: ReportBytes) -> None:
    remote, headers = Remote.of_part(part), {"Accept-Encoding": "identity"}
    if remote is None or remote.validator is None:
        discard(part)
    elif remote.size != _size(part):  # equal if a process was stopped after the last byte
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


def _append(response: httpx.Response, part: Path, remote: Remote, progress: ReportBytes) -> None:
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
