"""Shared by all commands: options from a dataclass, clear errors, atomic file writes.

A command's module imports little, so that options are parsed quickly; its `main` imports what the
work needs. Errors are reported in one line.
"""

import errno
import os
import select
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from types import TracebackType
from typing import IO, Any, NoReturn, TypeVar

Options = TypeVar("Options")
PACKAGES = ("models", "training", "game", "benchmarks")
FOLDER = Path(__file__).parents[1]  # of the project, or of installed packages
LONGEST_NAME = 100  # bytes
READER_GONE = 141  # as of a program that SIGPIPE ends, 128 + 13
SCRIPTS = "doodle-race"  # prefix of the console commands' names
EXTRAS = {  # modules installed only by an extra of pyproject.toml
    "train": (
        "efficientnet_pytorch",
        "httpx",
        "matplotlib",
        "onnx",
        "pandas",
        "quickdraw",
        "safetensors",
        "skimage",
        "sklearn",
        "scipy",
        "torch",
        "torchvision",
    ),
    "scale": ("psycopg", "ray", "redis"),
    "timm": ("timm",),
}
DISK_ERRORS = {
    errno.EACCES,
    errno.EBUSY,
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
    """An error that the user can correct.

    Args:
        found: what was found to be wrong, in one line.
        mend: what was expected and what to do next.
    """

    def __init__(self, found: str, mend: str = "") -> None:
        super().__init__(f"{found}. {mend}" if mend else found)


def run(options: type[Options], main: Callable[[Options], None]) -> NoReturn:
    """Parse the command line into `options`, run `main`, and exit.

    The exit code is 0, 2 for a `UserError` or a library that is not installed, 130 for Ctrl-C, or
    141 when the reader of the output has gone, as in `... | head -1`.
    """
    try:
        import tyro

        main(tyro.cli(options, prog=_name()))
        sys.stdout.flush()
    except BrokenPipeError:
        if not _reader_has_gone():
            raise
        sys.exit(READER_GONE)
    except (UserError, ModuleNotFoundError, KeyboardInterrupt) as error:
        report = _report(error)
        if report is None:
            raise
        _leave(*report)
    sys.exit(0)


def _reader_has_gone() -> bool:
    """Whether nobody reads the output any more; what is left of it is then thrown away."""
    polled = select.poll()
    polled.register(sys.stdout, 0)
    if not any(event & (select.POLLERR | select.POLLHUP) for _, event in polled.poll(0)):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def _name() -> str:
    """How the command was called: `python -m MODULE`, or a script's name alone."""
    module = getattr(sys.modules.get("__main__"), "__spec__", None)
    if module is None:
        return Path(sys.argv[0]).name
    return f"python -m {module.name.removesuffix('.__main__')}"


def _report(error: BaseException) -> tuple[str, int] | None:
    """The line that reports an error, and the exit code; None for a bug in the program."""
    match error:
        case UserError():
            return f"error: {' '.join(str(error).split())}", 2
        case KeyboardInterrupt():
            return "\nstopped; run the same command again to go on", 130
        case ModuleNotFoundError(name=str(name)) if name.split(".")[0] not in PACKAGES:
            return f"error: {_missing(name.split('.')[0])}", 2
        case _:
            return None


def install(extra: str = "") -> str:
    """The command that installs the project, quoted as every shell needs it.

    Args:
        extra: an extra of pyproject.toml, whose packages are installed too; "" for none.
    """
    chosen = f"[{extra}]" if extra else ""
    if (FOLDER / "pyproject.toml").is_file():
        return f'pip install -e ".{chosen}" in {FOLDER}'
    return f'pip install "doodle-race{chosen}"'


def _missing(module: str) -> str:
    found = f"{module} is not installed for {sys.executable}"
    for extra, modules in EXTRAS.items():
        if module in modules:
            return f"{found}. Install what this command needs: {install(extra)}"
    return f"{found}. Install the project: {install()}"


def _leave(line: str, code: int) -> NoReturn:
    print(line, file=sys.stderr, flush=True)
    sys.exit(code)


def _is_command() -> bool:
    """Whether this process was started as one of the project's commands."""
    words = sys.orig_argv
    if "-m" in words[:-1]:
        return words[words.index("-m") + 1].split(".")[0] in PACKAGES
    return any(Path(word).name.startswith(SCRIPTS) for word in words[:2])


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Report what ends a command before or after `run`, for example Ctrl-C during imports."""
    report = _report(error)
    if report is None:
        sys.__excepthook__(kind, error, trace)
    else:
        _leave(*report)


if _is_command():
    sys.excepthook = _hook


def is_file_name(name: str) -> bool:
    """Whether files can be named so on every system; not if it leads to another folder."""
    plain = PureWindowsPath(name).name == name and name.strip(".") and name.isprintable()
    return bool(plain) and len(name.encode()) <= LONGEST_NAME


@contextmanager
def whole_file(path: Path, mode: str = "wb") -> Generator[IO[Any]]:
    """Open a file that appears under its name only once it is complete and on disk.

    A link stays, and what it leads to is replaced; a device or a pipe is written to as it is.

    Raises:
        UserError: when the folder cannot be written or the disk is full.
    """
    encoding = None if "b" in mode else "utf-8"
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open(mode, encoding=encoding) as file:
                yield file
        else:
            with _replacing(path.resolve() if path.is_symlink() else path, mode, encoding) as file:
                yield file
    except OSError as error:
        if error.errno not in DISK_ERRORS:  # other errors are the caller's
            raise
        raise UserError(
            f"cannot write {path}: {error.strerror or error}",
            "Free some space or choose another folder",
        ) from error


@contextmanager
def _replacing(path: Path, mode: str, encoding: str | None) -> Generator[IO[Any]]:
    """Open a temporary file beside the path, which takes its place at the end."""
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
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
