"""The declared suites and the catalogue of arms."""

import json
from dataclasses import asdict
from pathlib import Path

from training.experiment import store
from training.experiment.plan import read_plan
from training.experiment.results import PROSE
from training.experiment.suites import SUITES
from training.strategies import catalogue

FREEZING = Path(__file__).parents[3] / "results" / "freezing"


def test_every_arm_of_the_catalogue_is_in_the_suite_that_asks_its_question():
    asked = {arm for name, suite in SUITES.items() if name != "everything" for arm in suite.arms}
    assert set(catalogue.STRATEGIES) - asked == set(catalogue.CONTINUING)


def test_every_arm_of_a_suite_is_decided_by_a_contrast():
    for suite in SUITES.values():
        assert {arm for pair in suite.contrasts for arm in pair} == set(suite.arms), suite.name


def test_the_arms_of_published_results_have_not_changed():
    """Runs are found by keys that depend on the names and phases of the arms."""
    plan = read_plan(FREEZING)
    assert SUITES["freezing"].arms == plan.suite.arms
    runs = [run for run in store.load(FREEZING, plan) if run.stage == "final"]
    assert runs
    for run in runs:
        now = json.loads(json.dumps(asdict(catalogue.find(run.arm))))
        then = {name: value for name, value in run.strategy.items() if name not in PROSE}
        assert {name: now[name] for name in then} == then
