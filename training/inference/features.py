"""A cache of the features that frozen backbones compute for bitmaps.

Runs that train only a head share the features: every learning rate and every seed of an arm begins
with the same backbone, and all seeds choose among the same drawings.
"""

import hashlib
import time
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.inference.inference import as_input, mixed_precision
from training.networks.network import Network

BATCH = 128  # fixed batch size: a bitmap's features must not depend on the batch
BACKBONES = 8  # backbones in the cache; random ones differ between seeds


@dataclass
class Known:
    """The features of one backbone by bitmap, their seconds, and probe results by data hash."""

    places: dict[bytes, int] = field(default_factory=dict[bytes, int])
    rows: list[Tensor] = field(default_factory=list[Tensor])
    seconds: float = 0.0
    probes: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])

    def of(self, network: Network, pixels: NDArray[np.uint8]) -> tuple[Tensor, float]:
        """Features (N, D) float32 of bitmaps uint8 (N, 28, 28), N > 0, in eval mode.

        Returns:
            The features, and the seconds that a run without a shared cache would need to compute
            them; repeated bitmaps count once.
        """
        names = [bitmap.tobytes() for bitmap in pixels]
        first = dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))
        new = sorted(place for name, place in first.items() if name not in self.places)
        before = time.monotonic()
        for start in range(0, len(new), BATCH):
            chosen = new[start : start + BATCH]
            self.rows.append(_compute(network, pixels[chosen]))
            self.places |= {names[i]: len(self.places) + k for k, i in enumerate(chosen)}
        if len(self.rows) > 1:
            self.rows = [torch.cat(self.rows)]
        self.seconds += time.monotonic() - before
        places = torch.tensor([self.places[name] for name in names], device=self.rows[0].device)
        return self.rows[0][places], self.seconds / len(self.places) * len(first)


class Features:
    """The cached features of several backbones."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def of(self, network: Network) -> Known:
        """The cached features of a network's backbone with its present weights; ignores the head.

        The least recently used backbones are dropped.
        """
        identity = _identity(network)
        self._known[identity] = self._known.pop(identity, None) or Known()
        for old in list(self._known)[:-BACKBONES]:
            del self._known[old]
        return self._known[identity]


def _compute(network: Network, pixels: NDArray[np.uint8]) -> Tensor:
    device = next(network.parameters()).device
    padded = np.zeros((BATCH, *pixels.shape[1:]), np.uint8)
    padded[: len(pixels)] = pixels
    with torch.no_grad(), mixed_precision(device):
        found = network.eval().features(as_input(torch.from_numpy(padded)[:, None].to(device)))
    return found[: len(pixels)].float()


def _identity(network: Network) -> str:
    """Digest of everything that the features depend on."""
    digest, head = hashlib.sha256(repr(network.shape).encode()), network.architecture.head
    for name, tensor in network.body.state_dict().items():
        if not name.startswith(f"{head}."):
            digest.update(tensor.contiguous().cpu().numpy().tobytes())
    return digest.hexdigest()
