"""Make a trainable network from an exported graph, whose BatchNorm layers are folded away.

The export multiplies each convolution's filters by its BatchNorm's scale and adds the shift as a
bias. Both cannot be told apart afterwards, and need not be: with the mean and the variance of the
layer's inputs over drawings as its statistics, scale and shift follow from what the layer has to
compute. The network has the graph's outputs again, and BatchNorm normalises batches in training as
it does after a training from the beginning.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from models.command import UserError
from models.raster import SIDE
from training.inference.inference import as_input
from training.networks.network import Network

DRAWINGS = 4096  # at most; more hardly change the statistics
BATCH = 256
Layer = nn.Conv2d | nn.BatchNorm2d | nn.Linear


@torch.no_grad()
def load_graph(network: Network, graph: bytes, pixels: NDArray[np.uint8], seed: int = 0) -> None:
    """Give `network` the weights of the graph that was exported from another one of its shape.

    Args:
        network: is changed and left in eval mode.
        graph: a serialised ONNX graph in floating point.
        pixels: uint8 (N, 28, 28), N >= 2, to measure BatchNorm's statistics on.
        seed: chooses the drawings.

    Raises:
        UserError: if the graph is not of such a network.
    """
    folded = list(_weights(graph))
    layers = _layers(network)
    weighed = [layer for layer in layers if not isinstance(layer, nn.BatchNorm2d)]
    shapes = [tuple(weight.shape) for weight, _ in folded]
    if shapes != [tuple(layer.weight.shape) for layer in weighed]:
        raise UserError(
            f"the graph's {len(shapes)} layers are not those of {network.description}",
            "Expected a graph that training.publish exported in floating point (--form float)",
        )
    biases = dict[nn.Module, Tensor]()
    for layer, (weight, bias) in zip(weighed, folded, strict=True):
        biases[layer] = bias
        layer.weight.copy_(weight)
        if layer.bias is not None:
            layer.bias.copy_(bias)
    norms = [
        (norm, biases[conv])
        for conv, norm in pairwise(layers)
        if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
    ]
    for norm, shift in norms:  # until they are measured below, they add the bias and do no more
        _normalise(norm, torch.zeros_like(shift), torch.ones_like(shift) - norm.eps, shift)
    order = np.random.default_rng(seed).permutation(len(pixels))[:DRAWINGS]
    found = _statistics(network, [norm for norm, _ in norms], pixels[order])
    for (norm, shift), (mean, variance) in zip(norms, found, strict=True):
        _normalise(norm, mean, variance, shift)


def _weights(graph: bytes) -> Iterator[tuple[Tensor, Tensor]]:
    """Weight and bias of each layer that has any, in the order of computation."""
    found = onnx.load_from_string(graph).graph
    stored = {each.name: each for each in found.initializer}
    for node in found.node:
        if node.op_type in ("Conv", "Gemm") and all(name in stored for name in node.input[1:]):
            weight, *biases = (
                torch.from_numpy(numpy_helper.to_array(stored[name]).copy())
                for name in node.input[1:]
            )
            yield weight, biases[0] if biases else torch.zeros(len(weight))


def _layers(network: Network) -> list[Layer]:
    """The layers with weights in the order of computation."""
    order: list[Layer] = []

    def note(layer: nn.Module, *_: object) -> None:
        assert isinstance(layer, Layer)
        order.append(layer)

    layers = [layer for layer in network.modules() if isinstance(layer, Layer)]
    hooks = [layer.register_forward_hook(note) for layer in layers]
    network.eval()(torch.zeros(1, 1, SIDE, SIDE))
    for hook in hooks:
        hook.remove()
    return order


def _normalise(norm: nn.BatchNorm2d, mean: Tensor, variance: Tensor, shift: Tensor) -> None:
    """Set a BatchNorm that adds `shift`, whatever the statistics of its inputs."""
    norm.running_mean, norm.running_var = mean.clone(), variance.clone()
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.copy_(shift + mean)


def _statistics(
    network: Network, norms: Sequence[nn.BatchNorm2d], pixels: NDArray[np.uint8]
) -> list[tuple[Tensor, Tensor]]:
    """Mean and variance (channels,) of the inputs of each layer over all drawings and places."""
    sums = {norm: torch.zeros(3, norm.num_features, dtype=torch.float64) for norm in norms}

    def add(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)
        values = inputs[0].double()
        count = torch.full_like(values[0, :, 0, 0], values.numel() / values.shape[1])
        sums[norm] += torch.stack([count, values.sum((0, 2, 3)), values.square().sum((0, 2, 3))])

    hooks = [norm.register_forward_pre_hook(add) for norm in norms]
    for part in torch.from_numpy(pixels)[:, None].split(BATCH):
        network.features(as_input(part))
    for hook in hooks:
        hook.remove()
    means = [total[1] / total[0] for total in sums.values()]
    return [
        (mean.float(), (total[2] / total[0] - mean.square()).clamp(min=0).float())
        for mean, total in zip(means, sums.values(), strict=True)
    ]
