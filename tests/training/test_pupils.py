"""Arms with a teacher that is trained in each run: its drawings, its costs, and failures."""

import shutil
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from rich.console import Console

from models.command import UserError
from tests import made
from tests.training.comparing import SMOKE, interrupt_after, measured, options, runs, steps_seen
from training import compare, train
from training.comparison import comparison
from training.data import dataset, subset
from training.data.dataset import Dataset
from training.experiment.plan import Plan, read_plan
from training.experiment.results import Result
from training.experiment.trial import Trial
from training.inference.inference import logits_of
from training.inference.work import per_image
from training.metrics import cost
from training.networks.architectures import Shape
from training.networks.network import Network
from training.strategies.catalogue import STRATEGIES, find
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy
from training.suites import suites
from training.trainer import fit
from training.trainer import runs as folders
from training.trainer.fit import Fit

CPU = torch.device("cpu")
RATE = 1e-3
RATES = {"all": RATE}
PUPIL = Strategy(
    "pupil",
    "random",
    (Phase(EVERYTHING),),
    "the small CNN, taught by one like it",
    network="cnn",
    changes={"distillation": 0.75},
    teacher="cnn",
)


@pytest.fixture(autouse=True)
def _pupil_at_one_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STRATEGIES, "pupil", PUPIL)
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(RATE,), most_rates=1))


@pytest.fixture(scope="module")
def compared(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison of an arm and one that learns from such an arm."""
    out = tmp_path_factory.mktemp("compared") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(STRATEGIES, "pupil", PUPIL)
        patch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(RATE,), most_rates=1))
        compare.main(options(place, out, arms="cnn,pupil", seeds=1))
    return out


def final(found: Iterable[Result], arm: str) -> Result:
    [run] = [run for run in found if (run.arm, run.stage) == (arm, "final")]
    return run


def drawings_of_a_run(place: Path) -> Dataset:
    data = dataset.load(made.WORDS, place / "data", others=False)
    return subset.choose(data, 30, 0, SMOKE.epoch_images, SMOKE.held_out)


def settings_of(trial: Trial, folder: Path) -> Settings:
    return trial.settings(read_plan(folder))


def test_a_pupil_learns_from_a_network_trained_on_its_own_drawings(place: Path, compared: Path):
    data = drawings_of_a_run(place)
    settings = settings_of(Trial("final", PUPIL, 30, RATES, 0), compared)
    teacher = Fit(find("cnn"), data, settings, 0, None, CPU)
    teacher.run()
    soft_targets = logits_of(teacher.network, data.parts["train"].bitmaps, CPU).softmax(1)
    alone = Fit(PUPIL, data, settings, 0, None, CPU, soft_targets=soft_targets)
    alone.run()
    run = final(runs(compared), "pupil")
    assert run.settings["distillation"] == 0.75
    [epoch], [expected] = run.history, alone.report.history
    assert epoch["validation_loss"] == expected["validation_loss"]
    assert epoch["train_loss"] == expected["train_loss"]
    assert epoch["train_loss"] != final(runs(compared), "cnn").history[0]["train_loss"]


def test_the_bill_is_the_pupils_and_the_teachers(compared: Path):
    alone, both = (final(runs(compared), arm) for arm in ("cnn", "pupil"))
    backbone, head = per_image(Network(Shape(len(made.WORDS), network="cnn")))
    asked = 30 * len(made.WORDS) * (backbone + head).forward
    assert both.forward_work == pytest.approx(2 * alone.forward_work + asked)
    assert both.backward_work == pytest.approx(2 * alone.backward_work)
    assert both.history[0]["images"] == 2 * alone.history[0]["images"]
    assert both.seconds >= both.history[-1]["seconds"] - 1e-3
    assert both.images_per_second == pytest.approx(both.history[-1]["images"] / both.seconds)
    assert not list((compared / "unfinished").glob("*.pt"))


def test_seconds_begin_with_the_teachers(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """If a teacher took an hour, this hour is part of its pupil's cost."""
    bill = cost.bill

    def slow(run: Fit) -> cost.Bill:
        hour = cost.Bill(3600.0 * (run.strategy.name == "cnn"))
        return bill(run) + hour

    monkeypatch.setattr(cost, "bill", slow)
    compare.main(options(place, tmp_path, arms="pupil", seeds=1))
    run = final(runs(tmp_path), "pupil")
    assert run.seconds > 3600
    assert run.history[0]["seconds"] > 3600


# Two steps a run: the first two are the teacher's.
@pytest.mark.parametrize(("steps", "left"), [(1, ["cnn"]), (3, ["cnn", "pupil"])])
def test_a_killed_run_goes_on_with_its_teacher_or_after_it(
    steps: int,
    left: list[str],
    compared: Path,
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    given = options(place, tmp_path / "out", arms="pupil", seeds=1)
    monkeypatch.setattr(fit, "SAVE_EVERY", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(fit, "take_step", interrupt_after(steps))
        with pytest.raises(KeyboardInterrupt):
            compare.main(given)
    assert not runs(tmp_path / "out")
    kept = {path.stem.partition("-")[2] for path in (tmp_path / "out" / "unfinished").glob("*.pt")}
    assert kept == {"" if name == "pupil" else name for name in left}
    seen = steps_seen(monkeypatch)
    compare.main(given)
    assert seen == [1, 2, 1, 2][steps:]
    assert not list((tmp_path / "out" / "unfinished").glob("*.pt"))
    assert measured(tmp_path / "out") == {
        key: run for key, run in measured(compared).items() if run["arm"] == "pupil"
    }


def test_a_key_covers_the_teacher(compared: Path, monkeypatch: pytest.MonkeyPatch):
    plan = read_plan(compared)
    trials = [Trial("final", find(arm), 30, RATES, 0) for arm in ("cnn", "pupil", "full")]
    before = [trial.key(plan) for trial in trials]
    assert before[1] == final(runs(compared), "pupil").key
    monkeypatch.setitem(STRATEGIES, "cnn", replace(find("cnn"), changes={"dropout": 0.1}))
    assert [trial.key(plan) == key for trial, key in zip(trials, before, strict=True)] == [
        True,  # it holds the strategy as it was
        False,
        True,
    ]


def test_a_pupil_needs_what_its_teacher_begins_with(monkeypatch: pytest.MonkeyPatch):
    assert comparison.with_arms(SMOKE, ("small",)).starts == ()
    assert comparison.with_arms(SMOKE, ("small-distilled",)).starts == ("imagenet",)
    trial = Trial("final", find("small-distilled"), 30, RATES, 0)
    plans = [Plan(SMOKE, made.WORDS, "", {}, {"imagenet": sha256}, "", "") for sha256 in ("a", "b")]
    assert trial.key(plans[0]) != trial.key(plans[1])
    monkeypatch.setitem(STRATEGIES, "pupil", replace(PUPIL, teacher="full-file"))
    with pytest.raises(UserError, match="full-file starts from a checkpoint of your own"):
        comparison.checkpoints(compare.Options(), comparison.with_arms(SMOKE, ("pupil",)))


def test_a_pupil_whose_teacher_is_lost_is_lost_too(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e30,), most_rates=1))
    given = options(place, tmp_path, arms="pupil", seeds=1)
    compare.main(given)
    for run in runs(tmp_path):
        assert (run.status, run.history, run.test) == ("diverged", [], None)
        assert "its teacher, cnn: the loss is" in str(run.error)
        assert run.seconds > 0
    assert not list((tmp_path / "unfinished").glob("*-cnn.pt"))
    suite = comparison.adapted(suites.SUITES["smoke"], given)
    laboratory = comparison.open_laboratory(given, suite, (), tmp_path, Console(quiet=True))
    with pytest.raises(UserError, match="pupil diverged: its teacher, cnn"):
        laboratory.model(Trial("final", PUPIL, 30, {"all": 1e30}, 0))


def test_a_pupils_network_is_trained_again_as_it_was(place: Path, compared: Path, tmp_path: Path):
    shutil.copytree(compared, tmp_path / "out")
    given = options(place, tmp_path / "out", arms="cnn,pupil", seeds=1)
    suite = comparison.adapted(suites.SUITES["smoke"], given)
    laboratory = comparison.open_laboratory(given, suite, (), tmp_path / "out", Console(quiet=True))
    folder = laboratory.model(Trial("final", PUPIL, 30, RATES, 0))
    record, _ = folders.open_run(folder, CPU)
    [epoch], [again] = final(runs(compared), "pupil").history, record["history"]
    assert again["validation_loss"] == epoch["validation_loss"]
    assert record["strategy"]["teacher"] == asdict(PUPIL)["teacher"] == "cnn"


def test_a_single_run_of_a_pupil_asks_for_its_teacher(place: Path, tmp_path: Path):
    given = train.Options(tmp_path, strategy="small-distilled", data_dir=place / "data")
    with pytest.raises(
        UserError, match=r"small-distilled learns from a network of strategy full.*--teachers RUN"
    ):
        train.main(given)
    assert not list(tmp_path.iterdir())
