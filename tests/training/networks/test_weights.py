"""Weights of others: downloaded once, whole or not at all, and read without unpickling."""

import hashlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import torch

from models.command import UserError
from tests import made
from tests.training.bucket import Bucket, Fault, serve
from training.networks import weights
from training.networks.weights import RECIPES, download, imagenet, read

TENSORS = {"a": torch.arange(1000.0), "b": torch.ones(2, 2)}


class Harmful:
    """An object that runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("harmed"),))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of torch."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "torch" / "hub" / "checkpoints"


@pytest.fixture
def bucket() -> Generator[Bucket]:
    with serve() as bucket:
        yield bucket


@pytest.fixture
def url(bucket: Bucket, tmp_path: Path) -> str:
    """The URL of a checkpoint whose name contains its hash."""
    torch.save(TENSORS, tmp_path / "b0.pth")
    content = (tmp_path / "b0.pth").read_bytes()
    name = f"b0-{hashlib.sha256(content).hexdigest()[:8]}.pth"
    bucket.files[f"/{name}"] = content
    return f"{bucket.url}/{name}"


def requests(bucket: Bucket) -> int:
    return sum(map(len, bucket.ranges.values()))


def test_a_checkpoint_is_downloaded_once(bucket: Bucket, url: str, cache: Path):
    path = download(url)
    assert path.parent == cache
    torch.testing.assert_close(read(path), TENSORS)
    assert download(url) == path
    assert requests(bucket) == 1


def test_the_default_checkpoint_was_learned_tensorflows_way(
    url: str, cache: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(weights, "IMAGENET_URL", url)
    found = imagenet(None, "torchvision")
    torch.testing.assert_close(found.tensors, TENSORS)
    assert found.recipe is RECIPES["tensorflow"]
    [file] = cache.iterdir()
    assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_the_packages_own_checkpoint_is_the_default():
    assert weights.IMAGENET_URL.endswith("/efficientnet-b0-355c32eb.pth")


@pytest.mark.parametrize("fault", ["404", "500", "html", "truncate"])
def test_a_bad_answer_leaves_nothing_and_the_next_try_works(
    bucket: Bucket, url: str, cache: Path, fault: Fault
):
    bucket.faults[url.removeprefix(bucket.url)] = [fault]
    with pytest.raises(UserError, match=r"cannot download http.*or give a checkpoint at hand"):
        download(url)
    assert made.contents(cache) == set()
    torch.testing.assert_close(read(download(url)), TENSORS)


def test_a_file_with_another_hash_than_its_name_is_refused(bucket: Bucket, cache: Path):
    bucket.files["/b0-01234567.pth"] = b"something else"
    with pytest.raises(UserError, match="invalid hash"):
        download(f"{bucket.url}/b0-01234567.pth")
    assert made.contents(cache) == set()


def test_nobody_answers(cache: Path):
    with serve() as gone:
        url = f"{gone.url}/b0-01234567.pth"
    with pytest.raises(UserError, match="cannot download"):
        download(url)


def test_a_cache_that_cannot_be_written_is_reported(url: str, cache: Path):
    cache.parent.parent.write_text("in the way")
    with pytest.raises(UserError, match="cannot download"):
        download(url)


def test_a_file_at_hand_is_taken_with_its_recipe(tmp_path: Path, cache: Path):
    path = tmp_path / "own.pth"
    torch.save(TENSORS, path)
    found = imagenet(path, "tensorflow")
    assert (found.recipe.padding, found.recipe.eps) == ("same", 1e-3)
    assert imagenet(path, "torchvision").recipe.padding == "symmetric"
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not cache.exists()


def test_recipes_know_their_names():
    assert {name: recipe.name for name, recipe in RECIPES.items()} == {
        "torchvision": "torchvision",
        "tensorflow": "tensorflow",
    }


@pytest.mark.parametrize(
    "content", [[1, 2], {"a": 1}, {"a": {"nested": torch.ones(1)}}, torch.ones(1)]
)
def test_what_is_no_state_dict_is_refused(tmp_path: Path, content: object):
    torch.save(content, tmp_path / "odd.pth")
    with pytest.raises(UserError, match=r"odd\.pth is no state dict"):
        read(tmp_path / "odd.pth")


def test_nothing_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"a": Harmful()}, "harmful.pth")
    with pytest.raises(UserError, match=r"cannot read weights harmful\.pth"):
        read(Path("harmful.pth"))
    assert not Path("harmed").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"\x80\x02}q\x00."[:3]])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes):
    (tmp_path / "bad.pth").write_bytes(content)
    with pytest.raises(UserError, match=r"cannot read weights .*bad\.pth"):
        read(tmp_path / "bad.pth")


def test_truncated_and_missing_files_are_refused(tmp_path: Path):
    path = tmp_path / "cut.pth"
    torch.save(TENSORS, path)
    path.write_bytes(path.read_bytes()[:-100])
    for bad in (path, tmp_path / "none.pth", tmp_path):
        with pytest.raises(UserError, match="cannot read weights"):
            read(bad)
