"""A model is made again from its card alone."""

import json
from pathlib import Path

import pytest

from models import shelf
from models.command import UserError
from tests import cli, made
from training import remake
from training.remake import parse


def put(place: Path, *recipe: str) -> None:
    """Publish a model whose card names these commands."""
    card = made.publish(place, "linear")
    known = {"recipe": recipe, "metrics": {"test": {"bitmaps": {"top1": 0.5}}}}
    (place / "linear" / "card.json").write_text(card.model_copy(update=known).model_dump_json())


def test_the_commands_of_the_card_make_the_model_again(
    tmp_path: Path, folder: Path, weights_file: Path
):
    put(
        tmp_path / "published",
        f"python -m training.train --strategy freeze-1 --words {','.join(made.WORDS)} "
        f"--data-dir {folder} --weights {weights_file} --recipe tensorflow --per-word 16 "
        "--settings.epochs 1 --settings.batch 24 --settings.stride 2 --settings.lr 2e-4 "
        "--out runs/made",
        f"python -m training.publish --run runs/made --name linear --data-dir {folder}",
    )
    where = ("--name", "linear", "--shelf", "published", "--out", "again")
    first = cli.run("training.remake", *where, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    card = shelf.read_card("linear", tmp_path / "again")
    assert card.architecture.startswith("EfficientNet-B0")
    assert f"made again {card.metrics['test']['bitmaps']['top1']:.2%}" in first.stderr
    run = (tmp_path / "runs" / "made" / "run.json").read_bytes()
    second = cli.run("training.remake", *where, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "finished before; skipped" in second.stderr
    assert (tmp_path / "runs" / "made" / "run.json").read_bytes() == run
    untouched = json.loads((tmp_path / "published" / "linear" / "card.json").read_text())
    assert untouched["architecture"] == "linear"


def test_a_step_that_fails_ends_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    put(tmp_path, f"python -m training.publish --run {tmp_path / 'none'} --name linear")
    with pytest.raises(UserError, match="step 1 of 1 ended with exit code 2"):
        remake.main(remake.Options("linear", tmp_path, tmp_path / "again"))
    assert "error: " in capfd.readouterr().err


def test_a_card_may_name_either_trainer():
    assert parse("python -m training.pretrain --words all") == (
        "training.pretrain",
        ["--words", "all"],
    )


@pytest.mark.parametrize("command", ["rm -rf /", "python -m http.server", "python -c pass", ""])
def test_a_card_runs_nothing_but_training(command: str):
    with pytest.raises(UserError, match="is not run from here"):
        parse(command)
