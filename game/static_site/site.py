"""The folder of the site: its content. It is written whole or not at all."""

import json
import shutil
import tempfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from game.records.shipped_ghosts import SHIPPED
from game.static_site import assets
from game.static_site.frame import fill
from game.static_site.runtime import Runtime
from models.command import DISK_ERRORS, UserError
from models.shelf import PUBLISHED, Card, names, open_model, read_card

HERE = Path(__file__).parent
MADE_BY = "python -m game.static_site"
LIGHT = 2_000_000  # bytes of a model's file that is quickly downloaded
# The WebAssembly engine, compressed: many plain hosts send such a file as it is, which would be
# 14 MB. No common ending of compressed files: some hosts tell the browser to unpack those itself.
ENGINE = "ort.bin"


@dataclass(frozen=True)
class Written:
    """The number of files that were written, and their total size in bytes."""

    files: int
    size: int


def for_browsers(shelf: Path = PUBLISHED) -> str:
    """Name of the published model that suits browsers best.

    Of the models that are quickly downloaded it is the one with the most words to ask for, of
    those the smallest; if all are large, it is the smallest.

    Raises:
        UserError: if there is none.
    """
    sizes = {
        name: graph.stat().st_size
        for name in names(shelf)
        if (graph := shelf / name / "model.onnx").is_file()
    }
    if not sizes:
        raise UserError(f"no model in {shelf}", "Publish one with python -m training.publish")
    light = [name for name, size in sizes.items() if size <= LIGHT]
    if not light:
        return min(sizes, key=lambda name: sizes[name])
    return max(light, key=lambda name: (len(read_card(name, shelf).thresholds), -sizes[name]))


def check_target(out: Path) -> None:
    """Check that the site may be written to a path.

    Raises:
        UserError: if there is a file, or a folder with other content.
    """
    if not out.exists() or is_site(out):
        return
    if not out.is_dir():
        raise UserError(f"{out} is a file", "Choose a folder that does not exist yet")
    if any(out.iterdir()):
        raise UserError(
            f"{out} holds something else", "Choose a folder that is empty or does not exist yet"
        )


def is_site(folder: Path) -> bool:
    """Whether this command has written the folder."""
    try:
        facts = json.loads((folder / "site.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(facts, dict) and facts.get("made_by") == MADE_BY


def write(
    out: Path, model: str, runtime: Runtime, shelf: Path = PUBLISHED, url: str | None = None
) -> Written:
    """Write the site with a published model; an earlier site in the folder is replaced.

    Raises:
        UserError: if the model is missing or damaged, or the folder cannot be written.
    """
    open_model(model, shelf)  # checks that the model is complete and matches its card
    check_target(out)
    card = read_card(model, shelf)
    with _whole_folder(out.resolve()) as folder:
        _lay_out(folder, card, shelf / model / "model.onnx", runtime)
        fill(folder, card, url)
        files = [path for path in folder.rglob("*") if path.is_file()]
        return Written(len(files), sum(path.stat().st_size for path in files))


def _lay_out(folder: Path, card: Card, graph: Path, runtime: Runtime) -> None:
    assets.lay_out_page(folder / "pad")
    shutil.copytree(HERE / "icons", folder / "icons")
    shutil.copyfile(SHIPPED, folder / "hands.json")
    judge = folder / "judge"
    judge.mkdir()
    (judge / "ort.js").write_bytes(runtime.script)
    (judge / ENGINE).write_bytes(zlib.compress(runtime.wasm, level=9))
    shutil.copyfile(graph, judge / "model.onnx")
    (folder / "site.json").write_text(json.dumps(_facts(card, judge)), "utf-8")
    _add_licences(folder)
    assets.bundle_page(folder / "pad")


def _add_licences(folder: Path) -> None:
    """Put the licences of all works that the site contains into one folder, named by work."""
    licences = folder / "licences"
    shutil.copytree(HERE / "licences", licences)
    for path in (folder / "pad").rglob("*.txt"):
        shutil.copyfile(path, licences / path.name)
    (licences / "doodle-race.txt").write_text(_own_licence(), "utf-8")


def _own_licence() -> str:
    """The project's licence: from the checkout, else from the installed distribution."""
    checkout = HERE.parents[1] / "LICENSE"
    if checkout.is_file():
        return checkout.read_text("utf-8")
    text = distribution("doodle-race").read_text("licenses/LICENSE")
    assert text, "the distribution does not contain its licence"
    return text


def _facts(card: Card, judge: Path) -> dict[str, Any]:
    """What the page needs to know: words and their columns, the verdict rule, sizes of files."""
    words = [word for word in card.words if word in card.thresholds]
    return {
        "made_by": MADE_BY,
        "model": card.name,
        "words": words,
        "columns": [card.words.index(word) for word in words],
        "temperature": card.temperature,
        "thresholds": card.thresholds,
        "difficulty": card.difficulty,
        "files": {path.name: path.stat().st_size for path in judge.iterdir()},
    }


@contextmanager
def _whole_folder(out: Path) -> Generator[Path]:
    """A new folder, which replaces `out` at the end of the context, and is deleted on an error."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
            folder = Path(beside) / "new"
            folder.mkdir()
            yield folder
            if out.exists():
                out.rename(Path(beside) / "old")
            folder.rename(out)
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        raise UserError(
            f"cannot write {out}: {error.strerror or error}",
            "Free some space or choose another folder",
        ) from error
