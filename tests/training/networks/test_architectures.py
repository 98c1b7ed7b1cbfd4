"""All architectures have the same interface: original layers, groups of layers, a new head."""

from collections import Counter
from typing import Any, get_args

import pytest
import torch
import torchvision
from torch import Tensor, nn

from models.command import UserError
from tests.training.random_networks import randomised
from training.choices import NetworkName
from training.networks.architectures import Padding, Shape
from training.networks.network import Network, load_backbone

NAMES: tuple[NetworkName, ...] = get_args(NetworkName)
PUBLISHED: dict[NetworkName, Any] = {
    "mobilenet": torchvision.models.mobilenet_v2,
    "resnet18": torchvision.models.resnet18,
}


def bitmaps() -> Tensor:
    return torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(1))


def exactly(network: nn.Module, given: Tensor) -> Tensor:
    """The output in double precision, in which the order of sums makes no visible difference."""
    return network.double().eval()(given.double())


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_a_network_has_groups_that_hold_each_parameter_once(name: NetworkName):
    network = Network(Shape(7, stride=2, network=name)).eval()
    groups = network.groups()
    assert next(iter(groups)) == "stem"
    assert list(groups)[-2:] == ["top", "head"]
    assert len(groups) > 4
    counts = Counter(id(p) for modules in groups.values() for p in modules.parameters())
    assert counts == Counter(id(p) for p in network.parameters())
    assert set(counts.values()) == {1}
    features = network.features(bitmaps())
    assert features.shape == (4, network.features_out)
    assert torch.equal(network(bitmaps()), network.linear(features))


def test_the_small_network_is_small():
    small, b0 = (Network(Shape(10, network=name)) for name in ("small", "b0"))
    parameters = sum(p.numel() for p in small.parameters())
    assert parameters <= 300_000
    assert small.description == "a residual CNN of six narrow blocks"
    assert b0.description == "EfficientNet-B0, one-channel stem of stride 1"


@pytest.mark.parametrize("name", PUBLISHED)
@torch.no_grad()
def test_published_weights_answer_to_gray_as_in_their_own_network(name: NetworkName):
    torch.manual_seed(7)
    theirs = randomised(PUBLISHED[name](num_classes=10), 3)
    ours = Network(Shape(10, stride=2, network=name))
    load_backbone(ours, theirs.state_dict())
    head = f"{ours.architecture.head}."
    own = {k.removeprefix(head): v for k, v in theirs.state_dict().items() if k.startswith(head)}
    ours.linear.load_state_dict(own)
    what = ours.architecture
    gray = ((bitmaps() - what.mean) / what.deviation).repeat(1, 3, 1, 1)
    expected = exactly(theirs, gray)
    assert expected.std() > 1e-3
    torch.testing.assert_close(exactly(ours, bitmaps()), expected, atol=1e-5, rtol=1e-3)


@pytest.mark.parametrize("stride", [1, 2])
@torch.no_grad()
def test_tensorflows_padding_lets_even_maps_end_below_and_right(stride: int):
    """A stride of 2 over 28 pixels reads pixels 0 to 28 there, -1 to 27 in torchvision."""
    shapes: list[tuple[Padding, tuple[int, ...]]] = []
    for padding in get_args(Padding):
        network = Network(Shape(3, stride, padding, network="mobilenet"))
        strided = [m for m in network.modules() if isinstance(m, nn.Conv2d) and m.stride[0] == 2]
        shapes.append((padding, network.features(bitmaps()).shape))
        padded = [getattr(conv, "static_padding", nn.Identity()) for conv in strided]
        below = [pad.padding for pad in padded if isinstance(pad, nn.ZeroPad2d)]
        assert bool(below) == (padding == "same")
        if below:
            assert below[0] == (0, 1, 0, 1)
            assert (1, 1, 1, 1) in below  # of 7 pixels
    assert {shape for _, shape in shapes} == {(4, 1280)}


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_a_stem_for_repeated_gray_begins_with_the_answers_of_the_summed_one(name: NetworkName):
    torch.manual_seed(7)
    weights = randomised(Network(Shape(5, 2, network=name, channels=3)), 1).body.state_dict()
    networks = [Network(Shape(5, stride=2, network=name, channels=n)) for n in (1, 3)]
    load_backbone(networks[0], weights, "summed")
    load_backbone(networks[1], weights, "repeated")
    summed, repeated = (network.double().eval() for network in networks)
    expected = summed.features(bitmaps().double())
    assert expected.std() > 0
    found = repeated.features(bitmaps().double())
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-3)


def test_one_channel_can_be_spread_over_three():
    one, three = (Network(Shape(5, stride=2, network="cnn", channels=n)) for n in (1, 3))
    load_backbone(three, one.body.state_dict(), "repeated")
    stem = three.body.get_parameter("stem.0.weight")
    torch.testing.assert_close(stem.sum(1, keepdim=True), one.body.get_parameter("stem.0.weight"))


@torch.no_grad()
def test_of_more_outputs_the_first_are_the_words():
    network = Network(Shape(3, stride=2, network="cnn", outputs=1000)).eval()
    everything = network.outputs(network.features(bitmaps()))
    assert everything.shape == (4, 1000)
    assert torch.equal(network(bitmaps()), everything[:, :3])


def test_weights_of_another_network_are_refused_by_its_name():
    with pytest.raises(UserError, match="not ResNet-18's weights"):
        load_backbone(
            Network(Shape(3, network="resnet18")),
            Network(Shape(3, network="cnn")).body.state_dict(),
        )
