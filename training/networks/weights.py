"""Foreign weights: where they come from, how they were learned, that they are what they say.

The default is efficientnet-pytorch's own ImageNet checkpoint, downloaded once and checked by the
hash in its name. `--weights FILE` takes any other, with `--recipe` to say how it was learned.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Literal

import torch
from efficientnet_pytorch.utils import url_map
from torch import Tensor

from models.command import UserError
from training.networks.architectures import Padding

IMAGENET_URL: str = url_map["efficientnet-b0"]

RecipeName = Literal["torchvision", "tensorflow"]


@dataclass(frozen=True)
class Recipe:
    """What a checkpoint's weights expect of the network around them."""

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
        tensors: by the names of the network's publisher; none for a start from random weights.
        recipe: how they were learned.
        sha256: of the file, hex.
    """

    tensors: dict[str, Tensor]
    recipe: Recipe
    sha256: str


def imagenet(file: Path | None, recipe: RecipeName) -> Weights:
    """ImageNet weights of B0 from a file, or downloaded when there is none.

    Raises:
        UserError: when the file is damaged or the download fails.
    """
    if file is not None:
        return from_file(file, recipe)
    return from_file(download(IMAGENET_URL), "tensorflow")


def from_file(file: Path, recipe: RecipeName) -> Weights:
    """A checkpoint of any network, learned as `recipe` says.

    Raises:
        UserError: when the file is missing or damaged.
    """
    return Weights(read(file), RECIPES[recipe], _sha256(file))


def nothing(recipe: Recipe) -> Weights:
    """What a start from random weights begins with: no tensor, but the recipe of its rivals."""
    return Weights({}, recipe, "")


def download(url: str) -> Path:
    """Fetch a checkpoint into torch's cache unless it is there; its name holds its hash.

    Raises:
        UserError: when it cannot be fetched, or is not the file its name says.
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
    """Tensors of a `.pth` file, without unpickling anything else.

    Raises:
        UserError: when the file is missing, damaged or holds more than tensors.
    """
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises anything from pickle's errors to RuntimeError here
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
