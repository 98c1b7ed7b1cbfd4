"""The files around the page: `index.html`, the manifest, the service worker and README.md.

Their texts are templates in `frame/`, with `$names` for the parts that differ between sites.
"""

import hashlib
import json
import shutil
from pathlib import Path
from string import Template

from game.links.picture import default_picture
from game.links.preview import HOME, PICTURE
from game.static_site import assets
from game.web import TITLE, pad
from game.web.first_paint import HEAD, TABLE_DARK, TABLE_LIGHT, prepare
from game.web.pitch import PITCH
from models.shelf import Card

TEXTS = Path(__file__).parent / "frame"
FIRST = ("index.html", "manifest.webmanifest", "README.md")
WORKER = "service-worker.js"
UNSERVED = ("README.md",)  # files that no browser requests


def fill(folder: Path, card: Card, url: str | None = None) -> None:
    """Write the files around the page into a folder that has all other files of the site.

    The parts of the markup are deleted, because `index.html` contains them. `url` is the address at
    which the site will be served; None if it is unknown.
    """
    page = folder / "pad"
    base = url.rstrip("/") + "/" if url else None
    (folder / PICTURE).write_bytes(default_picture())
    parts = {
        "preview": HOME.tags(base),
        "head": f"{HEAD}\n{prepare()}\n{assets.head(page)}",
        "entry": assets.entry(page),
        "title": TITLE,
        "description": PITCH,
        "light": TABLE_LIGHT,
        "dark": TABLE_DARK,
        "markup": pad.markup(folder=page),
        "model": card.name,
        "words": ", ".join(card.words),
    }
    shutil.rmtree(page / "markup")
    for name in FIRST:
        _write(folder / name, parts)
    _write(folder / WORKER, _listed(folder))


def _write(path: Path, parts: dict[str, str]) -> None:
    text = Template((TEXTS / path.name).read_text("utf-8"))
    path.write_text(text.substitute(parts), "utf-8")


def _listed(folder: Path) -> dict[str, str]:
    """The files that the service worker keeps for playing offline, and their common version."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    served = [path for path in files if path.name not in UNSERVED]
    version = hashlib.sha256()
    for path in served:
        version.update(hashlib.sha256(path.read_bytes()).digest())
    addresses = [path.relative_to(folder).as_posix() for path in served]
    return {"version": version.hexdigest()[:16], "files": json.dumps(["./", *addresses], indent=1)}
