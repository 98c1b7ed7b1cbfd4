"""Build the network that a strategy trains."""

from models.command import UserError
from training.choices import StemWeights
from training.networks.architectures import Shape
from training.networks.network import Network, has_head, load_backbone, load_head
from training.networks.weights import RECIPES, Recipe, Weights
from training.strategies.settings import Settings
from training.strategies.strategy import Strategy


def shape_of(
    strategy: Strategy, classes: int, settings: Settings, recipe: Recipe = RECIPES["torchvision"]
) -> Shape:
    """The shape of the network that a strategy trains."""
    return Shape(
        classes,
        settings.stride,
        padding=recipe.padding,
        eps=recipe.eps,
        dropout=settings.dropout,
        drop_connect=settings.drop_connect,
        network=strategy.network,
        channels=stem_channels(strategy.stem),
        outputs=strategy.outputs,
        side=settings.side,
    )


def stem_channels(stem: StemWeights) -> int:
    """Number of input channels of the stem, which all get the same gray bitmap."""
    return 3 if stem == "repeated" else 1


def build(strategy: Strategy, classes: int, settings: Settings, start: Weights | None) -> Network:
    """The network at the start of a strategy, with its initial weights.

    Raises:
        UserError: if the strategy starts from weights and they are missing or do not fit, or if it
            has fewer outputs than there are words.
    """
    if strategy.outputs is not None and strategy.outputs < classes:
        raise UserError(
            f"strategy {strategy.name} has {strategy.outputs} outputs for {classes} words",
            "expected no fewer than words",
        )
    recipe = start.recipe if start else RECIPES["torchvision"]
    network = Network(shape_of(strategy, classes, settings, recipe))
    if strategy.start == "random":
        return network
    if start is None or not start.tensors:
        raise UserError(
            f"strategy {strategy.name} starts from weights", "Give them: --weights FILE"
        )
    load_backbone(network, start.tensors, strategy.stem)
    if strategy.head == "kept" or (strategy.head == "found" and has_head(network, start.tensors)):
        load_head(network, start.tensors)
    return network
