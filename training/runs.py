"""A finished run of `training.train`, opened again: its record, its network, its predictions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.command import UserError
from training.fit import Settings, as_input
from training.network import Network, Shape
from training.weights import RECIPES, read

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]  # logits (N, K) of (N, 28, 28)


def open_run(folder: Path, device: torch.device) -> tuple[dict[str, Any], Network]:
    """The record and the network of a finished run.

    Raises:
        UserError: when the folder holds no finished run.
    """
    try:
        record = json.loads((folder / "run.json").read_text("utf-8"))
        settings, recipe = Settings(**record["settings"]), RECIPES[record["recipe"]]
        shape = Shape(len(record["words"]), settings.stride, recipe.padding, recipe.eps)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{folder} holds no finished run ({error!r})", "Train one with python -m training.train"
        ) from error
    network, file = Network(shape), folder / "network.pt"
    try:
        network.b0.load_state_dict(read(file))
    except RuntimeError as error:
        raise UserError(f"{file} is not the network of its run.json", "Train it anew") from error
    return record, network.eval().on(device)


def predictor(network: Network, device: torch.device) -> Predict:
    """Logits (N, K) of uint8 bitmaps (N, 28, 28), in batches, with progress."""

    def predict(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        pixels = torch.from_numpy(bitmaps)[:, None]
        with torch.inference_mode():
            parts = [network(as_input(batch.to(device))).cpu() for batch in pixels.split(256)]
        return torch.cat(parts).numpy()

    return predict
