"""The tables of a report: numbers of `training.analysis.findings`, written out."""

import math
from collections.abc import Callable, Sequence

from training.analysis import findings
from training.analysis.findings import Findings, Measure, Standing, accuracy_under, changes, inks
from training.analysis.outcomes import OUTCOMES
from training.analysis.transferability import Worth
from training.analysis.verdict_text import interval, number, signed
from training.data.dataset import Split
from training.experiment.progress import amount_of
from training.experiment.provenance import Origin
from training.experiment.results import Test
from training.report.document import Table

GIGA = 1e9


def contrasts(found: Findings) -> Table:
    """Every declared contrast, with its numbers and its verdict."""
    return Table(
        "Each line is a against b on the same seeds. p: exact sign-flip test; a beats b: chance "
        f"that one run of a {found.outcome.beats} one of b.",
        ["a – b", "drawings", "pairs", "points", "95 % interval", "p", "Holm", "a beats b", ""],
        [
            [
                f"{c.a} – {c.b}",
                amount_of(c.per_word),
                str(c.found.n),
                signed(c.found.difference.mean),
                f"{signed(c.found.difference.low)} to {signed(c.found.difference.high)}",
                f"{c.found.p:.4f}",
                f"{c.found.adjusted:.4f}",
                f"{c.found.beats:.0%}",
                c.found.verdict,
            ]
            for c in found.contrasts
        ],
    )


def reached(standings: Sequence[Standing], sat_on: Split) -> Table:
    """What the arms reached on finished drawings."""
    return Table(
        f"Reached on the {sat_on} split, means over seeds. Accuracy with its 95 % interval, in "
        "points; log loss in nats; calibration: expected error in points, before any temperature. "
        "A run that diverged or failed counts as guessing.",
        ["arm", "runs", "lost", "accuracy", "precision", "recall", "log loss", "calibration"],
        [
            [
                s.arm,
                str(len(s.runs)),
                str(s.lost),
                interval(s.accuracy),
                number(s.mean(_tested(lambda test: 100 * test.precision))),
                number(s.mean(_tested(lambda test: 100 * test.recall))),
                number(s.mean(_tested(lambda test: test.log_loss)), 3),
                number(s.mean(_tested(lambda test: 100 * test.calibration_error))),
            ]
            for s in standings
        ],
    )


def _tested(measure: Callable[[Test], float]) -> Measure:
    """The measure of a run that reads its test; `Standing.mean` passes over runs without one."""
    return lambda run: measure(run.test) if run.test else math.nan


def outcomes(found: Findings, standings: Sequence[Standing]) -> Table:
    """What the suite is decided on, and the measures that stand beside it."""
    beside = [each for each in OUTCOMES.values() if each is not found.outcome]
    columns = [found.outcome, *beside]
    says = "; ".join(f"{each.title}: {each.says}" for each in columns)
    return Table(
        f"The contrasts are decided on the first column; the others decide nothing. In points, "
        f"means over seeds with 95 % intervals. {says[0].upper()}{says[1:]}.",
        ["arm", *(each.title for each in columns)],
        [[s.arm, *(interval(s.reached(each)) for each in columns)] for s in standings],
    )


def true_wins(standings: Sequence[Standing]) -> Table:
    """True wins by how many false ones there are."""
    lines = {s.arm: findings.true_wins(s) for s in standings}
    shares = list(next((line for line in lines.values() if line), {}))
    return Table(
        "True wins in points at a threshold that lets so many of the wrong pairs win; means over "
        "seeds.",
        ["arm", *(f"{share.replace('%', ' %')} false" for share in shares)],
        [
            [arm, *(number(line[share], 1) for share in shares)]
            for arm, line in lines.items()
            if line
        ],
    )


def other_conditions(standings: Sequence[Standing], sat_on: Split) -> Table:
    """Accuracy on changed and on half-drawn drawings."""
    shares = inks(standings)
    names = changes(standings) + shares
    return Table(
        f"The same, in points, on {sat_on} drawings as other hands and pads would make them, and "
        "on the beginnings of stroke drawings (mean over words).",
        ["arm", *(f"{name} ink" if name in shares else name for name in names)],
        [[s.arm, *(number(accuracy_under(s, name), 1) for name in names)] for s in standings],
    )


def price(standings: Sequence[Standing]) -> Table:
    """What a run of each arm costs."""
    return Table(
        "The price of one run: floating-point operations of training forward and backward, in "
        "units of 10⁹, means over seeds; seconds without start-up and evaluation and images a "
        "second, medians; memory at its peak.",
        [
            *("arm", "trained parameters", "forward", "backward", "seconds", "images/s"),
            "peak memory",
        ],
        [
            [
                s.arm,
                f"{s.runs[0].trained_parameters:,}",
                number(s.mean(lambda run: run.forward_work) / GIGA, 1),
                number(s.mean(lambda run: run.backward_work) / GIGA, 1),
                number(s.median(lambda run: run.seconds), 1),
                number(s.median(lambda run: run.images_per_second), 0),
                _memory(s),
            ]
            for s in standings
        ],
    )


def _memory(standing: Standing) -> str:
    peaks = [run.peak_memory for run in standing.runs if run.peak_memory is not None]
    return f"{max(peaks) / 2**20:,.0f} MiB" if peaks else "–"


def to_target(found: Findings, standings: Sequence[Standing]) -> Table:
    """How soon each arm reached the target."""
    target = found.plan.suite.target
    return Table(
        f"To the target, {target:.0%} on validation, measured after each epoch: medians over "
        "seeds, in which a run that never reached it counts as infinite.",
        ["arm", "reached it", "images", "seconds"],
        [
            [
                s.arm,
                f"{s.reaching(target)} of {len(s.runs)}",
                number(s.to_target("images", target), 0),
                number(s.to_target("seconds", target), 1),
            ]
            for s in standings
        ],
    )


def rates(standings: Sequence[Standing]) -> Table:
    """The learning rate of each arm, and what finding it cost."""
    return Table(
        "Learning rates chosen. At the edge: the smallest or largest tried, so a better one may "
        "lie beyond.",
        ["arm", "drawings", "rate", "validation", "at the edge", "lost trials", "seconds"],
        [
            [
                s.arm,
                amount_of(s.per_word),
                f"{s.choice.rate:g}",
                number(100 * s.choice.accuracy[s.choice.rate]),
                "yes" if s.choice.at_edge else "no",
                str(s.choice.lost),
                number(s.choice.seconds, 0),
            ]
            for s in standings
            if s.choice is not None
        ],
    )


def starts(worths: Sequence[Worth], sat_on: Split) -> Table:
    """What each start allowed before training, beside what came of it."""
    measures = list(dict.fromkeys(name for worth in worths for name in worth.before))
    return Table(
        "Accuracy in points that the features of a start allow on validation before any "
        f"training, and {sat_on} accuracy after it; means over seeds.",
        ["arm", "start", "drawings", *(f"{name}, before" for name in measures), "after"],
        [
            [
                worth.arm,
                worth.start,
                amount_of(worth.per_word),
                *(number(worth.before.get(name, math.nan)) for name in measures),
                number(worth.after),
            ]
            for worth in worths
        ],
    )


def origins(found: Sequence[Origin]) -> Table:
    """What pretraining cost, where it was done here."""
    return Table(
        "What the starts cost: images seen and seconds of pretraining, floating-point operations "
        "in units of 10⁹, accuracy in points at the task that was pretrained for; – where others "
        "trained it, or where there is nothing to train.",
        ["start", "is", "images", "seconds", "forward", "backward", "own task"],
        [
            [
                origin.start,
                origin.says,
                _known(origin.images, digits=0),
                _known(origin.seconds, digits=0),
                _known(origin.forward_work, 1 / GIGA, 0),
                _known(origin.backward_work, 1 / GIGA, 0),
                _known(origin.accuracy, 100),
            ]
            for origin in found
        ],
    )


def _known(value: float | None, times: float = 1, digits: int = 2) -> str:
    return number(math.nan if value is None else times * value, digits)
