"""A network for 28×28 drawings: one-channel stem, N-way head, parameter groups by depth.

By default this is EfficientNet-B0. Parameters keep the names of the original implementation, so
that published weights load unchanged. `training.networks.architectures` holds the differences
between networks.
"""

from collections.abc import Mapping
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.command import UserError
from models.raster import SIDE
from training.choices import StemWeights
from training.networks import timm_backbones
from training.networks.architectures import ARCHITECTURES, Architecture, Shape
from training.networks.depthwise import with_small_map_gradients


class Network(nn.Module):
    """A body that computes features of bitmaps, and a linear head.

    Input: float32 (N, 1, 28, 28) in [0, 1], ink 1 on background 0. Output: float32 logits (N,
    classes).
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.architecture = architecture(shape.network)
        self.body: Any = self.architecture.make(shape)
        with_small_map_gradients(self.body)
        self.dropout = nn.Dropout(shape.dropout)
        stem = self.body.get_parameter(self.architecture.stem)
        nn.init.kaiming_normal_(stem, mode="fan_out")
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d) and not self.architecture.own_batchnorm:
                module.eps = shape.eps
                module.momentum = shape.momentum
        more = stem.numel() * (shape.channels - 1) // shape.channels
        expected = self.architecture.parameters + more + (self.features_out + 1) * shape.width
        found = sum(parameter.numel() for parameter in self.parameters())
        if found != expected:
            raise AssertionError(f"{found} parameters are not {self.architecture.title}'s")

    @property
    def features_out(self) -> int:
        """Number of features that go into the head."""
        return self.architecture.features

    @property
    def description(self) -> str:
        """A short description of the network."""
        channels = {1: "one-channel", 3: "three-channel"}[self.shape.channels]
        stem = f", {channels} stem of stride {self.shape.stride}"
        side = f", input {self.shape.side}×{self.shape.side}" if self.shape.side != SIDE else ""
        return self.architecture.title + (stem if self.architecture.strided else "") + side

    @property
    def linear(self) -> nn.Linear:
        """The head's only layer."""
        return self.body.get_submodule(self.architecture.head)

    def on(self, device: torch.device) -> Self:
        """Move to a device in channels-last format, 2.6 times faster on a CPU with AVX-512.

        `Tensor.contiguous` is not enough: 1×1 and depthwise filters count as contiguous in both
        formats, so it keeps strides with which the convolutions use a slow implementation.
        """
        return self.to(device).to(memory_format=torch.channels_last)

    def features(self, bitmaps: Tensor) -> Tensor:
        """Pooled features (N, D), before dropout and head."""
        seen = (self._enlarged(bitmaps) - self.architecture.mean) / self.architecture.deviation
        if self.shape.channels > 1:
            seen = seen.repeat(1, self.shape.channels, 1, 1)
        return self.architecture.maps(self.body, seen).mean((2, 3))

    def _enlarged(self, bitmaps: Tensor) -> Tensor:
        """The bitmaps enlarged to the input side of the body, on their device."""
        side = self.shape.side
        if side == bitmaps.shape[-1]:
            return bitmaps
        return functional.interpolate(bitmaps, (side, side), mode="bilinear", antialias=False)

    def outputs(self, features: Tensor) -> Tensor:
        """All outputs of the head (N, outputs) for features (N, D); the words come first."""
        return self.linear(self.dropout(features))

    def head(self, features: Tensor) -> Tensor:
        """Logits (N, classes) of features (N, D)."""
        answers = self.outputs(features)
        return answers if self.shape.outputs is None else answers[:, : self.shape.classes]

    def forward(self, bitmaps: Tensor) -> Tensor:
        return self.head(self.features(bitmaps))

    def groups(self) -> dict[str, nn.ModuleList]:
        """Modules by group, from stem to head; each parameter is in exactly one group."""
        stem, blocks, top = self.architecture.groups(self.body)
        return {
            "stem": nn.ModuleList(stem),
            **{f"block{i}": nn.ModuleList([block]) for i, block in enumerate(blocks)},
            "top": nn.ModuleList(top),
            "head": nn.ModuleList([self.linear]),
        }


def architecture(name: str) -> Architecture:
    """The architecture of a name: one of ours, or `timm:NAME`.

    Raises:
        UserError: when there is none.
    """
    if name.startswith(timm_backbones.PREFIX):
        return timm_backbones.find(name)
    for known, found in ARCHITECTURES.items():
        if known == name:
            return found
    raise UserError(
        f"no network {name!r}",
        f"Expected {', '.join(ARCHITECTURES)}, or {timm_backbones.PREFIX}NAME",
    )


def load_backbone(
    network: Network, weights: Mapping[str, Tensor], stem: StemWeights = "summed"
) -> None:
    """Copy a checkpoint's backbone into `network`; a head among the tensors is left out.

    The filters of a three-channel stem are summed over colours, which gives one channel with the
    same output as for a gray photo. With `stem="random"` the stem stays as initialised; with
    "repeated" the three channels are kept and each gets the same gray bitmap.

    Raises:
        UserError: when a tensor is missing, unknown or of another shape.
    """
    architecture = network.architecture
    title, heads = architecture.title, (architecture.head, *architecture.classifiers)
    beginnings = tuple(f"{name}." for name in heads)
    backbone = {k: v for k, v in weights.items() if not k.startswith(beginnings)}
    own = {k: v for k, v in network.body.state_dict().items() if not k.startswith(beginnings)}
    if backbone.keys() != own.keys():
        odd = sorted(backbone.keys() ^ own.keys())[:3]
        raise UserError(
            f"these are not {title}'s weights ({len(backbone)} tensors, odd: {odd})",
            f"expected its {len(own)} backbone tensors under the names of its publisher",
        )
    name = architecture.stem
    backbone[name] = own[name] if stem == "random" else _stem(backbone[name], own[name])
    for name, tensor in backbone.items():
        if tensor.shape != own[name].shape:
            raise UserError(
                f"{name} is {tuple(tensor.shape)}",
                f"expected {tuple(own[name].shape)} as in {title}",
            )
    network.body.load_state_dict({**network.body.state_dict(), **backbone})


def _stem(filters: Tensor, own: Tensor) -> Tensor:
    """Filters with the channels of `own` and the same output for gray input as `filters`.

    Raises:
        UserError: if the sizes differ, or there are neither one nor three channels.
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
        UserError: if there is none, or its number of outputs differs.
    """
    if not has_head(network, weights):
        raise UserError(
            "these weights have no head of as many words",
            f"expected network.pt of a run on {network.shape.width} words",
        )
    head = {name: weights[name] for name in _head(network)}
    network.body.load_state_dict({**network.body.state_dict(), **head})


def has_head(network: Network, weights: Mapping[str, Tensor]) -> bool:
    """Whether a checkpoint has a head with as many outputs as the network's."""
    return all(
        name in weights and weights[name].shape == own.shape for name, own in _head(network).items()
    )


def _head(network: Network) -> dict[str, Tensor]:
    prefix = f"{network.architecture.head}."
    return {k: v for k, v in network.body.state_dict().items() if k.startswith(prefix)}
