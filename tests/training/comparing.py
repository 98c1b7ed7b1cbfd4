"""Small comparisons for tests: their options, their results, and a guard against training."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import made
from training.compare import Options
from training.engines.progress import RunProgress
from training.experiment import store, trial
from training.experiment.plan import read_plan
from training.experiment.results import Result
from training.suites import suites
from training.trainer import fit
from training.trainer.fit import Report

SMOKE = suites.SUITES["smoke"]


def options(place: Path, out: Path, **changes: Any) -> Options:
    plain = Options(
        words=",".join(made.WORDS),
        data_dir=place / "data",
        weights=place / "b0.pth",
        out=out,
        device="cpu",
    )
    return replace(plain, **changes)


def runs(folder: Path) -> list[Result]:
    return store.load(folder, read_plan(folder))


def by_key(folder: Path) -> dict[str, Result]:
    return {run.key: run for run in runs(folder)}


def measured(folder: Path) -> dict[str, dict[str, Any]]:
    """The results that do not depend on the clock, by key."""
    clock = {"seconds", "images_per_second", "peak_memory", "evidence", "experiment"}
    found = {run.key: run.model_dump(exclude=clock) for run in runs(folder)}
    for run in found.values():
        for epoch in run["history"]:
            del epoch["seconds"]
    return found


def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a run was started")

    monkeypatch.setattr(trial, "Fit", refuse)


def interrupt_after(steps: int) -> Callable[..., None]:
    """A training step that works for a number of calls, and is then stopped as by Ctrl-C."""
    taken, take_step = 0, fit.take_step

    def step(*arguments: Any) -> None:
        nonlocal taken
        if taken == steps:
            raise KeyboardInterrupt
        taken += 1
        take_step(*arguments)

    return step


def steps_seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows by the step of a run whenever it is shown."""
    seen: list[int] = []
    show = RunProgress.step

    def watch(self: RunProgress, report: Report) -> None:
        seen.append(report.step)
        show(self, report)

    monkeypatch.setattr(RunProgress, "step", watch)
    return seen
