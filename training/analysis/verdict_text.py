"""What an experiment says, in words and written numbers that follow from its statistics."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from training.analysis.findings import Contrast, Findings, Standing
from training.analysis.outcomes import OUTCOMES
from training.analysis.statistics import Interval
from training.analysis.transferability import Rank
from training.data.dataset import Split
from training.experiment.progress import amount_of

STEADY = 1.5  # times that a run of an arm may take longer than another before it is worth a word


def verdicts(found: Findings) -> Iterator[str]:
    """What the experiment says, in words."""
    several, outcome = len(found.plan.suite.amounts) > 1, found.outcome
    if outcome is not OUTCOMES["accuracy"] and found.contrasts:
        yield f"Decided on {outcome.title}, as was declared before: {outcome.says}."
    if several:
        yield from (f"{brief}." for brief in in_brief(found))
    else:
        if len(found.contrasts) > 1:
            yield f"In short, in points: {'; '.join(in_brief(found))}."
        yield from (verdict(contrast, found.plan.region) for contrast in found.contrasts)
    firsts = [found.at(per_word)[0] for per_word in found.amounts]
    if firsts:
        names = (
            f"{s.arm}, {interval(s.decided)} points"
            + (f" with {amount_of(s.per_word)}" if several else "")
            for s in firsts
        )
        yield (
            f"Highest mean {outcome.title}: {'; '.join(names)}. "
            "To be first of several is no proof; the contrasts are."
        )


def verdict(contrast: Contrast, region: float) -> str:
    """One contrast in words."""
    found = contrast.found
    a, b, gap = contrast.a, contrast.b, abs(found.difference.mean)
    says = {
        "better": f"{a} is better than {b}, by {gap:.2f} points",
        "worse": f"{a} is worse than {b}, by {gap:.2f} points",
        "equivalent": f"{a} and {b} are equivalent: they differ by less than {region:g} points",
        "undecided": f"whether {a} or {b} is better is undecided",
    }[found.verdict]
    if found.verdict == "undecided" and found.at_least_as_good:
        says += f", but {a} is not worse than {b} by more than {region:g} points"
    return f"{says} ({_numbers(contrast)})."


def pupils(standings: Sequence[Standing]) -> str | None:
    """Whose price is not theirs alone."""
    taught: defaultdict[str, list[str]] = defaultdict(list)
    for standing in standings:
        if teacher := standing.runs[0].strategy.get("teacher"):
            taught[teacher].append(standing.arm)
    return (
        " ".join(
            f"Taught by {teacher}, which is trained first, in the same run, on the same drawings: "
            f"{', '.join(arms)}. Its images, seconds, operations and memory are part of theirs."
            for teacher, arms in taught.items()
        )
        or None
    )


def edges(found: Findings) -> list[Standing]:
    """Those whose best learning rate was the smallest or largest tried."""
    return [s for s in found.standings if s.choice is not None and s.choice.at_edge]


def at_edge(found: Findings) -> str | None:
    """Which arms' learning rates may not be their best; None where all lie within the grid."""
    several = len(found.plan.suite.amounts) > 1
    arms = [s.arm + (f" with {amount_of(s.per_word)}" if several else "") for s in edges(found)]
    if not arms:
        return None
    return (
        f"The best learning rate lay at the edge of those tried for {', '.join(arms)}: a better "
        "one may lie beyond, and what is said of them here may be too little."
    )


def busy(standings: Sequence[Standing]) -> str | None:
    """A warning where runs of the same arm took very different times; None where none did."""
    worst = max((s.unsteadiness for s in standings if s.lost < len(s.runs)), default=1.0)
    if worst <= STEADY:
        return None
    return (
        f"The machine had other work: runs of one arm took up to {worst:.1f} times as long as "
        "others of it. Medians pass over that, sums do not; images and operations are exact."
    )


BRIEFLY = {
    "better": "better than",
    "worse": "worse than",
    "equivalent": "equivalent to",
    "undecided": "undecided against",
}
AT_LEAST = "not worse than"


def in_brief(found: Findings, mark: str = "") -> Iterator[str]:
    """Every contrast in a few words, with its difference in points; arms between two marks."""
    if len(found.plan.suite.amounts) > 1:
        for a, b in found.plan.suite.contrasts:
            own = [c for c in found.contrasts if (c.a, c.b) == (a, b)]
            if own:
                yield f"{mark}{a}{mark} against {mark}{b}{mark}: {_by_amount(own)}"
        return
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for c in found.contrasts:
        held = c.found.verdict == "undecided" and c.found.at_least_as_good
        says = AT_LEAST if held else BRIEFLY[c.found.verdict]
        alike[says, c.b].append(f"{mark}{c.a}{mark} ({signed(c.found.difference.mean)})")
    for (says, b), arms in alike.items():
        yield f"{says} {mark}{b}{mark}: {', '.join(arms)}"


def _by_amount(contrasts: Sequence[Contrast]) -> str:
    """The same pair at every amount of data; its intervals stand in the table."""
    return ", ".join(
        f"{c.found.verdict} with {amount_of(c.per_word)} ({signed(c.found.difference.mean)})"
        for c in contrasts
    )


def _numbers(contrast: Contrast) -> str:
    found = contrast.found
    low, high = signed(found.difference.low), signed(found.difference.high)
    runs = f"{found.n} pair{'s' * (found.n > 1)}"
    return (
        f"difference {signed(found.difference.mean)}, 95 % interval {low} to {high}, "
        f"p {found.adjusted:.3f} after Holm, {runs}"
    )


def ranking(rank: Rank, sat_on: Split) -> str:
    """A rank correlation in words, with how little so few starts can prove."""
    found = rank.found
    says = (
        f"Spearman's rank correlation between {rank.measure} before training and {sat_on} accuracy "
        f"after it, over the {found.n} arms {', '.join(rank.arms)} "
        f"({amount_of(rank.per_word)}): {signed(found.rho)}, p {found.p:.3f} by permutation."
    )
    if found.least > 0.05:
        return f"{says} With {found.n} starts p cannot go below {found.least:.3f}: no proof."
    return f"{says} {found.n} starts are few: p could not go below {found.least:.4f}."


def interval(value: Interval) -> str:
    """The mean and, where it is finite, half the width of its interval."""
    half = (value.high - value.low) / 2
    return f"{value.mean:.2f}" + (f" ± {half:.2f}" if math.isfinite(half) else "")


def signed(value: float) -> str:
    """With its sign, the true minus."""
    text = f"{value:+.2f}" if math.isfinite(value) else f"{'-' if value < 0 else '+'}∞"
    return text.replace("-", "−")


def number(value: float, digits: int = 2) -> str:
    """With so many digits; – for nan."""
    if math.isnan(value):
        return "–"
    return f"{value:,.{digits}f}" if math.isfinite(value) else "∞"
