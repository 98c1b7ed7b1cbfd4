"""The reference classifier: B0 of efficientnet-pytorch, eager, in torch's default layout."""

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
        classes: number of outputs of the head.
        stride: stride of the stem. 2 is the package's own; for 1 the stem is replaced, as in our
            networks.
    """
    # The package computes paddings from the size of the image, for a stem of stride 2.
    b0: Any = EfficientNet.from_name(
        "efficientnet-b0", in_channels=1, image_size=SIDE * 2 // stride, num_classes=classes
    )
    if stride == 1:
        b0._conv_stem = nn.Conv2d(1, 32, 3, padding=1, bias=False)
    return b0


def guesser(module: nn.Module) -> Guess:
    """A function from bitmaps (N, 28, 28) uint8 to probabilities (N, K) float32.

    `module` must be in evaluation mode.
    """
    module.eval()

    def guess(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        with torch.inference_mode():
            pixels = torch.from_numpy(bitmaps)[:, None].float() / 255
            return module(pixels).softmax(1).numpy()

    return guess
