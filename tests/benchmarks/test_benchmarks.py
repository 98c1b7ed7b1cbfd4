"""The benchmarks run, on inputs so small that their times have no meaning."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import classifier, judge, many_words, page, raster, serving, training
from benchmarks import help as helps
from benchmarks.tools import doodlenet, process
from benchmarks.tools.result import in_turn, ratio, summary
from models import shelf as shelves
from models.command import UserError
from models.drawing import Drawing
from models.raster import rasterise_batch
from tests import made
from training.data.dataset import standardised

NAME = "small"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of models with one model, whose card states the stem's stride."""
    card = made.publish(tmp_path, NAME)
    told = card.model_copy(update={"provenance": {"training": {"settings": {"stride": 1}}}})
    (tmp_path / NAME / "card.json").write_text(told.model_dump_json(), "utf-8")
    return tmp_path


def read(path: Path) -> dict[str, Any]:
    """A result file, which must state the method, the machine and the versions."""
    result = json.loads(path.read_text("utf-8"))
    assert result["how"]
    assert {"command", "commit", "versions", "device", "processor", "vectors"} <= set(
        result["evidence"]
    )
    return result


def scribbles(count: int) -> list[Drawing]:
    """Drawings of random strokes, all different."""
    rng = np.random.default_rng(count)
    strokes = rng.integers(0, 256, (count, 4, 2, 15)).tolist()
    return [Drawing.from_lists(lines, "circle", str(i)) for i, lines in enumerate(strokes)]


def of_medians(slow: dict[str, float], fast: dict[str, float]) -> Any:
    return pytest.approx(slow["median_ms"] / fast["median_ms"], rel=1e-3)


def test_the_cost_of_help_is_that_of_the_slowest_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(helps, "COMMANDS", ("models.classify",))
    monkeypatch.setattr(helps, "TORCH", "import json")
    helps.main(helps.Options(1, tmp_path / "help.json"))
    found = read(tmp_path / "help.json")
    ours = found["commands"]["models.classify"]
    assert ours["s"] > 0
    assert 5 < ours["mib"] < 300
    with_more = helps.cost_of("kept = bytearray(400 << 20)")
    assert 400 < with_more.memory < 700  # of the process itself, not of this one
    assert found["torch_to_slowest"] == pytest.approx(found["torch"]["s"] / ours["s"], rel=1e-3)


def test_a_command_that_fails_is_not_timed():
    with pytest.raises(UserError, match="has failed"):
        helps.cost_of("raise SystemExit(1)")


def test_contenders_take_turns():
    calls: list[str] = []
    sides = {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}
    times = in_turn(sides, repeats=2, warm_up=1)
    assert calls == ["a", "b"] * 3
    assert [len(taken) for taken in times.values()] == [2, 2]


def test_summary_and_ratio():
    fast, slow = summary([4.0, 1.0, 2.0]), summary([30.0])
    assert fast == {"n": 3, "median_ms": 2.0, "p95_ms": 3.8}
    assert ratio(slow, fast) == 15


def test_raster(tmp_path: Path):
    drawn = scribbles(16)
    made.write_strokes(tmp_path, "simplified", "circle", drawn[:10])
    made.write_bitmaps(tmp_path, "circle", rasterise_batch(drawn[4:]))
    out = tmp_path / "raster.json"
    raster.main(raster.Options(data_dir=tmp_path, repeats=2, out=out))
    result = read(out)
    for found in result["fidelity"].values():
        assert found["pairs"] == 6
        assert found["ours"]["mean_correlation"] == pytest.approx(1)
        assert found["ours"]["mean_absolute_error"] == 0
        assert 0.9 < found["pillow"]["mean_correlation"] < 1
    assert result["speed"]["points"] == 60
    for way in ("one", "batch"):
        speed = result["speed"][way]
        assert speed["ratio"] == of_medians(speed["pillow"], speed["ours"])


def test_raster_without_pairs(tmp_path: Path):
    options = raster.Options(data_dir=tmp_path, repeats=2, out=tmp_path / "raster.json")
    with pytest.raises(UserError, match="DOODLE_DATA_DIR"):
        raster.main(options)
    drawn = scribbles(8)
    made.write_strokes(tmp_path, "simplified", "circle", drawn[:4])
    made.write_bitmaps(tmp_path, "circle", rasterise_batch(drawn[4:]))
    with pytest.raises(UserError, match="no pairs"):
        raster.main(options)
    assert not options.out.exists()


def test_pillow_draws_as_we_do():
    drawn = scribbles(5)
    theirs = np.stack([raster.pillow_raster(drawing) for drawing in drawn])
    rows = standardised(rasterise_batch(drawn)) * standardised(theirs)
    assert (rows.sum(1) > 0.97).all()


def test_classifier(shelf: Path, tmp_path: Path):
    out = tmp_path / "classifier.json"
    made.publish(shelf, "other")
    options = classifier.Options(NAME, shelf, repeats=2, starts=1, out=out)
    classifier.main(options)
    result = read(out)
    assert set(result["batches"]) == {"1", "8", "64"}
    for size, batch in result["batches"].items():
        for name in ("eager", "eager stride 2"):
            assert batch["ratio"][name] == of_medians(batch[name], batch["ours"])
        rate = int(size) * 1000 / batch["ours"]["median_ms"]
        assert batch["ours"]["images_per_second"] == pytest.approx(rate, rel=1e-3)
    for found in result["models"].values():
        assert found["other"]["times"] == of_medians(found[NAME], found["other"])
    start = result["start"]
    assert start["ratio"] == of_medians(start["eager"], start["ours"])
    assert start["ours"]["resident_mib"] > 10


def test_a_card_that_does_not_tell_the_stride(tmp_path: Path):
    made.publish(tmp_path, NAME)
    with pytest.raises(UserError, match="stride"):
        classifier.stem_stride(shelves.read_card(NAME, tmp_path))


def test_page(shelf: Path, tmp_path: Path):
    out = tmp_path / "page.json"
    page.main(page.Options(NAME, shelf, drawings=("banana",), gap=4, out=out))
    result = read(out)
    ours, stock = result["ours"], result["stock"]
    assert ours["shown"]["n"] == ours["painted"]["n"] > 5
    assert ours["events"] >= ours["guesses"] > 5
    assert stock["events"] == stock["guesses"] == stock["shown"]["n"] == 1
    for what in ("shown", "painted"):
        assert result[f"ratio_{what}"] == of_medians(stock[what], ours[what])
    assert result["ratio_asked"] == of_medians(stock["asked"], ours["shown"])
    assert result["stock_weights"].startswith("random")


def test_page_of_an_unknown_drawing(shelf: Path):
    with pytest.raises(UserError, match="banana"):
        page.main(page.Options(NAME, shelf, drawings=("unicorn",)))


def test_page_whose_server_does_not_start(tmp_path: Path):
    arguments = ["--model", "missing", "--shelf", str(tmp_path)]
    with (
        pytest.raises(UserError, match="our_page ended"),
        process.serving("benchmarks.tools.our_page", arguments),
    ):
        pass


def test_training(tmp_path: Path):
    out = tmp_path / "training.json"
    training.main(
        training.Options(
            batch=5, steps=2, turns=1, epochs=2, epochs_arm=1, compile_modes=("eager",), out=out
        )
    )
    result = read(out)
    assert len(result["cases"]) == 4
    for name, case in result["cases"].items():
        ours = ["ours", "eager"] if name.startswith("full") else ["ours"]
        assert sorted(case) == sorted([*ours, "plain", "times_plain"])
        for side in ours:
            assert case["times_plain"][side] == of_medians(case["plain"], case[side])
            rate = 5 * 1000 / case[side]["median_ms"]
            assert case[side]["images_per_second"] == pytest.approx(rate, rel=1e-3)
    stride_2 = result["cases"]["full, stride 2"]["ours"]
    work = result["work_gflop_per_image"]["full, stride 2"]
    share = stride_2["images_per_second"] * work / result["matmul_gflop_per_second"]
    assert stride_2["share_of_matmul"] == pytest.approx(share, rel=1e-3)
    begun = result["beginnings"]
    assert begun["ratio"] == of_medians(begun["host"], begun["ours"])


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    folder = tmp_path / "drawings"
    made.write_folder(folder)
    return folder


def test_judge(shelf: Path, drawings: Path, tmp_path: Path):
    out = tmp_path / "judge.json"
    peer = doodlenet_file(tmp_path / "peer.pth", made.WORDS)
    judge.main(judge.Options(shelf=shelf, doodlenet=peer, data_dir=drawings, out=out))
    contenders = read(out)["contenders"]
    assert set(contenders) == {NAME, "doodleNet"}
    ours, theirs = contenders[NAME], contenders["doodleNet"]
    assert ours["top1"] > 0.9 > theirs["top1"]  # templates of the drawings; random weights
    assert ours["partial"]["75%"] > ours["partial"]["25%"]
    assert theirs["false_wins"] <= 0.005  # random weights are never sure
    assert all(of["false_wins"] <= of["false_wins_without_threshold"] for of in (ours, theirs))
    assert ours["drawings"] == theirs["drawings"]


def test_many_words(shelf: Path, drawings: Path, tmp_path: Path):
    out = tmp_path / "many_words.json"
    words = made.WORDS + made.OTHERS
    options = many_words.Options(NAME, shelf, many=80, data_dir=drawings, out=out)
    with pytest.raises(UserError, match="some words only"):
        many_words.main(options)
    made.publish(shelf, "wide", words)
    made.play_only(shelf, "wide", dict.fromkeys(words[:2], 0.7))
    few = rasterise_batch(made.drawings(words[-1], 8))
    made.write_bitmaps(drawings, words[-1], few)  # so that it is learned from strokes alone, almost
    many_words.main(options)
    of = read(out)["models"]["wide"]
    assert of["many"]["words"] == len(words) - 1
    assert of["many"]["top3"] >= of["many"]["top1"] > 0.9
    assert of["few"]["words"] == 1
    assert of["classic"]["drawings"] > 0
    assert of["classic"][NAME] > 0.9


def test_guesses_count_by_rank_and_among_some_words():
    words = ("a", "b", "c", "d")
    scores = np.array([[4, 3, 2, 1], [4, 3, 2, 1], [4, 3, 2, 1]], np.float32)
    guesses = many_words.Scores(scores, np.array([0, 1, 3]), words)
    assert guesses.right(1).tolist() == [True, False, False]
    assert guesses.right(3).tolist() == [True, True, False]
    assert guesses.of(["b", "d"]).right(1).tolist() == [False, False]
    assert guesses.among(["b", "d"]).right(1).tolist() == [True, False]
    assert guesses.among(["d", "b"]).by_word(1) == {"b": 1.0, "d": 0.0}


def doodlenet_file(path: Path, words: Sequence[str]) -> Path:
    """A checkpoint in the format of doodleNet, with random weights."""
    torch.manual_seed(0)
    classes = [*words, *map(str, range(345 - len(words)))]
    torch.save({"state_dict": doodlenet.DoodleNet().state_dict(), "classes": classes}, path)
    return path


def test_doodlenet_answers_with_the_words_columns(tmp_path: Path):
    path = doodlenet_file(tmp_path / "peer.pth", made.WORDS)
    bitmaps = made.scrambled(np.random.default_rng(0), 3)
    both = doodlenet.open_doodlenet(path, ("square", "circle"))(bitmaps)
    one = doodlenet.open_doodlenet(path, ("circle",))(bitmaps)
    assert both.shape == (3, 2)
    np.testing.assert_allclose(both[:, 1:], one, rtol=1e-5)
    spaced = doodlenet_file(tmp_path / "spaced.pth", ("circle", "traffic_light"))
    assert doodlenet.open_doodlenet(spaced, ("traffic light",))(bitmaps).shape == (3, 1)
    with pytest.raises(UserError, match="is not a checkpoint of doodleNet"):
        doodlenet.open_doodlenet(path, ("a word that nobody drew",))


def test_serving(shelf: Path, tmp_path: Path):
    out = tmp_path / "serving.json"
    serving.main(
        serving.Options(NAME, shelf, starts=1, guesses=20, players=6, seconds=0.2, out=out)
    )
    result = read(out)
    ours, stock = result["ours"], result["stock"]
    assert ours["one_player"]["n"] == 20
    assert stock["one_player"]["n"] >= 1
    assert result["ratio_one_player"] == of_medians(stock["one_player"], ours["one_player"])
    for start in (ours["start"], stock["start"]):
        assert 0 < start["first_guess_s"] <= start["slowest_first_guess_s"]
        assert start["n"] == 1
        assert start["page_s"] > 0 < start["memory_mib"]
    assert (ours["start"]["has_torch"], stock["start"]["has_torch"]) == (False, True)
    assert ours["guesses_per_second"] > 0 < stock["guesses_per_second"]
