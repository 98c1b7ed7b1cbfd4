"""Ways of training, as plain data: which parts learn when, how fast, from which weights.

A phase names the parameter groups that learn (`stem`, `blocks` or `block0` .. `block15`, `top`,
`head`; `batchnorm` for the scales and shifts of every layer) with multiples of the learning rate.
What it does not name is frozen. Freezing parameters leaves BatchNorm's running statistics moving in
train mode; that is a choice of its own here, `moving`, and no accident.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from models.command import UserError
from training.architectures import NetworkName
from training.judges import JUDGES
from training.network import GROUPS, StemWeights

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
NEW: Mapping[str, float] = {"stem": 1.0, "head": 1.0}
UPPER: Mapping[str, float] = {"top": 1.0, **HEAD}
LATE: Mapping[str, float] = {**{f"block{i}": 1.0 for i in range(11, 16)}, **UPPER}


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
            that the laboratory learns first from other drawings or images (`training.starts`).
        phases: in order.
        says: one line for people.
        stem: weights of the one-channel stem when `start` has three channels.
        network: which network learns.
        head: a new one; the one `start` has; or that one where it has one that fits.
        outputs: of the head, where they are more than the words.
        changes: of the run's settings, by name, which go before those of the whole comparison.
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

    def __post_init__(self) -> None:
        if sum(phase.epochs is None for phase in self.phases) != 1:
            raise ValueError(f"{self.name}: exactly one phase must leave its epochs open")

    def epochs(self, total: int) -> tuple[int, ...]:
        """Length of each phase when the whole takes `total` epochs.

        Raises:
            UserError: when the fixed phases leave nothing for the open one.
        """
        left = total - sum(phase.epochs or 0 for phase in self.phases)
        if left < 1:
            raise UserError(
                f"{total} epochs are too few for strategy {self.name}",
                f"expected at least {total - left + 1}",
            )
        return tuple(left if phase.epochs is None else phase.epochs for phase in self.phases)


def _frozen_first(k: int) -> Strategy:
    return Strategy(
        f"freeze-{k}",
        "imagenet",
        (Phase(HEAD, k), Phase(EVERYTHING)),
        f"head alone for {k} epoch{'s' * (k > 1)}, then everything",
    )


STARTS: Mapping[Start, str] = {
    "near": "weights learned from drawings of other words",
    "rotation": "weights learned from turned drawings without labels",
    "fractals": "weights learned from fractals",
    "near-plain": "other words' weights, learned without label smoothing and dropout",
    "near-smoothed": "the same, learned with label smoothing of 0.1",
    "near-dropout": "the same, learned with dropout of 0.2",
    "near-unscaled": "the same, learned without BatchNorm's scales",
    "near-auxiliary": "the same, learned with an auxiliary head",
    "file": "the weights of --start",
}


def _from(start: Start) -> tuple[Strategy, ...]:
    """Everything at once, and a head alone, from a start."""
    return (
        Strategy(
            f"full-{start}",
            start,
            (Phase(EVERYTHING),),
            f"everything at once, from {STARTS[start]}",
        ),
        Strategy(
            f"head-only-{start}",
            start,
            (Phase(HEAD),),
            f"a linear head on frozen features, from {STARTS[start]}",
        ),
    )


def _with(name: str, says: str, **changes: Any) -> Strategy:
    """Everything at once from ImageNet's weights, with other settings."""
    return Strategy(
        f"full-{name}",
        "imagenet",
        (Phase(EVERYTHING),),
        f"everything at once, {says}",
        changes=changes,
    )


def _network(network: NetworkName, says: str, start: Start = "random") -> Strategy:
    """Everything at once, in another network."""
    name = network if start == "file" else f"{network}-scratch"
    return Strategy(name, start, (Phase(EVERYTHING),), says, network=network)


def _times(factor: float, learn: Mapping[str, float]) -> dict[str, float]:
    return {group: factor * rate for group, rate in learn.items()}


def _by_depth(factor: float) -> dict[str, float]:
    """Rates that fall by `factor` from the head down to the stem, one step a block."""
    return {group: factor ** (len(GROUPS) - 1 - i) for i, group in enumerate(GROUPS)}


STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy
    for strategy in (
        Strategy("scratch", "random", (Phase(EVERYTHING),), "everything, from random weights"),
        Strategy("head-only", "imagenet", (Phase(HEAD),), "a linear head on frozen features"),
        *(_frozen_first(k) for k in (1, 2, 5)),
        Strategy("full", "imagenet", (Phase(EVERYTHING),), "everything at once"),
        Strategy(
            "full-restart",
            "imagenet",
            (Phase(EVERYTHING, 10), Phase(_times(0.4, EVERYTHING))),
            "everything at once, then a second cycle at 0.4 of the rate (warm restart, SGDR)",
        ),
        Strategy(
            "continue",
            "file",
            (Phase(EVERYTHING),),
            "everything at once, from the weights and the head of an earlier run",
            head="kept",
        ),
        Strategy(
            "discriminative",
            "imagenet",
            (Phase({**EVERYTHING, "stem": 0.1, "blocks": 0.1, "top": 0.1}),),
            "everything at once, the backbone at a tenth of the head's rate",
        ),
        Strategy(
            "by-depth",
            "imagenet",
            (Phase(_by_depth(0.85)),),
            "everything at once, rates falling by 0.85 a block towards the stem",
        ),
        Strategy(
            "gradual",
            "imagenet",
            (Phase(HEAD, 1), Phase(UPPER, 1), Phase(LATE, 1), Phase(EVERYTHING)),
            "unfrozen from the top, an epoch each: head, top, last five blocks, then everything",
        ),
        Strategy(  # Kumar et al. 2022, arXiv 2202.10054
            "lp-ft",
            "imagenet",
            (Phase(HEAD, 3), Phase(_times(0.1, EVERYTHING))),
            "head alone for 3 epochs, then everything at a tenth of the rate",
        ),
        Strategy(  # Frankle et al. 2021, arXiv 2003.00152, with a head that fits the words
            "batchnorm",
            "imagenet",
            (Phase({"batchnorm": 1.0, "head": 1.0}),),
            "BatchNorm's scales and shifts, and the head; filters frozen",
        ),
        Strategy("new-layers", "imagenet", (Phase(NEW),), "stem and head; all between frozen"),
        Strategy(
            "full-random-stem",
            "imagenet",
            (Phase(EVERYTHING),),
            "everything at once, the stem's filters random",
            stem="random",
        ),
        Strategy(
            "new-layers-random-stem",
            "imagenet",
            (Phase(NEW),),
            "stem, from random filters, and head; all between frozen",
            stem="random",
        ),
        Strategy(
            "head-only-random-stem",
            "imagenet",
            (Phase(HEAD),),
            "a linear head on a backbone that looks through frozen random filters",
            stem="random",
        ),
        Strategy(
            "head-only-moving",
            "imagenet",
            (Phase(HEAD, moving="all"),),
            "a linear head on frozen filters whose BatchNorm statistics follow the drawings",
        ),
        Strategy(
            "freeze-1-moving",
            "imagenet",
            (Phase(HEAD, 1, moving="all"), Phase(EVERYTHING)),
            "as freeze-1, but the frozen layers' BatchNorm statistics follow the drawings",
        ),
        Strategy(
            "full-still",
            "imagenet",
            (Phase(EVERYTHING, moving="none"),),
            "everything at once, BatchNorm's statistics left as ImageNet had them",
        ),
        *(strategy for start in STARTS for strategy in _from(start)),
        Strategy(
            "head-only-random",
            "random",
            (Phase(HEAD),),
            "a linear head on frozen features of random weights",
        ),
        Strategy(  # Kornblith et al. 2019, arXiv 1805.08974
            "logistic",
            "imagenet",
            (Phase(HEAD, solver="optimum"),),
            "logistic regression on frozen features, solved; its penalty is tuned for a rate",
        ),
        _with("smoothing-0", "no label smoothing", label_smoothing=0.0),
        _with("smoothing-10", "label smoothing of 0.1", label_smoothing=0.1),
        _with("no-dropout", "no dropout", dropout=0.0),
        _with("unscaled", "BatchNorm's scales as they are", scales=False),
        _with("auxiliary", "an auxiliary head along with it", auxiliary=0.4),
        _with("stride-1", "the stem at stride 1", stride=1),
        _with("stride-2", "the stem at stride 2", stride=2),
        *(_with(way.name, way.says, **way.changes) for way in JUDGES),
        Strategy(
            "full-gray",
            "imagenet",
            (Phase(EVERYTHING),),
            "everything at once, the stem's three channels kept; each sees the same gray",
            stem="repeated",
        ),
        Strategy(
            "full-thousand",
            "imagenet",
            (Phase(EVERYTHING),),
            "everything at once, a head of 1,000 outputs kept, of which the words use the first",
            head="found",
            outputs=1000,
        ),
        Strategy(
            "small",
            "random",
            (Phase(EVERYTHING),),
            "a residual CNN of a fifteenth of B0's parameters, from random weights",
            network="small",
        ),
        Strategy(
            "continue-small",
            "file",
            (Phase(EVERYTHING),),
            "the small residual CNN, from the weights and the head of an earlier run",
            head="kept",
            network="small",
        ),
        Strategy(
            "cnn",
            "random",
            (Phase(EVERYTHING),),
            "a small CNN of three convolutions, from random weights",
            network="cnn",
        ),
        _network("mobilenet", "MobileNetV2, from random weights"),
        _network("mobilenet", "MobileNetV2, from the weights of --start", "file"),
        _network("resnet18", "ResNet-18, from random weights"),
        _network("resnet18", "ResNet-18, from the weights of --start", "file"),
    )
}


def find(name: str) -> Strategy:
    """The strategy of that name.

    Raises:
        UserError: when there is none; it lists those there are.
    """
    if name not in STRATEGIES:
        raise UserError(f"no strategy {name!r}", f"expected one of {', '.join(STRATEGIES)}")
    return STRATEGIES[name]
