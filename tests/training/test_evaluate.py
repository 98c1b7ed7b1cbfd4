"""Evaluation of a model that is not a network: metrics that can be computed by hand."""

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.command import UserError
from models.raster import SIDE, rasterise_batch
from tests import cli, made
from training import evaluate
from training.data import dataset
from training.data.dataset import Dataset, Part, StrokeDrawings
from training.inference.device import pick_device
from training.metrics import classification, evaluation, wins
from training.metrics.wins import CURVE, FALSE_WINS, JUDGED, LEAST, judged
from training.trainer.runs import open_run, predictor
from training.transforms import perturb

WEIGHT = made.template_weight()


def linear(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    return bitmaps.reshape(len(bitmaps), SIDE * SIDE).astype(np.float32) @ WEIGHT


@pytest.fixture(scope="module")
def part(data: Dataset) -> Part:
    return data.parts["validation"]


@pytest.fixture(scope="module")
def result(part: Part) -> dict[str, Any]:
    return evaluation.evaluate(linear, part, made.WORDS)


def test_bitmaps_are_measured(result: dict[str, Any], part: Part):
    logits, labels = linear(part.bitmaps.pixels), part.bitmaps.labels
    found = result["bitmaps"]
    assert found["n"] == len(labels)
    assert found["top1"] == (logits.argmax(1) == labels).mean() > 0.6
    assert np.sum(found["confusion"]) == len(labels)
    assert result["temperature"] == classification.fit_temperature(logits, labels)
    assert found["log_loss"] <= classification.log_loss(logits, labels) + 1e-6


def test_rasters_are_the_strokes_at_all_their_ink(result: dict[str, Any], part: Part):
    guesses = linear(rasterise_batch(part.strokes.drawings)).argmax(1)
    expected = (guesses == part.strokes.labels).mean()
    assert result["rasters"]["top1"] == result["partial"]["100%"]["top1"] == expected
    assert sum(result["rasters"]["n"].values()) == len(part.strokes)


def test_partial_drawings_are_measured_at_each_share(result: dict[str, Any], part: Part):
    assert list(result["partial"]) == [
        *("10%", "20%", "25%", "30%", "40%", "50%", "60%", "70%", "75%", "80%", "90%", "100%")
    ]
    half = rasterise_batch([drawing.prefix(0.5) for drawing in part.strokes.drawings])
    expected = (linear(half).argmax(1) == part.strokes.labels).mean()
    assert result["partial"]["50%"]["top1"] == expected


def test_words_with_few_drawings_do_not_count_in_the_mean_over_words(part: Part):
    few = np.flatnonzero((part.strokes.labels == 0).cumsum() <= LEAST - 1)
    labels = part.strokes.labels[few]
    strokes = StrokeDrawings(
        tuple(part.strokes.drawings[i] for i in few),
        labels,
        part.strokes.fine_labels[few],
        part.strokes.stretched[few],
    )
    result = evaluation.evaluate(linear, replace(part, strokes=strokes), made.WORDS)["rasters"]
    counted = [word for k, word in enumerate(made.WORDS) if (labels == k).sum() >= LEAST]
    assert 0 < len(counted) < 3
    assert result["top1_macro"] == np.mean([result["by_word"][word] for word in counted])


def test_wins_count_every_drawing_once_for_every_wrong_word(part: Part):
    wins = evaluation.evaluate(linear, part, made.WORDS, temperature=2.0)["wins"]
    assert wins["drawings"] == len(part.strokes)
    assert wins["pairs"] == 2 * len(part.strokes) + 3 * len(part.other_strokes)
    assert wins["false"] <= FALSE_WINS
    assert [row["threshold"] for row in wins["curve"]] == list(CURVE)
    for rate in ("false", "true"):
        rates = [row[rate] for row in wins["curve"]]
        assert rates == sorted(rates, reverse=True)
    assert wins["curve"][0]["false"] > wins["false"]
    assert wins["curve"][0]["true"] > 0.5


def test_a_win_is_decided_by_the_frames(result: dict[str, Any], part: Part):
    """The expected wins are counted drawing by drawing, as in the game."""

    def probabilities(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        powers = np.exp(linear(bitmaps) / result["temperature"])
        return powers / powers.sum(1, keepdims=True)

    frames = judged(probabilities, part.strokes.drawings, JUDGED, "drawings")
    assert frames.shape == (len(part.strokes), 10, 3)
    at = result["wins"]["curve"][CURVE.index(0.7)]
    won = [
        any(
            a.argmax() == b.argmax() == label and min(a[label], b[label]) >= at["threshold"]
            for a, b in pairwise(rows)
        )
        for rows, label in zip(frames, part.strokes.labels, strict=True)
    ]
    each = classification.by_word_share(np.array(won), part.strokes.labels, made.WORDS)
    counted = [v for k, v in enumerate(each.values()) if (part.strokes.labels == k).sum() >= 5]
    assert at["true"] == pytest.approx(np.mean(counted))


def test_a_given_temperature_and_threshold_are_kept(part: Part):
    result = evaluation.evaluate(linear, part, made.WORDS, 3.5, 0.6)
    assert (result["temperature"], result["wins"]["threshold"]) == (3.5, 0.6)


def test_other_hands_are_six_and_shares(result: dict[str, Any]):
    assert list(result["other_hands"]) == [
        *("noise", "thicker", "thinner", "shifted", "turned", "mirrored")
    ]
    assert all(0 <= share <= 1 for share in result["other_hands"].values())


def test_strokes_of_other_hands_are_measured(result: dict[str, Any], part: Part):
    mirrored = rasterise_batch(perturb.other_strokes(part.strokes.drawings)["mirrored"])
    right = linear(mirrored).argmax(1) == part.strokes.labels
    each = classification.by_word_share(right, part.strokes.labels, made.WORDS)
    assert result["other_hands_strokes"]["mirrored"] == pytest.approx(np.mean(list(each.values())))


def test_drawings_are_measured_after_each_stroke(result: dict[str, Any], part: Part):
    """The made drawings have two strokes."""
    assert list(result["by_stroke"]) == [str(k) for k in range(1, 9)]
    assert result["by_stroke"]["2"] == result["by_stroke"]["8"] == result["partial"]["100%"]
    first = [replace(d, strokes=d.strokes[:1]) for d in part.strokes.drawings]
    expected = (linear(rasterise_batch(first)).argmax(1) == part.strokes.labels).mean()
    assert result["by_stroke"]["1"]["top1"] == expected


def test_wins_come_with_the_ink_and_not_from_nothing(part: Part):
    wins = evaluation.evaluate(linear, part, made.WORDS, 2.0, 0.5)["wins"]
    assert list(wins["won_by"]) == [f"{share}%" for share in range(20, 101, 10)]
    for word in made.WORDS:
        shares = [row[word] for row in wins["won_by"].values()]
        assert shares == sorted(shares)
        assert shares[-1] == wins["true_by_word"][word]
    assert list(wins["nonsense"]) == ["scribble", "line", "dot", "filled pad", "letters"]
    none = evaluation.evaluate(linear, part, made.WORDS, 2.0, 1.01)["wins"]
    assert set(none["nonsense"].values()) == {0.0}
    assert (
        max(evaluation.evaluate(linear, part, made.WORDS, 2.0, 0.0)["wins"]["nonsense"].values())
        > 0.2
    )


def test_stretched_strokes_are_not_judged(part: Part):
    strokes = replace(part.strokes, stretched=np.arange(len(part.strokes)) % 2 == 0)
    result = evaluation.evaluate(linear, replace(part, strokes=strokes), made.WORDS)
    assert result["wins"]["drawings"] == len(part.strokes) // 2


@pytest.mark.parametrize("others", [True, False])
def test_bitmaps_alone_are_traced_into_strokes(folder: Path, result: dict[str, Any], others: bool):
    """As after `training.fetch --form bitmaps`, with and without other words' bitmaps."""
    data = dataset.load(made.WORDS, folder, strokes=False, others=others)
    bare = data.parts["validation"]
    found = evaluation.evaluate(linear, bare, made.WORDS, temperature=result["temperature"])
    assert found["traced"] == ("words", "other words")[: 1 + others]
    assert "traced" not in result
    assert found["bitmaps"]["top1"] == result["bitmaps"]["top1"]
    assert found["wins"]["drawings"] == sum(found["rasters"]["n"].values()) > 0
    others_drawn = found["wins"]["pairs"] - (len(made.WORDS) - 1) * found["wins"]["drawings"]
    assert (others_drawn > 0) == others
    assert found["rasters"]["top1"] == pytest.approx(found["bitmaps"]["top1"], abs=0.2)


def test_a_threshold_needs_drawings(part: Part):
    none = part.strokes.at(np.zeros(0, np.intp))
    frames = np.zeros((0, len(JUDGED), len(made.WORDS)), np.float32)
    with pytest.raises(UserError, match="no drawings to find the threshold with"):
        wins.measure(linear, frames, none, part.other_strokes, made.WORDS, None)


def test_the_command_writes_what_it_measured(finished: Path, folder: Path, tmp_path: Path):
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    made.write_strokes(tmp_path, "students", "square", made.drawings("square", 5, 500))
    evaluate.main(evaluate.Options(run, "test", folder, tmp_path, "cpu"))
    found = json.loads((run / "evaluation.json").read_text())
    part = dataset.load(made.WORDS, folder).parts["test"]
    assert (found["split"], found["bitmaps"]["n"]) == ("test", len(part.bitmaps))
    _, network = open_run(run, pick_device("cpu"))
    predict = predictor(network, pick_device("cpu"))
    expected = (predict(part.bitmaps.pixels).argmax(1) == part.bitmaps.labels).mean()
    assert found["bitmaps"]["top1"] == pytest.approx(expected)
    assert len(found["evidence"]["data"]) == 16
    assert found["outside"]["students"]["drawings"] == {"square": 5}


def test_a_run_opens_as_the_network_that_was_trained(finished: Path):
    record, network = open_run(finished, pick_device("cpu"))
    shape = network.shape
    assert (shape.classes, shape.stride, shape.padding, shape.eps) == (3, 2, "same", 1e-3)
    assert not network.training
    assert record["recipe"] == "tensorflow"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("run.json", None, "holds no finished run"),
        ("run.json", b"{", "holds no finished run"),
        ("run.json", b"[1]", "holds no finished run (TypeError"),
        ("run.json", b"{}", "holds no finished run (KeyError('settings'))"),
        ("run.json", b'{"settings": 5}', "holds no finished run (KeyError('recipe')"),
        ("run.json", "data", "holds no finished run (KeyError('data'))"),
        ("run.json", "evidence", "holds no finished run (KeyError('evidence'))"),
        ("network.pt", None, "cannot read weights"),
        ("network.pt", b"half", "cannot read weights"),
    ],
)
def test_a_damaged_run_is_one_line_and_exit_2(
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes | str | None,
    found: str,
):
    """The content is what stands in the file, or the name of a field that is taken out of it."""
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    if isinstance(content, str):
        record = json.loads((run / name).read_text())
        del record[content]
        content = json.dumps(record).encode()
    (run / name).unlink()
    if content is not None:
        (run / name).write_bytes(content)
    line = cli.refusal(evaluate.Options, evaluate.main, f"--run {run}", monkeypatch, capsys)
    assert found in line


def test_the_network_of_another_run_is_reported(finished: Path, tmp_path: Path):
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    record = json.loads((run / "run.json").read_text()) | {"words": ["circle", "square"]}
    (run / "run.json").write_text(json.dumps(record))
    with pytest.raises(UserError, match=r"network\.pt is not the network of its run\.json"):
        open_run(run, pick_device("cpu"))
