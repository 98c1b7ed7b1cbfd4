"""A folder of made drawings, read once, and weights to start from."""

from pathlib import Path

import pytest
import torch
from efficientnet_pytorch import EfficientNet
from torch import Tensor, nn

from tests import made
from training import dataset
from training.dataset import Dataset
from training.weights import RECIPES, Weights


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bitmaps and strokes of the made words."""
    folder = tmp_path_factory.mktemp("drawings")
    made.write_folder(folder)
    return folder


@pytest.fixture(scope="session")
def data(folder: Path) -> Dataset:
    """What is in the folder, with few training bitmaps."""
    return dataset.load(made.WORDS, folder, per_word=16)


@pytest.fixture(scope="session")
def package() -> EfficientNet:
    """The package's own B0 with lively weights: no layer's answer vanishes."""
    torch.manual_seed(7)
    network = EfficientNet.from_name("efficientnet-b0", image_size=28, num_classes=10)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            module.momentum = 1.0  # the batch below is all they ever see
    with torch.no_grad():
        network.train()(torch.randn(64, 3, 28, 28))
    return network.eval()


@pytest.fixture(scope="session")
def backbone(package: EfficientNet) -> dict[str, Tensor]:
    """Tensors of a checkpoint with a three-channel stem."""
    return {name: tensor.clone() for name, tensor in package.state_dict().items()}


@pytest.fixture(scope="session")
def start(backbone: dict[str, Tensor]) -> Weights:
    """Weights as read from a checkpoint."""
    return Weights(backbone, RECIPES["torchvision"], "0" * 64)
