"""Depthwise convolutions over small maps, with weight gradients as matrix products on CPUs.

On a CPU without AVX-512, oneDNN's weight gradient of 5×5 depthwise filters over maps of 4×4 and
less took about three quarters of a training step of EfficientNet-B0 on 28×28 drawings. The gradient
of one channel is the product of the gradients of its outputs (outputs × drawings) and its inputs
(drawings × inputs), summed over the pairs of output and input that share a tap of the filter. The
forward pass and the gradient of the inputs are PyTorch's own: outputs are identical bit for bit.
"""

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

SMALL = {3: 2, 5: 4}  # side of the filter -> largest side of maps for which this was faster


class DepthwiseConv(nn.Conv2d):
    """`nn.Conv2d` with one filter a channel; on a CPU it trains faster over small maps."""

    def forward(self, input: Tensor) -> Tensor:
        if not (self.training and torch.is_grad_enabled() and _small(input, self)):
            return super().forward(input)
        (stride, _), (padding, _) = self.stride, self.padding
        return _SmallMapConvolution.apply(input, self.weight, stride, int(padding))


def with_small_map_gradients(body: nn.Module) -> None:
    """Replace the depthwise convolutions in a module; they keep their parameters and names."""
    for module in list(body.modules()):
        for name, conv in module.named_children():
            if type(conv) is nn.Conv2d and _is_depthwise(conv):
                setattr(module, name, _replaced(conv))


def _is_depthwise(conv: nn.Conv2d) -> bool:
    square = conv.kernel_size[0] == conv.kernel_size[1] and conv.kernel_size[0] in SMALL
    plain = conv.bias is None and conv.dilation == (1, 1) and not isinstance(conv.padding, str)
    return square and plain and 1 < conv.groups == conv.in_channels == conv.out_channels


def _replaced(conv: nn.Conv2d) -> DepthwiseConv:
    made = DepthwiseConv(
        conv.in_channels,
        conv.out_channels,
        conv.kernel_size[0],
        conv.stride[0],
        int(conv.padding[0]),
        groups=conv.groups,
        bias=False,
        device="meta",  # draws no random numbers: the seed gives the same network as before
    )
    made.weight = conv.weight
    return made


def _small(maps: Tensor, conv: nn.Conv2d) -> bool:
    on_cpu = maps.device.type == "cpu" and maps.dtype == torch.float32
    return on_cpu and max(maps.shape[2:]) <= SMALL[conv.kernel_size[0]]


class _SmallMapConvolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, maps: Tensor, filters: Tensor, stride: int, padding: int) -> Tensor:
        ctx.save_for_backward(maps, filters)
        ctx.geometry = stride, padding
        return functional.conv2d(maps, filters, None, stride, padding, 1, len(filters))

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        (grad,), (maps, filters), (stride, padding) = grads, ctx.saved_tensors, ctx.geometry
        of_maps = (
            _of_maps(grad, maps, filters, stride, padding) if ctx.needs_input_grad[0] else None
        )
        of_filters = (
            _of_filters(grad, maps, filters, stride, padding) if ctx.needs_input_grad[1] else None
        )
        return of_maps, of_filters, None, None


def _of_maps(grad: Tensor, maps: Tensor, filters: Tensor, stride: int, padding: int) -> Tensor:
    found: tuple[Tensor, Tensor, Tensor] = torch.ops.aten.convolution_backward(
        grad,
        maps,
        filters,
        [0],
        [stride, stride],
        [padding, padding],
        [1, 1],
        False,
        [0, 0],
        len(filters),
        [True, False, False],
    )
    return found[0]


def _of_filters(grad: Tensor, maps: Tensor, filters: Tensor, stride: int, padding: int) -> Tensor:
    drawings, channels, *sides = maps.shape
    # Copies: with the strides of channels-last maps, each channel's product would be one by itself.
    inputs, outputs = (
        each.permute(1, 0, 2, 3).reshape(channels, drawings, -1).contiguous()
        for each in (maps, grad)
    )
    taps = _taps(tuple(sides), tuple(grad.shape[2:]), filters.shape[-1], stride, padding)
    return (torch.bmm(outputs.mT, inputs).view(channels, -1) @ taps).view(filters.shape)


@cache
def _taps(
    inputs: tuple[int, ...], outputs: tuple[int, ...], side: int, stride: int, padding: int
) -> Tensor:
    """float32 (outputs × inputs, side²): 1 where a pair of pixels shares that tap of the filter."""
    shared = [
        _shared(size, answers, side, stride, padding)
        for size, answers in zip(inputs, outputs, strict=True)
    ]
    pairs = torch.einsum("abk,cdl->acbdkl", *shared)
    return pairs.reshape(-1, side * side)


def _shared(size: int, answers: int, side: int, stride: int, padding: int) -> Tensor:
    """float32 (answers, size, side) along one axis."""
    tap = torch.arange(size)[None] + padding - stride * torch.arange(answers)[:, None]
    return (tap[:, :, None] == torch.arange(side)).float()
