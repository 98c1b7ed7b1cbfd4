"""Fixtures: a folder of generated drawings, weights to start from, and a finished run."""

from collections.abc import Generator
from pathlib import Path

import pytest
import torch
from efficientnet_pytorch import EfficientNet
from torch import Tensor

from tests import made
from tests.training import own_folder
from tests.training.comparing import options
from tests.training.random_networks import randomised
from training import compare, train
from training.data import dataset
from training.data.dataset import Dataset
from training.metrics import wins
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights
from training.strategies.settings import Settings


@pytest.fixture(scope="session", autouse=True)
def few_meaningless_drawings() -> Generator[None]:
    """A twentieth of the drawings that must never win: judging all takes most of a publication."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wins, "NONSENSE", 10)
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bitmaps and strokes of the made words."""
    folder = tmp_path_factory.mktemp("drawings")
    made.write_folder(folder)
    return folder


@pytest.fixture(scope="session")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Someone's own drawings of words that Quick, Draw! lacks."""
    folder = tmp_path_factory.mktemp("mine")
    own_folder.write(folder)
    return folder


@pytest.fixture(scope="session")
def data(folder: Path) -> Dataset:
    """The drawings of the folder, with few training bitmaps."""
    return dataset.load(made.WORDS, folder, per_word=16)


@pytest.fixture(scope="session")
def small(folder: Path) -> Dataset:
    """Eight training bitmaps of each word: three steps per epoch with batches of eight."""
    return dataset.load(made.WORDS, folder, per_word=8)


@pytest.fixture(scope="session")
def package() -> EfficientNet:
    """The package's own B0 with random weights with which no layer's output vanishes."""
    torch.manual_seed(7)
    network = EfficientNet.from_name("efficientnet-b0", image_size=28, num_classes=10)
    return randomised(network, 3)


@pytest.fixture(scope="session")
def backbone(package: EfficientNet) -> dict[str, Tensor]:
    """Tensors of a checkpoint with a three-channel stem."""
    return {name: tensor.clone() for name, tensor in package.state_dict().items()}


@pytest.fixture(scope="session")
def start(backbone: dict[str, Tensor]) -> Weights:
    """Weights as read from a checkpoint."""
    return Weights(backbone, RECIPES["torchvision"], "0" * 64)


@pytest.fixture(scope="session")
def weights_file(tmp_path_factory: pytest.TempPathFactory, backbone: dict[str, Tensor]) -> Path:
    """The checkpoint as a file."""
    path = tmp_path_factory.mktemp("weights") / "b0.pth"
    torch.save(backbone, path)
    return path


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, folder: Path, weights_file: Path) -> Path:
    """The folder of a short run from weights in TensorFlow's style.

    The learning rate is low. After four steps at the usual rate, random weights give activations so
    large that the rounding of float32 is close to the difference that publishing allows.
    """
    out = tmp_path_factory.mktemp("runs") / "finished"
    train.main(
        train.Options(
            out,
            strategy="freeze-1",
            words=",".join(made.WORDS),
            data_dir=folder,
            weights=weights_file,
            recipe="tensorflow",
            per_word=16,
            settings=Settings(epochs=1, batch=24, stride=2, lr=2e-4),
        )
    )
    return out


@pytest.fixture(scope="session", name="place")
def folder_of_drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, and a checkpoint with random weights in the format of one of ImageNet."""
    place = tmp_path_factory.mktemp("laboratory")
    made.write_folder(place / "data")
    torch.manual_seed(0)
    backbone = Network(Shape(2)).body.state_dict()
    kept = {name: value for name, value in backbone.items() if not name.startswith("_fc.")}
    torch.save(kept, place / "b0.pth")
    return place


@pytest.fixture(scope="session", name="whole")
def whole_smoke(place: Path) -> Path:
    """The results folder of a finished run of `smoke`."""
    compare.main(options(place, place / "whole"))
    return place / "whole"
