"""The reference: efficientnet-pytorch's own B0, eager, in torch's default layout."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from efficientnet_pytorch import EfficientNet
from numpy.typing import NDArray
from torch import nn

from models.raster import SIDE

Guess = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def network(classes: int, stride: int) -> nn.Module:
    """B0 with random weights, as the package's documentation builds it for 28×28 bitmaps.

    Args:
        classes: outputs of the head.
        stride: of the stem; 2 is the package's own, for 1 the stem is swapped as our networks' is.
    """
    # The package works out paddings from the image's size and a stem of stride 2.
    b0: Any = EfficientNet.from_name(
        "efficientnet-b0", in_channels=1, image_size=SIDE * 2 // stride, num_classes=classes
    )
    if stride == 1:
        b0._conv_stem = nn.Conv2d(1, 32, 3, padding=1, bias=False)
    return b0


def guesser(module: nn.Module) -> Guess:
    """Probabilities (N, K) float32 of bitmaps (N, 28, 28) uint8 by a module in eval mode."""
    module.eval()

    def guess(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        with torch.inference_mode():
            pixels = torch.from_numpy(bitmaps)[:, None].float() / 255
            return module(pixels).softmax(1).numpy()

    return guess
