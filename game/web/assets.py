"""The bundle of the page: its scripts as one file and its styles as another.

python -m game.web.assets

This writes `pad/bundle/` with esbuild, which `npm ci` installs. The bundle is committed, so that a
server, a Space or a container needs no Node. It is served compressed, under names that contain a
hash of the content, so browsers may keep it for a year.

A digest of the sources is stored beside the bundle. If the sources have changed since, the bundle
is stale, and the server serves the single modules instead; so changes can be tried without a new
bundle. `make check` fails on a stale bundle. `game.static_site.assets` does the same for the static
site.
"""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from game.web import esbuild

FOLDER = Path(__file__).parent / "pad"
BUNDLE = FOLDER / "bundle"
COMMAND = "python -m game.web.assets"
TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FONT = "font/woff2"
KEPT = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file with a hashed name.

    Attributes:
        name: its name with a hash of its content, so that a browser may keep it for ever.
        body: its content. `packed` is the content in gzip; None for fonts, which are compressed.
    """

    name: str
    body: bytes
    type: str

    @cached_property
    def packed(self) -> bytes | None:
        return None if self.type == FONT else gzip.compress(self.body, 9, mtime=0)

    @classmethod
    def of(cls, name: str, body: bytes, type: str) -> "Asset":
        """Make an asset from a file; the name `main.js` becomes `main.0123456789ab.js`."""
        stem, suffix = name.rsplit(".", 1)
        return cls(f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}", body, type)


@dataclass(frozen=True)
class Bundle:
    """All scripts, styles and fonts of the page."""

    script: Asset
    style: Asset
    fonts: tuple[Asset, ...]

    def __iter__(self) -> Iterator[Asset]:
        return iter((self.script, self.style, *self.fonts))


@cache
def bundle() -> Bundle | None:
    """The bundle; None if it is missing or stale."""
    if not esbuild.is_fresh(BUNDLE, digest()):
        return None
    fonts = {
        path.name: Asset.of(path.name, path.read_bytes(), FONT)
        for path in sorted((FOLDER / "fonts").glob("*.woff2"))
    }
    style = (BUNDLE / "style.css").read_text("utf-8")
    for name, font in fonts.items():
        style = style.replace(f"../fonts/{name}", font.name)
    script = (BUNDLE / "main.js").read_bytes()
    return Bundle(
        Asset.of("main.js", script, TYPES["js"]),
        Asset.of("style.css", style.encode(), TYPES["css"]),
        tuple(fonts.values()),
    )


def sources() -> list[Path]:
    """The files from which the bundle is made."""
    return [*FOLDER.glob("js/**/*.js"), *FOLDER.glob("css/*.css")]


def digest() -> str:
    """SHA-256 of the sources."""
    return esbuild.digest(FOLDER, sources())


def build(folder: Path = BUNDLE) -> None:
    """Write the bundle.

    Raises:
        UserError: if esbuild is missing or reports an error.
    """
    folder.mkdir(exist_ok=True)
    esbuild.bundle(FOLDER / "js/main.js", folder / "main.js", "--format=esm")
    esbuild.bundle(FOLDER / "css/index.css", folder / "style.css", "--external:*.woff2")
    esbuild.sign(folder, digest())


if __name__ == "__main__":
    esbuild.run(BUNDLE, build, COMMAND)
