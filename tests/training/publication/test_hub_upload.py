"""Upload of a model to a replacement for the Hub: it has the files, or the error is one line."""

import re
from collections.abc import Generator
from pathlib import Path

import pytest
from huggingface_hub import constants

from models.command import UserError
from tests import made
from tests.cli import odd_proxy
from tests.game.spaces.hub import TOKEN, Hub, hash_of, serving
from training.publication.hub_upload import upload

NAME = "ada/classic-b0"


@pytest.fixture(name="hub")
def hub_stand_in(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    with serving() as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield hub


@pytest.fixture(name="folder")
def published_folder(tmp_path: Path) -> Path:
    made.publish(tmp_path, "made")
    return tmp_path / "made"


def test_a_new_repository_gets_all_files(hub: Hub, folder: Path):
    assert upload(folder, NAME) == f"{hub.url}/{NAME}"
    files = hub.models[NAME].files
    assert {"card.json", "model.onnx"} <= set(files)
    for path in folder.iterdir():
        assert files[path.name] == hash_of(path.read_bytes())


def test_a_proxy_that_is_none_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    message = odd_proxy(monkeypatch)
    with pytest.raises(UserError, match=re.escape(message)):
        upload(folder, NAME)


def test_the_same_again_updates_it(hub: Hub, folder: Path):
    upload(folder, NAME)
    (folder / "card.json").write_text("{}")
    upload(folder, NAME)
    assert hub.models[NAME].files["card.json"] == hash_of(b"{}")


def test_another_owner_is_refused(hub: Hub, folder: Path):
    with pytest.raises(UserError, match=r"answered 403.*must be allowed to write"):
        upload(folder, "grace/classic-b0")


def test_without_a_token_nothing_is_asked(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "none"))
    monkeypatch.setattr("training.publication.hub_upload.get_token", lambda: None)
    with pytest.raises(UserError, match="nobody is logged in"):
        upload(folder, NAME)
    assert not hub.asked
