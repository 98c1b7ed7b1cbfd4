"""The best strategy of an experiment: chosen on validation, with all lost runs counted."""

import pytest

from models.command import UserError
from tests.training.experiments import plan, result, whole
from training.analysis.findings import findings
from training.comparison.best import best, validation
from training.experiment.results import Result


def validated(run: Result, accuracy: float) -> Result:
    """The run with another accuracy on validation."""
    last = {**run.history[-1], "validation_accuracy": accuracy}
    return run.model_copy(update={"history": [*run.history[:-1], last]})


def test_validation_decides_and_the_test_split_does_not():
    here = plan(seeds=1)
    found = findings(
        here, [validated(result(here, "good", 0.9), 0.7), validated(result(here, "same", 0.8), 0.8)]
    )
    assert found.standings[0].arm == "good"
    winner = best(found)
    assert (winner.arm, validation(winner)) == ("same", 0.8)


def test_a_lost_run_counts_as_never_right():
    here = plan(seeds=2)
    lost = result(here, "good", seed=1, status="diverged")
    found = findings(here, [*whole(here, {"good": [0.9], "plain": [0.6, 0.6]}), lost])
    winner = best(found)
    assert (winner.arm, validation(winner)) == ("plain", 0.6)


def test_most_drawings_decide():
    here = plan(amounts=(10, None), seeds=1)
    found = [result(here, "good", 0.9, per_word=10), result(here, "plain", 0.8, per_word=None)]
    assert best(findings(here, found)).arm == "plain"


def test_nothing_is_best_of_nothing():
    with pytest.raises(UserError, match="no final run is done"):
        best(findings(plan(), []))


def test_a_suite_that_is_evaluated_on_validation_goes_by_its_outcome():
    here = plan(seeds=1, outcome="wins", eval_split="validation")
    found = [result(here, "good", 0.9, area=0.5), result(here, "same", 0.8, area=0.6)]
    assert best(findings(here, found)).arm == "same"
