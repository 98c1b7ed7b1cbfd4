"""Fixtures: Node with the static site's JavaScript, a browser, and a whole site."""

from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from game.static_site import assets, runtime
from game.static_site.__main__ import Options, main
from game.static_site.registry import default_registry
from tests.browser.chromium import launch
from tests.game.static_site.node import Call, driving


@pytest.fixture(scope="module")
def chromium() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page, with those of the static site copied over them."""
    folder = tmp_path_factory.mktemp("page") / "pad"
    assets.lay_out_page(folder)
    (folder.parent / "package.json").write_text('{"type": "module"}')
    return folder


@pytest.fixture(scope="session")
def js(page_folder: Path) -> Generator[Call]:
    """Call a function of `drive.js`: `js("bitmaps", drawings)`."""
    with driving(page_folder) as call:
        yield call


@pytest.fixture(scope="session")
def package() -> runtime.Runtime:
    """onnxruntime-web from the registry, or from the cache of an earlier run."""
    return runtime.fetch(default_registry())


@pytest.fixture(scope="session")
def written(package: runtime.Runtime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site two folders below the folder that is served."""
    out = tmp_path_factory.mktemp("host") / "games" / "doodle"
    main(Options(out, registry="unreachable"))  # it needs none any more
    return out
