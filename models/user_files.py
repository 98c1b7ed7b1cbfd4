"""Reads files as editors and tools write them; every reader of users' files goes through here.

Text may begin with a byte order mark, be UTF-8 or UTF-16, have any line ends, and be gzipped under
any name. Arrays may be gzipped too. Anything else is refused with a line that says what was found:
an encoding without a mark, such as Latin-1, could only be guessed, and Python objects in an array
would run code.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any, cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.command import UserError

GZIP = b"\x1f\x8b"
MARKS = (  # that of UTF-32 first, because it begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OTHER_FORMATS = (  # that people confuse with text or arrays
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
    (b"\x93NUMPY", "an array of NumPy"),
    (b"\x89PNG", "a PNG image"),
    (b"%PDF", "a PDF document"),
)
LONGEST_MARK = 8  # bytes
ARRAY = "Expected an array in a .npy file"


def read_text(path: Path, expected: str) -> str:
    """The whole text of a file; line ends are `\\n`.

    Args:
        expected: what the file should be, for errors: "Expected a TOML file".

    Raises:
        UserError: the file cannot be read, or is no text.
    """
    with _opened(path, expected, lambda: "") as text:
        return text.read()


def read_lines(path: Path, expected: str) -> Iterator[str]:
    """The lines of a file, read one by one, as `read_text`; errors tell how far it was read."""
    number = 0
    with _opened(path, expected, lambda: f" after line {number}" if number else "") as text:
        for number, line in enumerate(text, 1):  # noqa: B007, read by the lambda
            yield line


def read_array(path: Path) -> NDArray[Any]:
    """The array of a `.npy` file, in the byte order of this machine.

    Raises:
        UserError: the file cannot be read, is empty or cut off, or holds several arrays or Python
            objects.
    """
    try:
        with _unpacked(path) as file:
            if file.peek(4)[:4] == b"PK\x03\x04":
                raise UserError(f"{path} is an archive of arrays (.npz)", ARRAY)
            content = io.BytesIO(file.read())
        array: NDArray[Any] = np.load(content, allow_pickle=False)
    except (
        OSError,
        ValueError,
        EOFError,
        MemoryError,
        BadZipFile,
        TokenError,
        zlib.error,
    ) as error:
        raise UserError(f"cannot read {path}: {_array_reason(error)}", ARRAY) from error
    return array.astype(array.dtype.newbyteorder("="), copy=False)


@contextmanager
def _opened(path: Path, expected: str, where: Callable[[], str]) -> Generator[IO[str]]:
    """A text file for reading.

    Args:
        where: returns where an error was found, to follow the file's name.
    """
    try:
        with _unpacked(path) as file:
            start = file.peek(LONGEST_MARK)[:LONGEST_MARK]
            _refuse_other_formats(path, start, expected)
            with io.TextIOWrapper(cast(IO[bytes], file), encoding=_encoding(start)) as text:
                yield text
    except UnicodeError as error:
        raise UserError(
            f"cannot read {path}{where()}: it is not UTF-8 text ({error})",
            f"{expected}, saved as UTF-8",
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"cannot read {path}{where()}: {_reason(error)}", expected) from error


@contextmanager
def _unpacked(path: Path) -> "Generator[io.BufferedReader[Any]]":
    """The bytes of a file, decompressed if they are in gzip, whatever the file's name is."""
    with path.open("rb") as file:
        if file.peek(len(GZIP))[: len(GZIP)] != GZIP:
            yield file
            return
        with io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=file))) as plain:
            yield plain


def _encoding(start: bytes) -> str:
    """The encoding that the first bytes of a text tell; UTF-16 also without its mark."""
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    if len(start) >= 2 and (start[0] == 0) != (start[1] == 0):  # ASCII in two bytes
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return "utf-8"


def _refuse_other_formats(path: Path, start: bytes, expected: str) -> None:
    for mark, name in OTHER_FORMATS:
        if start.startswith(mark):
            raise UserError(f"{path} is {name}", expected)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _array_reason(error: Exception) -> str:
    """Why an array cannot be read; NumPy takes anything unknown for pickled objects."""
    if isinstance(error, EOFError):
        return "it is empty or cut off"
    text = _reason(error)
    if text.startswith("Object arrays"):
        return "it holds Python objects"
    return "it is not in NumPy's format" if "allow_pickle" in text or "pickled" in text else text
