"""Training strategies as plain data: what is trained when, how fast, from which weights.

A phase names the parameter groups that it trains (`stem`, `blocks` or `block0` .. `block15`, `top`,
`head`; `batchnorm` for the scales and shifts of every layer) with multiples of the learning rate.
All other groups are frozen. Freezing a layer's parameters does not freeze its BatchNorm statistics,
which follow the batches in train mode, so `bn_statistics` is set separately.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, get_args

from models.command import UserError, is_file_name
from training.choices import GROUPS, NetworkName, StemWeights
from training.limits import Accepts, Count, NotNegative, Positive, Whole
from training.transforms.augmentation import NONE, Augmentation

StartName = Literal[
    "random",
    "imagenet",
    "file",
    "near",
    "rotation",
    "fractals",
    "autoencoder",
    "simclr",
    "pseudo-labels",
    "near-plain",
    "near-smoothed",
    "near-dropout",
    "near-unscaled",
    "near-auxiliary",
]
GIVEN: tuple[StartName, ...] = ("random", "imagenet", "file")  # all others are pretrained here
ObjectiveName = Literal["labels", "reconstruction", "contrast"]
HeadWeights = Literal["new", "kept", "found"]
BnStatistics = Literal["still", "moving", "re-estimated"]
Solver = Literal["steps", "optimum"]
Schedule = Literal["one-cycle", "constant"]

StrategyName = Annotated[str, Accepts(is_file_name, "a name for files, such as my-arm")]

# Those of timm are found, or not, when the network is built.
NetworkChoice = Annotated[
    str,
    Accepts(
        lambda name: name in get_args(NetworkName) or name.startswith("timm:"),
        f"{', '.join(get_args(NetworkName))} or timm:NAME",
    ),
]

EVERYTHING: Mapping[str, float] = {"stem": 1.0, "blocks": 1.0, "top": 1.0, "head": 1.0}
HEAD: Mapping[str, float] = {"head": 1.0}


@dataclass(frozen=True)
class Phase:
    """A phase of training with its own schedule and a new optimiser.

    Attributes:
        learn: group -> multiple of the learning rate; all other groups are frozen.
        epochs: length of the phase; None for the N epochs of the suite, times `times`, plus
            `extra`.
        times, extra: see `epochs`.
        name: of its learning rate. Phases with the same name share a rate; rates of different names
            are tuned separately (`Strategy.rate_names`, `Settings.rates`).
        bn_statistics: the statistics by which all BatchNorm layers, including frozen ones,
            normalise. "still": their stored statistics, which stay as they are. "moving": those of
            the batch; the stored statistics follow. "re-estimated": stored statistics that are
            estimated anew on training drawings before the phase begins, and then stay as they are.
        augmented: whether drawings are augmented.
        augmentation: the random changes to drawings in this phase; None for the settings'
            `augmentation`.
        schedule: of the learning rate; None for the schedule of the settings.
        solver: "steps" of the optimiser, or "optimum": logistic regression on frozen features,
            solved. Such a phase takes no epochs, and its rate is the strength of its L2 penalty.
    """

    learn: Mapping[str, NotNegative]
    epochs: Count | None = None
    times: Positive = 1.0
    extra: Whole = 0
    name: str = "all"
    bn_statistics: BnStatistics = "moving"
    augmented: bool = True
    schedule: Schedule | None = None
    solver: Solver = "steps"
    # No part of the repr, by which a stopped run knows its phases (`training.trainer.fit`): runs
    # that began before there was this field go on.
    augmentation: Augmentation | None = field(default=None, repr=False)

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
        if self.augmentation is not None and not self.augmented:
            raise ValueError("a phase that is not augmented has an augmentation")

    def rate(self, group: str, batchnorm: bool) -> float:
        """Multiple of the learning rate for a parameter of `group`; 0 if frozen."""
        blocks = self.learn.get("blocks", 0.0) if group.startswith("block") else 0.0
        own = self.learn.get(group, blocks)
        return own or (self.learn.get("batchnorm", 0.0) if batchnorm else 0.0)

    def length(self, total: int) -> float:
        """Epochs of the phase in a suite of `total` epochs; 0 for a solved phase."""
        if self.solver == "optimum":
            return 0.0
        return total * self.times + self.extra if self.epochs is None else self.epochs

    def changing(self, usual: Augmentation) -> Augmentation:
        """The random changes to drawings in this phase, given the settings' own."""
        if not self.augmented:
            return NONE
        return usual if self.augmentation is None else self.augmentation

    @property
    def features_stay(self) -> bool:
        """Whether features are fixed in this phase, so that they are computed only once."""
        still = self.bn_statistics != "moving"
        return set(self.learn) == {"head"} and still and not self.augmented


def head_alone(epochs: int | None = None, **more: Any) -> Phase:
    """A phase that trains the head on fixed features, unless `more` changes that."""
    settled: dict[str, Any] = {"name": "head", "bn_statistics": "still", "augmented": False}
    return Phase(HEAD, epochs, **(settled | more))


@dataclass(frozen=True)
class Strategy:
    """A named training strategy.

    Attributes:
        name: as on the command line, and in names of files.
        start: the initial weights: random, ImageNet's, from a checkpoint file, or pretrained here
            on other drawings or images (`training.experiment.starts`).
        phases: in order.
        description: one line for people.
        stem: weights of the one-channel stem when `start` has three channels.
        network: the architecture: b0, small, cnn, mobilenet, resnet18, or `timm:NAME`.
        head: a new one, the one in `start`, or the one in `start` if it has one that fits.
        outputs: number of outputs of the head if there are more than words.
        changes: settings by name, which override those of the comparison.
        teacher: name of a strategy that trains a teacher first, in the same run, on the same
            drawings. The teacher's probabilities are soft targets
            (`training.experiment.distillation`).
        equal_work: another strategy; the only phase of this strategy gets as many operations as all
            phases of the other.
        objective: what is learned: the labels, or without labels to restore hidden ink or to find
            another view of the same drawing (`training.trainer.pretext_objectives`). Only labels
            train the head.
    """

    name: StrategyName
    start: StartName
    phases: tuple[Phase, ...]
    description: str
    stem: StemWeights = "summed"
    network: NetworkChoice = "b0"
    head: HeadWeights = "new"
    outputs: Count | None = None
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    teacher: str | None = None
    equal_work: "Strategy | None" = None
    objective: ObjectiveName = "labels"

    def __post_init__(self) -> None:
        if not self.phases:
            raise ValueError(f"{self.name}: expected at least one phase")
        if self.equal_work is not None and len(self.phases) > 1:
            raise ValueError(f"{self.name}: equal work is for strategies of one phase")
        if self.head == "kept" and self.start == "random":
            raise ValueError(f"{self.name}: random weights have no head that could be kept")

    @property
    def start_made_here(self) -> bool:
        """Whether a comparison pretrains its start itself, from several seeds."""
        return self.start not in GIVEN

    @property
    def rate_names(self) -> tuple[str, ...]:
        """Names of the rates to tune, in order; none if the strategy sets the rate."""
        names = dict.fromkeys(phase.name for phase in self.phases)
        return () if "lr" in self.changes else tuple(names)

    def with_network(self, network: str | None) -> "Strategy":
        """The same strategy with another network in place of B0; itself where None is given."""
        if network is None or self.network != "b0":
            return self
        return replace(self, network=network)

    def until(self, name: str) -> "Strategy":
        """The strategy up to the last phase whose rate has this name, for tuning that rate."""
        last = max(i for i, phase in enumerate(self.phases) if phase.name == name)
        if last + 1 == len(self.phases):
            return self
        return replace(self, name=f"{self.name}:{name}", phases=self.phases[: last + 1])

    def epochs(self, total: int) -> tuple[float, ...]:
        """Length of each phase when the suite's runs take `total` epochs.

        With `equal_work`, `training.trainer.lengths` computes the actual length.

        Raises:
            UserError: if there are no epochs.
        """
        if total < 1:
            raise UserError(f"{total} epochs for strategy {self.name}", "expected at least 1")
        return tuple(phase.length(total) for phase in self.phases)
