"""The bundles of the static site: the scripts of its page, and those of its judge's thread.

python -m game.static_site.assets

This writes `bundle/` with esbuild from the scripts of the page and those that replace some of them
here. The styles are those of the game's own bundle. A stale bundle is not used: the site then has
the single files. `make check` fails on it.
"""

import shutil
import tempfile
from pathlib import Path

from game.web import assets, esbuild, pad

HERE = Path(__file__).parent
BUNDLE = HERE / "bundle"
COMMAND = "python -m game.static_site.assets"
SCRIPTS = {"main.js": "js/main.js", "worker.js": "js/local/worker.js"}
PLACE = "js/bundle"  # in the page's folder, as deep as js/local: the judge is found from both
STYLE = "css/style.css"
NOT_SERVED = ("bundle", "*.py", "*.pyi", "*.d.ts", "__pycache__")


def lay_out_page(folder: Path) -> None:
    """Write the files of the page; those that need a server are replaced by ones that do not."""
    shutil.copytree(pad.FOLDER, folder, ignore=shutil.ignore_patterns(*NOT_SERVED))
    shutil.copytree(HERE / "pad", folder, dirs_exist_ok=True)


def bundle_page(page: Path) -> None:
    """Replace the scripts and styles of a page by the bundles, unless these are stale."""
    if assets.bundle() is None or not esbuild.is_fresh(BUNDLE, digest(page)):
        return
    for folder in ("js", "css"):
        shutil.rmtree(page / folder)
    (page / PLACE).mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copyfile(BUNDLE / name, page / PLACE / name)
    (page / STYLE).parent.mkdir()
    shutil.copyfile(assets.BUNDLE / "style.css", page / STYLE)


def entry(page: Path) -> str:
    """Address of the module whose `start` begins the page, relative to the site."""
    return f"pad/{PLACE}/main.js" if (page / PLACE).is_dir() else "pad/js/main.js"


def head(page: Path) -> str:
    """Links to the page's styles, fonts and scripts for `<head>`."""
    if not (page / PLACE).is_dir():
        return pad.head(page)
    return pad.links([f"pad/{STYLE}"], pad.fonts(page), [entry(page)])


def digest(page: Path) -> str:
    """SHA-256 of the scripts of a page that is laid out."""
    return esbuild.digest(page, page.glob("js/**/*.js"))


def build(folder: Path = BUNDLE) -> None:
    """Write the bundles.

    Raises:
        UserError: if esbuild is missing or reports an error.
    """
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "pad"
        lay_out_page(page)
        for name, script in SCRIPTS.items():
            esbuild.bundle(page / script, folder / name, "--format=esm", "--external:*/ort.js")
        esbuild.sign(folder, digest(page))


if __name__ == "__main__":
    esbuild.run(BUNDLE, build, COMMAND)
