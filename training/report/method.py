"""The end of a report: how the rates were tuned, how all was done, and how to repeat it."""

from collections.abc import Iterator, Sequence

from training.analysis.findings import Findings
from training.experiment.progress import amount_of, duration
from training.experiment.results import Result, Stage
from training.experiment.suites import Suite
from training.report import tables
from training.report.document import Code, Part, Plot, Points, Text, Title
from training.report.figures import Plots
from training.strategies.catalogue import STRATEGIES


def parts(found: Findings, results: Sequence[Result], plots: Plots) -> Iterator[Part]:
    """All of it, in order."""
    yield Title("Learning rates")
    yield from _tuning(found, results, plots)
    yield Title("How it was done")
    yield from _method(found)
    yield Title("How to repeat it")
    yield from _again(found, results)


def _tuning(found: Findings, results: Sequence[Result], plots: Plots) -> Iterator[Part]:
    suite = found.plan.suite
    each = len(suite.rates) * suite.tuning_seeds
    tuned, final = (_spent(results, stage) for stage in ("tuning", "final"))
    yield Text(
        f"Every arm had the same {each} trials, of which validation alone decided, on seeds that "
        f"no final run used. Tuning took {tuned}, the final runs {final}."
    )
    yield tables.rates(found.standings)
    for per_word in found.amounts[-1:]:
        yield Plot(
            "tuning",
            plots.tuning(per_word),
            f"Learning rates tried with {amount_of(per_word)}; the chosen one is ringed.",
        )


def _spent(results: Sequence[Result], stage: Stage) -> str:
    own = [result for result in results if result.stage == stage]
    seconds = sum(result.seconds for result in own)
    work = sum(result.forward_work + result.backward_work for result in own)
    return f"{duration(seconds)} of training and {work / 1e12:,.1f}·10¹² operations"


def _method(found: Findings) -> Iterator[Part]:
    plan, suite = found.plan, found.plan.suite
    yield Points(
        [f"{arm}: {STRATEGIES[arm].description}" for arm in suite.arms if arm in STRATEGIES]
    )
    yield Text(
        f"{suite.epochs} epoch{'s' * (suite.epochs > 1)} of AdamW under a one-cycle schedule, "
        f"{suite.batch} drawings a step, stem of stride {suite.stride}. A seed fixes the drawings "
        "chosen, their order and the head's first weights for every arm, so arms are compared in "
        f"pairs. The split is by drawing. {_stopping(suite)}; {_looked_at(suite)}"
    )
    yield Text(
        "Intervals of differences: symmetric bootstrap-t over seeds (Student's t below five). "
        "Better or worse: the interval lies beyond "
        f"±{plan.region:g} points and p, by the sign-flip test and Holm over all declared "
        "contrasts, is at most .05. Equivalent: it lies within. They speak of the seeds' chance "
        f"on these {suite.sat_on} drawings, not of other words or other people's drawings."
    )


def _stopping(suite: Suite) -> str:
    if not suite.patience:
        return "No run stops early"
    return (
        f"In every arm, a phase ends after {suite.patience} epochs without better accuracy on "
        "validation"
    )


def _looked_at(suite: Suite) -> str:
    if suite.sat_on == "test":
        return "the test split is looked at once a final run."
    return (
        "the test split is not looked at. Rates are tuned on finished validation drawings, "
        f"{suite.held_out} a word; final runs are examined on all other validation drawings. An "
        "epoch takes as many steps in every arm: what an arm adds to a batch takes the place of "
        "as many of the words' bitmaps."
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
            f"Commit {', '.join(commits)}; results version {plan.code}",
            f"Device: {', '.join(devices)}",
            f"Versions: {', '.join(versions)}",
            f"Drawings: hash {plan.data}, "
            + ", ".join(f"{n:,} {split}" for split, n in plan.bitmaps.items()),
            *(f"Start {name}: {digest}" for name, digest in plan.starts.items()),
        ]
    )
