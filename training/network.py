"""EfficientNet-B0 for 28×28 drawings: one-channel stem, N-way head, parameter groups by depth.

EfficientNet (Tan & Le 2019, arXiv 1905.11946) as built by the efficientnet-pytorch package, under
its parameter names, so its published weights load unchanged. Two of its habits are undone because
they only cost time: padding as a module of its own (folded into the convolution where symmetric)
and the memory-efficient swish (native SiLU computes the same).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import torch
from efficientnet_pytorch import EfficientNet
from efficientnet_pytorch.utils import Conv2dStaticSamePadding
from torch import Tensor, nn

from models.command import UserError
from models.raster import SIDE

Padding = Literal["symmetric", "same"]
StemWeights = Literal["summed", "random"]

BLOCKS = 16
FEATURES = 1280
BACKBONE_TENSORS = 358  # of efficientnet-pytorch's B0, all but `_fc`
BACKBONE_PARAMETERS = 4_006_972  # with a one-channel stem
# Drawings are mostly black; these make the network's input about zero mean, unit variance.
MEAN, DEVIATION = 0.17, 0.31

GROUPS = ("stem", *(f"block{i}" for i in range(BLOCKS)), "top", "head")


@dataclass(frozen=True)
class Shape:
    """What the network is, before any weight is known.

    Attributes:
        classes: outputs of the head.
        stride: of the stem; 2 is stock, 1 keeps 28×28 maps and costs about three times as much.
        padding: "symmetric" pads (k - 1) // 2 on all sides (torchvision's recipe), "same" as
            TensorFlow does; must match how foreign weights were learned.
        eps: BatchNorm's, likewise: 1e-5 for torchvision's recipe, 1e-3 for TensorFlow's weights.
        momentum: of BatchNorm's running statistics. The package's 0.01 needs hundreds of steps to
            forget ImageNet: after 141 steps it cost 8 points of validation accuracy.
        dropout: before the head.
        drop_connect: stochastic depth, the rate of the last block.
    """

    classes: int
    stride: int = 1
    padding: Padding = "symmetric"
    eps: float = 1e-5
    momentum: float = 0.1
    dropout: float = 0.2
    drop_connect: float = 0.0


class Network(nn.Module):
    """EfficientNet-B0 over bitmaps.

    Input: float32 (N, 1, 28, 28), ink 1 on 0. Output: float32 logits (N, classes).
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        # The package works out paddings from the image's size and a stem of stride 2.
        b0: Any = EfficientNet.from_name(
            "efficientnet-b0",
            image_size=SIDE * 2 // shape.stride,
            num_classes=shape.classes,
            dropout_rate=shape.dropout,
            drop_connect_rate=shape.drop_connect,
        )
        _undo_detours(b0, shape.padding)
        b0._conv_stem = _stem(shape)
        nn.init.kaiming_normal_(b0._conv_stem.weight, mode="fan_out")
        for module in b0.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = shape.eps
                module.momentum = shape.momentum
        self.b0 = b0
        head = (FEATURES + 1) * shape.classes
        found = sum(parameter.numel() for parameter in self.parameters())
        if found != BACKBONE_PARAMETERS + head:
            raise AssertionError(f"{found} parameters are not EfficientNet-B0's")

    def on(self, device: torch.device) -> Self:
        """Move to a device, channels last, which trains 2.6 times faster on a CPU with AVX-512.

        `Tensor.contiguous` will not do: it leaves 1×1 and depthwise filters, which are contiguous
        either way, with strides that send the convolutions down the slow path.
        """
        return self.to(device).to(memory_format=torch.channels_last)

    def features(self, bitmaps: Tensor) -> Tensor:
        """Pooled features (N, 1280), before dropout and head."""
        maps = self.b0.extract_features((bitmaps - MEAN) / DEVIATION)
        return maps.mean((2, 3))

    def head(self, features: Tensor) -> Tensor:
        """Logits (N, classes) of features (N, 1280)."""
        return self.b0._fc(self.b0._dropout(features))

    def forward(self, bitmaps: Tensor) -> Tensor:
        return self.head(self.features(bitmaps))

    def groups(self) -> dict[str, nn.ModuleList]:
        """Modules by depth, in the order of `GROUPS`; together all parameters, each once."""
        b0 = self.b0
        modules = [
            nn.ModuleList([b0._conv_stem, b0._bn0]),
            *(nn.ModuleList([block]) for block in b0._blocks),
            nn.ModuleList([b0._conv_head, b0._bn1]),
            nn.ModuleList([b0._fc]),
        ]
        return dict(zip(GROUPS, modules, strict=True))


def _undo_detours(module: nn.Module, padding: Padding) -> None:
    """Replace the package's padding modules and swish by native ones that compute the same."""
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            folded = _fold_padding(child, padding)
            setattr(module, name, folded)
        elif name == "_swish":
            setattr(module, name, nn.SiLU(inplace=True))
        else:
            _undo_detours(child, padding)


def _stem(shape: Shape) -> nn.Conv2d:
    """One-channel filters, padded as the foreign weights expect."""
    if shape.padding == "same":
        padded: Any = Conv2dStaticSamePadding(1, 32, 3, shape.stride, image_size=SIDE, bias=False)
        return _fold_padding(padded, "same")
    return nn.Conv2d(1, 32, 3, shape.stride, 1, bias=False)


def _fold_padding(conv: nn.Conv2d, padding: Padding) -> nn.Conv2d:
    explicit = getattr(conv, "static_padding", None)
    sides = set(explicit.padding) if isinstance(explicit, nn.ZeroPad2d) else {0}
    if padding == "same" and len(sides) > 1:
        return conv  # more on one side than on the other: only the package's own module does that
    kernel, stride = conv.kernel_size[0], conv.stride[0]
    pad = sides.pop() if padding == "same" else (kernel - 1) // 2
    folded = nn.Conv2d(
        conv.in_channels,
        conv.out_channels,
        kernel,
        stride,
        pad,
        groups=conv.groups,
        bias=conv.bias is not None,
    )
    folded.load_state_dict(conv.state_dict())
    return folded


def load_backbone(
    network: Network, weights: Mapping[str, Tensor], stem: StemWeights = "summed"
) -> None:
    """Copy a three- or one-channel B0's backbone into `network`; a head among them is left out.

    With `stem="summed"` a three-channel stem becomes one-channel by summing over colours, which is
    what it would answer to a gray photo; with "random" the stem's filters stay as initialised.

    Raises:
        UserError: when a tensor is missing, unknown or of another shape.
    """
    backbone = {k: v for k, v in weights.items() if not k.startswith("_fc.")}
    own = {k: v for k, v in network.b0.state_dict().items() if not k.startswith("_fc.")}
    if len(own) != BACKBONE_TENSORS or backbone.keys() != own.keys():
        odd = sorted(backbone.keys() ^ own.keys())[:3]
        raise UserError(
            f"these are not EfficientNet-B0's weights ({len(backbone)} tensors, odd: {odd})",
            f"expected the {BACKBONE_TENSORS} backbone tensors under efficientnet-pytorch's names",
        )
    filters = backbone["_conv_stem.weight"]
    if filters.shape not in ((32, 3, 3, 3), (32, 1, 3, 3)):
        raise UserError(
            f"the stem's filters are {tuple(filters.shape)}", "expected (32, 3 or 1, 3, 3)"
        )
    backbone["_conv_stem.weight"] = (
        filters.sum(1, keepdim=True) if stem == "summed" else own["_conv_stem.weight"]
    )
    for name, tensor in backbone.items():
        if tensor.shape != own[name].shape:
            raise UserError(
                f"{name} is {tuple(tensor.shape)}", f"expected {tuple(own[name].shape)} as in B0"
            )
    network.b0.load_state_dict({**network.b0.state_dict(), **backbone})


def load_head(network: Network, weights: Mapping[str, Tensor]) -> None:
    """Copy the head of an earlier run into `network`.

    Raises:
        UserError: when there is none, or it has another number of words.
    """
    own = {k: v for k, v in network.b0.state_dict().items() if k.startswith("_fc.")}
    head = {k: weights[k] for k in own if k in weights and weights[k].shape == own[k].shape}
    if head.keys() != own.keys():
        raise UserError(
            "these weights have no head of as many words",
            f"expected network.pt of a run on {network.shape.classes} words",
        )
    network.b0.load_state_dict({**network.b0.state_dict(), **head})
