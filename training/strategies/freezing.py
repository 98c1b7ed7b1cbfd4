"""The generated arms of the question "is it at least as good to train the new layers first?".

    full                       everything at once, for the suite's N epochs
    full-longer-2              the same for N + 2 epochs
    freeze-2                   the new layers alone for 2 epochs, then everything for N
    solved-head                logistic regression on the features, then everything for N
    full-work-of-freeze-5      everything at once, for as much arithmetic as freeze-5

A suffix `-still` or `-switched` names the BatchNorm statistics; without a suffix,
they follow the batches in both phases, as in most frameworks' train mode. With `-random-stem`, the
one-channel stem has random filters, as in the project where this question arose, so stem and head
are the new layers. Without it, the filters of ImageNet's stem are summed over colours, and only the
head is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from training.choices import StemWeights
from training.strategies.strategy import EVERYTHING, HEAD, BnStatistics, Phase, Strategy, head_alone

FROZEN_EPOCHS = (1, 2, 5)
LONGER = (2, 5)
NEW: Mapping[str, float] = {"stem": 1.0, "head": 1.0}


@dataclass(frozen=True)
class _Bn:
    """BatchNorm's statistics in the frozen phase and in the phase after it."""

    suffix: str
    frozen: BnStatistics
    unfrozen: BnStatistics
    description: str


_MOVING = _Bn("", "moving", "moving", "BatchNorm's statistics follow the batches")
_STILL = _Bn("-still", "still", "still", "BatchNorm's statistics stay as stored")
_SWITCHED = _Bn(
    "-switched",
    "still",
    "moving",
    "BatchNorm's statistics stay as stored while frozen, and follow the batches afterwards",
)
_STEMS: Mapping[StemWeights, str] = {"summed": "", "random": "-random-stem"}


def _arm(base: str, phases: tuple[Phase, ...], what: str, bn: _Bn, stem: StemWeights) -> Strategy:
    seen = "; the stem begins with random filters" if stem == "random" else ""
    return Strategy(
        f"{base}{bn.suffix}{_STEMS[stem]}",
        "imagenet",
        phases,
        f"{what}; {bn.description}{seen}",
        stem=stem,
    )


def _full(bn: _Bn, stem: StemWeights = "summed", extra: int = 0) -> Strategy:
    phase = Phase(EVERYTHING, extra=extra, bn_statistics=bn.unfrozen)
    base = f"full-longer-{extra}" if extra else "full"
    more = f", for {extra} epochs more" if extra else ""
    return _arm(base, (phase,), f"everything at once{more}", bn, stem)


def _freeze(k: int, bn: _Bn, stem: StemWeights = "summed") -> Strategy:
    learn, what = (NEW, "stem and head") if stem == "random" else (HEAD, "the head")
    first = Phase(learn, k, name="head", bn_statistics=bn.frozen, augmented=False)
    then = Phase(EVERYTHING, bn_statistics=bn.unfrozen)
    epochs = f"{k} epoch{'s' * (k > 1)}"
    return _arm(
        f"freeze-{k}", (first, then), f"{what} alone for {epochs}, then everything", bn, stem
    )


def _solved(bn: _Bn) -> Strategy:
    # Solving a head needs fixed features: re-estimated statistics are closest to a batch's.
    frozen = "re-estimated" if bn.frozen == "moving" else bn.frozen
    first = head_alone(name="penalty", bn_statistics=frozen, solver="optimum")
    then = Phase(EVERYTHING, bn_statistics=bn.unfrozen)
    what = "the head solved by logistic regression, then everything"
    return _arm("solved-head", (first, then), what, bn, "summed")


def _work_of(arm: Strategy, bn: _Bn) -> Strategy:
    own = _full(bn)
    what = f"everything at once, for as much arithmetic as {arm.name}"
    description = own.description.replace("everything at once", what, 1)
    name = f"full-work-of-{arm.name}"
    return replace(own, name=name, description=description, equal_work=arm)


def arms() -> tuple[Strategy, ...]:
    """The arms of the suites about freezing, `full` first."""
    return (
        _full(_MOVING),
        *(_full(_MOVING, extra=extra) for extra in LONGER),
        _work_of(_freeze(5, _MOVING), _MOVING),
        *(_freeze(k, _MOVING) for k in FROZEN_EPOCHS),
        _full(_STILL),
        *(_freeze(2, bn) for bn in (_STILL, _SWITCHED)),
        *(_solved(bn) for bn in (_MOVING, _STILL)),
        _full(_MOVING, "random"),
        _full(_MOVING, "random", extra=2),
        _freeze(2, _MOVING, "random"),
    )
