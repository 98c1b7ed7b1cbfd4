"""Whole comparisons on generated drawings, and options that are refused."""

import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from models import shelf
from models.command import UserError
from tests import made
from tests.training.comparing import SMOKE, no_training, options, runs
from training import compare
from training.compare import Options
from training.comparison import comparison
from training.data import dataset
from training.data.dataset import Dataset
from training.experiment import provenance, tuning
from training.experiment.plan import read_plan
from training.experiment.results import Test
from training.metrics import examples, test_set
from training.strategies import catalogue
from training.suites import suites
from training.trainer.runs import open_run


def test_smoke_tunes_then_measures_every_arm_on_the_same_seeds(whole: Path):
    found = runs(whole)
    tuned = [run for run in found if run.stage == "tuning"]
    final = [run for run in found if run.stage == "final"]
    tried = {arm: {r.rate for r in tuned if r.arm == arm} for arm in SMOKE.arms}
    assert all(rates >= set(SMOKE.rates) for rates in tried.values())
    assert {r.seed for r in tuned} & {r.seed for r in final} == set()
    assert sorted((r.arm, r.seed) for r in final) == [(a, s) for a in SMOKE.arms for s in (0, 1)]
    plan = read_plan(whole)
    for run in final:
        names = catalogue.find(run.arm).rate_names
        assert run.rates == tuning.choose(plan, names, tuning.of_unit(found, 30, run.arm)).rates
    bitmaps = plan.bitmaps
    for run in final:
        assert run.test is not None
        assert run.test.n == sum(map(sum, run.test.confusion)) == bitmaps["test"]
        assert set(run.test.partial) == {"25%", "50%", "75%", "100%"}
        assert len(run.test.changed) == 6
        assert run.seconds > 0
    assert all(run.test is None for run in tuned)
    assert [path.name for path in (whole / "unfinished").iterdir()] == ["lock"]


def test_what_learns_is_counted(whole: Path):
    counts = {run.arm: run.trained_parameters for run in runs(whole)}
    assert counts["head-only"] == 1280 * 3 + 3
    assert counts["full"] == counts["scratch"] == 4_007_548 - 2 * 32 * 9 + 1280 * 3 + 3


def test_the_first_seed_is_looked_at_closely(whole: Path):
    drawings = examples.load(whole)
    assert drawings is not None
    assert drawings.words == made.WORDS
    for run in runs(whole):
        assert (run.test is None) == (run.stage == "tuning")
        assert run.test is None or len(run.test.examples) == len(made.WORDS)
        assert set(run.before) == (
            {"linear probe", "nearest centroid"} if run.stage == "final" else set()
        )
        if (run.stage, run.seed) == ("final", 0):
            assert run.feature_map is not None
            assert run.feature_map.before != run.feature_map.after or run.arm == "head-only"
        else:
            assert run.feature_map is None


def test_what_is_frozen_is_not_paid_for(whole: Path):
    work = {run.arm: (run.forward_work, run.backward_work) for run in runs(whole)}
    assert work["full"] == work["scratch"]
    assert work["full"][1] == pytest.approx(2 * work["full"][0], rel=0.02)  # all but the stem's
    assert work["head-only"][1] < 1e-3 * work["full"][1]
    assert work["head-only"][0] == pytest.approx(90 / 64 * work["full"][0], rel=1e-3)  # once each


def test_a_kept_network_is_the_one_that_was_tested(
    whole: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given = options(place, tmp_path, arms="scratch", seeds=1, keep_models=True)
    compare.main(given)
    assert made.contents(tmp_path / "models") == {"scratch-30/network.pt", "scratch-30/run.json"}
    [run] = [run for run in runs(tmp_path) if run.stage == "final"]
    _, network = open_run(tmp_path / "models" / "scratch-30", torch.device("cpu"))
    data = dataset.load(made.WORDS, place / "data", others=False)
    marks = test_set.evaluate(
        test_set.prepare(data.parts["test"], made.WORDS, SMOKE.varied), network, torch.device("cpu")
    )
    assert run.test is not None
    assert Test(**marks) == run.test


def test_the_best_arm_goes_to_the_shelf(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e-4,), most_rates=1))
    given = options(
        place, tmp_path / "out", arms="scratch", seeds=1, publish_best=True, shelf=tmp_path / "to"
    )
    compare.main(given)
    card = shelf.read_card("smoke-scratch", tmp_path / "to")
    [run] = [run for run in runs(tmp_path / "out") if run.stage == "final"]
    assert run.test is not None
    assert card.metrics["test"]["bitmaps"]["n"] == run.test.n
    assert card.provenance["training"]["strategy"]["name"] == "scratch"
    assert len(shelf.open_model("smoke-scratch", tmp_path / "to").words) == len(made.WORDS)


def test_the_report_tells_of_all_runs(whole: Path):
    text = (whole / "report.md").read_text("utf-8")
    assert "Not finished" not in text
    assert all(f"| {arm} | 2 | 0 |" in text for arm in SMOKE.arms)
    assert (whole / "report.html").stat().st_size > 10_000


def test_a_finished_comparison_trains_nothing_again(
    whole: Path, place: Path, monkeypatch: pytest.MonkeyPatch
):
    before = (whole / "report.md").read_bytes()
    no_training(monkeypatch)
    compare.main(options(place, whole))
    assert (whole / "report.md").read_bytes() == before


def test_a_report_needs_neither_drawings_nor_weights(whole: Path, tmp_path: Path):
    shutil.copytree(whole, tmp_path / "copy")
    before = (tmp_path / "copy" / "report.md").read_bytes()
    (tmp_path / "copy" / "report.md").unlink()
    compare.main(Options(report_only=True, out=tmp_path / "copy", data_dir=tmp_path / "none"))
    assert (tmp_path / "copy" / "report.md").read_bytes() == before


def test_each_start_is_pretrained_for_every_seed_however_many():
    for seeds in (4, 18):
        asked = compare.Options(seeds=seeds)
        assert comparison.adapted(suites.find("starting-points"), asked).pairs == seeds
        assert comparison.adapted(suites.find("freezing"), asked).checkpoints == 1


def test_there_are_fewer_final_seeds_than_the_first_of_tuning():
    with pytest.raises(UserError, match=r"--seeds is 1001\. expected 1 to 1000"):
        comparison.adapted(suites.find("freezing"), compare.Options(seeds=1001))


def test_amounts_that_are_not_there_are_told(data: Dataset):
    counts = comparison._per_word(data)
    most = max(counts.values())
    few = replace(SMOKE, amounts=(3, most + 100))
    [told] = comparison._too_few(few, counts)
    assert told.startswith(f"{most + 100} drawings a word are asked for; 3 words have ")
    assert comparison._too_few(replace(SMOKE, amounts=(3, None)), counts) == ()
    comparison._check_amounts(few, counts)
    for amounts in ((most, None), (3, most + 1, most + 2)):
        with pytest.raises(UserError, match="are the same drawings: no word has more than"):
            comparison._check_amounts(replace(SMOKE, amounts=amounts), counts)


def test_several_amounts_instead_of_the_suites():
    suite = comparison.adapted(suites.find("few-shot"), compare.Options(per_word=(10, 30)))
    assert suite.amounts == (10, 30)
    assert suite.epochs == suites.find("few-shot").epochs


def test_another_architecture_takes_the_place_of_b0_alone():
    declared = suites.find("dearer")
    suite = comparison.adapted(declared, compare.Options(architecture="timm:resnet10t"))
    networks = {arm: suite.strategy(arm).network for arm in suite.arms}
    assert {arm for arm, name in networks.items() if name != "timm:resnet10t"} == {
        *("small", "small-distilled")
    }
    assert comparison.deviations(declared, suite) == ("network: timm:resnet10t instead of None.",)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"suite": "smok"}, "no suite 'smok'. Did you mean smoke"),
        ({"arms": "full,nothing"}, "no strategy 'nothing'"),
        ({"arms": "full,full"}, "names an arm twice"),
        ({"only": "cnn"}, "--only names 'cnn'. expected arms of smoke: full"),
        ({"seeds": 0}, "--seeds is 0"),
        ({"per_word": (10, 0)}, "--per-word is 0"),
        ({"per_word": (10, 10)}, "names an amount twice"),
        ({"stride": 3}, "--stride is 3"),
        ({"sd": 0.0}, "--sd is 0.0. expected a finite number above 0"),
        ({"sd": math.nan}, "--sd is nan. expected a finite number"),
        ({"region": -1.0}, "--region is -1.0. expected a finite number, at least 0"),
        ({"region": math.inf}, "--region is inf. expected a finite number"),
        ({"architecture": "timm:resnet10"}, "Did you mean timm:resnet10t"),
        ({"shard": "3/2"}, "--shard is '3/2'"),
        ({"shard": "half"}, "--shard is 'half'"),
        ({"report_only": True}, "holds no experiment"),
        ({"report_only": True, "publish_best": True}, "Leave one out"),
    ],
)
def test_options_that_make_no_experiment(
    place: Path, tmp_path: Path, changes: dict[str, Any], says: str
):
    with pytest.raises(UserError, match=says.replace(".", r"\.")):
        compare.main(options(place, tmp_path, **changes))
    assert not list(tmp_path.iterdir())


def test_other_arms_keep_their_contrasts_or_meet_the_first():
    assert comparison.with_arms(SMOKE, ("full", "scratch")).contrasts == (("full", "scratch"),)
    assert comparison.with_arms(SMOKE, ("scratch", "by-depth", "gradual")).contrasts == (
        ("by-depth", "scratch"),
        ("gradual", "scratch"),
    )


def test_only_some_arms_are_run_now_and_the_plan_stays_whole(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e-3,), most_rates=1))
    compare.main(options(place, tmp_path, only="scratch", seeds=1))
    assert {run.arm for run in runs(tmp_path)} == {"scratch"}
    plan = read_plan(tmp_path)
    assert plan.suite.arms == SMOKE.arms
    assert plan.deviations == ("seeds: 1 instead of 2.",)
    assert "Not finished: 1 of 3 final runs" in (tmp_path / "report.md").read_text("utf-8")


def test_a_suite_of_ones_own_is_a_toml_file(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'question = "Does it help?"\narms = ["full", "scratch"]\nepochs = 2\n'
        'contrasts = [["full", "scratch"]]\namounts = [30, "all"]\n[changes]\ndropout = 0.5\n'
    )
    suite = suites.find(str(file))
    assert (suite.name, suite.amounts, suite.seeds) == ("mine", (30, None), 16)
    assert (suite.contrasts, suite.changes) == ((("full", "scratch"),), {"dropout": 0.5})
    file.write_bytes(file.read_text("utf-8").replace("\n", "\r\n").encode("utf-16"))
    assert suites.find(str(file)) == suite


def test_all_suites_and_arms_are_listed(capsys: pytest.CaptureFixture[str]):
    compare.main(Options(list=True))
    listed = capsys.readouterr().out
    assert all(f"  {name} " in listed for name in (*suites.SUITES, *catalogue.STRATEGIES))


def test_shards_part_the_units():
    units = suites.SUITES["few-shot"].units
    parts = [units[comparison.parse_shard(f"{i}/3")] for i in (1, 2, 3)]
    assert sorted((unit for part in parts for unit in part), key=str) == sorted(units, key=str)


def test_an_arm_from_a_start_that_is_learned_first(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    given = options(
        place, tmp_path / "out", arms="full-near,cnn", seeds=1, pretraining=64, weights=None
    )
    compare.main(given)
    assert "first learning near" in capsys.readouterr().err
    [start] = provenance.load(tmp_path / "out")
    assert (start.start, start.images) == ("near", 64)
    plan = read_plan(tmp_path / "out")
    assert set(plan.starts) == {"near"}
    assert {Path(name).suffix for name in made.contents(tmp_path / "starts")} == {".pt", ".json"}
    assert [r.stage for r in runs(tmp_path / "out")].count("final") == 2
    again = replace(given, out=tmp_path / "again", arms="full-near", pretraining=64)
    compare.main(again)
    assert "first learning" not in capsys.readouterr().err


def test_an_arm_that_starts_from_a_file_needs_one(place: Path, tmp_path: Path):
    given = options(place, tmp_path, arms="head-only-file", seeds=1)
    with pytest.raises(UserError, match=r"head-only-file starts from a checkpoint.*--start FILE"):
        compare.main(given)
    compare.main(replace(given, start=place / "b0.pth"))
    assert read_plan(tmp_path).starts.keys() == {"file"}


JUDGING = replace(
    suites.SUITES["judging"],
    arms=("full", "full-outliers", "full-fine-labels", "full-judge"),
    contrasts=(("full-judge", "full"),),
    amounts=(12,),
    epochs=1,
    seeds=2,
    rates=(1e-3,),
    most_rates=1,
    batch=16,
    epoch_images=0,
    held_out=2,
    varied=2,
    target=0.5,
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough drawings to divide validation, and to measure wins."""
    place = tmp_path_factory.mktemp("many")
    made.write_folder(place / "data", bitmaps=150, strokes=120)
    return place


def test_a_suite_of_judges_is_decided_on_wins_on_validation(
    place: Path, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "judging", JUDGING)
    given = options(place, tmp_path, suite="judging", data_dir=many / "data")
    compare.main(given)
    plan, final = read_plan(tmp_path), [r for r in runs(tmp_path) if r.stage == "final"]
    assert (plan.suite.outcome, plan.suite.eval_split, plan.region) == ("wins", "validation", 2.0)
    assert sorted((r.arm, r.seed) for r in final) == sorted(
        (arm, seed) for arm in JUDGING.arms for seed in (0, 1)
    )
    whole = dataset.load(made.WORDS, many / "data")
    for run in final:
        assert run.test is not None
        assert run.test.wins is not None
        assert run.test.n == len(whole.parts["validation"].bitmaps) - 2 * len(made.WORDS)
        assert run.test.wins.others == len(whole.parts["validation"].other_strokes)
        assert 0 <= run.test.wins.area <= run.test.wins.true["10.0%"] <= 1
        assert run.history[-1]["images"] == 2 * 16  # as many steps for every arm
    [judge] = [run for run in final if (run.arm, run.seed) == ("full-judge", 0)]
    assert judge.settings["mixture"]["outlier_traced"] == 0.08
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "Decided on true wins" in text
    before = text
    compare.main(Options(report_only=True, out=tmp_path))
    assert (tmp_path / "report.md").read_text("utf-8") == before


def test_too_few_strokes_to_measure_wins_are_reported_before_training(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "judging", JUDGING)
    no_training(monkeypatch)
    made.write_folder(tmp_path / "few", bitmaps=150, strokes=made.TWICE)
    given = options(place, tmp_path / "out", suite="judging", data_dir=tmp_path / "few")
    with pytest.raises(UserError, match="too few stroke drawings on validation"):
        compare.main(given)
