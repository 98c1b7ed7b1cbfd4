"""Depthwise convolutions over small maps equal those of PyTorch."""

import pytest
import torch
from torch import Tensor, nn

from training.networks.architectures import Shape
from training.networks.depthwise import DepthwiseConv, with_small_map_gradients
from training.networks.network import Network


def gradients(conv: nn.Conv2d, maps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The output, and the gradients of a loss with respect to maps and filters."""
    maps = maps.clone().requires_grad_()
    answer = conv(maps)
    weights = torch.linspace(-1, 1, answer.numel()).view(answer.shape)
    of_maps, of_filters = torch.autograd.grad((answer * weights).sum(), (maps, conv.weight))
    return answer, of_maps, of_filters


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("side", "maps"), [(3, (1, 1)), (3, (2, 2)), (5, (1, 1)), (5, (4, 3))])
def test_gradients_are_pytorchs(side: int, maps: tuple[int, int], stride: int, channels_last: bool):
    torch.manual_seed(0)
    theirs = nn.Conv2d(6, 6, side, stride, side // 2, groups=6, bias=False)
    body = nn.Sequential(theirs)
    with_small_map_gradients(body)
    ours = body[0]
    assert isinstance(ours, DepthwiseConv)
    seen = torch.randn(5, 6, *maps)
    if channels_last:
        seen = seen.contiguous(memory_format=torch.channels_last)
    answer, of_maps, of_filters = gradients(ours, seen)
    assert "SmallMap" in type(ours(seen.requires_grad_()).grad_fn).__name__
    expected = gradients(theirs, seen.detach())
    torch.testing.assert_close(answer, expected[0], rtol=0, atol=0)
    torch.testing.assert_close(of_maps, expected[1])
    torch.testing.assert_close(of_filters, expected[2])


def test_large_maps_and_evaluation_take_pytorchs_way():
    ours = DepthwiseConv(4, 4, 5, padding=2, groups=4, bias=False)
    assert "Convolution" in type(ours(torch.rand(2, 4, 7, 7)).grad_fn).__name__
    assert "SmallMap" not in type(ours.eval()(torch.rand(2, 4, 2, 2)).grad_fn).__name__


def test_a_frozen_filter_gets_no_gradient_and_still_passes_one_on():
    ours = DepthwiseConv(4, 4, 3, padding=1, groups=4, bias=False).requires_grad_(False)
    maps = torch.rand(2, 4, 2, 2, requires_grad=True)
    ours(maps).sum().backward()
    assert ours.weight.grad is None
    assert maps.grad is not None


def test_networks_have_them_under_the_same_names_and_numbers():
    network = Network(Shape(10, 2))
    found = [m for m in network.modules() if isinstance(m, DepthwiseConv)]
    assert len(found) == 16
    assert "_blocks.0._depthwise_conv.weight" in network.body.state_dict()
