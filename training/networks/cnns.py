"""Small networks of this project: controls of the comparison, and one for browsers."""

from itertools import pairwise

from torch import nn

WIDTHS = (20, 40, 80)  # channels of the small network's stages


class Cnn(nn.Module):
    """A simple baseline: three convolutions with BatchNorm, ReLU and pooling.

    The stem's stride is always 1; pooling reduces the maps.

    Args:
        channels: of the bitmaps.
        outputs: of the head.
    """

    def __init__(self, channels: int, outputs: int) -> None:
        super().__init__()
        self.stem = _convolution(channels, 32)
        self.blocks = nn.Sequential(_convolution(32, 64), _convolution(64, 128))
        self.head = nn.Linear(128, outputs)


def _convolution(channels: int, filters: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, filters, 3, padding=1, bias=False),
        nn.BatchNorm2d(filters),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )


class Small(nn.Module):
    """A small residual network (He et al. 2016) of six narrow blocks.

    The stem's stride is always 1: maps of 28, 14 and 7.

    Args:
        channels: of the bitmaps.
        outputs: of the head.
    """

    def __init__(self, channels: int, outputs: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(channels, WIDTHS[0], 3, padding=1, bias=False),
            nn.BatchNorm2d(WIDTHS[0]),
            nn.ReLU(inplace=True),
        )
        first, second, third = WIDTHS
        widths = (first, first, first, second, second, third, third)
        blocks = [_residual(*pair) for pair in pairwise(widths)]
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(WIDTHS[-1], outputs)


def _residual(channels: int, filters: int) -> nn.Module:
    """A residual block; if it has more filters than channels, it halves the side of the maps."""
    from torchvision.models.resnet import BasicBlock  # takes seconds, and B0 does not need it

    if channels == filters:
        return BasicBlock(channels, filters)
    shortcut = nn.Sequential(
        nn.Conv2d(channels, filters, 1, 2, bias=False), nn.BatchNorm2d(filters)
    )
    return BasicBlock(channels, filters, 2, shortcut)
