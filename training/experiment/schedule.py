"""The runs of an experiment in their order: every unit is tuned, then trained on every seed.

A unit is an arm with an amount of data, `(images a word or None for all, arm)`.
"""

from collections.abc import Sequence

from rich.console import Console

from training.experiment import results, tuning
from training.experiment.engines import Engine
from training.experiment.progress import Progress
from training.experiment.results import Result
from training.experiment.suites import Suite
from training.experiment.trial import Laboratory, Trial
from training.metrics import examples
from training.strategies import catalogue


def run(
    laboratory: Laboratory,
    units: Sequence[tuple[int | None, str]],
    engine: Engine,
    console: Console,
) -> None:
    """Tune every unit, then train it on every seed; what has a file already is left alone."""
    suite, plan = laboratory.plan.suite, laboratory.plan
    exam = laboratory.exam  # before anything is trained: there may be too few drawings for it
    there = [r for r in results.load(laboratory.folder, plan) if (r.per_word, r.arm) in units]
    found = {result.key: result for result in there}
    total = len(units) * suite.runs // len(suite.units)
    with Progress(console, total, there) as progress:

        def carry_out(trials: Sequence[Trial]) -> None:
            left = [trial for trial in trials if trial.key(plan) not in found]
            for done in engine.run(left, progress):
                found[done.result.key] = done.result
                progress.end(done.trial, done.result, done.seconds)

        carry_out(tuning_trials(suite, units))
        examples.save(laboratory.folder, exam.shown)
        carry_out(final_trials(suite, units, list(found.values())))


def tuning_trials(suite: Suite, units: Sequence[tuple[int | None, str]]) -> list[Trial]:
    """Every rate on every tuning seed, for each unit."""
    return [
        Trial("tuning", catalogue.find(arm), per_word, rate, seed)
        for per_word, arm in units
        for rate in suite.rates
        for seed in tuning.seeds(suite)
    ]


def final_trials(
    suite: Suite, units: Sequence[tuple[int | None, str]], found: Sequence[Result]
) -> list[Trial]:
    """Every unit at its tuned rate on every seed; seed by seed, so that a part is balanced."""
    rates = [tuning.choose(tuning.of_unit(found, *unit)).rate for unit in units]
    return [
        Trial("final", catalogue.find(arm), per_word, rate, seed)
        for seed in range(suite.seeds)
        for (per_word, arm), rate in zip(units, rates, strict=True)
    ]
