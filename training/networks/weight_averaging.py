"""A network whose weights are an exponential moving average over the steps of training.

The average is often closer to the centre of a minimum than the last weights (Polyak & Juditsky
1992; as an exponential moving average in Tarvainen & Valpola 2017, arXiv 1703.01780).
"""

import copy
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from training.networks.network import Network


class Average:
    """An exponential moving average of a network, including its BatchNorm statistics.

    Args:
        network: at the start of training; it is copied.
        decay: share of the average that a step keeps, in (0, 1). Early steps keep less, because the
            first weights of a head are of little value.
    """

    def __init__(self, network: Network, decay: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay

    def take(self, network: Network, step: int) -> None:
        """Update the average with the network after step 0, 1, ... of the run."""
        new = 1 - min(self.decay, (1 + step) / (10 + step))
        theirs = network.state_dict()
        for name, own in self.network.state_dict().items():
            if own.is_floating_point():
                own.lerp_(theirs[name], new)
            else:
                own.copy_(theirs[name])  # BatchNorm's count of batches is an integer

    def restart(self, network: Network) -> None:
        """Start the average again from the network's present weights."""
        self.network.load_state_dict(network.state_dict())


def mean(states: Sequence[Mapping[str, Tensor]], shares: Sequence[float]) -> dict[str, Tensor]:
    """The weighted mean of tensors, including BatchNorm statistics; counts come from the last."""
    return {
        name: torch.stack(
            [state[name] * share for state, share in zip(states, shares, strict=True)]
        ).sum(0)
        if last.is_floating_point()
        else last
        for name, last in states[-1].items()
    }
