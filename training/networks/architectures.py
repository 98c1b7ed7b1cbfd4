"""The available networks as plain data: how each is built, run and divided into groups.

EfficientNet-B0 is the network under study; the others are controls. The parameters of every network
are divided into groups of the same names: `stem`, `block0` .. , `top`, `head`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from efficientnet_pytorch import EfficientNet
from efficientnet_pytorch.utils import Conv2dStaticSamePadding
from torch import Tensor, nn

from models.raster import SIDE
from training.choices import NetworkName
from training.networks.cnns import WIDTHS, Cnn, Small

Padding = Literal["symmetric", "same"]

# Drawings are mostly black; these give the input about zero mean and unit variance.
MEAN, DEVIATION = 0.17, 0.31


@dataclass(frozen=True)
class Shape:
    """The shape and hyperparameters of a network, without its weights.

    Attributes:
        classes: number of words, K.
        stride: of the stem. The standard is 2; 1 keeps 28×28 maps and costs about three times as
            much.
        padding: "symmetric" pads (k - 1) // 2 on all sides (torchvision's recipe), "same" pads as
            TensorFlow does. Must match the padding with which pretrained weights were trained.
        eps: of BatchNorm; must match too: 1e-5 for torchvision's recipe, 1e-3 for TensorFlow's
            weights.
        momentum: of BatchNorm's running statistics. With the package's 0.01, ImageNet's statistics
            persist for hundreds of steps, which cost 8 points of validation accuracy after 141
            steps.
        dropout: dropout rate before the head, in [0, 1).
        drop_connect: rate of stochastic depth at the last block of B0.
        network: name of the architecture, or `timm:NAME` (`training.networks.timm_backbones`).
        channels: input channels of the stem: 1, or 3 with the same gray bitmap in each.
        outputs: number of outputs of the head if there are more than words; the first K belong to
            the words.
        side: side in pixels of the input image; bitmaps are enlarged from 28 by bilinear
            interpolation.
    """

    classes: int
    stride: int = 1
    padding: Padding = "symmetric"
    eps: float = 1e-5
    momentum: float = 0.1
    dropout: float = 0.2
    drop_connect: float = 0.0
    network: str = "b0"
    channels: int = 1
    outputs: int | None = None
    side: int = SIDE

    @property
    def width(self) -> int:
        """Number of outputs of the head."""
        return self.outputs or self.classes


@dataclass(frozen=True)
class Architecture:
    """How to build and use a network's body.

    Attributes:
        title: name for people.
        make: builds the module with random weights, including the linear head.
        maps: computes the output (N, features, h, w) of the last layer before pooling.
        groups: lists the modules of the stem, of each block, and of the layers between the blocks
            and the head.
        stem: name of the first convolution's weights.
        head: name of the linear layer.
        features: number of inputs of the head.
        parameters: number of parameters without the head, with a one-channel stem.
        strided: whether the stem uses the stride of the shape; if not, its stride is 1.
        own_batchnorm: whether BatchNorm keeps the body's own eps and momentum.
        classifiers: names of the linear layers of published weights that `head` replaces, if they
            have other names than `head`.
        mean, deviation: normalise the input: gray levels in [0, 1], minus mean, divided by
            deviation.
    """

    title: str
    make: Callable[[Shape], Any]
    maps: Callable[[Any, Tensor], Tensor]
    groups: Callable[[Any], tuple[list[nn.Module], list[nn.Module], list[nn.Module]]]
    stem: str
    head: str
    features: int
    parameters: int
    strided: bool = True
    own_batchnorm: bool = False
    classifiers: tuple[str, ...] = ()
    mean: float = MEAN
    deviation: float = DEVIATION


def _b0(shape: Shape) -> Any:
    """B0 as efficientnet-pytorch builds it, without two of its slow implementations.

    Padding in separate modules is folded into the convolution if it is symmetric, and the
    memory-efficient swish is replaced by the native SiLU, which computes the same function.
    """
    # The package derives paddings from the image size, assuming a stem of stride 2.
    b0: Any = EfficientNet.from_name(
        "efficientnet-b0",
        image_size=shape.side * 2 // shape.stride,
        num_classes=shape.width,
        drop_connect_rate=shape.drop_connect,
    )
    _undo_detours(b0, shape.padding)
    b0._conv_stem = _b0_stem(shape)
    return b0


def _undo_detours(module: nn.Module, padding: Padding) -> None:
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            setattr(module, name, _fold_padding(child, padding))
        elif name == "_swish":
            setattr(module, name, nn.SiLU(inplace=True))
        else:
            _undo_detours(child, padding)


def _b0_stem(shape: Shape) -> nn.Conv2d:
    """A stem of one or three channels, with the padding of the pretrained weights."""
    if shape.padding == "same":
        padded: Any = Conv2dStaticSamePadding(
            shape.channels, 32, 3, shape.stride, image_size=shape.side, bias=False
        )
        return _fold_padding(padded, "same")
    return nn.Conv2d(shape.channels, 32, 3, shape.stride, 1, bias=False)


def _fold_padding(conv: nn.Conv2d, padding: Padding) -> nn.Conv2d:
    explicit = getattr(conv, "static_padding", None)
    sides = set(explicit.padding) if isinstance(explicit, nn.ZeroPad2d) else {0}
    if padding == "same" and len(sides) > 1:
        return conv  # asymmetric padding needs the package's own module
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


def _b0_groups(b0: Any) -> tuple[list[nn.Module], list[nn.Module], list[nn.Module]]:
    return [b0._conv_stem, b0._bn0], list(b0._blocks), [b0._conv_head, b0._bn1]


def _mobilenet(shape: Shape) -> Any:
    from torchvision.models import mobilenet_v2  # takes seconds, and B0 does not need it

    body: Any = mobilenet_v2(num_classes=shape.width, dropout=0.0)
    body.features[0][0] = nn.Conv2d(shape.channels, 32, 3, shape.stride, 1, bias=False)
    if shape.padding == "same":
        _pad_as_tensorflow(body.features, shape.side)
    return body


def _pad_as_tensorflow(features: nn.Module, side: int) -> None:
    """Pad convolutions of stride 2 only at the bottom and right if their maps' side is even."""
    for module in list(features.modules()):
        for name, conv in module.named_children():
            if isinstance(conv, nn.Conv2d) and conv.stride[0] == 2:
                padded: Any = Conv2dStaticSamePadding(
                    conv.in_channels,
                    conv.out_channels,
                    conv.kernel_size[0],
                    2,
                    image_size=side,
                    groups=conv.groups,
                    bias=False,
                )
                padded.load_state_dict(conv.state_dict())
                setattr(module, name, padded)
                side = -(-side // 2)


def _resnet18(shape: Shape) -> Any:
    from torchvision.models import resnet18

    body: Any = resnet18(num_classes=shape.width)
    body.conv1 = nn.Conv2d(shape.channels, 64, 7, shape.stride, 3, bias=False)
    return body


def _resnet_maps(body: Any, bitmaps: Tensor) -> Tensor:
    stem = body.maxpool(body.relu(body.bn1(body.conv1(bitmaps))))
    return body.layer4(body.layer3(body.layer2(body.layer1(stem))))


def _resnet_groups(body: Any) -> tuple[list[nn.Module], list[nn.Module], list[nn.Module]]:
    stages = (body.layer1, body.layer2, body.layer3, body.layer4)
    return [body.conv1, body.bn1], [block for stage in stages for block in stage], []


ARCHITECTURES: Mapping[NetworkName, Architecture] = {
    # Tan & Le 2019, arXiv 1905.11946, under efficientnet-pytorch's names
    "b0": Architecture(
        "EfficientNet-B0",
        _b0,
        lambda body, bitmaps: body.extract_features(bitmaps),
        _b0_groups,
        "_conv_stem.weight",
        "_fc",
        1280,
        4_006_972,
    ),
    "cnn": Architecture(
        "a CNN of three convolutions",
        lambda shape: Cnn(shape.channels, shape.width),
        lambda body, bitmaps: body.blocks(body.stem(bitmaps)),
        lambda body: ([body.stem], list(body.blocks), []),
        "stem.0.weight",
        "head",
        128,
        92_896,
        strided=False,
    ),
    "small": Architecture(
        "a residual CNN of six narrow blocks",
        lambda shape: Small(shape.channels, shape.width),
        lambda body, bitmaps: body.blocks(body.stem(bitmaps)),
        lambda body: ([body.stem], list(body.blocks), []),
        "stem.0.weight",
        "head",
        WIDTHS[-1],
        271_980,
        strided=False,
    ),
    # Sandler et al. 2018, arXiv 1801.04381, under torchvision's names; TensorFlow's input scale
    "mobilenet": Architecture(
        "MobileNetV2",
        _mobilenet,
        lambda body, bitmaps: body.features(bitmaps),
        lambda body: ([body.features[0]], list(body.features[1:18]), [body.features[18]]),
        "features.0.0.weight",
        "classifier.1",
        1280,
        2_223_296,
        mean=0.5,
        deviation=0.5,
    ),
    # He et al. 2016, arXiv 1512.03385, under torchvision's names
    "resnet18": Architecture(
        "ResNet-18",
        _resnet18,
        _resnet_maps,
        _resnet_groups,
        "conv1.weight",
        "fc",
        512,
        11_170_240,
    ),
}
