"""doodleNet, the sketch classifier of ml5.js (345 words, 28×28 bitmaps), for comparison.

Our models are measured against it; it is not shipped, and nothing is trained with it. You supply
its checkpoint: a file with `state_dict` (convolutions and dense layers, under their names in Keras)
and `classes` (the words in order, with underscores for spaces).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.command import UserError
from models.raster import SIDE
from training.trainer.runs import Predict

CONVOLUTIONS = ("conv2d", *(f"conv2d_{number}" for number in range(1, 6)))


class DoodleNet(nn.Module):
    """The network: float32 (N, 1, 28, 28), ink 1 on 0, to logits (N, 345)."""

    def __init__(self) -> None:
        super().__init__()
        channels = 1
        for number, name in enumerate(CONVOLUTIONS):
            filters = 16 << number // 2
            self.add_module(name, nn.Conv2d(channels, filters, 3, padding=1))
            channels = filters
        self.dense = nn.Linear(channels * 3 * 3, 512)
        self.dense_1 = nn.Linear(512, 345)

    def forward(self, bitmaps: Tensor) -> Tensor:
        maps = bitmaps
        for number, name in enumerate(CONVOLUTIONS):
            maps = functional.relu(self.get_submodule(name)(maps))
            if number % 2:
                maps = functional.max_pool2d(maps, 2)
        flat = maps.permute(0, 2, 3, 1).flatten(1)  # channels last, as in training
        return self.dense_1(torch.tanh(self.dense(flat)))


def open_doodlenet(path: Path, words: Sequence[str]) -> Predict:
    """doodleNet, reduced to the logits of `words`.

    Raises:
        UserError: if the file is not such a checkpoint, or lacks a word.
    """
    try:
        known: Any = torch.load(path, map_location="cpu", weights_only=True)
        network = DoodleNet()
        network.load_state_dict(known["state_dict"])
        names = [name.replace("_", " ") for name in known["classes"]]
        columns = [names.index(word) for word in words]
    except Exception as error:  # unpickling a wrong file can raise any exception
        raise UserError(
            f"{path} is not a checkpoint of doodleNet: {error}",
            "Expected a file with state_dict and classes that torch.load can open",
        ) from error
    network.eval()

    def predict(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        if not len(bitmaps):
            return np.zeros((0, len(words)), np.float32)
        with torch.inference_mode():
            rows = [
                network(batch.float().reshape(-1, 1, SIDE, SIDE) / 255)[:, columns]
                for batch in torch.from_numpy(bitmaps).split(512)
            ]
        return torch.cat(rows).numpy()

    return predict
