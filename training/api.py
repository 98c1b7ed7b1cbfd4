"""The laboratory in a few functions, for scripts and notebooks; see `training`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.command import UserError
from training.data import dataset, own_drawings, subset
from training.data.dataset import Dataset
from training.inference.device import pick_device
from training.limits import check, check_seed
from training.networks import weights as checkpoints
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights
from training.strategies.catalogue import find as strategy
from training.strategies.settings import Settings
from training.strategies.strategy import Strategy
from training.trainer.fit import Fit

__all__ = ["Trained", "drawings", "fit", "strategy"]


@dataclass(frozen=True)
class Trained:
    """A finished run.

    Attributes:
        network: the trained network.
        history: one record per epoch: images, seconds, training loss, validation accuracy and loss.
    """

    network: Network
    history: list[dict[str, float]]

    @property
    def accuracy(self) -> float:
        """Validation accuracy after the last epoch, in per cent."""
        return 100 * self.history[-1]["validation_accuracy"]


def drawings(
    words: str,
    folder: Path | str = "data",
    per_word: int | None = None,
    seed: int = 0,
    others: bool = False,
) -> Dataset:
    """Drawings of some words, split into training, validation and test.

    Args:
        words: "classic", "party", "all", or names separated by commas.
        folder: with drawings from `training.fetch`, or with your own drawings of any words
            (`training.data.own_drawings`).
        per_word: training bitmaps per word; None for all.
        seed: chooses them.
        others: read the folder's other words too, for a `mixture` that has drawings of them.

    Raises:
        UserError: for unknown words, or words without drawings in the folder.
    """
    place = Path(folder)
    whole = dataset.load(own_drawings.words(words, place), place, others=others)
    return subset.choose(whole, per_word, seed, 0, None)


def fit(
    strategy: Strategy,
    data: Dataset,
    seed: int = 0,
    *,
    weights: Path | str | None = None,
    device: str = "auto",
    **settings: Any,
) -> Trained:
    """Train a network.

    Args:
        strategy: what is trained when, and from which start.
        data: from `drawings`.
        seed: fixes initialisation, order, augmentation and dropout.
        weights: checkpoint that the strategy starts from; None downloads ImageNet's once.
        device: auto, cpu, cuda or cuda:N.
        settings: fields of `training.strategies.settings.Settings`, such as `epochs` and `lr`.

    Raises:
        UserError: for a seed or a setting outside its limits, if the strategy learns from a teacher
            or the weights cannot be read, if there are none of the drawings that its mixture asks
            for, or the loss becomes infinite or NaN.
    """
    chosen = Settings(**settings)
    check(chosen, options=False)
    check_seed(seed)
    if strategy.teacher is not None:
        raise UserError(
            f"{strategy.name} learns from {strategy.teacher}, which is not trained here",
            "Expected: python -m training.train --teachers, or training.compare",
        )
    start = _start(strategy, Path(weights) if weights else None)
    run = Fit(strategy, data, chosen, seed, start, pick_device(device))
    return Trained(run.network, run.run().history)


def _start(strategy: Strategy, file: Path | None) -> Weights:
    if strategy.start == "random":
        return checkpoints.nothing(RECIPES["torchvision"])
    if strategy.start == "imagenet":
        return checkpoints.imagenet(file, "torchvision")
    if file is None:
        raise ValueError(f"{strategy.name} starts from {strategy.start!r}: give its weights")
    return checkpoints.from_file(file, "torchvision")
