"""`python -m game.static_site`: the files that it writes, and its errors."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from game.static_site import runtime, site
from game.static_site.__main__ import Options, main
from models.command import UserError
from models.shelf import read_card
from tests.cli import odd_proxy, refusal
from tests.game.static_site.registry import giving
from tests.made import WORDS, play_only, publish
from tests.test_repository import SPACE_COLOURS

NOWHERE = "http://127.0.0.1:9"  # nothing listens there
Refuse = Callable[[str], str]


@pytest.fixture
def refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refuse:
    """The error for wrong arguments, before anything is fetched."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return lambda arguments: refusal(Options, main, arguments, monkeypatch, capsys)


def left(folder: Path) -> list[str]:
    """Names of everything in a folder, including hidden files."""
    return sorted(path.name for path in folder.iterdir())


# -- what is written -------------------------------------------------------------------------------


class Links(HTMLParser):
    """The addresses in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def test_a_page_names_only_files_that_are_there(written: Path):
    links = [link for link in Links((written / "index.html").read_text()).found if link[0] != "#"]
    assert len(links) >= 6
    assert [link for link in links if not (written / link).is_file()] == []


def test_a_module_imports_only_files_that_are_there(page_folder: Path, written: Path):
    """In the single files and in the bundles, whose imports are in one line."""
    single = _imports(page_folder, r'^(?:import|export) .*"(.+)";$')
    bundled = _imports(written, r'\bfrom"([^"]+)"')
    assert (len(single) > 100, len(bundled)) == (True, 1)
    missing = [pair for pair in [*single, *bundled] if not (pair[0].parent / pair[1]).is_file()]
    assert [name for _, name in missing] == ["../../../judge/ort.js"]  # which no laid-out page has


def _imports(folder: Path, pattern: str) -> list[tuple[Path, str]]:
    scripts = [path for path in folder.rglob("*.js") if path.name != "ort.js"]
    return [
        (path, name) for path in scripts for name in re.findall(pattern, path.read_text(), re.M)
    ]


def test_the_service_worker_knows_every_file(written: Path):
    worker = (written / "service-worker.js").read_text()
    listed = json.loads(re.findall(r"FILES = (\[.*?\]);", worker, re.S)[0])
    files = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert set(listed) == files - {"service-worker.js", "README.md"} | {"./"}
    assert len(listed) == len(set(listed))


def test_it_is_a_static_space(written: Path):
    _, settings, text = (written / "README.md").read_text("utf-8").split("---\n", 2)
    space = yaml.safe_load(settings)
    assert (space["sdk"], space["app_file"]) == ("static", "index.html")
    assert {space["colorFrom"], space["colorTo"]} <= SPACE_COLOURS
    assert len(space["short_description"]) <= 60
    assert site.for_browsers() in text


def test_the_licences_of_all_it_ships_lie_in_it(written: Path):
    texts = {path.name: path.read_text("utf-8") for path in (written / "licences").iterdir()}
    told = {
        "doodle-race.txt": "Apache License",
        "onnxruntime-web.txt": "Copyright (c) Microsoft Corporation",
        "caveat-brush-OFL.txt": "SIL OPEN FONT LICENSE",
        "nunito-OFL.txt": "SIL OPEN FONT LICENSE",
        "lean-qr-LICENSE.txt": "Permission is hereby granted",
    }
    assert set(texts) == set(told)
    assert [name for name, words in told.items() if words not in texts[name]] == []


def test_the_verdict_is_the_cards(written: Path):
    facts, card = json.loads((written / "site.json").read_text()), read_card(site.for_browsers())
    verdict = {
        "words": [word for word in card.words if word in card.thresholds],
        "thresholds": card.thresholds,
        "temperature": card.temperature,
        "difficulty": card.difficulty,
    }
    assert {name: facts[name] for name in verdict} == verdict
    assert [card.words[column] for column in facts["columns"]] == facts["words"]
    assert facts["files"]["model.onnx"] == (written / "judge" / "model.onnx").stat().st_size


def test_another_model_makes_another_version(
    package: runtime.Runtime, written: Path, tmp_path: Path
):
    shelf, out = tmp_path / "shelf", tmp_path / "site"
    for name, words in (("large", WORDS), ("small", WORDS[:2])):
        publish(shelf, name, words)
    versions: set[str] = set()
    for model in ("small", "large"):
        (out / "stale.js").parent.mkdir(exist_ok=True)
        site.write(out, model, package, shelf)
        assert json.loads((out / "site.json").read_text())["model"] == model
        versions.add(re.findall(r'"(\w{16})"', (out / "service-worker.js").read_text())[0])
        (out / "stale.js").touch()
    site.write(out, "small", package, shelf)
    assert left(out) == left(written)
    assert len(versions) == 2
    assert left(tmp_path) == ["shelf", "site"]


# -- what cannot be --------------------------------------------------------------------------------


def test_a_folder_with_something_else_is_left_alone(refused: Refuse, tmp_path: Path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    assert "holds something else" in refused("home")
    assert left(tmp_path / "home") == ["letter.txt"]
    assert "is a file" in refused("home/letter.txt")


def test_a_model_that_is_not_there(refused: Refuse, tmp_path: Path, package: runtime.Runtime):
    with pytest.raises(UserError, match=r"no model 'none'.*classic-b0"):
        site.write(tmp_path / "site", "none", package)
    with pytest.raises(UserError, match="no model in"):
        site.for_browsers(tmp_path)
    assert left(tmp_path) == []


def test_of_more_words_than_are_played_the_others_columns_are_left_out(
    tmp_path: Path, package: runtime.Runtime
):
    shelf, out = tmp_path / "shelf", tmp_path / "site"
    publish(shelf, "wide")
    thresholds = {WORDS[2]: 0.6, WORDS[1]: 0.7}
    play_only(shelf, "wide", thresholds)
    site.write(out, "wide", package, shelf)
    facts = json.loads((out / "site.json").read_text())
    assert facts["words"] == list(WORDS[1:3])
    assert facts["columns"] == [1, 2]
    assert facts["thresholds"] == thresholds


def test_browsers_get_the_light_model_with_the_most_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    publish(tmp_path, "few", WORDS[:2])
    publish(tmp_path, "more", WORDS)
    assert site.for_browsers(tmp_path) == "more"
    play_only(tmp_path, "more", dict.fromkeys(WORDS[:2], 0.6))
    assert site.for_browsers(tmp_path) == "few"  # of as many words the smaller file
    play_only(tmp_path, "more", dict.fromkeys(WORDS, 0.6))
    monkeypatch.setattr(site, "LIGHT", 0)
    assert site.for_browsers(tmp_path) == "few"  # both are large


@pytest.mark.parametrize(
    ("status", "promised", "said"),
    [(404, None, "404 Not Found"), (200, 9_000, "cannot fetch"), (200, None, "sha512 differs")],
    ids=["missing", "cut", "another"],
)
def test_a_registry_with_faults(
    refused: Refuse, tmp_path: Path, status: int, promised: int | None, said: str
):
    with giving(b"not a package", status, promised) as registry:
        error = refused(f"site --registry {registry}")
    assert said in error
    assert f"{registry}/onnxruntime-web/-/onnxruntime-web-{runtime.VERSION}.tgz" in error
    assert "--runtime" in error
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_registry_that_is_not_there(
    refused: Refuse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", NOWHERE)
    assert f"cannot fetch {NOWHERE}/" in refused("site")
    assert left(tmp_path) == []


def test_an_address_that_is_none(refused: Refuse, tmp_path: Path):
    assert "--url: 'example.org' is not an address" in refused("site --url example.org")
    assert left(tmp_path) == []


def test_a_proxy_that_is_none(refused: Refuse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    message = odd_proxy(monkeypatch)
    assert message in refused("site")
    assert left(tmp_path) == []


def test_a_package_that_is_another(refused: Refuse, tmp_path: Path):
    (tmp_path / "own.tgz").write_bytes(b"not a package")
    assert "npm pack" in refused("site --runtime own.tgz")
    assert "cannot read" in refused("site --runtime none.tgz")


def test_a_kept_package_is_not_asked_for_again(package: runtime.Runtime, tmp_path: Path):
    assert runtime.fetch(NOWHERE) == package
    kept = tmp_path / runtime.FILE
    kept.write_bytes(b"damaged meanwhile")
    with pytest.raises(UserError, match="cannot fetch"):
        runtime.fetch(NOWHERE, tmp_path)
