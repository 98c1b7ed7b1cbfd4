"""The results version: raised when numbers change, and only then."""

import json
from dataclasses import replace

import pytest

from tests.training import experiments
from tests.training.experiment import reference
from training.experiment.trial import Trial
from training.experiment.version import RESULTS_VERSION
from training.strategies import catalogue

TOLERANCE = 0.03  # processors round differently, and steps multiply it
MEND = (
    "A run of the same settings reaches other numbers than before. If that is meant, raise "
    "RESULTS_VERSION in training/experiment/version.py and write the reference anew: "
    "python -m tests.training.experiment.reference"
)


def test_the_reference_still_reaches_the_numbers_of_this_version():
    kept = json.loads(reference.FILE.read_text("utf-8"))
    assert kept["version"] == RESULTS_VERSION, MEND
    found = reference.losses()
    assert found.keys() == kept["losses"].keys(), MEND
    for name, losses in kept["losses"].items():
        assert found[name] == pytest.approx(losses, rel=TOLERANCE), f"{name}: {MEND}"


def test_the_reference_notices_a_change_of_a_few_per_cent(monkeypatch: pytest.MonkeyPatch):
    """As of a rate that is half as high again."""
    name = "traced drawings, SGD"
    strategy, settings = reference.RUNS[name]
    changed = replace(settings, lr=settings.lr * 1.5)
    monkeypatch.setattr(reference, "RUNS", {name: (strategy, changed)})
    kept = json.loads(reference.FILE.read_text("utf-8"))["losses"][name]
    assert reference.losses()[name] != pytest.approx(kept, rel=TOLERANCE)


def test_another_strategy_in_the_catalogue_changes_no_key(monkeypatch: pytest.MonkeyPatch):
    plan = experiments.plan()
    trial = Trial("final", catalogue.find("full"), 30, {"all": 1e-3}, 0)
    before = trial.key(plan)
    monkeypatch.setitem(catalogue.STRATEGIES, "mine", replace(catalogue.find("full"), name="mine"))
    assert trial.key(plan) == before
    assert trial.key(replace(plan, code="another")) != before
