"""The network equals the package's and torchvision's; weights that do not fit are refused."""

import copy
from collections import Counter
from typing import Any

import pytest
import torch
import torchvision
from efficientnet_pytorch import EfficientNet
from torch import Tensor, nn

from models.command import UserError
from training.choices import GROUPS, StemWeights
from training.networks.architectures import DEVIATION, MEAN, Padding, Shape
from training.networks.network import Network, load_backbone

Tensors = dict[str, Tensor]


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(Shape(10, stride=2)).eval()


def bitmaps() -> Tensor:
    return torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(1))


def exactly(network: nn.Module, bitmaps: Tensor) -> Tensor:
    """The answer in double precision, where the order of later sums does not show."""
    return network.double().eval()(bitmaps.double())


def gray(bitmaps: Tensor) -> Tensor:
    """The bitmaps as input of a network with three channels."""
    return ((bitmaps - MEAN) / DEVIATION).repeat(1, 3, 1, 1)


def with_weights(shape: Shape, tensors: Tensors, stem: StemWeights = "summed") -> Network:
    network = Network(shape)
    load_backbone(network, tensors, stem)
    head = {k.removeprefix("_fc."): v for k, v in tensors.items() if k.startswith("_fc.")}
    network.body._fc.load_state_dict(head)
    return network.eval()


@torch.no_grad()
def test_same_padding_at_stride_2_is_the_package(package: EfficientNet, backbone: Tensors):
    ours = with_weights(Shape(10, 2, "same", 1e-3), backbone)
    expected = exactly(copy.deepcopy(package), gray(bitmaps().double()))
    assert expected.std() > 0.1
    torch.testing.assert_close(exactly(ours, bitmaps()), expected, atol=1e-3, rtol=1e-3)


@torch.no_grad()
def test_same_padding_at_stride_1_is_the_package_behind_a_stem_of_stride_1(
    backbone: Tensors,
):
    package: Any = EfficientNet.from_name("efficientnet-b0", image_size=56, num_classes=10)
    package.load_state_dict(backbone)
    package._conv_stem.stride = (1, 1)
    package._conv_stem.static_padding = nn.ZeroPad2d(1)
    ours = with_weights(Shape(10, 1, "same", 1e-3), backbone)
    expected = exactly(package, gray(bitmaps().double()))
    torch.testing.assert_close(exactly(ours, bitmaps()), expected, atol=1e-3, rtol=1e-3)


@torch.no_grad()
def test_symmetric_padding_is_torchvision(backbone: Tensors):
    """torchvision's B0 has the same layers in the same order under other names."""
    theirs = torchvision.models.efficientnet_b0(num_classes=10)
    names = theirs.state_dict().keys()
    theirs.load_state_dict(dict(zip(names, backbone.values(), strict=True)))
    ours = with_weights(Shape(10, 2, "symmetric", 1e-5), backbone)
    expected = exactly(theirs, gray(bitmaps().double()))
    assert expected.std() > 0.1
    torch.testing.assert_close(exactly(ours, bitmaps()), expected, atol=1e-3, rtol=1e-3)


def test_parameters_are_counted(network: Network):
    assert sum(p.numel() for p in network.parameters()) == 4_019_782


def test_groups_hold_each_parameter_once(network: Network):
    groups = network.groups()
    assert tuple(groups) == GROUPS
    counts = Counter(id(p) for modules in groups.values() for p in modules.parameters())
    assert counts == Counter(id(p) for p in network.parameters())
    assert set(counts.values()) == {1}


def test_the_shape_reaches_every_layer():
    network = Network(Shape(3, 2, eps=1e-3, momentum=0.3, dropout=0.7, drop_connect=0.4))
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    assert len(norms) == 49
    assert {(norm.eps, norm.momentum) for norm in norms} == {(1e-3, 0.3)}
    assert (network.dropout.p, network.body._global_params.drop_connect_rate) == (0.7, 0.4)


@pytest.mark.parametrize(("stride", "side"), [(1, 28), (2, 14)])
@pytest.mark.parametrize("padding", ["symmetric", "same"])
@torch.no_grad()
def test_the_stride_of_the_stem_sets_the_maps(padding: Padding, stride: int, side: int):
    network = Network(Shape(5, stride, padding)).eval()
    assert network.body._conv_stem(bitmaps()).shape == (4, 32, side, side)
    assert network.features(bitmaps()).shape == (4, 1280)
    assert network(bitmaps()).shape == (4, 5)


@torch.no_grad()
def test_channels_last_computes_the_same(backbone: Tensors):
    network = with_weights(Shape(10, 2), backbone)
    expected = exactly(network, bitmaps())
    network.on(torch.device("cpu"))
    assert network.body._conv_head.weight.is_contiguous(memory_format=torch.channels_last)
    last = bitmaps().contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(exactly(network, last), expected)


def test_a_summed_stem_adds_the_colours_and_the_head_stays(backbone: Tensors):
    network = Network(Shape(10, 2))
    head = network.body._fc.weight.clone()
    load_backbone(network, backbone)
    stem = backbone["_conv_stem.weight"].sum(1, keepdim=True)
    torch.testing.assert_close(network.body._conv_stem.weight.detach(), stem)
    torch.testing.assert_close(network.body._fc.weight, head)


def test_a_random_stem_stays_random_and_the_rest_is_loaded(backbone: Tensors):
    network = Network(Shape(10, 2))
    stem = network.body._conv_stem.weight.clone()
    load_backbone(network, backbone, "random")
    torch.testing.assert_close(network.body._conv_stem.weight, stem)
    own = network.body.state_dict()
    for name in backbone.keys() - {"_conv_stem.weight", "_fc.weight", "_fc.bias"}:
        torch.testing.assert_close(own[name], backbone[name])


def test_a_one_channel_stem_is_taken_as_it_is(network: Network, backbone: Tensors):
    filters = torch.randn(32, 1, 3, 3)
    load_backbone(network, backbone | {"_conv_stem.weight": filters})
    torch.testing.assert_close(network.body._conv_stem.weight.detach(), filters)


def test_the_given_weights_are_not_changed(network: Network, backbone: Tensors):
    before = backbone["_conv_stem.weight"].shape
    load_backbone(network, backbone)
    assert backbone["_conv_stem.weight"].shape == before


def test_missing_unknown_and_misshapen_weights_are_refused(network: Network, backbone: Tensors):
    without = {k: v for k, v in backbone.items() if k != "_bn1.bias"}
    with pytest.raises(UserError, match=r"not EfficientNet-B0's weights \(357.*_bn1\.bias"):
        load_backbone(network, without)
    with pytest.raises(UserError, match=r"odd: \['extra'\]"):
        load_backbone(network, backbone | {"extra": torch.zeros(1)})
    with pytest.raises(UserError, match=r"_bn1\.bias is \(3,\)\. expected \(1280,\)"):
        load_backbone(network, backbone | {"_bn1.bias": torch.zeros(3)})
    with pytest.raises(UserError, match=r"stem's filters are \(32, 4, 3, 3\)"):
        load_backbone(network, backbone | {"_conv_stem.weight": torch.zeros(32, 4, 3, 3)})
    with pytest.raises(UserError, match="not EfficientNet-B0's weights"):
        load_backbone(network, {})


def test_refused_weights_leave_the_network_as_it_was(network: Network, backbone: Tensors):
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with pytest.raises(UserError):
        load_backbone(network, backbone | {"_bn1.bias": torch.zeros(3)})
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name]), name
