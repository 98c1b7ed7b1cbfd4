"""The page's bundle: fresh, named by content, compressed, and not used when it is stale."""

import gzip
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from game.web import assets, pad
from game.web.files import PadFiles


def client() -> TestClient:
    app = FastAPI()
    app.mount("/pad", PadFiles(directory=pad.FOLDER))
    return TestClient(app)


def test_the_bundle_is_that_of_the_sources():
    assert assets.bundle() is not None, "run python -m game.web.assets, and commit the bundle"


def test_files_of_the_page_are_compressed_and_kept_for_a_year():
    links = re.findall(r'href="(pad/[^"]+)"', pad.head())
    assert len(links) <= 5
    for link in links:
        answer = client().get(f"/{link}", headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        packed = answer.headers.get("content-encoding") == "gzip"
        assert packed is not link.endswith(".woff2")
    assert f'"{pad.entry()}"' in pad.head()


def test_a_client_without_gzip_gets_the_file_as_it_is():
    bundle = assets.bundle()
    assert bundle is not None
    answer = client().get(f"/pad/{bundle.script.name}", headers={"accept-encoding": "identity"})
    assert answer.content == bundle.script.body
    assert bundle.script.packed is not None
    assert gzip.decompress(bundle.script.packed) == bundle.script.body


def test_other_files_are_asked_about_each_time():
    assert client().get("/pad/js/main.js").headers["cache-control"] == "no-cache"
    assert client().get("/pad/main.000000000000.js").status_code == 404


def test_fonts_are_named_in_the_style_by_their_hashes():
    bundle = assets.bundle()
    assert bundle is not None
    named = set(re.findall(r"[\w.-]+\.woff2", bundle.style.body.decode()))
    assert named == {font.name for font in bundle.fonts}


def test_our_part_of_a_first_visit_is_small():
    bundle = assets.bundle()
    assert bundle is not None
    first = [bundle.script, bundle.style, *(font for font in bundle.fonts if "basic" in font.name)]
    assert sum(len(asset.packed or asset.body) for asset in first) < 130_000


def test_a_stale_bundle_is_not_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "sources.sha256").write_text("0" * 64)
    monkeypatch.setattr(assets, "BUNDLE", tmp_path)
    assets.bundle.cache_clear()
    try:
        assert pad.entry() == "pad/js/main.js"
        assert "pad/css/tokens.css" in pad.head()
    finally:
        monkeypatch.undo()
        assets.bundle.cache_clear()


def test_no_module_asks_where_it_lies():
    """In the bundle it lies elsewhere: addresses are relative to the page."""
    scripts = pad.FOLDER.glob("js/*.js")
    assert [path.name for path in scripts if "import.meta" in path.read_text("utf-8")] == []


def test_texts_are_compressed_and_asked_about_each_time():
    path = "/pad/languages/en.json"
    answer = client().get(path, headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.content == (pad.FOLDER / "languages" / "en.json").read_bytes()
    again = client().get(path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
