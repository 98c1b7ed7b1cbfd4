"""The ways of training that the laboratory has, by name. A new one is an entry here."""

from collections.abc import Mapping
from typing import Any

from models.command import UserError
from training.networks.architectures import NetworkName
from training.networks.network import GROUPS
from training.strategies.recipes import JUDGES
from training.strategies.strategy import EVERYTHING, HEAD, Phase, Start, Strategy

NEW: Mapping[str, float] = {"stem": 1.0, "head": 1.0}
UPPER: Mapping[str, float] = {"top": 1.0, **HEAD}
LATE: Mapping[str, float] = {**{f"block{i}": 1.0 for i in range(11, 16)}, **UPPER}


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
        Strategy(  # Furlanello et al. 2018, arXiv 1805.04770, with one generation
            "full-taught",
            "imagenet",
            (Phase(EVERYTHING),),
            "everything at once, half of the targets what a network trained so before thinks",
            changes={"taught": 0.5},
            teacher="full",
        ),
        Strategy(
            "full-longer",
            "imagenet",
            (Phase(EVERYTHING),),
            "everything at once, for twice as many epochs",
            lasts=2,
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
        Strategy(  # Hinton et al. 2015, arXiv 1503.02531
            "small-taught",
            "random",
            (Phase(EVERYTHING),),
            "the small residual CNN, half of its targets what a B0 trained before it, everything "
            "at once, thinks",
            network="small",
            changes={"taught": 0.5},
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


def teachers(strategy: Strategy) -> tuple[Strategy, ...]:
    """Who is trained before a network of that strategy: its teacher's teachers, then its teacher.

    Raises:
        UserError: when there is no such teacher.
        ValueError: when one is taught by itself in the end.
    """
    found: list[Strategy] = []
    while strategy.teacher is not None:
        strategy = find(strategy.teacher)
        if strategy in found:
            raise ValueError(f"{strategy.name} is its own teacher")
        found.append(strategy)
    return tuple(reversed(found))
