"""A network for 28×28 drawings: one-channel stem, N-way head, parameter groups by depth.

EfficientNet-B0 unless its shape says otherwise, under its publisher's parameter names, so that
published weights load unchanged. `training.networks.architectures` has what differs from network
to network.
"""

from collections.abc import Mapping
from typing import Any, Literal, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.command import UserError
from models.raster import SIDE
from training.networks.architectures import ARCHITECTURES, Shape
from training.networks.depthwise import with_small_map_gradients

StemWeights = Literal["summed", "random", "repeated"]

BLOCKS = 16  # of B0; other networks have more or fewer
GROUPS = ("stem", *(f"block{i}" for i in range(BLOCKS)), "top", "head")


class Network(nn.Module):
    """A body that makes features of bitmaps, and a linear head.

    Input: float32 (N, 1, 28, 28), ink 1 on 0. Output: float32 logits (N, classes).
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.architecture = ARCHITECTURES[shape.network]
        self.body: Any = self.architecture.make(shape)
        with_small_map_gradients(self.body)
        self.dropout = nn.Dropout(shape.dropout)
        stem = self.body.get_parameter(self.architecture.stem)
        nn.init.kaiming_normal_(stem, mode="fan_out")
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = shape.eps
                module.momentum = shape.momentum
        more = stem.numel() * (shape.channels - 1) // shape.channels
        expected = self.architecture.parameters + more + (self.features_out + 1) * shape.width
        found = sum(parameter.numel() for parameter in self.parameters())
        if found != expected:
            raise AssertionError(f"{found} parameters are not {self.architecture.title}'s")

    @property
    def features_out(self) -> int:
        """How many features the head gets."""
        return self.architecture.features

    @property
    def description(self) -> str:
        """What it is, in a few words."""
        channels = {1: "one-channel", 3: "three-channel"}[self.shape.channels]
        stem = f", {channels} stem of stride {self.shape.stride}"
        side = f", input {self.shape.side}×{self.shape.side}" if self.shape.side != SIDE else ""
        return self.architecture.title + (stem if self.architecture.strided else "") + side

    @property
    def linear(self) -> nn.Linear:
        """The head's only layer."""
        return self.body.get_submodule(self.architecture.head)

    def on(self, device: torch.device) -> Self:
        """Move to a device, channels last, which trains 2.6 times faster on a CPU with AVX-512.

        `Tensor.contiguous` will not do: it leaves 1×1 and depthwise filters, which are contiguous
        either way, with strides that send the convolutions down the slow path.
        """
        return self.to(device).to(memory_format=torch.channels_last)

    def features(self, bitmaps: Tensor) -> Tensor:
        """Pooled features (N, D), before dropout and head."""
        seen = (self._enlarged(bitmaps) - self.architecture.mean) / self.architecture.deviation
        if self.shape.channels > 1:
            seen = seen.repeat(1, self.shape.channels, 1, 1)
        return self.architecture.maps(self.body, seen).mean((2, 3))

    def _enlarged(self, bitmaps: Tensor) -> Tensor:
        """The bitmaps at the side that the body sees, on the device they are on."""
        side = self.shape.side
        if side == bitmaps.shape[-1]:
            return bitmaps
        return functional.interpolate(bitmaps, (side, side), mode="bilinear", antialias=False)

    def outputs(self, features: Tensor) -> Tensor:
        """Everything the head answers (N, outputs) to features (N, D): the words come first."""
        return self.linear(self.dropout(features))

    def head(self, features: Tensor) -> Tensor:
        """Logits (N, classes) of features (N, D)."""
        answers = self.outputs(features)
        return answers if self.shape.outputs is None else answers[:, : self.shape.classes]

    def forward(self, bitmaps: Tensor) -> Tensor:
        return self.head(self.features(bitmaps))

    def groups(self) -> dict[str, nn.ModuleList]:
        """Modules by depth, from stem to head; together all parameters, each once."""
        stem, blocks, top = self.architecture.groups(self.body)
        return {
            "stem": nn.ModuleList(stem),
            **{f"block{i}": nn.ModuleList([block]) for i, block in enumerate(blocks)},
            "top": nn.ModuleList(top),
            "head": nn.ModuleList([self.linear]),
        }


def load_backbone(
    network: Network, weights: Mapping[str, Tensor], stem: StemWeights = "summed"
) -> None:
    """Copy a checkpoint's backbone into `network`; a head among the tensors is left out.

    Filters of a stem with three channels become one channel's by summing over colours, which is
    what they would answer to a gray photo; with `stem="random"` they stay as initialised, and with
    "repeated" three channels stay three, each of which sees the same gray.

    Raises:
        UserError: when a tensor is missing, unknown or of another shape.
    """
    head, title = f"{network.architecture.head}.", network.architecture.title
    backbone = {k: v for k, v in weights.items() if not k.startswith(head)}
    own = {k: v for k, v in network.body.state_dict().items() if not k.startswith(head)}
    if backbone.keys() != own.keys():
        odd = sorted(backbone.keys() ^ own.keys())[:3]
        raise UserError(
            f"these are not {title}'s weights ({len(backbone)} tensors, odd: {odd})",
            f"expected its {len(own)} backbone tensors under the names of its publisher",
        )
    name = network.architecture.stem
    backbone[name] = own[name] if stem == "random" else _stem(backbone[name], own[name])
    for name, tensor in backbone.items():
        if tensor.shape != own[name].shape:
            raise UserError(
                f"{name} is {tuple(tensor.shape)}",
                f"expected {tuple(own[name].shape)} as in {title}",
            )
    network.body.load_state_dict({**network.body.state_dict(), **backbone})


def _stem(filters: Tensor, own: Tensor) -> Tensor:
    """Filters that answer to gray as the given ones, with as many channels as the own ones.

    Raises:
        UserError: when they have other sizes, or neither one channel nor three.
    """
    number, channels, *sides = own.shape
    if filters.shape not in ((number, 3, *sides), (number, 1, *sides)):
        raise UserError(
            f"the stem's filters are {tuple(filters.shape)}",
            f"expected ({number}, 3 or 1, {', '.join(map(str, sides))})",
        )
    if filters.shape[1] == channels:
        return filters
    summed = filters.sum(1, keepdim=True)
    return summed.expand(-1, channels, -1, -1) / channels


def load_head(network: Network, weights: Mapping[str, Tensor]) -> None:
    """Copy the head of an earlier run into `network`.

    Raises:
        UserError: when there is none, or it has another number of words.
    """
    if not has_head(network, weights):
        raise UserError(
            "these weights have no head of as many words",
            f"expected network.pt of a run on {network.shape.width} words",
        )
    head = {name: weights[name] for name in _head(network)}
    network.body.load_state_dict({**network.body.state_dict(), **head})


def has_head(network: Network, weights: Mapping[str, Tensor]) -> bool:
    """Whether a checkpoint has a head of as many outputs as the network's."""
    return all(
        name in weights and weights[name].shape == own.shape for name, own in _head(network).items()
    )


def _head(network: Network) -> dict[str, Tensor]:
    prefix = f"{network.architecture.head}."
    return {k: v for k, v in network.body.state_dict().items() if k.startswith(prefix)}
