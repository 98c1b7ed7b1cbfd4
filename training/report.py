"""The report of an experiment, from its result files alone: `report.html` and `report.md`.

    python -m training.compare --suite freezing --report-only

Every word of the verdict follows from the statistics. Nothing here trains or reads drawings.
"""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.command import whole_file
from training import statistics
from training.document import Code, Part, Plot, Points, Table, Text, Title, html, markdown
from training.figures import Plots
from training.findings import Findings, Standing, findings
from training.progress import amount_of, duration
from training.results import Plan, Result
from training.strategy import STRATEGIES
from training.wording import interval, number, signed, verdicts


def write(folder: Path, plan: Plan, found: Sequence[Result]) -> list[Path]:
    """Write the report of a folder's results; returns the two files.

    Raises:
        UserError: when they cannot be written.
    """
    parts = list(report(findings(plan, found), found))
    page, text = folder / "report.html", folder / "report.md"
    for part in parts:
        if isinstance(part, Plot):
            _write(folder / "figures" / f"{part.name}.svg", part.svg)
    _write(page, html(parts, f"Doodle Race: {plan.suite.name}"))
    _write(text, markdown(parts, "figures"))
    return [page, text]


def _write(path: Path, text: str) -> None:
    with whole_file(path, "w") as file:
        file.write(text)


def report(found: Findings, results: Sequence[Result]) -> Iterator[Part]:
    """All parts, in order."""
    suite = found.plan.suite
    yield Title(suite.question, 1)
    yield Text(
        f"The suite “{suite.name}” of Doodle Race's laboratory: EfficientNet-B0 on 28×28 drawings "
        f"of {', '.join(found.plan.words)}.",
        note=True,
    )
    if found.undone:
        done = len(suite.units) * suite.seeds - found.undone
        yield Text(
            f"This is not all: {done} of {done + found.undone} final runs are done, and what "
            "follows may change."
        )
    yield Points(list(verdicts(found)) or ["No final run is done yet."], verdict=True)
    if suite.missing:
        yield Text(suite.missing)
    if found.contrasts:
        yield Title("The declared contrasts")
        yield from _contrasts(found)
    plots = Plots(found)
    if len(found.amounts) > 1:
        yield Title("Accuracy against data")
        yield Plot(
            "by-data",
            plots.by_data(),
            "Test accuracy by training drawings a word; bands are 95 % intervals over seeds.",
        )
    for per_word in found.amounts:
        yield from _amount(found, per_word, plots)
    yield Title("Learning rates")
    yield from _tuning(found, results, plots)
    yield Title("How it was done")
    yield from _method(found)
    yield Title("How to repeat it")
    yield from _again(found, results)


def _contrasts(found: Findings) -> Iterator[Part]:
    yield Plot(
        "differences",
        Plots(found).differences(),
        "Paired differences in test accuracy with 95 % bootstrap intervals.",
    )
    yield Table(
        "Each line is a against b on the same seeds. p: exact sign-flip test; a beats b: chance "
        "that one run of a is more accurate than one of b.",
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
    least = statistics.least_p(found.plan.suite.seeds)
    family = len(found.plan.suite.contrasts) * len(found.plan.suite.amounts)
    if least * family > 1 - statistics.CONFIDENCE:
        yield Text(
            f"With {found.plan.suite.seeds} seeds the test cannot go below {least:.3f}, too much "
            f"for {family} contrast{'s' * (family > 1)}: no verdict of better or worse is "
            "possible.",
        )


def _amount(found: Findings, per_word: int | None, plots: Plots) -> Iterator[Part]:
    standings, several = found.at(per_word), len(found.amounts) > 1
    last = per_word == found.amounts[-1]  # every plot for every amount would be tiring
    name = f"-{per_word or 'all'}" if several else ""
    yield Title(f"Arms, {amount_of(per_word)}")
    yield _reached(standings)
    yield _price(found, standings)
    if last:
        yield Plot(
            f"accuracy{name}",
            plots.accuracy(per_word),
            "Test accuracy of every arm and every seed.",
        )
    if all(run.status != "finished" for standing in standings for run in standing.runs):
        return
    yield Plot(
        f"curves{name}",
        plots.curves(per_word),
        "Learning curves on validation, means over seeds with 95 % bands; dashed: the target.",
    )
    if not last:
        return
    yield Plot(
        f"by-seconds{name}", plots.by_seconds(per_word), "Accuracy against time of training."
    )
    yield Plot(
        f"conditions{name}",
        plots.other_conditions(per_word),
        "Accuracy in points on test drawings changed as other hands and pads would, and on "
        "beginnings of stroke drawings (mean over words). Darker is better within a column.",
    )
    best = next(s for s in standings if s.lost < len(s.runs))
    yield Plot(
        f"confusion{name}",
        plots.confusion(best),
        f"What {best.arm} takes for what, all seeds together.",
    )


def _reached(standings: Sequence[Standing]) -> Table:
    return Table(
        "Reached on the test split, means over seeds. Accuracy with its 95 % interval, in points; "
        "log loss in nats; calibration: expected error in points, before any temperature. A run "
        "that diverged or failed counts as guessing.",
        ["arm", "runs", "lost", "accuracy", "precision", "recall", "log loss", "calibration"],
        [
            [
                s.arm,
                str(len(s.runs)),
                str(s.lost),
                interval(s.accuracy),
                number(s.mean(lambda run: 100 * run.test.precision if run.test else math.nan)),
                number(s.mean(lambda run: 100 * run.test.recall if run.test else math.nan)),
                number(s.mean(lambda run: run.test.log_loss if run.test else math.nan), 3),
                number(
                    s.mean(lambda run: 100 * run.test.calibration_error if run.test else math.nan)
                ),
            ]
            for s in standings
        ],
    )


def _price(found: Findings, standings: Sequence[Standing]) -> Table:
    target = found.plan.suite.target
    return Table(
        f"The price. To the target: median until validation reached {target:.0%}, measured after "
        "each epoch; a run that never does counts as infinite.",
        [
            "arm",
            "trained parameters",
            "seconds",
            "images/s",
            "peak memory",
            "images to target",
            "seconds to target",
        ],
        [
            [
                s.arm,
                f"{s.runs[0].trained_parameters:,}",
                number(s.mean(lambda run: run.seconds), 1),
                number(s.mean(lambda run: run.images_per_second), 0),
                _memory(s),
                number(s.to_target("images", target), 0),
                number(s.to_target("seconds", target), 1),
            ]
            for s in standings
        ],
    )


def _memory(standing: Standing) -> str:
    peaks = [run.peak_memory for run in standing.runs if run.peak_memory is not None]
    return f"{max(peaks) / 2**20:,.0f} MiB" if peaks else "–"


def _tuning(found: Findings, results: Sequence[Result], plots: Plots) -> Iterator[Part]:
    suite = found.plan.suite
    each = len(suite.rates) * suite.tuning_seeds
    cost = sum(result.seconds for result in results if result.stage == "tuning")
    final = sum(result.seconds for result in results if result.stage == "final")
    yield Text(
        f"Every arm had the same {each} trials, of which validation alone decided, on seeds that "
        f"no final run used. Tuning took {duration(cost)} of training, the final runs "
        f"{duration(final)}."
    )
    yield Table(
        "Learning rates chosen. At the edge: the smallest or largest tried, so a better one may "
        "lie beyond.",
        ["arm", "drawings", "rate", "validation", "at the edge", "lost trials", "seconds"],
        [
            [
                s.arm,
                amount_of(s.per_word),
                f"{s.choice.rate:g}",
                f"{100 * s.choice.accuracy[s.choice.rate]:.2f}",
                "yes" if s.choice.at_edge else "no",
                str(s.choice.lost),
                f"{s.choice.seconds:,.0f}",
            ]
            for s in found.standings
            if s.choice is not None
        ],
    )
    for per_word in found.amounts[-1:]:
        yield Plot(
            "tuning",
            plots.tuning(per_word),
            f"Learning rates tried with {amount_of(per_word)}; the chosen one is ringed.",
        )


def _method(found: Findings) -> Iterator[Part]:
    plan, suite = found.plan, found.plan.suite
    yield Points([f"{arm}: {STRATEGIES[arm].says}" for arm in suite.arms if arm in STRATEGIES])
    yield Text(
        f"{suite.epochs} epoch{'s' * (suite.epochs > 1)} of AdamW under a one-cycle schedule, "
        f"{suite.batch} drawings a step, stem of stride {suite.stride}. A seed fixes the drawings "
        "chosen, their order and the head's first weights for every arm, so arms are compared in "
        "pairs. The split is by drawing. No run stops early; the test split is looked at once a "
        "final run."
    )
    yield Text(
        "Intervals of differences: symmetric bootstrap-t over seeds (Student's t below five). "
        "Better or worse: the interval lies beyond "
        f"±{plan.region:g} points and p, by the sign-flip test and Holm over all declared "
        "contrasts, is at most .05. Equivalent: it lies within. They speak of the seeds' chance "
        "on these test drawings, not of other words or other people's drawings."
    )


def _again(found: Findings, results: Sequence[Result]) -> Iterator[Part]:
    plan = found.plan
    evidence = sorted({str(r.evidence.get("command")) for r in results})
    devices = sorted({str(r.evidence.get("device")) for r in results})
    commits = sorted({str(r.evidence.get("commit")) for r in results})
    versions = sorted(
        {f"{n} {v}" for r in results for n, v in r.evidence.get("versions", {}).items()}
    )
    yield Code("\n".join(evidence))
    yield Points(
        [
            f"Commit {', '.join(commits)}; version of the code that decides results {plan.code}",
            f"Device: {', '.join(devices)}",
            f"Versions: {', '.join(versions)}",
            f"Drawings: hash {plan.data}, "
            + ", ".join(f"{n:,} {split}" for split, n in plan.bitmaps.items()),
            *(f"Start {name}: {digest}" for name, digest in plan.starts.items()),
        ]
    )
