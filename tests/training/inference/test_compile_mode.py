"""Compiled training gives the results of eager training, and can be resumed in the same way."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.command import UserError
from tests.training.interrupted_runs import CPU, assert_resumes, state
from training.choices import CompileMode
from training.data.dataset import Dataset
from training.sampling.mixture import Mixture
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy
from training.trainer import fit
from training.trainer.fit import Fit
from training.transforms.augmentation import NONE

EAGER = Settings(
    epochs=2, batch=16, lr=1e-3, dropout=0.0, augmentation=NONE, mixture=Mixture(strokes=0.25)
)
COMPILED = replace(EAGER, compile_mode="compiled")
UPPER_FIRST = Strategy(
    "upper-first",
    "random",
    (Phase({"top": 1.0, "head": 1.0}, 1), Phase(EVERYTHING)),
    "",
    network="cnn",
)


@pytest.mark.parametrize("strategy", [find("cnn"), UPPER_FIRST])
def test_compiled_passes_learn_what_eager_ones_do(small: Dataset, strategy: Strategy):
    eager, compiled = (Fit(strategy, small, s, 3, None, CPU) for s in (EAGER, COMPILED))
    before = state(eager.network)
    assert compiled.run().loss == pytest.approx(eager.run().loss, rel=1e-3)
    ours, theirs = state(compiled.network), state(eager.network)
    for name, tensor in theirs.items():
        torch.testing.assert_close(ours[name], tensor, rtol=0.05, atol=2e-3, msg=name)
    assert any(not torch.allclose(theirs[name], before[name], atol=2e-3) for name in theirs)


def test_a_compiled_run_resumes_to_the_same_end(
    small: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    settings = replace(COMPILED, dropout=0.3)
    assert_resumes(find("cnn"), small, settings, None, tmp_path / "checkpoint.pt", 4)


@pytest.mark.parametrize(
    ("how", "compiler", "said"),
    [
        ("captured", "g++", "only a GPU's passes"),
        ("compiled", "no-such-compiler", "no C\\+\\+ compiler 'no-such-compiler'"),
    ],
)
def test_compile_modes_that_are_not_possible_are_reported(
    small: Dataset, how: CompileMode, compiler: str, said: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CXX", compiler)
    with pytest.raises(UserError, match=said):
        Fit(find("cnn"), small, replace(EAGER, compile_mode=how), 0, None, CPU)


def test_an_auxiliary_head_asks_for_eager_passes(small: Dataset):
    with pytest.raises(UserError, match="needs an eager pass"):
        Fit(find("cnn"), small, replace(COMPILED, auxiliary=0.5), 0, None, CPU)


def test_heads_that_learn_along_do_so_with_compiled_passes(small: Dataset):
    eager, compiled = (
        Fit(find("cnn"), small, replace(settings, fine_labels=0.5), 3, None, CPU)
        for settings in (EAGER, COMPILED)
    )
    assert compiled.run().loss == pytest.approx(eager.run().loss, rel=1e-3)
