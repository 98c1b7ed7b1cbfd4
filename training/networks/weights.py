"""Pretrained weights: their source, the recipe they were trained with, and their checksum.

The default is efficientnet-pytorch's ImageNet checkpoint, which is downloaded once and checked
against the hash in its name. `--weights FILE` loads another checkpoint; `--recipe` gives the recipe
that it was trained with.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import torch
from efficientnet_pytorch.utils import url_map
from torch import Tensor

from models.command import UserError
from training.choices import RecipeName
from training.networks.architectures import Padding

IMAGENET_URL: str = url_map["efficientnet-b0"]


@dataclass(frozen=True)
class Recipe:
    """The settings of a network that a checkpoint's weights were trained with."""

    name: RecipeName
    padding: Padding
    eps: float


RECIPES: Mapping[RecipeName, Recipe] = {
    "torchvision": Recipe("torchvision", "symmetric", 1e-5),
    "tensorflow": Recipe("tensorflow", "same", 1e-3),
}


@dataclass(frozen=True)
class Weights:
    """A checkpoint in memory.

    Attributes:
        tensors: by their names in the original implementation; empty for a start from random
            weights.
        recipe: that the weights were trained with.
        sha256: hex digest of the file.
    """

    tensors: dict[str, Tensor]
    recipe: Recipe
    sha256: str


def imagenet(file: Path | None, recipe: RecipeName) -> Weights:
    """ImageNet weights of B0 from a file, or downloaded if no file is given.

    Raises:
        UserError: when the file is damaged or the download fails.
    """
    if file is not None:
        return from_file(file, recipe)
    return from_file(download(IMAGENET_URL), "tensorflow")


def from_file(file: Path, recipe: RecipeName) -> Weights:
    """A checkpoint of any network, trained with the given recipe.

    Raises:
        UserError: when the file is missing or damaged.
    """
    return Weights(read(file), RECIPES[recipe], _sha256(file))


def nothing(recipe: Recipe) -> Weights:
    """Weights without tensors for a start from random weights, with the recipe of other starts."""
    return Weights({}, recipe, "")


def download(url: str) -> Path:
    """Download a checkpoint to torch's cache unless it is there; its name contains its hash.

    Raises:
        UserError: if it cannot be downloaded, or its hash does not match its name.
    """
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rpartition("/")[2]
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            prefix = path.stem.rpartition("-")[2]
            torch.hub.download_url_to_file(url, str(path), hash_prefix=prefix)
        except (OSError, RuntimeError, HTTPException) as error:
            raise UserError(
                f"cannot download {url}: {error}",
                "Try again, or give a checkpoint at hand with --weights FILE",
            ) from error
    return path


def read(path: Path) -> dict[str, Tensor]:
    """The tensors of a `.pth` file; nothing else in it is unpickled.

    Raises:
        UserError: when the file is missing, damaged or holds more than tensors.
    """
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many types here, from pickle's errors to RuntimeError
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(
            f"cannot read weights {path}: {reason}", "Expected a .pth of tensors"
        ) from error
    if not isinstance(tensors, dict) or not all(isinstance(v, Tensor) for v in tensors.values()):
        raise UserError(f"{path} is no state dict", "Expected a mapping of names to tensors")
    return {
        name.removeprefix("b0.").removeprefix("body."): tensor for name, tensor in tensors.items()
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
