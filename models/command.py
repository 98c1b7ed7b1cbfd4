"""What every command of the project shares: options from a dataclass, clear errors, whole files."""

import errno
import os
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

import tyro

Options = TypeVar("Options")
DISK_ERRORS = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EEXIST,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


class UserError(Exception):
    """Something the person at the keyboard can mend.

    Args:
        found: what was found to be wrong, in one line.
        mend: what was expected and what to do next.
    """

    def __init__(self, found: str, mend: str = "") -> None:
        super().__init__(f"{found}. {mend}" if mend else found)


def run(options: type[Options], main: Callable[[Options], None]) -> NoReturn:
    """Parse the command line into `options`, run `main`, exit 0, 2 (user error) or 130 (Ctrl-C)."""
    module = getattr(sys.modules.get("__main__"), "__spec__", None)
    prog = f"python -m {module.name.removesuffix('.__main__')}" if module else None
    try:
        main(tyro.cli(options, prog=prog))
    except UserError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nstopped; run the same command again to go on", file=sys.stderr)
        sys.exit(130)
    sys.exit(0)


@contextmanager
def whole_file(path: Path, mode: str = "wb") -> Generator[IO[Any]]:
    """Open a file that appears under its name only once it is complete and on disk.

    Raises:
        UserError: when the folder cannot be written or the disk is full.
    """
    encoding = None if "b" in mode else "utf-8"
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, mode, encoding=encoding) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if error.errno not in DISK_ERRORS:  # a network failure of the body is not ours to explain
            raise
        raise UserError(
            f"cannot write {path}: {error.strerror or error}",
            "Free some space or choose another folder",
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
