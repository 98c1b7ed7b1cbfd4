"""The number of steps and of operations of each phase of a run."""

import copy
import math
from dataclasses import dataclass

from training.inference.batch_statistics import DRAWINGS
from training.inference.work import Work, per_image
from training.networks.network import Network
from training.strategies.settings import Settings
from training.strategies.strategy import Phase, Strategy
from training.trainer.optimiser import optimiser_for, set_modes


@dataclass(frozen=True)
class Epoch:
    """The size of an epoch.

    Attributes:
        steps: in an epoch.
        images: shown in each step.
        drawings: number of training bitmaps of the words; those repeated to fill the epoch count
            each time.
    """

    steps: int
    images: int
    drawings: int


def phase_steps(
    strategy: Strategy, network: Network, settings: Settings, epoch: Epoch
) -> tuple[int, ...]:
    """Steps of each phase; a phase whose head is solved counts as one.

    Raises:
        UserError: if the length comes to no epochs.
    """
    lengths = strategy.epochs(settings.epochs)
    if strategy.equal_work is not None:
        lengths = (_epochs_of_equal_work(strategy, network, settings, epoch),)
    return tuple(max(round(length * epoch.steps), 1) for length in lengths)


def first_epochs(steps: tuple[int, ...], epoch: Epoch) -> tuple[int, ...]:
    """The epoch number with which each phase begins to draw its batches.

    The last phase begins at 0, and earlier phases use numbers after it. The last phase of every
    strategy therefore shows the same drawings in the same order, whatever was trained before it.
    """
    lengths = [math.ceil(count / epoch.steps) for count in steps]
    return tuple(sum(lengths[place + 1 :]) for place in range(len(lengths)))


def phase_work(
    network: Network,
    phase: Phase,
    settings: Settings,
    drawings: int,
    images: float,
    different: int | None = None,
) -> Work:
    """The floating-point operations of a phase.

    Frozen weights need no gradients, and fixed features are computed once per drawing.

    Args:
        network: on any device; is left with the modes and `requires_grad` of the phase.
        phase: of a strategy.
        settings: of the run.
        drawings: number of training bitmaps, as in `Epoch`.
        images: number of images shown in the phase, including repetitions.
        different: number of different training bitmaps; None where none is repeated.
    """
    optimiser_for(network, phase, settings)
    set_modes(network, phase)
    backbone, head = per_image(network)
    computed = different or drawings
    total = backbone * (computed if phase.features_stay else images) + head * images
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
    works = [  # repeated bitmaps count here: without them, lengths and stored results would change
        phase_work(shapes, phase, settings, epoch.drawings, length * shown)
        for phase, length in lengths
    ]
    [own] = strategy.phases
    an_epoch = phase_work(shapes, own, settings, epoch.drawings, shown)
    return sum(work.total for work in works) / an_epoch.total
