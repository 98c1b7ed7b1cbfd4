"""The tables of a report: numbers of `training.analysis.findings`, written out."""

import math
from collections.abc import Callable, Sequence

from training.analysis import findings
from training.analysis.findings import Findings, Measure, Standing, accuracy_under, changes, inks
from training.analysis.numbers import interval, number, p_value, signed, span, upper
from training.analysis.outcomes import OUTCOMES
from training.analysis.transferability import Transferability
from training.analysis.verdict_text import NAMES
from training.choices import Split
from training.experiment.provenance import StartProvenance
from training.experiment.results import Test, amount_of
from training.report.document import Table

GIGA = 1e9


def contrasts(found: Findings) -> Table:
    """Every declared contrast, with its numbers and its verdict."""
    alone = found.contrasts[0].found.confidence
    return Table(
        "Each line is a against b on the same seeds. The intervals hold together with 95 % (each "
        f"alone with {alone:.1%}) and are those of the sign-flip test. p alone: of this contrast; "
        f"p: of the family of {found.plan.suite.family}. a beats b: chance that one run of a "
        f"{found.outcome.beats} one of b.",
        ["a – b", "drawings", "pairs", "points", "interval", "p alone", "p", "a beats b", ""],
        [
            [
                f"{c.a} – {c.b}",
                amount_of(c.per_word),
                str(c.found.n),
                signed(c.found.difference.mean),
                span(c.found.difference),
                p_value(c.found.p)[2:],
                p_value(c.found.adjusted)[2:],
                f"{c.found.beats:.0%}",
                NAMES[c.found.verdict],
            ]
            for c in found.contrasts
        ],
    )


def reached(standings: Sequence[Standing], eval_split: Split) -> Table:
    """Metrics of the arms on finished drawings."""
    return Table(
        f"Reached on the {eval_split} split, means over seeds. Accuracy with its 95 % interval, in "
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
    """A measure of a run's test; `Standing.mean` leaves out runs without one."""
    return lambda run: measure(run.test) if run.test else math.nan


def outcomes(found: Findings, standings: Sequence[Standing]) -> Table:
    """The outcome that decides the suite, and the other measures."""
    beside = [each for each in OUTCOMES.values() if each is not found.outcome]
    columns = [found.outcome, *beside]
    meanings = "; ".join(f"{each.title}: {each.description}" for each in columns)
    return Table(
        f"The contrasts are decided on the first column; the others decide nothing. In points, "
        f"means over seeds with 95 % intervals. {upper(meanings)}.",
        ["arm", *(each.title for each in columns)],
        [[s.arm, *(interval(s.reached(each)) for each in columns)] for s in standings],
    )


def true_wins(standings: Sequence[Standing]) -> Table:
    """True wins by the share of false ones."""
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


def other_conditions(standings: Sequence[Standing], eval_split: Split) -> Table:
    """Accuracy on changed and on half-drawn drawings."""
    shares = inks(standings)
    names = changes(standings) + shares
    return Table(
        f"The same, in points, on {eval_split} drawings changed as other people and pads would "
        "change them, and on the beginnings of stroke drawings (mean over words).",
        ["arm", *(f"{name} ink" if name in shares else name for name in names)],
        [[s.arm, *(number(accuracy_under(s, name), 1) for name in names)] for s in standings],
    )


def price(standings: Sequence[Standing]) -> Table:
    """The cost of a run of each arm."""
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


def to_target(standings: Sequence[Standing], target: float) -> Table:
    """Images and seconds until each arm reached a target."""
    halves = any(2 * s.reaching(target) == len(s.runs) for s in standings)
    few = "half of the runs or fewer" if halves else "fewer than half of the runs"
    return Table(
        f"To {target:.0%} on validation, measured after each epoch: medians over seeds. – where "
        f"{few} reached it.",
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


def rates(found: Findings) -> Table:
    """The learning rates of each arm, and the cost of tuning."""
    return Table(
        "Learning rates chosen, one for each phase that has its own; for a head that is solved, "
        "the strength of its L2 penalty. Inside: neighbours on both sides were tried and are no "
        "better, or accuracy no longer changes with the rate.",
        [
            "arm",
            "drawings",
            "rate of",
            "chosen",
            "validation",
            "tried",
            "inside",
            "lost",
            "seconds",
        ],
        [
            [
                arm,
                amount_of(per_word),
                search.name,
                f"{search.rate:g}",
                number(100 * search.accuracy[search.rate]),
                ", ".join(f"{rate:g}" for rate in search.accuracy),
                "no" if search.at_edge else "yes",
                str(search.lost),
                number(search.seconds, 0),
            ]
            for (per_word, arm), choice in found.tuned.items()
            for search in choice.searches
            if search.accuracy
        ],
    )


def starts(measured: Sequence[Transferability], eval_split: Split) -> Table:
    """Accuracy of each start's features before training, and accuracy after it."""
    measures = list(dict.fromkeys(name for each in measured for name in each.before))
    return Table(
        "Accuracy in points that the features of a start allow on validation before any "
        f"training, and {eval_split} accuracy after it; means over seeds.",
        ["arm", "start", "drawings", *(f"{name}, before" for name in measures), "after"],
        [
            [
                each.arm,
                each.start,
                amount_of(each.per_word),
                *(number(each.before.get(name, math.nan)) for name in measures),
                number(each.after),
            ]
            for each in measured
        ],
    )


def start_costs(found: Sequence[StartProvenance]) -> Table:
    """The cost of pretraining that was done here."""
    return Table(
        "What the starts cost: images seen and seconds of pretraining, floating-point operations "
        "in units of 10⁹, points at the task that was pretrained for, and what guessing gets "
        "there; – where others trained it, or where there is nothing to train. A start has failed "
        "if it came less than a third of the way from guessing to 100.",
        [
            *("start", "checkpoint", "is", "images", "seconds", "forward", "backward"),
            *("own task", "guessing", ""),
        ],
        [
            [
                start.start,
                str(start.checkpoint),
                start.description,
                _known(start.images, digits=0),
                _known(start.seconds, digits=0),
                _known(start.forward_work, 1 / GIGA, 0),
                _known(start.backward_work, 1 / GIGA, 0),
                _known(start.accuracy, 100),
                _known(start.chance, 100),
                "failed" if start.failed else "",
            ]
            for start in found
        ],
    )


def _known(value: float | None, times: float = 1, digits: int = 2) -> str:
    return number(math.nan if value is None else times * value, digits)
