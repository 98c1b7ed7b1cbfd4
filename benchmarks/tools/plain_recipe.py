"""The reference for training: a plain recipe, as tutorials show it."""

import time
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils import data as torch_data
from torchvision import transforms

from models.raster import SIDE
from training.data.dataset import Bitmaps
from training.transforms.augmentation import Augmentation


def marks(network: nn.Module, bitmaps: Bitmaps, batch: int, head_only: bool) -> list[float]:
    """Train for an epoch; return the time in seconds at which each step ended."""
    device = next(network.parameters()).device
    if head_only:
        for name, parameter in network.named_parameters():
            parameter.requires_grad_(name.startswith("_fc."))
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=1e-3)
    ended: list[float] = []
    for pixels, labels in torch_data.DataLoader(PlainDrawings(bitmaps), batch, shuffle=True):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(network(pixels.to(device)), labels.to(device))
        loss.backward()
        optimiser.step()
        loss.item()  # as a progress bar reads it; on a GPU this waits for the end of the step
        ended.append(time.perf_counter())
    return ended


class PlainDrawings(torch_data.Dataset[tuple[Tensor, int]]):
    """Bitmaps as torchvision's transforms expect them, moved in the same ways as by our trainer."""

    def __init__(self, bitmaps: Bitmaps) -> None:
        how = Augmentation()
        self._bitmaps = bitmaps
        self._transform: Any = transforms.Compose(
            [
                transforms.RandomHorizontalFlip(how.mirror),
                transforms.RandomAffine(
                    how.turn,
                    translate=(how.shift / SIDE, how.shift / SIDE),
                    scale=(1 - how.scale, 1 + how.scale),
                    shear=float(np.degrees(np.arctan(how.shear))),
                    interpolation=transforms.InterpolationMode.BILINEAR,
                ),
                transforms.ToTensor(),
            ]
        )

    def __len__(self) -> int:
        return len(self._bitmaps)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self._bitmaps.pixels[index])
        return self._transform(image), int(self._bitmaps.labels[index])
