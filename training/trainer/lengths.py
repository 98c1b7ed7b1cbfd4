"""How many steps each phase of a run takes, and how much arithmetic."""

import copy
import math
from dataclasses import dataclass

from training.networks.batch_statistics import DRAWINGS
from training.networks.network import Network
from training.networks.work import Work, per_image
from training.strategies.settings import Settings
from training.strategies.strategy import Phase, Strategy
from training.trainer.optimiser import optimiser_for, set_modes


@dataclass(frozen=True)
class Epoch:
    """An epoch of a run.

    Attributes:
        steps: that it takes.
        images: that each step shows.
        drawings: different training bitmaps of the words.
    """

    steps: int
    images: int
    drawings: int


def phase_steps(
    strategy: Strategy, network: Network, settings: Settings, epoch: Epoch
) -> tuple[int, ...]:
    """Steps of each phase; a phase whose head is solved counts as one.

    Raises:
        UserError: when there are no epochs.
    """
    lengths = strategy.epochs(settings.epochs)
    if strategy.equal_work is not None:
        lengths = (_epochs_of_equal_work(strategy, network, settings, epoch),)
    return tuple(max(round(length * epoch.steps), 1) for length in lengths)


def first_epochs(steps: tuple[int, ...], epoch: Epoch) -> tuple[int, ...]:
    """The number under which each phase draws its first epoch.

    The last phase begins at 0, earlier ones after it: so the last phase of every strategy shows the
    same drawings in the same order, whatever was trained before it.
    """
    lengths = [math.ceil(count / epoch.steps) for count in steps]
    return tuple(sum(lengths[place + 1 :]) for place in range(len(lengths)))


def phase_work(
    network: Network, phase: Phase, settings: Settings, drawings: int, images: float
) -> Work:
    """Arithmetic of a phase.

    What is frozen needs no gradients of its weights, and features that stay the same are computed
    once a drawing.

    Args:
        network: on any device; left with the phase's modes and gradients.
        phase: of a strategy.
        settings: of the run.
        drawings: different training bitmaps.
        images: shown in the phase, each time counted.
    """
    optimiser_for(network, phase, settings)
    set_modes(network, phase)
    backbone, head = per_image(network)
    total = backbone * (drawings if phase.features_stay else images) + head * images
    if phase.bn_statistics == "re-estimated":
        total += Work(backbone.forward * min(drawings, DRAWINGS))
    return total


def _epochs_of_equal_work(
    strategy: Strategy, network: Network, settings: Settings, epoch: Epoch
) -> float:
    assert strategy.equal_work is not None
    shapes, shown = copy.deepcopy(network).to("meta"), epoch.steps * epoch.images
    lengths = zip(
        strategy.equal_work.phases, strategy.equal_work.epochs(settings.epochs), strict=True
    )
    works = [
        phase_work(shapes, phase, settings, epoch.drawings, length * shown)
        for phase, length in lengths
    ]
    [own] = strategy.phases
    an_epoch = phase_work(shapes, own, settings, epoch.drawings, shown)
    return sum(work.total for work in works) / an_epoch.total
