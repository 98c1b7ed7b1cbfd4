"""Strategies in a user's own file are added to the catalogue; mistakes in it are reported."""

from collections.abc import Generator
from pathlib import Path

import pytest

from models.command import UserError
from training import compare
from training.strategies import catalogue
from training.strategies.strategy import EVERYTHING, HEAD, Phase, Strategy
from training.strategies.user_file import load, register
from training.transforms.augmentation import Augmentation

TOML = """
[[strategy]]
name = "warm-head"
start = "imagenet"
description = "the head first"
changes = { label_smoothing = 0.1, augmentation = { turn = 5.0 } }

[[strategy.phases]]
learn = "head"
epochs = 3
bn_statistics = "still"

[[strategy.phases]]
learn = "everything"
augmentation = { turn = 20.0, cut = 0.2 }
"""
WARM = Strategy(
    "warm-head",
    "imagenet",
    (
        Phase(HEAD, 3, bn_statistics="still"),
        Phase(EVERYTHING, augmentation=Augmentation(turn=20.0, cut=0.2)),
    ),
    "the head first",
    changes={"label_smoothing": 0.1, "augmentation": Augmentation(turn=5.0)},
)
PYTHON = """
from training.strategies.strategy import EVERYTHING, Phase, Strategy
mine = Strategy("mine", "random", (Phase(EVERYTHING),), "my own")
again = mine
other = Strategy("other", "random", (Phase(EVERYTHING, 2),), "another")
"""


def changed(settings: str = "") -> str:
    """A Python file with a strategy that changes these settings."""
    return PYTHON.replace('"my own")', f'"my own", network="cnn", changes=dict({settings}))', 1)


@pytest.fixture(autouse=True)
def same_catalogue() -> Generator[None]:
    """Restore the catalogue after the test."""
    before = dict(catalogue.STRATEGIES)
    yield
    catalogue.STRATEGIES.clear()
    catalogue.STRATEGIES.update(before)


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_a_toml_file_and_a_python_file_give_the_same_strategy(tmp_path: Path):
    assert load(written(tmp_path, "mine.toml", TOML)) == (WARM,)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_toml_file_is_read_as_an_editor_saves_it(tmp_path: Path, encoding: str):
    (tmp_path / "mine.toml").write_bytes(TOML.replace("\n", "\r\n").encode(encoding))
    assert load(tmp_path / "mine.toml") == (WARM,)


def test_a_toml_file_that_is_not_utf_8_is_reported(tmp_path: Path):
    (tmp_path / "mine.toml").write_bytes(TOML.replace("the head", "tête").encode("latin-1"))
    with pytest.raises(UserError, match=r"mine.toml: it is not UTF-8 text .* saved as UTF-8"):
        load(tmp_path / "mine.toml")


def test_strategies_of_a_python_file_join_the_catalogue(tmp_path: Path):
    found = register(written(tmp_path, "mine.py", PYTHON))
    assert [strategy.name for strategy in found] == ["mine", "other"]
    assert catalogue.find("mine") is found[0]
    assert register(tmp_path / "mine.py") == found  # the same again is no conflict


def test_a_name_that_is_taken_is_reported(tmp_path: Path):
    path = written(tmp_path, "mine.toml", TOML.replace("warm-head", "full"))
    with pytest.raises(UserError, match="has a strategy 'full', and so has the catalogue"):
        register(path)


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("epochs = 3", "epoch = 3", r"'epoch' is unknown\. Did you mean 'epochs'\?"),
        ('"still"', '"stil"', r"bn_statistics: 'stil' is unknown\. Did you mean 'still'"),
        ('learn = "head"', 'learn = "tail"', r"learn: 'tail' is unknown\. expected one of every"),
        ('learn = "head"', "learn = { tail = 1.0 }", "a phase must name groups"),
        ('learn = "head"', 'learn = ["head"]', r"phases.learn is \['head'\]\. expected a table"),
        ('learn = "head"', 'learn = { stem = "x" }', "learn.stem is 'x'. expected a number"),
        (
            'learn = "head"',
            "learn = { stem = -1.0 }",
            r"learn.stem is -1\.0\. expected a finite number, at least 0",
        ),
        ("epochs = 3", "epochs = 1.5", r"phases.epochs is 1\.5\. expected a whole number"),
        ('"still"', "true", "bn_statistics is True. expected 'still', 'moving' or"),
        ('name = "warm-head"', "name = 5", "strategy 5: name is 5. expected text"),
        ('"warm-head"', '"warm/head"', r"name is 'warm/head'\. expected a name for files"),
        ('"warm-head"', '"../warm"', r"name is '\.\./warm'\. expected a name for files"),
        ("changes =", "head = 5\nchanges =", "head is 5. expected 'new', 'kept' or 'found'"),
        ("changes =", "stem = 5\nchanges =", "stem is 5. expected 'summed', 'random' or"),
        ("changes =", "network = 5\nchanges =", "network is 5. expected text"),
        ("changes =", 'network = "b1"\nchanges =', "network is 'b1'. expected b0, small, cnn"),
        ("changes =", 'objective = "dream"\nchanges =', "objective: 'dream' is unknown"),
        ("changes =", 'outputs = "x"\nchanges =', "outputs is 'x'. expected a whole number"),
        ("changes =", "equal_work = {}\nchanges =", "'equal_work' is unknown"),
        ("label_smoothing = 0.1", "lr = -1", "changes: lr is -1. expected a finite number above 0"),
        ("label_smoothing = 0.1", 'dropout = "x"', "changes: dropout is 'x'. expected a number"),
        ("label_smoothing = 0.1", "side = 30", "side is 30. expected 28, 56 or 112"),
        ("label_smoothing = 0.1", "stride = 3", "stride is 3. expected 1 or 2"),
        ("label_smoothing = 0.1", "optimiser = 7", "optimiser is 7. expected 'adamw' or 'sgd'"),
        ("turn = 5.0", 'turn = "x"', "augmentation.turn is 'x'. expected a number"),
        ("{ turn = 5.0 }", "5", "augmentation is 5. expected a table"),
        ("label_smoothing", "label_smothing", "Did you mean 'label_smoothing'"),
        ("turn =", "trun =", "Did you mean 'turn'"),
        (
            "turn = 20",
            "trun = 20",
            r"phases, augmentation: 'trun' is unknown\. Did you mean 'turn'",
        ),
        ("cut = 0.2", "cut = 2", r"phases.augmentation.cut is 2\. expected 0 to 1"),
        ('start = "imagenet"', "", "'warm-head' has no 'start'"),
        ("[[strategy]]", "[[strategies]]", "Did you mean 'strategy'"),
        ('name = "warm-head"', "name = ", "cannot read .*mine.toml"),
    ],
)
def test_a_mistake_is_reported_with_a_suggestion(
    tmp_path: Path, wrong: str, right: str, message: str
):
    with pytest.raises(UserError, match=message):
        load(written(tmp_path, "mine.toml", TOML.replace(wrong, right, 1)))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mine.py", "1 / 0", "cannot run .*mine.py: ZeroDivisionError"),
        ("mine.py", "raise SystemExit(3)", "cannot run .*mine.py: SystemExit: 3"),
        ("mine.py", "x = 1", "holds no strategy"),
        ("mine.py", changed("side=30"), "'mine': side is 30. expected 28, 56 or 112"),
        ("mine.py", changed("lr=-1"), "'mine': lr is -1. expected a finite number above 0"),
        ("mine.py", changed("sid=28"), "changes: 'sid' is unknown. Did you mean 'side'"),
        ("mine.py", changed().replace('"cnn"', '"b1"'), "network is b1. expected b0, small, cnn"),
        ("mine.py", changed().replace("network", 'head="kept", network'), "random weights have no"),
        ("mine.py", PYTHON.replace('"mine"', '"a/b"'), r"'a/b': name is a/b\. expected a name for"),
        ("mine.toml", "", "holds no strategy"),
        ("mine.toml", "strategy = 3", "strategy is 3. expected a list"),
        ("mine.toml", "strategy = [3]", "strategy is 3. expected a table"),
        ("mine.json", "{}", "expected mine.py or mine.toml"),
    ],
)
def test_a_file_of_no_use_is_reported(tmp_path: Path, name: str, text: str, message: str):
    with pytest.raises(UserError, match=message):
        load(written(tmp_path, name, text))


def test_a_file_that_is_not_there_is_reported(tmp_path: Path):
    with pytest.raises(UserError, match="there is no file"):
        load(tmp_path / "mine.py")


def test_a_comparison_lists_strategies_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = written(tmp_path, "mine.toml", TOML)
    compare.main(compare.Options(list=True, strategies=path))
    assert "warm-head" in capsys.readouterr().out
