"""The results version must be raised when numbers change, and only then."""

import json
from dataclasses import dataclass, replace
from types import ModuleType

import pytest

from tests.training import experiments
from tests.training.experiment import reference
from training.experiment import start_training, starts
from training.experiment.results import decisive, digest
from training.experiment.trial import Trial
from training.experiment.version import RESULTS_VERSION
from training.strategies import catalogue, pretext_tasks
from training.strategies.strategy import Phase, StartName
from training.trainer import pretext_objectives
from training.transforms import fractals
from training.transforms.augmentation import Augmentation

TOLERANCE = 0.03  # processors round differently, and steps multiply it
FEW_STEPS = 0.002  # the same of a small pretraining; 0.0004 was the most without AVX
DATA = 1e-4  # no rounding is expected in whole pixels
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
    """The change is made by a learning rate that is higher by half."""
    name = "traced drawings, SGD"
    strategy, settings = reference.RUNS[name]
    changed = replace(settings, lr=settings.lr * 1.5)
    monkeypatch.setattr(reference, "RUNS", {name: (strategy, changed)})
    kept = json.loads(reference.FILE.read_text("utf-8"))["losses"][name]
    assert reference.losses()[name] != pytest.approx(kept, rel=TOLERANCE)


def test_pretext_tasks_still_give_the_numbers_of_this_version():
    kept = json.loads(reference.FILE.read_text("utf-8"))["pretexts"]
    found = {"data": reference.drawn(), "losses": reference.pretext_losses()}
    for what, tolerance in (("data", DATA), ("losses", FEW_STEPS)):
        assert found[what].keys() == kept[what].keys(), MEND
        for task, numbers in kept[what].items():
            assert found[what][task] == pytest.approx(numbers, rel=tolerance), f"{task}: {MEND}"


@pytest.mark.parametrize(
    ("task", "module", "constant", "value"),
    [
        ("rotation", pretext_tasks, "TURNS", ("upright", "left", "upside down")),
        ("fractals", fractals, "FACTORS", (0.8, 0.9, 1.1, 1.3)),
        ("fractals", fractals, "STEPS", 25),
        ("near", pretext_tasks, "HELD_OUT", 18),
    ],
)
def test_the_reference_notices_other_data_of_a_task(
    monkeypatch: pytest.MonkeyPatch,
    task: StartName,
    module: ModuleType,
    constant: str,
    value: object,
):
    monkeypatch.setattr(module, constant, value)
    kept = json.loads(reference.FILE.read_text("utf-8"))["pretexts"]["data"][task]
    assert reference.drawn([task])[task] != pytest.approx(kept, rel=DATA)


@pytest.mark.parametrize(
    ("task", "module", "constant", "value"),
    [
        ("autoencoder", pretext_objectives, "HIDDEN", 0.6),
        ("autoencoder", pretext_objectives, "SQUARE", 7),
        ("simclr", pretext_objectives, "TEMPERATURE", 0.25),
        ("pseudo-labels", start_training, "TEACHER", 1 / 3),
        ("near", starts, "RATE", 4e-3),
    ],
)
def test_the_reference_notices_another_way_of_learning_a_task(
    monkeypatch: pytest.MonkeyPatch,
    task: StartName,
    module: ModuleType,
    constant: str,
    value: object,
):
    monkeypatch.setattr(module, constant, value)
    kept = json.loads(reference.FILE.read_text("utf-8"))["pretexts"]["losses"][task]
    assert reference.pretext_losses([task])[task] != pytest.approx(kept, rel=FEW_STEPS)


def test_another_strategy_in_the_catalogue_changes_no_key(monkeypatch: pytest.MonkeyPatch):
    plan = experiments.plan()
    trial = Trial("final", catalogue.find("full"), 30, {"all": 1e-3}, 0)
    before = trial.key(plan)
    monkeypatch.setitem(catalogue.STRATEGIES, "mine", replace(catalogue.find("full"), name="mine"))
    assert trial.key(plan) == before
    assert trial.key(replace(plan, code="another")) != before


def test_a_new_field_at_its_default_and_other_words_change_no_key():
    @dataclass(frozen=True)
    class Before:
        rate: float
        description: str
        phases: tuple[Phase, ...] = (Phase({"head": 1.0}),)

    @dataclass(frozen=True)
    class After(Before):
        added: float = 0.5

    keys = [
        digest(decisive(each))
        for each in (
            Before(0.1, "as it was"),
            After(0.1, "in other words"),
            After(0.1, "in other words", added=0.6),
            Before(0.1, "as it was", (Phase({"head": 1.0}, bn_statistics="still"),)),
            Before(0.1, "as it was", (Phase({"head": 1.0}, augmentation=Augmentation()),)),
            Before(0.1, "as it was", (Phase({"head": 0.5}),)),
            Before(0.2, "as it was"),
        )
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == len(keys) - 1
