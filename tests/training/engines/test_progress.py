"""The progress display of an experiment."""

import io

import pytest
from rich.console import Console

from tests.training.experiments import plan, result
from training.engines import progress
from training.engines.progress import RunProgress
from training.experiment.trial import Trial
from training.strategies import catalogue
from training.trainer.fit import Report


def shown(terminal: bool) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, force_terminal=terminal, width=120), text


def trial(seed: int = 0, arm: str = "full") -> Trial:
    return Trial("final", catalogue.find(arm), 30, {"all": 1e-3}, seed)


@pytest.mark.parametrize("terminal", [True, False])
def test_runs_done_and_standings_are_shown(terminal: bool):
    here = plan()
    console, text = shown(terminal)
    with RunProgress(console, [result(here, "scratch", 0.5, seed=0)]) as watch:
        watch.expect(2)
        watch.begin(trial(), [trial(), trial(1)])
        watch.step(Report(steps=8, step=4, rate=90))
        watch.end(trial(), result(here, "full", 0.9), 4.0)
        watch.begin(trial(1), [trial(1)])
        watch.step(Report(steps=8, step=4, rate=90))
    written = text.getvalue()
    assert "2/3 final full, 30 a word, rate 0.001, seed 0: test 90.00% in 4 s" in written
    assert ("2 of 3 runs done" in written) == terminal
    assert ("90 images/s" in written) == terminal


def test_time_left_goes_by_the_pace_of_each_arm():
    here = plan()
    watch = RunProgress(shown(False)[0], [])
    watch.expect(6)
    for arm, seconds in (("full", 100.0), ("head-only", 2.0)):
        watch.begin(trial(0, arm), [])
        watch.end(trial(0, arm), result(here, arm), seconds)
    left = [trial(1, "full"), trial(2, "full"), trial(1, "head-only")]
    watch.begin(left[0], left)  # itself not done, two named, one not known yet
    assert watch.seconds_left() == 100 + 100 + 2 + 51
    watch.wait(left, 2)
    assert watch.seconds_left() == (100 + 100 + 2 + 51) / 2
    watch.wait(left, 100)
    assert watch.seconds_left() == (100 + 100 + 2 + 51) / 4  # no more at once than are left


def test_runs_under_way_elsewhere_are_counted():
    console, text = shown(terminal=True)
    with RunProgress(console, []) as watch:
        watch.expect(3)
        watch.wait([trial(), trial(1), trial(2)], 2)
        watch.end(trial(1), result(plan(), "full", 0.9, seed=1), 4.0)
    assert "0 of 3 runs done; now 2 at once" in text.getvalue()
    assert "about 0:00:04 left" in text.getvalue()


def test_standings_are_best_first_and_count_the_lost():
    here = plan()
    table = progress.standings(
        [
            result(here, "plain", 0.8, seed=0),
            result(here, "good", 0.9, seed=0),
            result(here, "good", seed=1, status="diverged"),
            result(here, "good", 0.7, stage="tuning"),
        ]
    )
    console, text = shown(False)
    console.print(table)
    rows = [line.split() for line in text.getvalue().splitlines() if "a word" in line]
    assert [row[5:] for row in rows] == [
        ["good", "│", "1", "│", "90.00%", "│", "1", "│"],
        ["plain", "│", "1", "│", "80.00%", "│", "│"],
    ]


def test_the_reason_of_a_lost_run_is_shown():
    lost = result(plan(), status="diverged")
    assert progress.outcome(lost) == "diverged (the loss is nan at step 3. Lower --lr)"
