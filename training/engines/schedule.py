"""The runs of an experiment in their order: every unit is tuned, then trained on every seed.

A unit is an arm with an amount of data, `(images a word or None for all, arm)`.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from rich.console import Console

from training.engines.engines import Engine
from training.engines.progress import RunProgress
from training.experiment import store, tuning
from training.experiment.plan import Plan
from training.experiment.results import Result
from training.experiment.trial import Laboratory, Trial
from training.metrics import examples
from training.suites.suite import Unit


def run(
    laboratory: Laboratory,
    units: Sequence[Unit],
    engine: Engine,
    console: Console,
    log: Callable[[Result], None] = lambda result: None,
    known: Mapping[str, Result] = MappingProxyType({}),
) -> None:
    """Tune every unit, then train it on every seed; runs that are finished are not run again.

    Args:
        laboratory: what all runs share.
        units: to run now.
        engine: carries the runs out.
        console: for the progress display.
        log: called with every result of the units, also with those of earlier calls.
        known: runs of other experiments by their keys, which are not run again either.

    Raises:
        UserError: when another process runs the experiment, or results cannot be written.
    """
    folder, plan = laboratory.folder, laboratory.plan
    test_set = laboratory.test_set  # before anything is trained: there may be too few drawings
    with store.locked(folder):
        store.pack(folder, plan)
        there = [r for r in store.load(folder, plan) if (r.per_word, r.arm) in units]
        for result in there:
            log(result)
        try:
            with RunProgress(console, there, log) as progress:
                _run(
                    laboratory,
                    units,
                    engine,
                    known,
                    progress,
                    lambda: examples.save(folder, test_set.examples),
                )
        finally:
            store.pack(folder, plan)


def _run(
    laboratory: Laboratory,
    units: Sequence[Unit],
    engine: Engine,
    known: Mapping[str, Result],
    progress: RunProgress,
    tuned: Callable[[], None],
) -> None:
    suite, plan = laboratory.plan.suite, laboratory.plan

    def carry_out(trials: Sequence[Trial], later: int) -> None:
        done = {result.key for result in progress.finished}
        todo = [(key, trial) for trial in trials if (key := trial.key(plan)) not in done]
        progress.expect(len(todo) + later)
        left: list[Trial] = []
        for key, trial in todo:
            if key in known and not laboratory.learns_start(trial):
                progress.adopt(trial, laboratory.adopt(trial, known[key]))
            else:
                left.append(trial)
        for each in engine.run(left, progress):
            progress.end(each.trial, each.result, each.seconds)

    while trials := tuning_trials(plan, units, progress.finished):
        carry_out(trials, suite.seeds * len(units))
    tuned()
    carry_out(final_trials(plan, units, progress.finished), 0)


def tuning_trials(plan: Plan, units: Sequence[Unit], found: Sequence[Result]) -> list[Trial]:
    """The tuning runs of all units that are known to be needed and are not done."""
    return [
        Trial("tuning", strategy, per_word, each.rates, each.seed, each.name)
        for per_word, arm in units
        for strategy in [plan.suite.strategy(arm)]
        for each in tuning.next_runs(
            plan, strategy.rate_names, tuning.of_unit(found, per_word, arm)
        )
    ]


def final_trials(plan: Plan, units: Sequence[Unit], found: Sequence[Result]) -> list[Trial]:
    """Every unit at its tuned rates on every seed; seed by seed, so that a part is balanced."""
    strategies = [plan.suite.strategy(arm) for _, arm in units]
    rates = [
        tuning.choose(plan, strategy.rate_names, tuning.of_unit(found, *unit)).rates
        for strategy, unit in zip(strategies, units, strict=True)
    ]
    return [
        Trial("final", strategy, per_word, chosen, seed)
        for seed in range(plan.suite.seeds)
        for strategy, (per_word, _), chosen in zip(strategies, units, rates, strict=True)
    ]
