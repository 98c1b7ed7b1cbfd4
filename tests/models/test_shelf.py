"""Published models: they are listed and checked against their cards; errors are clear."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import onnx
import pytest

from models.command import UserError
from models.raster import rasterise
from models.shelf import DEFAULT, names, open_model, read_card
from tests import made


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    made.publish(tmp_path, "linear", temperature=1.5)
    return tmp_path


def change(shelf: Path, **fields: Any) -> None:
    """Change values in the card; a value of None removes the field."""
    path = shelf / "linear" / "card.json"
    record = json.loads(path.read_text()) | fields
    path.write_text(json.dumps({k: v for k, v in record.items() if v is not None}))


def test_a_published_model_opens_with_the_values_of_its_card(shelf: Path):
    classifier = open_model("linear", shelf)
    told = classifier.words, classifier.temperature, classifier.threshold
    assert told == (made.WORDS, 1.5, 0.7)
    assert classifier.difficulty == {}
    [row] = classifier.probabilities(rasterise(made.drawing("circle", 3))[None])
    assert made.WORDS[row.argmax()] == "circle"


def test_the_default_is_listed_first(shelf: Path):
    for name in ("a", DEFAULT, "z"):
        made.publish(shelf, name)
    (shelf / "no-card").mkdir()
    assert names(shelf) == (DEFAULT, "a", "linear", "z")


def test_a_missing_model_brings_those_there_are(shelf: Path):
    with pytest.raises(UserError, match=r"no model 'cubic' on the shelf\. Known models: linear\."):
        open_model("cubic", shelf)
    with pytest.raises(UserError, match="Known models: none"):
        open_model("cubic", shelf / "nowhere")


@pytest.mark.parametrize("name", ["", "..", "../linear", "x" * 300, "a\0b"])
def test_a_name_that_no_folder_has_is_a_missing_model(shelf: Path, name: str):
    with pytest.raises(UserError, match=r"no model .* on the shelf"):
        read_card(name, shelf)


def test_a_missing_graph_is_reported(shelf: Path):
    (shelf / "linear" / "model.onnx").unlink()
    with pytest.raises(UserError, match=r"cannot read .*model\.onnx: No such file"):
        open_model("linear", shelf)


def test_a_changed_byte_is_seen(shelf: Path):
    made.damage(shelf / "linear" / "model.onnx")
    with pytest.raises(UserError, match="sha256 differs"):
        open_model("linear", shelf)


def test_a_truncated_graph_is_seen(shelf: Path):
    path = shelf / "linear" / "model.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError, match="sha256 differs"):
        open_model("linear", shelf)


def test_another_models_graph_is_seen(shelf: Path):
    made.publish(shelf, "other", made.WORDS[::-1])
    (shelf / "other" / "model.onnx").replace(shelf / "linear" / "model.onnx")
    with pytest.raises(UserError, match="is not the file its card describes"):
        open_model("linear", shelf)


def test_the_card_states_the_difficulty_of_words(shelf: Path):
    change(shelf, difficulty={"circle": 0.25})
    assert open_model("linear", shelf).difficulty == {"circle": 0.25}


def test_a_card_with_other_words_than_the_graph_is_reported(shelf: Path):
    change(shelf, words=["cat", "dog"])
    with pytest.raises(UserError, match=r"expected \(N, 2\)"):
        open_model("linear", shelf)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threshold", -0.01),
        ("threshold", 1.01),
        ("threshold", float("nan")),
        ("threshold", None),
        ("temperature", 0),
        ("temperature", -1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("temperature", "warm"),
        ("words", ["cat"]),
        ("words", "cat"),
        ("parameters", 0),
        ("difficulty", {"unicorn": 0.5}),
        ("sha256", "0" * 63),
        ("sha256", None),
        ("colour", "red"),
    ],
)
def test_a_card_that_cannot_be_true_is_damaged_at_a_place(shelf: Path, field: str, value: Any):
    change(shelf, **{field: value})
    with pytest.raises(UserError, match=rf"card\.json is damaged at {field}: .*publish"):
        read_card("linear", shelf)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"name": "linear"'])
def test_a_card_that_is_no_card_is_damaged(shelf: Path, content: bytes):
    (shelf / "linear" / "card.json").write_bytes(content)
    with pytest.raises(UserError, match=r"card\.json is damaged at the file"):
        read_card("linear", shelf)


def test_playing_needs_no_laboratory():
    script = (
        "import sys, models.classify, models.shelf, models.raster\n"
        "print(*{'torch', 'torchvision', 'efficientnet_pytorch', 'scipy', 'sklearn', 'training'}"
        " & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "\n"


def test_a_graph_of_another_threshold_than_its_card_is_refused(tmp_path: Path):
    card = made.publish(tmp_path, "made")
    graph = onnx.load_model(tmp_path / "made" / "model.onnx")
    onnx.helper.set_model_props(graph, {"threshold": "0.7", "words": json.dumps(made.WORDS)})
    content = graph.SerializeToString()
    (tmp_path / "made" / "model.onnx").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    path = tmp_path / "made" / "card.json"
    path.write_text(card.model_copy(update={"sha256": sha256}).model_dump_json())
    assert open_model("made", tmp_path).metadata["threshold"] == "0.7"
    other = card.model_copy(update={"sha256": sha256, "threshold": 0.2})
    path.write_text(other.model_dump_json())
    with pytest.raises(UserError, match="has other threshold than its card"):
        open_model("made", tmp_path)
