"""One process from its start to its first guess; `benchmarks.classifier` starts such processes.

Each function guesses one blank bitmap, reports that, and then prints the memory of its process in
MiB (Linux). The imports are inside the functions, so that each function imports only what it needs.
"""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLANK: NDArray[np.uint8] = np.zeros((1, 28, 28), np.uint8)


def onnxruntime(shelf: str, name: str) -> None:
    """Guess with a published model."""
    from models.shelf import open_model

    open_model(name, Path(shelf)).probabilities(BLANK)
    _report()


def eager(classes: int, stride: int) -> None:
    """Guess with efficientnet-pytorch and random weights, which need no reading of a checkpoint."""
    import torch

    from benchmarks.tools.eager import guesser, network

    torch.set_num_threads(1)
    guesser(network(classes, stride))(BLANK)
    _report()


def _report() -> None:
    print("guessed", flush=True)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    print(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, flush=True)
