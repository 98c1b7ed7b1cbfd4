"""The catalogue of training strategies, by name. To add a strategy, add an entry here.

Every strategy is an arm of a suite that asks a question about it (`training.suites.suites`),
except `CONTINUING`. The arms of the suites about freezing are generated in
`training.strategies.freezing`.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from models.command import UserError
from training.choices import GROUPS, NetworkName
from training.strategies import freezing
from training.strategies.recipes import JUDGE_RECIPES, TUTORIAL
from training.strategies.strategy import EVERYTHING, HEAD, Phase, StartName, Strategy, head_alone

NEW = freezing.NEW
CONTINUING = (
    "continue",
    "continue-small",
)  # go on with a run of the same words; for training.train
DEFAULTS = ("full", "head-only", "scratch")  # suggested if no known name is similar
BACKBONE_SLOW: Mapping[str, float] = {"stem": 0.1, "blocks": 0.1, "top": 0.1, "head": 1.0}
UPPER: Mapping[str, float] = {"top": 1.0, **HEAD}
LATE: Mapping[str, float] = {**{f"block{i}": 1.0 for i in range(11, 16)}, **UPPER}


LEARNED: Mapping[StartName, str] = {
    "near": "weights learned from drawings of other words",
    "rotation": "weights learned from turned drawings without labels",
    "fractals": "weights learned from fractals",
    "autoencoder": "weights learned by restoring hidden ink, without labels",
    "simclr": "weights learned by finding another view of a drawing, without labels",
    "pseudo-labels": "weights learned from other words, most of them labelled by a network",
}
PROBED: Mapping[StartName, str] = {
    "near-plain": "other words' weights, learned without label smoothing and dropout",
    "near-smoothed": "the same, learned with label smoothing of 0.1",
    "near-dropout": "the same, learned with dropout of 0.2",
    "near-unscaled": "the same, learned without BatchNorm's scales",
    "near-auxiliary": "the same, learned with an auxiliary head",
    "file": "the weights of --start",
}


def _all_from(start: StartName, weights: str) -> Strategy:
    """Training everything at once, from a start."""
    return Strategy(
        f"full-{start}", start, (Phase(EVERYTHING),), f"everything at once, from {weights}"
    )


def _head_from(start: StartName, weights: str) -> Strategy:
    """Training the head alone, on the features of a start."""
    return Strategy(
        f"head-only-{start}",
        start,
        (head_alone(),),
        f"a linear head on frozen features, from {weights}",
    )


def _with(name: str, description: str, **changes: Any) -> Strategy:
    """Training everything at once from ImageNet weights, with changed settings."""
    return Strategy(
        f"full-{name}",
        "imagenet",
        (Phase(EVERYTHING),),
        f"everything at once, {description}",
        changes=changes,
    )


def _network(network: NetworkName, title: str) -> Strategy:
    """Training everything at once from random weights, with another network."""
    name, description = f"{network}-scratch", f"{title}, from random weights"
    return Strategy(name, "random", (Phase(EVERYTHING),), description, network=network)


def _tutorial(
    name: str, start: StartName, learn: Mapping[str, float], description: str
) -> Strategy:
    """A method of FlowVision's transfer tutorial, with its optimiser and rate as published."""
    return Strategy(
        f"tutorial-{name}",
        start,
        (Phase(learn),),
        f"{description}; SGD at a constant 0.001, as FlowVision's tutorial does it",
        changes=TUTORIAL,
    )


def _by_depth(factor: float) -> dict[str, float]:
    """Rates that fall by `factor` per block from the head to the stem."""
    return {group: factor ** (len(GROUPS) - 1 - i) for i, group in enumerate(GROUPS)}


STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy
    for strategy in (
        Strategy("scratch", "random", (Phase(EVERYTHING),), "everything, from random weights"),
        Strategy("head-only", "imagenet", (head_alone(),), "a linear head on frozen features"),
        *freezing.arms(),
        _tutorial("full", "imagenet", EVERYTHING, "everything at once"),
        _tutorial("discriminative", "imagenet", BACKBONE_SLOW, "the backbone at 0.0001"),
        _tutorial("frozen", "imagenet", HEAD, "a linear head alone, BatchNorm's statistics moving"),
        _tutorial("scratch", "random", EVERYTHING, "everything, from random weights"),
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
            (Phase(BACKBONE_SLOW),),
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
            (Phase(HEAD, 1, augmented=False), Phase(UPPER, 1), Phase(LATE, 1), Phase(EVERYTHING)),
            "unfrozen from the top, an epoch each: head, top, last five blocks, then everything",
        ),
        Strategy(  # Frankle et al. 2021, arXiv 2003.00152, with a head that fits the words
            "batchnorm",
            "imagenet",
            (Phase({"batchnorm": 1.0, "head": 1.0}),),
            "BatchNorm's scales and shifts, and the head; filters frozen",
        ),
        Strategy("new-layers", "imagenet", (Phase(NEW),), "stem and head; all between frozen"),
        Strategy(
            "head-only-moving",
            "imagenet",
            (Phase(HEAD, name="head", augmented=False),),
            "a linear head on frozen filters whose BatchNorm statistics follow the drawings",
        ),
        *(_all_from(start, weights) for start, weights in (*LEARNED.items(), *PROBED.items())),
        *(_head_from(start, weights) for start, weights in PROBED.items()),
        Strategy(  # Kornblith et al. 2019, arXiv 1805.08974
            "logistic",
            "imagenet",
            (head_alone(name="penalty", solver="optimum"),),
            "logistic regression on frozen features, solved; its penalty is tuned, not a rate",
        ),
        _with("smoothing-0", "no label smoothing", label_smoothing=0.0),
        _with("smoothing-10", "label smoothing of 0.1", label_smoothing=0.1),
        _with("no-dropout", "no dropout", dropout=0.0),
        _with("unscaled", "BatchNorm's scales frozen", scales=False),
        _with("auxiliary", "an auxiliary head learns with it", auxiliary=0.4),
        _with("stride-1", "the stem at stride 1", stride=1),
        *(_with(each.name, each.description, **each.changes) for each in JUDGE_RECIPES),
        Strategy(  # Furlanello et al. 2018, arXiv 1805.04770, with one generation
            "full-distilled",
            "imagenet",
            (Phase(EVERYTHING),),
            "everything at once, half of the targets from a network trained in the same way before",
            changes={"distillation": 0.5},
            teacher="full",
        ),
        Strategy(
            "full-twice",
            "imagenet",
            (Phase(EVERYTHING, times=2),),
            "everything at once, for twice as many epochs",
        ),
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
            "everything at once, a head of 1,000 outputs kept, of which the first are the words'",
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
        Strategy(  # Hinton et al. 2015, arXiv 1503.02531
            "small-distilled",
            "random",
            (Phase(EVERYTHING),),
            "the small residual CNN, half of its targets from a B0 trained before it",
            network="small",
            changes={"distillation": 0.5},
            teacher="full",
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
        _network("mobilenet", "MobileNetV2"),
        _network("resnet18", "ResNet-18"),
    )
}


def find(name: str) -> Strategy:
    """The strategy of that name.

    Raises:
        UserError: if there is none; the message names similar ones.
    """
    if name not in STRATEGIES:
        close = get_close_matches(name, STRATEGIES, n=3, cutoff=0.5)
        raise UserError(f"no strategy {name!r}", f"Did you mean {' or '.join(close or DEFAULTS)}?")
    return STRATEGIES[name]


def teachers(strategy: Strategy) -> tuple[Strategy, ...]:
    """The teachers that are trained before a strategy, its own teacher last.

    Raises:
        UserError: if a teacher is not in the catalogue.
        ValueError: if the teachers form a cycle.
    """
    found: list[Strategy] = []
    while strategy.teacher is not None:
        strategy = find(strategy.teacher)
        if strategy in found:
            raise ValueError(f"{strategy.name} is its own teacher")
        found.append(strategy)
    return tuple(reversed(found))
