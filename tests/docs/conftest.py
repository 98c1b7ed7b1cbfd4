"""Fixtures: a clone of the repository, and a bucket of drawings."""

import subprocess
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from models.raster import rasterise_batch
from models.words import ALL, CLASSIC
from tests import made
from tests.docs.pages import ROOT
from tests.docs.prepared import ndjson
from tests.training.bucket import serve

EACH = 60  # bitmaps of each classic word in the bucket


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the present content of the tracked files."""
    folder = tmp_path_factory.mktemp("clones") / "doodle-race"
    calm = ["-c", "advice.detachedHead=false"]
    git = ["git", *calm, "clone", "--quiet", "--shared", str(ROOT), str(folder)]
    subprocess.run(git, check=True)
    changed = ["git", "diff", "--name-only", "--diff-filter=d", "HEAD"]
    names = subprocess.run(changed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.split("\n")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a server with bitmaps of the classic words, and strokes of all words."""
    path = tmp_path_factory.mktemp("bucket") / "rows.npy"
    np.save(path, rasterise_batch(made.drawings("circle", EACH)).reshape(EACH, -1))
    with serve() as server:
        for word in CLASSIC:
            server.files[f"/full/numpy_bitmap/{word}.npy"] = path.read_bytes()
        for word in ALL:
            server.files[f"/full/simplified/{word}.ndjson"] = ndjson(word)
        yield server.url
