"""Options of settings and strategies: solved heads, shared features, patience, regularisers."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.training.interrupted_runs import Killed, changed, killer, one, parameters, resumed, state
from training.data.dataset import Dataset
from training.inference import features
from training.inference.inference import logits_of, measure
from training.metrics import cost
from training.networks.weights import Weights
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.strategies.strategy import Phase, Strategy
from training.trainer import fit, objective
from training.trainer.fit import Fit
from training.transforms.augmentation import NONE

CPU = torch.device("cpu")
PLAIN = Settings(epochs=2, batch=24, stride=2, augmentation=NONE)


def test_runs_that_share_features_end_as_runs_that_do_not(small: Dataset, start: Weights):
    shared = features.Features()
    for seed in (0, 1):
        together = Fit(find("head-only"), small, PLAIN, seed, start, CPU, features=shared)
        alone = Fit(find("head-only"), small, PLAIN, seed, start, CPU)
        assert together.run().loss == alone.run().loss
        assert torch.equal(together.network.linear.weight, alone.network.linear.weight)
    assert len(shared._known) == 1


def test_a_run_is_billed_for_features_that_another_computed(small: Dataset, start: Weights):
    shared = features.Features()
    first = Fit(find("head-only"), small, PLAIN, 0, start, CPU, features=shared)
    first.run()
    known = shared.of(first.network)
    known.seconds = 100.0 * len(known.places)  # as if each had taken that long
    second = Fit(find("head-only"), small, PLAIN, 1, start, CPU, features=shared)
    second.run()
    assert first.seconds < 100.0
    assert second.seconds > 24 * 100.0


def test_a_resumed_run_is_billed_for_its_features_once(
    small: Dataset, start: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    shared, path = features.Features(), tmp_path / "checkpoint.pt"
    first = Fit(find("head-only"), small, PLAIN, 0, start, CPU, features=shared)
    first.run()
    known = shared.of(first.network)
    known.seconds = 100.0 * len(known.places)
    killed = Fit(find("head-only"), small, PLAIN, 0, start, CPU, path, features=shared)
    with pytest.raises(Killed):
        killed.run(killer(2))
    last = Fit(find("head-only"), small, PLAIN, 0, start, CPU, path, features=shared)
    last.run()
    assert 24 * 100.0 < last.seconds < 36 * 100.0


def test_logistic_regression_is_solved_for_in_one_record(small: Dataset, start: Weights):
    run = Fit(find("logistic"), small, replace(PLAIN, lr=1e-2), 0, start, CPU)
    before = state(run.network)
    report = run.run()
    [record] = report.history
    assert (report.step, record["images"]) == (report.steps, 24)
    assert changed(run.network, before, parameters) == {"head"}
    accuracy, loss = measure(run.network, small.parts["train"].bitmaps, CPU)
    assert accuracy == 1.0
    assert record["train_loss"] == pytest.approx(loss, rel=1e-3)
    weaker = Fit(find("logistic"), small, replace(PLAIN, lr=1.0), 0, start, CPU)
    assert weaker.run().loss > report.loss  # the rate is its penalty


@pytest.mark.parametrize(("patience", "epochs"), [(0, 6), (2, 3)])
def test_patience_ends_a_phase_that_gets_no_better(
    small: Dataset, start: Weights, monkeypatch: pytest.MonkeyPatch, patience: int, epochs: int
):
    """Accuracy on validation falls from the first epoch on."""
    told = iter(range(100, 0, -1))
    monkeypatch.setattr(objective, "measure", lambda *given: (next(told) / 100, 1.0))
    settings = replace(PLAIN, epochs=6, patience=patience)
    run = Fit(one(Phase({"top": 1.0, "head": 1.0})), small, settings, 0, start, CPU)
    assert len(run.run().history) == epochs


def test_patience_starts_again_in_every_phase(
    small: Dataset, start: Weights, monkeypatch: pytest.MonkeyPatch
):
    told = iter((0.9, 0.1, 0.5, 0.4))
    monkeypatch.setattr(objective, "measure", lambda *given: (next(told), 1.0))
    late = {"top": 1.0, "head": 1.0}
    plan = Strategy("two", "imagenet", (Phase(late, 3), Phase(late)), "")
    run = Fit(plan, small, replace(PLAIN, epochs=8, patience=1), 0, start, CPU)
    assert [record["phase"] for record in run.run().history] == [0, 0, 1, 1]


def test_without_scales_only_the_shifts_of_batchnorm_learn(small: Dataset):
    run = Fit(find("scratch"), small, replace(PLAIN, scales=False), 0, None, CPU)
    run.run()
    norms = [m for m in run.network.modules() if isinstance(m, nn.BatchNorm2d)]
    assert all((norm.weight == 1).all() for norm in norms)
    assert all(norm.bias.any() for norm in norms)


def test_an_auxiliary_head_learns_along_resumes_and_is_thrown_away(
    small: Dataset, start: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    plain = replace(PLAIN, batch=8)
    settings = replace(plain, auxiliary=0.4)
    whole, without = (Fit(find("full"), small, each, 3, start, CPU) for each in (settings, plain))
    assert whole.objective.auxiliary is not None
    first = whole.objective.auxiliary.linear.weight.detach().clone()
    assert whole.run().loss > without.run().loss  # two losses
    assert not torch.equal(whole.objective.auxiliary.linear.weight, first)
    assert whole.network.state_dict().keys() == without.network.state_dict().keys()
    last = resumed(find("full"), small, settings, start, tmp_path / "checkpoint.pt", 3)
    assert last.run().loss == whole.report.loss
    torch.testing.assert_close(last.network.state_dict(), whole.network.state_dict())
    cost.work(last)  # counts on a copy, hooks and all


@pytest.mark.parametrize("balanced", [True, False])
def test_an_epoch_shows_at_most_its_cap_of_a_word(balanced: bool, small: Dataset):
    settings = replace(PLAIN, batch=6, epoch_cap=4, balanced=balanced)
    batches = Fit(find("cnn"), small, settings, 0, None, CPU).batches
    assert batches.steps == 2  # 3 words, 4 drawings each
    labels = small.parts["train"].bitmaps.labels
    first, second = (
        np.concatenate([batches.draw_indices(0, epoch, step)[0] for step in (0, 1)])
        for epoch in (0, 1)
    )
    assert np.bincount(labels[first]).tolist() == [4, 4, 4]
    assert set(first) != set(second)


def test_a_strategy_changes_settings_of_its_own(small: Dataset, start: Weights):
    run = Fit(find("full-no-dropout"), small, PLAIN, 0, start, CPU)
    assert run.settings == replace(PLAIN, dropout=0.0)
    assert run.network.dropout.p == 0.0


def test_a_thousand_outputs_are_kept_where_the_start_has_them(small: Dataset, start: Weights):
    head = torch.randn(1000, 1280) / 100, torch.randn(1000)
    old = {**start.tensors, "_fc.weight": head[0], "_fc.bias": head[1]}
    kept = Fit(find("full-thousand"), small, PLAIN, 0, replace(start, tensors=old), CPU)
    assert torch.equal(kept.network.linear.weight, head[0])
    begun = Fit(find("full-thousand"), small, PLAIN, 0, start, CPU)
    assert begun.network.linear.weight.shape == (1000, 1280)
    report = kept.run()
    assert report.history[-1]["validation_loss"] < 20
    assert logits_of(kept.network, small.parts["validation"].bitmaps, CPU).shape[1] == 3


@pytest.mark.parametrize("name", ["small", "cnn", "mobilenet-scratch", "resnet18-scratch"])
def test_other_networks_learn_by_the_same_trainer(name: str, small: Dataset):
    run = Fit(find(name), small, replace(PLAIN, epochs=1), 0, None, CPU)
    before = state(run.network)
    assert math.isfinite(run.run().loss)
    learned = {group for group in run.network.groups() if group != "top"}
    assert learned <= changed(run.network, before, parameters)
