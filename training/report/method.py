"""The end of a report: learning rates, how the runs were done, and how to repeat them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from training.analysis.findings import Findings
from training.analysis.numbers import counted, listed
from training.analysis.verdict_text import factors
from training.engines.progress import duration
from training.experiment.results import Result, RunStage, amount_of
from training.report import tables
from training.report.document import Block, Commands, Fold, Plot, Points, Text
from training.report.figures import Plots
from training.sampling.mixture import Mixture
from training.strategies.catalogue import STRATEGIES
from training.suites.suite import STEP, Suite
from training.suites.suites import SUITES
from training.transforms.augmentation import Augmentation


def parts(found: Findings, results: Sequence[Result], plots: Plots) -> Iterator[Block]:
    """All of it, in order."""
    yield Fold("Learning rates, and what tuning cost", list(_tuning(found, results, plots)))
    yield Fold("How it was done", list(_method(found)))
    yield Fold("How to repeat it", list(_repetition(found, results)))


def _tuning(found: Findings, results: Sequence[Result], plots: Plots) -> Iterator[Block]:
    suite = found.plan.suite
    tuned, final = (_spent(results, stage) for stage in ("tuning", "final"))
    if suite.prescribed:
        yield Text(
            f"The rate is part of the recipe; nothing was tuned. The final runs took {final}."
        )
        return
    fixed = [arm for arm in suite.arms if "lr" in _own(arm)]
    if fixed:
        yield Text(f"The rate is part of the recipe of {listed(fixed)}; it was not tuned.")
    yield Text(
        f"Every phase of every {'other ' * bool(fixed)}arm tried "
        f"{counted(len(suite.rates), 'rate')} on "
        f"{counted(suite.tuning_seeds, 'seed')} that no final run used. While the best rate was "
        f"the smallest or largest tried, another one {STEP:g} times beyond it was tried, up to "
        f"{suite.most_rates}. Validation alone decided, phase after phase. Tuning took {tuned}, "
        f"the final runs {final}."
    )
    yield tables.rates(found)
    for per_word in found.amounts[-1:]:
        yield Plot(
            "tuning",
            plots.tuning(per_word),
            f"Learning rates tried with {amount_of(per_word)}; the chosen ones are ringed.",
        )


def _spent(results: Sequence[Result], stage: RunStage) -> str:
    own = [result for result in results if result.stage == stage]
    seconds = sum(result.seconds for result in own)
    work = sum(result.forward_work + result.backward_work for result in own)
    return (
        f"{duration(seconds)} of training ({counted(len(own), 'run')}, "
        f"{work / 1e12:,.1f}·10¹² operations)"
    )


def _method(found: Findings) -> Iterator[Block]:
    plan, suite = found.plan, found.plan.suite
    yield Points(
        [f"{arm}: {STRATEGIES[arm].description}" for arm in suite.arms if arm in STRATEGIES]
    )
    yield Text(
        f"{factors(found)}. Batches of {suite.batch}; "
        + ", ".join(_in_words({"optimiser": "AdamW", "schedule": "one-cycle", **suite.changes}))
        + f"{_exceptions(suite.arms)}. A seed fixes the drawings chosen, their order and the "
        "head's first weights for every "
        f"arm, so arms are compared in pairs. The split is by drawing. {_stopping(suite)}; "
        f"{_evaluated_on(suite)}"
    )
    if found.sharing:
        yield Text(
            f"Each start made here was pretrained from {counted(suite.checkpoints, 'seed')}. Runs "
            "that begin with the same checkpoint count as one pair, so verdicts hold for other "
            "checkpoints of the same kind too."
        )
    yield Text(
        "Every claim is a one-sided sign-flip test of the paired differences: better (the mean "
        f"difference is above 0), at least as good (above −{plan.region:g}), worse, at most as "
        "good; equivalent is at least and at most as good. All claims of all declared contrasts "
        "are one family, whose chance of any false claim is at most 5 %. The intervals invert the "
        "same tests at the same level, so a claim is made exactly where the interval excludes its "
        f"boundary. Verdicts speak of chance in seeds on these {suite.eval_split} drawings, not of "
        "other words or other people's drawings."
    )


def _own(arm: str) -> Mapping[str, Any]:
    """The settings that an arm fixes; none if it is no longer in the catalogue."""
    return STRATEGIES[arm].changes if arm in STRATEGIES else {}


def _exceptions(arms: Sequence[str]) -> str:
    """The arms that have numbers of their own in place of the suite's settings, and these."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for arm in arms:
        alike[", ".join(_in_words(_own(arm)))].append(arm)
    return "".join(f"; {listed(own)}: {changes}" for changes, own in alike.items() if changes)


def _in_words(changes: Mapping[str, Any]) -> Iterator[str]:
    """Settings in words; of a group of settings, those that are not 0."""
    for name, value in changes.items():
        group = asdict(value) if isinstance(value, Augmentation | Mixture) else {}
        shown = ", ".join(f"{n} {v:g}" for n, v in group.items() if v) or "none" if group else value
        yield f"{name} {shown}".replace("_", " ")


def _stopping(suite: Suite) -> str:
    if not suite.patience:
        return "No run stops early"
    return (
        f"In every arm, a phase ends after {suite.patience} epochs without better accuracy on "
        "validation"
    )


def _evaluated_on(suite: Suite) -> str:
    if suite.eval_split == "test":
        return "final runs are evaluated once on the test split."
    return (
        "the test split is not looked at. Rates are tuned on finished validation drawings, "
        f"{suite.held_out} a word; final runs are evaluated on all other validation drawings. An "
        "epoch takes as many steps in every arm: drawings that an arm adds to a batch replace as "
        "many of the words' bitmaps."
    )


def _repetition(found: Findings, results: Sequence[Result]) -> Iterator[Block]:
    plan = found.plan
    commands = sorted({str(r.evidence.get("command")) for r in results})
    devices = sorted({str(r.evidence.get("device")) for r in results})
    commits = sorted({str(r.evidence.get("commit")) for r in results})
    versions = sorted(
        {f"{n} {v}" for r in results for n, v in r.evidence.get("versions", {}).items()}
    )
    if len(commands) > 1 and plan.suite.name in SUITES and not plan.deviations:
        yield Text("The whole experiment, with the drawings in data:")
        yield Commands(f"python -m training.compare --suite {plan.suite.name} --out again")
        yield Text("Its runs were made in parts, by:")
    yield Commands("\n".join(commands))
    yield Points(
        [
            f"Commit {', '.join(commits)}; version {plan.code} of the laboratory's numbers",
            f"Device: {', '.join(devices)}",
            f"Versions: {', '.join(versions)}",
            f"Drawings: hash {plan.data}, "
            + ", ".join(f"{n:,} {split}" for split, n in plan.bitmaps.items()),
            *(f"Start {name}: {digest}" for name, digest in plan.starts.items()),
            *_adopted(results),
        ]
    )


def _adopted(results: Sequence[Result]) -> Iterator[str]:
    """The runs that other experiments have made, by these."""
    by: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.made_by is not None:
            by[result.made_by].append(result)
    for name, made in sorted(by.items()):
        arms = listed(sorted({result.arm for result in made}))
        yield (
            f"{counted(len(made), 'run')} of {arms} made by the experiment {name}, with the same "
            "settings, seeds and drawings; verdicts of both experiments rest on them"
        )
