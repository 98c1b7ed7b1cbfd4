"""The laboratory used from Python in a dozen lines, and the cost of importing it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.command import UserError
from tests import made
from training import drawings, fit, statistics, strategy

ROOT = Path(__file__).parents[2]


def test_two_strategies_are_compared_in_a_dozen_lines(folder: Path, weights_file: Path):
    data = drawings(",".join(made.WORDS), folder, per_word=8)
    short: dict[str, Any] = {
        "epochs": 1,
        "batch": 12,
        "stride": 2,
        "lr": 1e-3,
        "weights": weights_file,
    }
    frozen = fit(strategy("head-only"), data, seed=0, **short)
    again = fit(strategy("head-only"), data, seed=0, **short)
    scratch = fit(strategy("scratch"), data, seed=0, epochs=1, batch=12, stride=2)
    assert frozen.history[-1]["validation_loss"] == again.history[-1]["validation_loss"]
    assert 0 <= scratch.accuracy <= 100
    [found] = statistics.compare([([frozen.accuracy] * 6, [again.accuracy] * 6)], region=0.5)
    assert found.verdict == "equivalent"


def test_a_start_without_weights_is_refused(folder: Path):
    data = drawings(",".join(made.WORDS), folder, per_word=8)
    with pytest.raises(ValueError, match="give its weights"):
        fit(strategy("full-near"), data)
    with pytest.raises(UserError, match="Did you mean"):
        strategy("freeze-22")


def test_a_pupil_needs_its_teacher(folder: Path):
    data = drawings(",".join(made.WORDS), folder, per_word=8)
    with pytest.raises(UserError, match="full-distilled learns from full, which is not trained"):
        fit(strategy("full-distilled"), data)


def test_importing_the_package_imports_no_torch():
    command = (
        "import sys, training; assert 'torch' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True)


def test_an_unknown_name_is_an_attribute_error():
    import training

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = training.nothing


@pytest.mark.parametrize(
    ("given", "told"),
    [({"seed": -1}, "seed is -1. expected at least 0"), ({"dropout": 2}, "dropout is 2. expected")],
)
def test_a_number_outside_its_limits_is_told_before_training(
    folder: Path, given: dict[str, Any], told: str
):
    data = drawings(",".join(made.WORDS), folder, per_word=8)
    with pytest.raises(UserError, match=told):
        fit(strategy("scratch"), data, **given)
