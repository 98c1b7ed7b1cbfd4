"""What finished networks teach another: their mean guess of each training bitmap.

An ensemble's probabilities say more than labels do, and less loudly where a label is wrong
(distillation, Hinton et al. 2015, arXiv 1503.02531).
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from models.command import UserError
from training.dataset import Dataset
from training.inference import logits_of
from training.runs import open_run


def lessons(runs: Sequence[Path], data: Dataset, device: torch.device) -> Tensor:
    """Mean probabilities (N, K) of the runs' networks on the N training bitmaps of the words.

    Raises:
        UserError: when a folder holds no finished run, or one on other words.
    """
    bitmaps = data.parts["train"].bitmaps
    guesses: list[Tensor] = []
    for folder in runs:
        record, network = open_run(folder, device)
        if tuple(record["words"]) != data.words:
            raise UserError(
                f"{folder} was trained on {', '.join(record['words'])}",
                f"expected a teacher of {', '.join(data.words)}",
            )
        guesses.append(logits_of(network, bitmaps, device).softmax(1))
    return torch.stack(guesses).mean(0)
