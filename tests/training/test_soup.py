"""The average of the weights of several runs: its result, and what is refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.command import UserError
from tests import cli
from training import soup
from training.data.dataset import Dataset
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.trainer import runs
from training.trainer.fit import Fit

CPU = torch.device("cpu")


@pytest.fixture(scope="module", name="place")
def two_runs(tmp_path_factory: pytest.TempPathFactory, data: Dataset) -> Path:
    """Runs `one` and `two` of the small network, and `other` of another one."""
    place = tmp_path_factory.mktemp("runs")
    settings = Settings(epochs=1, batch=24)
    for name, strategy, seed in (("one", "small", 0), ("two", "small", 1), ("other", "cnn", 0)):
        fit = Fit(find(strategy), data, settings, seed, None, CPU)
        fit.run()
        runs.write_run(place / name, fit, None, None, {"command": f"make {name}"})
    return place


def averaged(place: Path, *shares: float) -> soup.Options:
    return soup.Options((place / "one", place / "two"), place / f"mean{len(shares)}", shares)


def test_every_weight_is_the_mean_by_shares(place: Path):
    soup.main(averaged(place, 1, 3))
    one, two, both = (runs.open_run(place / n, CPU)[1] for n in ("one", "two", "mean2"))
    mine, theirs = one.state_dict(), two.state_dict()
    for name, value in both.state_dict().items():
        if value.is_floating_point():
            torch.testing.assert_close(value, 0.25 * mine[name] + 0.75 * theirs[name])
    weight = next(name for name in mine if name.endswith("weight"))
    assert not torch.equal(mine[weight], theirs[weight])


def test_shares_are_the_same_where_none_are_given(place: Path):
    soup.main(averaged(place))
    record = json.loads((place / "mean0" / "run.json").read_text())
    assert record["soup"] == [0.5, 0.5]
    assert record["ancestors"] == ["make one", "make two"]
    each = [json.loads((place / n / "run.json").read_text())["seconds"] for n in ("one", "two")]
    assert record["seconds"] == pytest.approx(sum(each))


def test_what_any_of_the_runs_has_learned_from_elsewhere_is_recorded(place: Path, tmp_path: Path):
    for name, more in (("one", {"friends": "a"}), ("two", {"strangers": "b"})):
        shutil.copytree(place / name, tmp_path / name)
        path = tmp_path / name / "run.json"
        record = json.loads(path.read_text())
        record["data"]["more"] = more
        path.write_text(json.dumps(record))
    soup.main(averaged(tmp_path))
    record = json.loads((tmp_path / "mean0" / "run.json").read_text())
    assert record["data"]["more"] == {"friends": "a", "strangers": "b"}


def test_a_run_averaged_with_itself_is_itself(place: Path):
    soup.main(soup.Options((place / "one", place / "one"), place / "same"))
    one, same = (runs.open_run(place / name, CPU)[1].state_dict() for name in ("one", "same"))
    for name, value in one.items():
        torch.testing.assert_close(same[name], value)


@pytest.mark.parametrize(
    ("names", "shares", "says"),
    [
        (("one",), (), "--runs names 1 run"),
        (("one", "two"), (1.0,), "expected 2 numbers above 0"),
        (("one", "two"), (1.0, 0.0), "expected 2 numbers above 0"),
        (("one", "two"), (1.0, float("nan")), "expected 2 numbers above 0"),
        (("one", "other"), (), "differ in their network"),
        (("one", "none"), (), "holds no finished run"),
    ],
)
def test_weights_that_cannot_be_averaged_are_refused(
    place: Path, names: tuple[str, ...], shares: tuple[float, ...], says: str
):
    options = soup.Options(tuple(place / name for name in names), place / "never", shares)
    with pytest.raises(UserError, match=says):
        soup.main(options)
    assert not (place / "never").exists()


def test_runs_on_other_drawings_are_reported(place: Path, data: Dataset):
    fit = Fit(find("small"), replace(data, hash="else"), Settings(epochs=1, batch=24), 0, None, CPU)
    runs.write_run(place / "elsewhere", fit, None, None, {"command": "make elsewhere"})
    with pytest.raises(UserError, match="differ in their drawings"):
        soup.main(soup.Options((place / "one", place / "elsewhere"), place / "never"))


def test_a_finished_run_is_not_written_over(place: Path):
    before = (place / "two" / "network.pt").read_bytes()
    options = ("--runs", place / "one", place / "one", "--out", place / "two")
    assert "holds a finished run" in cli.error_of(
        cli.run("training.soup", *options, cwd=Path.cwd())
    )
    assert (place / "two" / "network.pt").read_bytes() == before
