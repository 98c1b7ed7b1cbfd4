"""Live progress of an experiment: runs done and left, time left, standings."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from training.experiment.results import Result, amount_of
from training.experiment.trial import Trial
from training.suites.suite import Unit
from training.trainer.fit import Report


class RunProgress:
    """Progress display: a live table on a terminal, and one line per run everywhere.

    Args:
        console: where it shows.
        finished: results that were there before.
        log: called with every new result.

    Attributes:
        finished: all results so far.
    """

    def __init__(
        self,
        console: Console,
        finished: Sequence[Result],
        log: Callable[[Result], None] = lambda result: None,
    ) -> None:
        self._log = log
        self._console = console
        self._total = len(finished)
        self.finished = list(finished)
        self._seconds: defaultdict[Unit, list[float]] = defaultdict(list)
        self._left: list[Trial] = []
        self._now, self._at_once = "", 1
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._live.stop()

    def expect(self, more: int) -> None:
        """Announce `more` runs; more may follow, because grids of learning rates can grow."""
        self._total = len(self.finished) + more

    def begin(self, trial: Trial, left: Sequence[Trial]) -> None:
        """A trial begins; `left` are those known to follow, itself among them."""
        self._left, self._now = list(left), describe(trial)
        self._refresh(None)

    def wait(self, left: Sequence[Trial], at_once: int) -> None:
        """Trials run elsewhere, up to `at_once` at a time."""
        self._left, self._at_once = list(left), at_once
        self._now = f"{min(at_once, len(left))} at once"
        self._refresh(None)

    def step(self, report: Report) -> None:
        """Called by the trainer after every step."""
        self._refresh(report)

    def end(self, trial: Trial, result: Result, seconds: float) -> None:
        """A trial has its result, after the given seconds."""
        self._seconds[trial.per_word, trial.strategy.name].append(seconds)
        self._left = [other for other in self._left if other != trial]
        self._note(result)
        left = self.seconds_left()
        self._tell(trial, result, f", about {duration(left)} left" if left else "")

    def adopt(self, trial: Trial, result: Result) -> None:
        """A trial has the result that another experiment has found."""
        self._note(result)
        self._tell(trial, result, f", by {result.made_by}" if result.made_by else ", there already")

    def _note(self, result: Result) -> None:
        self.finished.append(result)
        self._log(result)

    def _tell(self, trial: Trial, result: Result, more: str) -> None:
        self._console.print(
            f"{len(self.finished)}/{self._total} {describe(trial)}: {outcome(result)}{more}",
            highlight=False,
            soft_wrap=True,
        )

    def seconds_left(self) -> float:
        """Estimated seconds left, by each arm's speed if known, otherwise by the mean."""
        known = [second for seconds in self._seconds.values() for second in seconds]
        if not known:
            return 0.0
        mean = sum(known) / len(known)
        runs = max(self._total - len(self.finished), 0)
        named = self._left[:runs]
        units = (self._seconds.get((t.per_word, t.strategy.name)) for t in named)
        work = sum(sum(s) / len(s) if s else mean for s in units) + mean * (runs - len(named))
        return work / max(min(self._at_once, runs), 1)

    def _refresh(self, report: Report | None) -> None:
        if not self._console.is_terminal:
            return
        done, share = len(self.finished), report.step / report.steps if report else 0.0
        rate = f"  {report.rate:.0f} images/s" if report else ""
        left = self.seconds_left()
        self._live.update(
            Group(
                Text(
                    f"{done} of {self._total} runs done"
                    + (f", about {duration(left)} left" if left else "")
                    + f"; now {self._now} {share:.0%}{rate}"
                ),
                ProgressBar(total=self._total, completed=done + share),
                standings(self.finished),
            )
        )
        if report is None or report.step % 4 == 0:
            self._live.refresh()


def standings(finished: Sequence[Result]) -> Table:
    """Mean test accuracy of each arm so far, best first within an amount."""
    table = Table("drawings", "arm", "runs", "accuracy", "lost")
    units: defaultdict[Unit, list[Result]] = defaultdict(list)
    for result in finished:
        if result.stage == "final":
            units[result.per_word, result.arm].append(result)
    rows: list[tuple[float, float, str, list[float], int]] = []
    for (per_word, arm), results in units.items():
        reached = [r.test.accuracy for r in results if r.test is not None]
        mean = sum(reached) / len(reached) if reached else 0.0
        amount = math.inf if per_word is None else per_word
        rows.append((amount, -mean, arm, reached, len(results) - len(reached)))
    for amount, mean, arm, reached, lost in sorted(rows):
        name = amount_of(None if amount == math.inf else int(amount))
        table.add_row(name, arm, str(len(reached)), f"{-mean:.2%}", str(lost or ""))
    return table


def describe(trial: Trial) -> str:
    """One trial in a few words."""
    return (
        f"{trial.stage} {trial.strategy.name}, {amount_of(trial.per_word)}, "
        f"rate {rates_of(trial.rates)}, seed {trial.seed}"
    )


def rates_of(rates: Mapping[str, float]) -> str:
    """Learning rates in a few words: "0.003", or "head 0.01, all 0.003"."""
    if len(rates) < 2:
        return "".join(f"{rate:g}" for rate in rates.values()) or "of the strategy"
    return ", ".join(f"{name} {rate:g}" for name, rate in rates.items())


def outcome(result: Result) -> str:
    """The outcome of a run in a few words."""
    if result.status != "finished":
        return f"{result.status} ({result.error})"
    if result.test is not None:
        return f"test {result.test.accuracy:.2%} in {result.seconds:.0f} s"
    return f"validation {result.history[-1]['validation_accuracy']:.2%} in {result.seconds:.0f} s"


def duration(seconds: float) -> str:
    """As h:mm:ss."""
    return str(timedelta(seconds=round(seconds)))
