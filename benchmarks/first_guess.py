"""One process from its start to its first guess, for benchmarks.classifier: it starts these.

Each function guesses one blank bitmap, says so, then prints the memory its process holds in MiB
(Linux). It imports only what its own way of guessing needs, so the imports are inside the
functions.
"""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLANK: NDArray[np.uint8] = np.zeros((1, 28, 28), np.uint8)


def onnxruntime(shelf: str, name: str) -> None:
    """By a published model."""
    from models.shelf import open_model

    open_model(name, Path(shelf)).probabilities(BLANK)
    _report()


def eager(classes: int, stride: int) -> None:
    """By efficientnet-pytorch, random weights: to read a checkpoint would take longer still."""
    import torch

    from benchmarks.eager import guesser, network

    torch.set_num_threads(1)
    guesser(network(classes, stride))(BLANK)
    _report()


def _report() -> None:
    print("guessed", flush=True)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    print(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, flush=True)
