"""The static site's bundles: fresh, used instead of the single files, and left out when stale."""

import re
from pathlib import Path

import pytest

from game.static_site import assets
from game.web import esbuild, pad
from models.command import UserError


@pytest.fixture
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "pad"
    assets.lay_out_page(folder)
    return folder


def test_the_bundles_are_those_of_the_sources(page: Path):
    """If not: run python -m game.static_site.assets, and commit the bundle."""
    assert esbuild.is_fresh(assets.BUNDLE, assets.digest(page))


def test_a_first_visit_asks_for_one_script_and_one_style_sheet(page: Path):
    assets.bundle_page(page)
    named = re.findall(r'href="pad/([^"]+)"', assets.head(page))
    assert [name for name in named if not name.endswith(".woff2")] == [
        assets.STYLE,
        "js/bundle/main.js",
    ]
    assert all((page / name).is_file() for name in named)
    assert assets.entry(page) == "pad/js/bundle/main.js"
    assert not list(page.glob("js/*.js"))


def test_whatever_a_bundle_names_is_there(page: Path):
    assets.bundle_page(page)
    script, worker = ((page / assets.PLACE / name).read_text("utf-8") for name in assets.SCRIPTS)
    assert re.findall(r'new URL\("([^"]+)",import\.meta\.url\)', script) == ["worker.js"]
    assert set(re.findall(r'"(\.\./[^"]+)"', worker)) == {
        "../../../judge/ort.js",
        "../../../judge/",
    }
    fonts = re.findall(r"url\((\.\./fonts/[\w.-]+)\)", (page / assets.STYLE).read_text("utf-8"))
    assert fonts
    assert all((page / "css" / font).is_file() for font in fonts)


def test_a_stale_bundle_is_not_used(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / esbuild.DIGEST).write_text("0" * 64)
    monkeypatch.setattr(assets, "BUNDLE", tmp_path)
    assets.bundle_page(page)
    assert (page / "js" / "main.js").is_file()
    assert assets.entry(page) == "pad/js/main.js"
    assert assets.head(page) == pad.head(page)


def test_a_stale_bundle_is_told(tmp_path: Path):
    def build(folder: Path) -> None:
        (folder / "main.js").write_text("new")

    (tmp_path / "main.js").write_text("old")
    with pytest.raises(UserError, match="is stale"):
        esbuild.check(tmp_path, build, "python -m some.command")
    build(tmp_path)
    esbuild.check(tmp_path, build, "python -m some.command")
