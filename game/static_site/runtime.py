"""The npm package onnxruntime-web, which runs a network in a browser.

The package is downloaded once, verified, and kept in the user's cache folder.
"""

import base64
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
from rich.console import Console
from rich.progress import Progress

from models.command import UserError, whole_file
from models.proxies import require_usable

NAME, VERSION = "onnxruntime-web", "1.30.0"
FILE = f"{NAME}-{VERSION}.tgz"
SHA512 = "q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
TIMEOUT = 30.0  # seconds without data after which a download is given up
MEND = (
    "Run the command again, or choose another registry with --registry. Without any registry: run "
    f"`npm pack {NAME}@{VERSION}` on another machine, and pass the file with --runtime"
)


@dataclass(frozen=True)
class Runtime:
    """The files of the package that a page needs.

    Attributes:
        script: an ES module without further imports.
        wasm: the WebAssembly engine, with SIMD, for one or more threads.
    """

    script: bytes
    wasm: bytes


def cache_folder() -> Path:
    """The folder in which the package is kept: `doodle-race` in XDG_CACHE_HOME or ~/.cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "doodle-race"


def fetch(registry: str, folder: Path | None = None) -> Runtime:
    """Read the package from the cache folder, or download it from a registry.

    Raises:
        UserError: if the registry cannot be reached, or does not have the expected package.
    """
    path = (folder or cache_folder()) / FILE
    if path.is_file() and _genuine(package := path.read_bytes()):
        return _open(package)
    url = f"{registry.rstrip('/')}/{NAME}/-/{FILE}"
    package = _download(url)
    if not _genuine(package):
        raise UserError(f"{url} is not the package of {NAME} {VERSION} (sha512 differs)", MEND)
    with whole_file(path) as file:
        file.write(package)
    return _open(package)


def read(path: Path) -> Runtime:
    """Read the package from a file.

    Raises:
        UserError: if the file cannot be read or is not the expected package.
    """
    try:
        package = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}", "Check --runtime") from error
    if not _genuine(package):
        raise UserError(
            f"{path} is not the package of {NAME} {VERSION} (sha512 differs)",
            f"Get it with `npm pack {NAME}@{VERSION}`",
        )
    return _open(package)


def _genuine(package: bytes) -> bool:
    return base64.b64encode(hashlib.sha512(package).digest()).decode() == SHA512


def _download(url: str) -> bytes:
    require_usable()
    try:
        with httpx2.stream("GET", url, timeout=TIMEOUT, follow_redirects=True) as response:
            response.raise_for_status()
            return b"".join(_with_progress_bar(response))
    except httpx2.HTTPStatusError as error:
        status = f"{error.response.status_code} {error.response.reason_phrase}".strip()
        raise UserError(f"the registry refused {url}: {status}", MEND) from error
    except (httpx2.RequestError, httpx2.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise UserError(f"cannot fetch {url}: {reason}", MEND) from error


def _with_progress_bar(response: httpx2.Response) -> Iterator[bytes]:
    """The parts of a response as they arrive; a terminal shows a progress bar meanwhile."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        size = response.headers.get("content-length")
        task = progress.add_task(f"{NAME} {VERSION}", total=float(size) if size else None)
        for part in response.iter_bytes():
            progress.update(task, advance=len(part))
            yield part


def _open(package: bytes) -> Runtime:
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        script, wasm = (
            _member(archive, f"package/dist/{name}")
            for name in ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
        )
    return Runtime(script, wasm)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None  # the package has been verified
    return file.read()
