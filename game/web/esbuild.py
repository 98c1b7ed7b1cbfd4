"""Bundles of scripts and styles, made by esbuild, which `npm ci` installs.

A bundle is committed, so that a server, a Space, a container and the static site need no Node. A
digest of its sources stands beside it: if the sources have changed since, the bundle is stale.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from models.command import UserError, whole_file

ESBUILD = Path("node_modules/.bin/esbuild")
TARGET = "es2022"  # private class members; Safari 15, Firefox 97, Chromium 94
DIGEST = "sources.sha256"


def bundle(entry: Path, out: Path, *options: str) -> None:
    """Write a script or a style sheet together with all that it imports.

    Raises:
        UserError: if esbuild is missing or reports an error.
    """
    if not ESBUILD.is_file():
        raise UserError(f"{ESBUILD} is missing", "Run npm ci in the checkout, then try again")
    command = [str(ESBUILD), str(entry), "--bundle", "--minify", f"--target={TARGET}"]
    command += ["--charset=utf8", "--loader:.svg=dataurl", "--log-level=error", *options]
    done = subprocess.run([*command, f"--outfile={out}"], capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"esbuild refuses {entry.name}: {done.stderr.strip()}", "Correct it")


def digest(root: Path, files: Iterable[Path]) -> str:
    """SHA-256 of files below `root`: of their paths and contents."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path.relative_to(root).as_posix()}\n".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def sign(folder: Path, sources: str) -> None:
    """Write the digest of a bundle's sources into its folder."""
    with whole_file(folder / DIGEST) as file:
        file.write(sources.encode())


def is_fresh(folder: Path, sources: str) -> bool:
    """Whether the folder's bundle was made from sources with this digest."""
    path = folder / DIGEST
    return path.is_file() and path.read_text() == sources


def check(committed: Path, build: Callable[[Path], None], command: str) -> None:
    """Check that a committed bundle is equal to a new one from the present sources.

    Args:
        committed: folder of the bundle.
        build: writes a new one into a folder.
        command: that writes the committed one.

    Raises:
        UserError: if it is stale.
    """
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        for new in Path(folder).iterdir():
            old = committed / new.name
            if not old.is_file() or old.read_bytes() != new.read_bytes():
                raise UserError(f"{committed} is stale", f"Run {command} and commit it")


def run(committed: Path, build: Callable[[Path], None], command: str) -> None:
    """The command that writes a bundle into the checkout; with --check, it checks it (`check`)."""
    try:
        if "--check" in sys.argv[1:]:
            return check(committed, build, command)
        build(committed)
    except UserError as error:
        sys.exit(f"error: {error}")
    print(f"{committed}: {sum(path.stat().st_size for path in committed.iterdir()) / 1e3:.0f} kB")
