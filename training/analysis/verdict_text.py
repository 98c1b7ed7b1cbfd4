"""The findings of an experiment in sentences derived from its statistics."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from training.analysis.findings import Contrast, Findings, Standing, Unit
from training.analysis.numbers import (
    counted,
    interval,
    listed,
    p_value,
    points,
    signed,
    span,
    upper,
)
from training.analysis.outcomes import OUTCOMES
from training.analysis.transferability import Rank
from training.choices import Split
from training.experiment.results import amount_of
from training.networks import timm_backbones
from training.networks.architectures import ARCHITECTURES
from training.statistics.claims import Claim, Comparison
from training.statistics.power import PROMISED, Power

STEADY = 1.5  # ratio of an arm's longest to its shortest run, above which it is mentioned
GUESSING = 0.1  # share of the way from guessing to 100, below which a run is near guessing
LIKELY = 0.2  # p of the family up to which a difference is called probable

GROUPS = {
    "better": "Better than",
    "equivalent": "Equivalent to",
    "not worse": "At least as good as",
    "not better": "At most as good as",
    "worse": "Worse than",
    "undecided": "Not decided against",
}
NAMES: Mapping[Claim, str] = {
    "better": "better",
    "equivalent": "equivalent",
    "not worse": "at least as good",
    "not better": "at most as good",
    "worse": "worse",
    "undecided": "not decided",
}


def answer(found: Findings, mark: str = "") -> str:
    """The answer in one line: the contrasts by verdict, beginning with that of the first contrast.

    `mark` is put around names of arms.
    """
    if not found.contrasts:
        return "No contrast can be decided yet."
    if len(found.plan.suite.amounts) > 1:
        return " ".join(_by_amount(found, mark))
    parts: list[str] = []
    first = found.contrasts[0].found.verdict
    for verdict, title in sorted(GROUPS.items(), key=lambda group: group[0] != first):
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for c in found.contrasts:
            if c.found.verdict == verdict:
                alike[c.b].append(f"{mark}{c.a}{mark} ({brief(c.found)})")
        parts += [f"{title} {mark}{b}{mark}: {', '.join(arms)}." for b, arms in alike.items()]
    return " ".join(parts)


def headline(found: Findings) -> list[str]:
    """The answer, for the first screen: the first declared contrast, then all others in brief."""
    if not found.contrasts or len(found.plan.suite.amounts) > 1:
        return [answer(found)]
    primary, others = found.contrasts[0], found.contrasts[1:]
    rest = answer(replace(found, contrasts=others)) if others else ""
    return [upper(verdict(primary)), *([rest] if rest else [])]


def brief(found: Comparison) -> str:
    """A comparison in a few words, for brackets."""
    far = f", a few pairs lie far out, median {signed(found.median)}" if found.skewed else ""
    return _briefly(found) + far


def _briefly(found: Comparison) -> str:
    low, high = found.difference.low, found.difference.high
    if found.verdict == "better":
        return f"by {low:.2f} to {high:.2f} points"
    if found.verdict == "worse":
        return f"by {-high:.2f} to {-low:.2f} points"
    likely = probably(found)
    if found.verdict == "undecided" and likely:
        return likely
    return signed(found.difference.mean) + (f", {likely}, not decided" if likely else "")


def probably(found: Comparison) -> str:
    """ "probably better, p .07" if a difference is likely but not decided; else empty."""
    if not 0.05 < found.adjusted <= LIKELY:
        return ""
    side = "better" if found.difference.mean > 0 else "worse"
    return f"probably {side}, {p_value(found.adjusted)}"


def _by_amount(found: Findings, mark: str) -> Iterator[str]:
    """Each pair at every amount of data."""
    for a, b in found.plan.suite.contrasts:
        own = [c for c in found.contrasts if (c.a, c.b) == (a, b)]
        if own:
            groups = [list(alike) for _, alike in groupby(own, lambda c: c.found.verdict)]
            yield upper(f"{mark}{a}{mark} against {mark}{b}{mark}: {', '.join(map(_at, groups))}.")


def _at(alike: Sequence[Contrast]) -> str:
    """One verdict at successive amounts of data, in a few words."""
    *before, last = [amount_of(c.per_word) for c in alike]
    if last.endswith(" a word"):
        before = [amount.removesuffix(" a word") for amount in before]
    where = listed([*before, last])
    *others, end = [brief(c.found) for c in alike]
    by = [each.removesuffix(" points") for each in others]
    by = by[:1] + [each.removeprefix("by ") for each in by[1:]]
    said = listed([*by, end.removeprefix("by ") if others else end])
    return f"{NAMES[alike[0].found.verdict]} with {where} ({said})"


def verdicts(found: Findings) -> Iterator[str]:
    """Every contrast in a sentence of its own."""
    several = len(found.plan.suite.amounts) > 1
    for c in found.contrasts:
        where = f"With {amount_of(c.per_word)}, " if several else ""
        yield upper(f"{where}{verdict(c)}")


def verdict(contrast: Contrast) -> str:
    """One contrast in words."""
    found, a, b = contrast.found, contrast.a, contrast.b
    low, high, region = found.difference.low, found.difference.high, points(found.region)
    said = {
        "better": f"{a} is better than {b}, by {low:.2f} to {high:.2f} points",
        "worse": f"{a} is worse than {b}, by {-high:.2f} to {-low:.2f} points",
        "equivalent": f"{a} and {b} are equivalent: they differ by less than {region}",
        "not worse": f"{a} is at least as good as {b}, to within {region}",
        "not better": f"{a} is at most as good as {b}, to within {region}",
        "undecided": f"whether {a} or {b} is better is not decided",
    }[found.verdict]
    if found.verdict not in ("better", "worse", "equivalent") and (likely := probably(found)):
        said += f"; {a} is {likely}" + ", not decided" * (found.verdict != "undecided")
    note = (
        f" A few pairs lie far out: the interval is in doubt; the median difference is "
        f"{signed(found.median)}."
    )
    return f"{said} ({_numbers(found)}).{note * found.skewed}"


def _numbers(found: Comparison) -> str:
    where = "" if found.verdict in ("better", "worse") else f", {span(found.difference)}"  # as said
    return (
        f"mean difference {signed(found.difference.mean)}{where}, {p_value(found.adjusted)}, "
        f"{counted(found.n, 'pair')}"
    )


def decided_on(found: Findings) -> str | None:
    """The measure that decides the contrasts, if it is not accuracy."""
    if found.outcome is OUTCOMES["accuracy"]:
        return None
    return f"Decided on {found.outcome.title}, as declared before: {found.outcome.description}."


def factors(found: Findings) -> str:
    """The conditions under which the verdicts hold."""
    suite = found.plan.suite
    amounts = listed([amount_of(amount) for amount in suite.amounts])
    cap = suite.changes.get("epoch_cap", 0)
    fewest = min(math.inf if amount is None else amount for amount in suite.amounts)
    repeated = fewest * len(found.plan.words) < suite.epoch_images
    limits = [f"at least {suite.epoch_images:,} images each"] * repeated
    limits += [f"at most {cap:,} of a word"] * (cap > 0)
    shown = f" ({', '.join(limits)})" * bool(limits)
    return (
        f"{upper(amounts)}; {counted(suite.epochs, 'epoch')}{shown} in every phase without a "
        f"length of its own; input {suite.side}×{suite.side}, {stem(found)}; "
        f"{counted(len(found.plan.words), 'word')}"
    )


def stem(found: Findings) -> str:
    """The stride of the stem, and the arms whose network has another one, whatever is asked for."""
    suite = found.plan.suite
    networks = {each.arm: each.runs[0].strategy.get("network", "b0") for each in found.standings}
    own = [arm for arm in suite.arms if _own_stride(networks.get(arm, "b0"), suite.stride)]
    has = "has" if len(own) == 1 else "have"
    others = f" ({listed(own)} {has} another)" if own else ""
    return f"stem of stride {suite.stride}{others}"


def _own_stride(network: str, asked: int) -> bool:
    if network.startswith(timm_backbones.PREFIX):
        return True
    known = {name: each.strided for name, each in ARCHITECTURES.items()}
    return asked != 1 and not known.get(network, True)


def pupils(standings: Sequence[Standing]) -> str | None:
    """The arms whose cost includes a teacher."""
    by_teacher: defaultdict[str, list[str]] = defaultdict(list)
    for standing in standings:
        if teacher := standing.runs[0].strategy.get("teacher"):
            by_teacher[teacher].append(standing.arm)
    sentences = (
        f"{listed(arms)} learn{'s' * (len(arms) == 1)} from {teacher}, which is trained first, in "
        "the same run and on the same drawings; its images, seconds, operations and memory are "
        "part of the price."
        for teacher, arms in by_teacher.items()
    )
    return upper(" ".join(sentences)) or None


def named(units: Sequence[Unit], several: bool) -> list[str]:
    """Arms, with their amounts of data if a suite has several."""
    return [arm + (f" with {amount_of(amount)}" if several else "") for amount, arm in units]


def unmeasured(found: Findings) -> str | None:
    """Which arms enter no verdict because their learning rate was not found."""
    if not found.unmeasured:
        return None
    arms = named(found.unmeasured, len(found.plan.suite.amounts) > 1)
    return (
        f"Not measured: {listed(arms)}. The best learning rate lies at the edge of the largest "
        f"grid allowed ({counted(found.plan.suite.most_rates, 'rate')}); a better one may lie "
        "beyond it, so there is no verdict."
    )


def power(found: Findings) -> str:
    """The declared power of the experiment."""
    declared = found.plan.power
    if not declared:
        return (
            "No power was declared before the run: there was no pilot. An open question may be "
            "open because there are too few seeds."
        )
    able = declared["detectable"]
    finds = (
        f"differences of {points(float(able))} or more are found in {PROMISED:.0%}"
        if able
        else "no difference can be found, however large"
    )
    needed = declared["pairs_needed"]
    return (
        f"Declared before the run, for differences with a standard deviation of {declared['sd']:g} "
        f"points (from a pilot), {declared['pairs']} seeds and a family of "
        f"{counted(int(declared['contrasts'] or 0), 'contrast')}: {finds}; an arm as good as the "
        f"other is found at least as good, to within {points(found.plan.region)}, in "
        f"{declared['not_worse']:.0%}"
        + (f" ({PROMISED:.0%} takes {needed} seeds)." if needed else ".")
    )


def spreads(found: Findings) -> str | None:
    """The observed spread, for comparison with the pilot's."""
    own = [c.spread for c in found.contrasts if c.found.n > 1]
    if not own:
        return None
    suite, most = found.plan.suite, max(own)
    told = (
        "Observed standard deviation of the paired differences: "
        + " to ".join(dict.fromkeys((f"{min(own):.2f}", f"{most:.2f}")))
        + " points."
    )
    if suite.sd is None or most <= suite.sd:
        return told
    able = Power(most, found.pairs, suite.family, suite.region).detectable()
    finds = f"only differences of {points(able)} or more are" if able < math.inf else "nothing is"
    return f"{told} Where it is largest, {finds} found in {PROMISED:.0%}."


def collapsed(found: Findings) -> str | None:
    """A warning about runs that ended near guessing and decide the mean of their arm; else None."""
    rows = [(s, _near_guessing(s)) for s in found.standings]
    told = [
        f"{count} of {len(s.runs)} runs of {s.arm}"
        + (f" with {amount_of(s.per_word)}" if len(found.amounts) > 1 else "")
        for s, count in rows
        if 0 < count < len(s.runs)
    ]
    return (
        f"Ended near guessing, and so decide the mean of their arm: {listed(told)}."
        if told
        else None
    )


def _near_guessing(standing: Standing) -> int:
    """Number of an arm's runs that have learned next to nothing."""
    guessing = standing.outcome.guessing(standing.words)
    limit = guessing + GUESSING * (100 - guessing)
    return sum(reached < limit for reached in standing.points(standing.outcome).values())


def speeds(found: Findings, per_word: int | None, target: float) -> Iterator[str]:
    """By what factor one arm of a contrast reaches a target sooner than the other."""
    by_arm = {standing.arm: standing for standing in found.at(per_word)}
    for a, b in found.plan.suite.contrasts:
        if a in by_arm and b in by_arm:
            images, seconds = (
                by_arm[a].to_target(what, target) / by_arm[b].to_target(what, target)
                for what in ("images", "seconds")
            )
            if 0 < images < math.inf:
                yield (
                    f"To {target:.0%}, {a} needs {images:.2f} times the images and "
                    f"{seconds:.2f} times the seconds of {b}."
                )


def busy(standings: Sequence[Standing]) -> str | None:
    """A warning if runs of the same arm took very different times; else None."""
    worst = max((s.unsteadiness for s in standings if s.lost < len(s.runs)), default=1.0)
    if worst <= STEADY:
        return None
    return (
        f"The machine had other work: runs of one arm took up to {worst:.1f} times as long as "
        "others. Medians are hardly affected, sums are; images and operations are exact."
    )


def first(found: Findings) -> str | None:
    """Which arm has the highest mean, with a warning."""
    several = len(found.plan.suite.amounts) > 1
    best = [found.at(per_word)[0] for per_word in found.amounts]
    if not best:
        return None
    names = (
        f"{s.arm}, {interval(s.decided)} points"
        + (f" with {amount_of(s.per_word)}" if several else "")
        for s in best
    )
    return (
        f"Highest mean {found.outcome.title}: {'; '.join(names)}. The first of several is not "
        "thereby better; only the contrasts decide."
    )


def ranking(rank: Rank, eval_split: Split) -> str:
    """A rank correlation in words, with the smallest p that so few starts can give."""
    found = rank.found
    text = (
        f"Spearman's rank correlation between {rank.measure} before training and {eval_split} "
        f"accuracy after it, over {listed(list(rank.arms))} ({amount_of(rank.per_word)}): "
        f"{signed(found.rho)}, {p_value(found.p)} by permutation."
    )
    if found.least > 0.05:
        return f"{text} With {found.n} starts p cannot fall below {found.least:.3f}: no proof."
    return text
