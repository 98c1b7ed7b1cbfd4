"""The laboratory used from Python in a dozen lines, and the cost of importing it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.command import UserError
from tests import made
from tests.training.comparing import no_training
from training import compare, drawings, fit, statistics, strategy
from training.comparison import comparison
from training.experiment.plan import read_plan
from training.suites.suite import Suite

ROOT = Path(__file__).parents[2]
TINY = Suite(
    "tiny",
    "Is a residual network better than a plain one?",
    ("small", "cnn"),
    (("small", "cnn"),),
    amounts=(8,),
    epochs=1,
    seeds=2,
    rates=(1e-3,),
    most_rates=1,
    batch=12,
    epoch_images=0,
    held_out=4,
    varied=2,
)


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


def test_a_suite_is_run_and_its_contrasts_are_values(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given: dict[str, Any] = {"words": ",".join(made.WORDS), "data_dir": folder, "device": "cpu"}
    found = compare.suite(TINY, tmp_path / "tiny", seeds=3, **given)
    [contrast] = found.contrasts
    assert (contrast.a, contrast.b, contrast.per_word, contrast.found.n) == ("small", "cnn", 8, 3)
    accuracies = {arm.arm: arm.accuracy.mean for arm in found.standings}
    assert contrast.found.difference.mean == pytest.approx(accuracies["small"] - accuracies["cnn"])
    assert contrast.found.verdict == "undecided"  # three pairs can decide nothing
    assert 0.25 <= contrast.found.p <= 1
    assert read_plan(tmp_path / "tiny").deviations == ("seeds: 3 instead of 2.",)
    assert "Is a residual network better" in (tmp_path / "tiny" / "report.md").read_text("utf-8")
    no_training(monkeypatch)  # a finished suite is read, by its command as well
    assert compare.suite(TINY, tmp_path / "tiny", seeds=3, **given) == found
    assert compare.suite("tiny", str(tmp_path / "tiny"), report_only=True) == found


@pytest.mark.parametrize(
    ("declared", "options", "message"),
    [
        ("smok", {}, "no suite 'smok'. Did you mean smoke"),
        ("smoke", {"seed": 3}, "training.compare.suite: 'seed' is unknown. Did you mean 'seeds'"),
        ("smoke", {"seeds": 0}, "training.compare.suite: seeds is 0. expected at least 1"),
        ("smoke", {"list": True}, "'list' is unknown"),
        (replace(TINY, arms=("small", "cn"), contrasts=()), {}, "no strategy 'cn'"),
        (replace(TINY, changes={"droput": 0.5}), {}, "changes: 'droput' is unknown. Did you mean"),
        (replace(TINY, changes={"dropout": 2}), {}, "suite 'tiny': dropout is 2. expected"),
    ],
)
def test_a_suite_that_cannot_be_run_is_told(
    tmp_path: Path, declared: str | Suite, options: dict[str, Any], message: str
):
    with pytest.raises(UserError, match=message.replace(".", r"\.")):
        compare.suite(declared, tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_a_suite_of_a_file_is_given_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[compare.Options] = []
    monkeypatch.setattr(comparison, "compare", lambda options, own: asked.append(options))
    compare.suite(tmp_path / "mine.toml", tmp_path, seeds=3)
    assert [(each.suite, each.seeds) for each in asked] == [(str(tmp_path / "mine.toml"), 3)]


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
        "import sys, training; from training import compare; "
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True)


def test_an_unknown_name_is_an_attribute_error():
    import training

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = training.nothing


@pytest.mark.parametrize(
    ("given", "message"),
    [({"seed": -1}, "seed is -1. expected at least 0"), ({"dropout": 2}, "dropout is 2. expected")],
)
def test_a_number_outside_its_limits_is_told_before_training(
    folder: Path, given: dict[str, Any], message: str
):
    data = drawings(",".join(made.WORDS), folder, per_word=8)
    with pytest.raises(UserError, match=message):
        fit(strategy("scratch"), data, **given)
