"""Ways of training, as plain data: which parts learn when, how fast, from which weights.

A phase names the parameter groups that learn (`stem`, `blocks` or `block0` .. `block15`, `top`,
`head`; `batchnorm` for the scales and shifts of every layer) with multiples of the learning rate.
What it does not name is frozen. Freezing parameters leaves BatchNorm's running statistics moving in
train mode; that is a choice of its own here, `moving`, and no accident.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from models.command import UserError
from training.networks.architectures import NetworkName
from training.networks.network import GROUPS, StemWeights

Start = Literal[
    "random",
    "imagenet",
    "file",
    "near",
    "rotation",
    "fractals",
    "near-plain",
    "near-smoothed",
    "near-dropout",
    "near-unscaled",
    "near-auxiliary",
]
HeadWeights = Literal["new", "kept", "found"]
Moving = Literal["all", "learning", "none"]
Solver = Literal["steps", "optimum"]

EVERYTHING: Mapping[str, float] = {"stem": 1.0, "blocks": 1.0, "top": 1.0, "head": 1.0}
HEAD: Mapping[str, float] = {"head": 1.0}


@dataclass(frozen=True)
class Phase:
    """One stretch of training with its own one-cycle schedule and a fresh optimiser.

    Attributes:
        learn: group -> multiple of the learning rate; groups not named are frozen.
        epochs: how long; None takes what the other phases leave. Exactly one phase has None.
        moving: whose BatchNorm statistics follow the batches: all layers', the learning layers'
            only, or none's. Layers that do not move normalise by their stored statistics.
        solver: "steps" of the optimiser, or "optimum": logistic regression on still features,
            solved for; the rate is then the strength of its L2 penalty.
    """

    learn: Mapping[str, float]
    epochs: int | None = None
    moving: Moving = "learning"
    solver: Solver = "steps"

    def __post_init__(self) -> None:
        known = {*GROUPS, "blocks", "batchnorm"}
        if not self.learn or not set(self.learn) <= known:
            raise ValueError(
                f"a phase must name groups of {sorted(known)}, found {dict(self.learn)}"
            )
        if self.solver == "optimum" and not self.features_stay:
            raise ValueError("only a head over a still backbone has an optimum that can be solved")

    def rate(self, group: str, batchnorm: bool) -> float:
        """Multiple of the learning rate for a parameter of `group`; 0 when frozen."""
        blocks = self.learn.get("blocks", 0.0) if group.startswith("block") else 0.0
        own = self.learn.get(group, blocks)
        return own or (self.learn.get("batchnorm", 0.0) if batchnorm else 0.0)

    @property
    def features_stay(self) -> bool:
        """Whether only the head learns over a still backbone, so features can be computed once."""
        return set(self.learn) == {"head"} and self.moving != "all"


@dataclass(frozen=True)
class Strategy:
    """A named way of training.

    Attributes:
        name: as on the command line.
        start: what it begins with: random weights, ImageNet's, a checkpoint file's, or weights
            that the laboratory learns first from other drawings or images
            (`training.experiment.starts`).
        phases: in order.
        says: one line for people.
        stem: weights of the one-channel stem when `start` has three channels.
        network: which network learns.
        head: a new one; the one `start` has; or that one where it has one that fits.
        outputs: of the head, where they are more than the words.
        changes: of the run's settings, by name, which go before those of the whole comparison.
        teacher: name of the strategy of a network that is trained first, in the same run, on the
            same drawings; what that one thinks of them is a share of the targets
            (`training.experiment.distillation`).
        lasts: so many times as long as the comparison's runs, of one cycle.
    """

    name: str
    start: Start
    phases: tuple[Phase, ...]
    says: str
    stem: StemWeights = "summed"
    network: NetworkName = "b0"
    head: HeadWeights = "new"
    outputs: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    teacher: str | None = None
    lasts: int = 1

    def __post_init__(self) -> None:
        if self.lasts < 1:
            raise ValueError(f"{self.name}: expected it to last at least once, found {self.lasts}")
        if sum(phase.epochs is None for phase in self.phases) != 1:
            raise ValueError(f"{self.name}: exactly one phase must leave its epochs open")

    def epochs(self, total: int) -> tuple[int, ...]:
        """Length of each phase when a comparison's runs take `total` epochs.

        Raises:
            UserError: when the fixed phases leave nothing for the open one.
        """
        fixed = sum(phase.epochs or 0 for phase in self.phases)
        left = total * self.lasts - fixed
        if left < 1:
            raise UserError(
                f"{total} epochs are too few for strategy {self.name}",
                f"expected at least {math.ceil((fixed + 1) / self.lasts)}",
            )
        return tuple(left if phase.epochs is None else phase.epochs for phase in self.phases)
