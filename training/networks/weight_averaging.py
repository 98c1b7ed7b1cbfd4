"""A network whose weights are a mean of those of the last steps, which counts the newest most.

The average of the way is often nearer to the middle of a minimum than where the way ends (Polyak &
Juditsky 1992; as an exponential moving average in Tarvainen & Valpola 2017, arXiv 1703.01780).
"""

import copy

from training.networks.network import Network


class Average:
    """An exponential moving average of a network that learns, BatchNorm's statistics included.

    Args:
        network: as it begins; nothing of it is shared.
        decay: share that a step leaves of the average, in (0, 1). Early steps leave less, as the
            first weights of a head are nothing to remember.
    """

    def __init__(self, network: Network, decay: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay

    def take(self, network: Network, step: int) -> None:
        """Take in a network after its step (0, 1, ...) of the run."""
        new = 1 - min(self.decay, (1 + step) / (10 + step))
        theirs = network.state_dict()
        for name, own in self.network.state_dict().items():
            if own.is_floating_point():
                own.lerp_(theirs[name], new)
            else:
                own.copy_(theirs[name])  # BatchNorm counts its batches

    def restart(self, network: Network) -> None:
        """Forget the past of a network that no step led to."""
        self.network.load_state_dict(network.state_dict())
