"""Ways of training, as plain data: which parts learn when, how fast, from which weights.

A phase names the parameter groups that learn (`stem`, `blocks` or `block0` .. `block15`, `top`,
`head`; `batchnorm` for the scales and shifts of every layer) with multiples of the learning rate.
All other groups are frozen. Freezing a layer's parameters does not freeze its BatchNorm statistics,
which follow the batches in train mode; `bn_statistics` is therefore a choice of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
BnStatistics = Literal["still", "moving", "re-estimated"]
Solver = Literal["steps", "optimum"]
Schedule = Literal["one-cycle", "constant"]

EVERYTHING: Mapping[str, float] = {"stem": 1.0, "blocks": 1.0, "top": 1.0, "head": 1.0}
HEAD: Mapping[str, float] = {"head": 1.0}


@dataclass(frozen=True)
class Phase:
    """One stretch of training with its own schedule and a fresh optimiser.

    Attributes:
        learn: group -> multiple of the learning rate; all other groups are frozen.
        epochs: a length of its own. None: the N epochs of the suite, times `times`, plus `extra`.
        times, extra: see `epochs`.
        name: of its learning rate. Phases of one name share a rate; phases of different names are
            tuned apart (`Strategy.rate_names`, `Settings.rates`).
        bn_statistics: what BatchNorm layers, frozen ones too, normalise by.
            "still": their stored statistics, which stay as they are.
            "moving": those of the batch; the stored statistics follow.
            "re-estimated": stored statistics that are estimated anew on training drawings before
            the phase begins, and then stay as they are.
        augmented: whether drawings are changed at random as the settings say.
        schedule: of the learning rate; None for that of the settings.
        solver: "steps" of the optimiser, or "optimum": logistic regression on frozen features,
            solved. Such a phase takes no epochs, and its rate is the strength of its L2 penalty.
    """

    learn: Mapping[str, float]
    epochs: int | None = None
    times: float = 1.0
    extra: int = 0
    name: str = "all"
    bn_statistics: BnStatistics = "moving"
    augmented: bool = True
    schedule: Schedule | None = None
    solver: Solver = "steps"

    def __post_init__(self) -> None:
        known = {*GROUPS, "blocks", "batchnorm"}
        if not self.learn or not set(self.learn) <= known:
            raise ValueError(
                f"a phase must name groups of {sorted(known)}, found {dict(self.learn)}"
            )
        if self.solver == "optimum" and not self.features_stay:
            raise ValueError("only a head on features that stay the same can be solved")
        if self.epochs is not None and (self.epochs < 1 or self.times != 1 or self.extra):
            raise ValueError(f"a phase of {self.epochs} epochs: expected at least 1, and no more")
        if self.times <= 0 or self.extra < 0:
            raise ValueError("a phase cannot be shorter than nothing")

    def rate(self, group: str, batchnorm: bool) -> float:
        """Multiple of the learning rate for a parameter of `group`; 0 when frozen."""
        blocks = self.learn.get("blocks", 0.0) if group.startswith("block") else 0.0
        own = self.learn.get(group, blocks)
        return own or (self.learn.get("batchnorm", 0.0) if batchnorm else 0.0)

    def length(self, total: int) -> float:
        """Its epochs in a suite of `total`; 0 where it is solved."""
        if self.solver == "optimum":
            return 0.0
        return total * self.times + self.extra if self.epochs is None else self.epochs

    @property
    def features_stay(self) -> bool:
        """Whether each drawing's features stay the same, so that they are computed only once."""
        still = self.bn_statistics != "moving"
        return set(self.learn) == {"head"} and still and not self.augmented


def head_alone(epochs: int | None = None, **more: Any) -> Phase:
    """The head learns on features that stay the same, unless `more` changes that."""
    settled: dict[str, Any] = {"name": "head", "bn_statistics": "still", "augmented": False}
    return Phase(HEAD, epochs, **(settled | more))


@dataclass(frozen=True)
class Strategy:
    """A named way of training.

    Attributes:
        name: as on the command line.
        start: what it begins with: random weights, ImageNet's, a checkpoint file's, or weights
            that the laboratory learns first from other drawings or images
            (`training.experiment.starts`).
        phases: in order; their epochs add up.
        description: one line for people.
        stem: weights of the one-channel stem when `start` has three channels.
        network: which network learns.
        head: a new one; the one `start` has; or that one where it has one that fits.
        outputs: of the head, where they are more than the words.
        changes: of the run's settings, by name. They override those of the whole comparison.
        teacher: name of the strategy of a network that is trained first, in the same run, on the
            same drawings. Its probabilities are a share of the targets
            (`training.experiment.distillation`).
        equal_work: a strategy; this one's only phase lasts until it has taken as many operations
            as all phases of that one.
    """

    name: str
    start: Start
    phases: tuple[Phase, ...]
    description: str
    stem: StemWeights = "summed"
    network: NetworkName = "b0"
    head: HeadWeights = "new"
    outputs: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    teacher: str | None = None
    equal_work: "Strategy | None" = None

    def __post_init__(self) -> None:
        if not self.phases:
            raise ValueError(f"{self.name}: expected at least one phase")
        if self.equal_work is not None and len(self.phases) > 1:
            raise ValueError(f"{self.name}: equal work is for strategies of one phase")

    @property
    def rate_names(self) -> tuple[str, ...]:
        """Names of the rates to be tuned, in order; none where the strategy sets the rate."""
        names = dict.fromkeys(phase.name for phase in self.phases)
        return () if "lr" in self.changes else tuple(names)

    def until(self, name: str) -> "Strategy":
        """The phases up to the last one whose rate has that name: to tune that rate by."""
        last = max(i for i, phase in enumerate(self.phases) if phase.name == name)
        if last + 1 == len(self.phases):
            return self
        return replace(self, name=f"{self.name}:{name}", phases=self.phases[: last + 1])

    def epochs(self, total: int) -> tuple[float, ...]:
        """Length of each phase when the suite's runs take `total` epochs.

        Where work is to be equal, `training.trainer.lengths` knows better.

        Raises:
            UserError: when there are no epochs.
        """
        if total < 1:
            raise UserError(f"{total} epochs for strategy {self.name}", "expected at least 1")
        return tuple(phase.length(total) for phase in self.phases)
