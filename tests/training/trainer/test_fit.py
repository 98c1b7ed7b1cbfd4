"""The trainer: exact resumption, freezing, learning, and errors."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.command import UserError
from tests import made
from tests.training.interrupted_runs import (
    Killed,
    assert_resumes,
    changed,
    killer,
    one,
    parameters,
    state,
    statistics,
)
from tests.training.still import FREEZE_1_STILL
from training.choices import GROUPS
from training.data.dataset import Dataset
from training.inference import features
from training.inference.inference import logits_of, measure
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights
from training.sampling.batches import Batch
from training.sampling.mixture import Mixture
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, HEAD, Phase, Strategy, head_alone
from training.trainer import fit
from training.trainer.fit import Diverged, Fit, Report
from training.trainer.optimiser import one_cycle, optimiser_for, set_rates
from training.transforms.augmentation import NONE

CPU = torch.device("cpu")
PLAIN = Settings(epochs=2, batch=24, stride=2, augmentation=NONE)
MIXED = Settings(
    epochs=2, batch=16, stride=2, drop_connect=0.2, mixture=Mixture(0.25, 0.125, 0.125)
)


@pytest.fixture
def save_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)


def timeless(history: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{k: v for k, v in record.items() if k != "seconds"} for record in history]


def test_a_run_killed_again_and_again_ends_as_one_never_killed(
    small: Dataset, start: Weights, tmp_path: Path, save_always: None
):
    """Kills before anything is saved, in a frozen phase, at its end, and in the last phase."""
    plan = FREEZE_1_STILL
    whole = Fit(plan, small, MIXED, 3, start, CPU)
    expected = whole.run()
    assert expected.step == expected.steps == 9

    path = tmp_path / "run" / "checkpoint.pt"
    begun: list[int] = []
    for at in (1, 3, 4, 6):
        run = Fit(plan, small, MIXED, 3, start, CPU, path)
        begun.append(run.report.step)
        with pytest.raises(Killed):
            run.run(killer(at))
    assert begun == [0, 0, 2, 3]
    last = Fit(plan, small, MIXED, 3, start, CPU, path)
    report = last.run()

    assert timeless(report.history) == timeless(expected.history)
    assert (report.step, report.loss) == (expected.step, expected.loss)
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(last.network.state_dict()[name], tensor), name
    assert made.contents(tmp_path) == {"run/checkpoint.pt"}


def test_a_run_with_an_auxiliary_loss_resumes_to_the_same_end(
    small: Dataset, start: Weights, tmp_path: Path, save_always: None
):
    settings = replace(MIXED, fine_labels=0.5)
    assert_resumes(find("full"), small, settings, start, tmp_path / "checkpoint.pt", 3)


def test_the_auxiliary_loss_teaches_the_kinds_and_the_features(small: Dataset):
    plain, helped = (
        Fit(find("scratch"), small, replace(PLAIN, epochs=8, fine_labels=weight), 0, None, CPU)
        for weight in (0.0, 1.0)
    )
    plain.run()
    helped.run()
    assert plain.objective.fine_labels is None
    assert helped.objective.fine_labels is not None
    part = small.parts["train"].bitmaps
    features = helped.features.of(helped.network).of(helped.network, part.pixels)[0]
    found = helped.objective.fine_labels(features).argmax(1)
    assert set(found.tolist()) <= set(part.fine_labels.tolist())  # 3 of 345 words were ever seen
    assert not torch.equal(plain.network.body._bn1.weight, helped.network.body._bn1.weight)
    assert plain.network.state_dict().keys() == helped.network.state_dict().keys()


def test_a_run_goes_on_from_the_weights_and_the_head_of_another(small: Dataset):
    first = Fit(find("scratch"), small, PLAIN, 0, None, CPU)
    first.run()
    weights = Weights(dict(first.network.body.state_dict()), RECIPES["torchvision"], "1" * 64)
    begun = Fit(find("continue"), small, PLAIN, 7, weights, CPU)
    torch.testing.assert_close(begun.network.state_dict(), first.network.state_dict())


def test_going_on_from_weights_without_a_fitting_head_is_reported(small: Dataset, start: Weights):
    with pytest.raises(UserError, match="no head of as many words"):
        Fit(find("continue"), small, PLAIN, 0, start, CPU)


def test_a_finished_run_resumes_to_its_end_without_a_step(
    small: Dataset, start: Weights, tmp_path: Path
):
    path = tmp_path / "checkpoint.pt"
    done = Fit(find("head-only"), small, PLAIN, 0, start, CPU, path)
    done.run()
    again = Fit(find("head-only"), small, PLAIN, 0, start, CPU, path)
    shown: list[Report] = []
    assert again.run(shown.append).history == done.report.history
    assert shown == []
    torch.testing.assert_close(again.network.state_dict(), done.network.state_dict())


def test_a_checkpoint_of_another_run_is_refused(small: Dataset, start: Weights, tmp_path: Path):
    path = tmp_path / "checkpoint.pt"
    full = find("full")
    Fit(full, small, PLAIN, 0, start, CPU, path)._save()
    others: list[tuple[Strategy, Dataset, Settings, int]] = [
        (find("by-depth"), small, PLAIN, 0),
        (replace(full, phases=(Phase(EVERYTHING, bn_statistics="still"),)), small, PLAIN, 0),
        (full, replace(small, hash="another"), PLAIN, 0),
        (full, small, replace(PLAIN, lr=1e-3), 0),
        (full, small, replace(PLAIN, mixture=Mixture(shortest=0.2)), 0),
        (full, small, PLAIN, 1),
        (full, replace(small, more={"friends": "one"}), PLAIN, 0),
        (replace(full, stem="repeated"), small, PLAIN, 0),
        (replace(full, head="found"), small, PLAIN, 0),
        (replace(full, outputs=5), small, PLAIN, 0),
        (replace(full, objective="contrast"), small, PLAIN, 0),
    ]
    for plan, data, settings, seed in others:
        with pytest.raises(UserError, match=r"checkpoint\.pt is of another run\. Choose another"):
            Fit(plan, data, settings, seed, start, CPU, path)


def test_other_drawings_or_another_network_are_another_run(small: Dataset, tmp_path: Path):
    path = tmp_path / "checkpoint.pt"
    plan = replace(find("scratch"), network="cnn")
    one, two = (replace(small, more={"friends": digest}) for digest in ("one", "two"))
    Fit(plan, one, PLAIN, 0, None, CPU, path)._save()
    assert Fit(plan, one, PLAIN, 0, None, CPU, path).position.step == 0
    for other, data in ((plan, two), (plan, small), (replace(plan, network="small"), one)):
        with pytest.raises(UserError, match="is of another run"):
            Fit(other, data, PLAIN, 0, None, CPU, path)


def test_the_identity_of_a_usual_run_is_that_of_older_checkpoints(small: Dataset):
    run = Fit(find("scratch"), small, PLAIN, 0, None, CPU)
    known = {"strategy", "phases", "settings", "data", "start", "soft_targets", "seed"}
    assert set(run._identity) == known


def test_a_damaged_checkpoint_is_reported(small: Dataset, start: Weights, tmp_path: Path):
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(b"PK\x03\x04 half a checkpoint")
    with pytest.raises(UserError, match=r"checkpoint\.pt is damaged\. Delete it"):
        Fit(find("full"), small, PLAIN, 0, start, CPU, path)


@pytest.mark.parametrize(
    ("phase", "learns", "moves"),
    [
        (head_alone(), {"head"}, False),
        (Phase(HEAD), {"head"}, True),
        (Phase({"top": 1.0, "head": 1.0}), {"top", "head"}, True),
        (Phase({"blocks": 1.0, "block3": 0.0}), set(GROUPS[1:4]) | set(GROUPS[5:17]), True),
        (Phase(EVERYTHING, bn_statistics="still"), set(GROUPS), False),
        (Phase(EVERYTHING), set(GROUPS), True),
    ],
)
def test_only_what_a_phase_names_learns_and_statistics_move_if_it_lets_them(
    small: Dataset, start: Weights, phase: Phase, learns: set[str], moves: bool
):
    run = Fit(one(phase), small, replace(PLAIN, epochs=1), 0, start, CPU)
    before = state(run.network)
    run.run()
    assert changed(run.network, before, parameters) == learns
    assert changed(run.network, before, statistics) == (set(GROUPS[:-1]) if moves else set())


def test_batchnorm_alone_leaves_the_filters_of_frozen_groups(small: Dataset, start: Weights):
    run = Fit(one(Phase({"head": 1.0, "batchnorm": 1.0})), small, PLAIN, 0, start, CPU)
    before = state(run.network)
    run.run()
    for name, parameter in run.network.named_parameters():
        frozen = "_bn" not in name and "_fc" not in name
        assert torch.equal(parameter, before[name]) == frozen, name


def test_cached_features_train_the_head_as_if_computed_each_time(
    small: Dataset, start: Weights, monkeypatch: pytest.MonkeyPatch
):
    cached = Fit(find("head-only"), small, PLAIN, 0, start, CPU)
    cached.run()
    monkeypatch.setattr(Phase, "features_stay", False)
    computed = Fit(find("head-only"), small, PLAIN, 0, start, CPU)
    computed.run()
    torch.testing.assert_close(
        cached.network.body._fc.weight, computed.network.body._fc.weight, atol=1e-4, rtol=1e-3
    )


def test_the_backbone_is_walked_once_where_features_stay(
    small: Dataset, start: Weights, monkeypatch: pytest.MonkeyPatch
):
    run = Fit(find("head-only"), small, PLAIN, 0, start, CPU)
    seen: list[int] = []
    walk = run.network.features

    def counted(bitmaps: Tensor) -> Tensor:
        seen.append(len(bitmaps))
        return walk(bitmaps)

    monkeypatch.setattr(run.network, "features", counted)
    run.run()
    assert seen == [features.BATCH, features.BATCH]  # for training and for all validations


def test_it_learns_a_few_drawings_by_heart(data: Dataset):
    settings = replace(PLAIN, epochs=16, batch=12, dropout=0.0)
    run = Fit(find("scratch"), data, settings, 0, None, CPU)
    losses: list[float] = []
    report = run.run(lambda report: losses.append(report.loss))
    accuracy, _ = measure(run.network, data.parts["train"].bitmaps, CPU)
    assert accuracy > 0.8
    assert losses[-1] < 0.7 * losses[0]
    assert report.history[-1]["validation_accuracy"] > 0.6


def test_history_has_a_record_an_epoch(small: Dataset, start: Weights):
    run = Fit(FREEZE_1_STILL, small, PLAIN, 0, start, CPU)
    history = run.run().history
    assert [(r["epoch"], r["phase"], r["images"]) for r in history] == [
        (1, 0, 24),
        (2, 1, 48),
        (3, 1, 72),
    ]
    accuracy, loss = measure(run.network, small.parts["validation"].bitmaps, CPU)
    last = history[-1]
    assert (last["validation_accuracy"], last["validation_loss"]) == (accuracy, loss)


def test_the_seed_decides(small: Dataset):
    heads = [
        Fit(find("scratch"), small, PLAIN, seed, None, CPU).network.body._fc.weight
        for seed in (0, 0, 1)
    ]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_a_loss_that_is_not_finite_stops_the_run(small: Dataset):
    run = Fit(find("scratch"), small, replace(PLAIN, lr=1e30, epochs=5), 0, None, CPU)
    with pytest.raises(Diverged, match=r"the loss is nan at step \d\. Lower the learning rate"):
        run.run()


def test_a_run_that_ends_without_a_finite_loss_is_not_finished(
    small: Dataset, monkeypatch: pytest.MonkeyPatch
):
    run = Fit(find("scratch"), small, PLAIN, 0, None, CPU)
    monkeypatch.setattr(run.objective, "measure", lambda *_: (0.1, math.nan))
    with pytest.raises(Diverged, match="the loss on validation is not finite"):
        run.run()


def test_a_strategy_that_starts_from_weights_needs_some(small: Dataset):
    with pytest.raises(UserError, match="strategy full starts from weights"):
        Fit(find("full"), small, PLAIN, 0, None, CPU)


def test_a_random_start_takes_no_weights(small: Dataset, start: Weights):
    run = Fit(find("scratch"), small, PLAIN, 0, start, CPU)
    theirs = start.tensors["_bn1.weight"]
    assert not torch.equal(run.network.body._bn1.weight.detach(), theirs)


def test_the_rate_rises_then_falls_to_nothing():
    rates = [one_cycle(done / 100) for done in range(101)]
    assert (rates[0], rates[10], rates[100]) == (0.05, 1.0, 0.0)
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)


def test_only_filters_and_the_heads_matrix_decay_each_group_at_its_rate():
    network = Network(Shape(3, 2))
    optimiser = optimiser_for(network, Phase({"top": 0.1, "head": 1.0}), PLAIN)
    set_rates(optimiser, 0.5)
    groups: list[Any] = optimiser.param_groups
    found = {
        tuple(sorted(tuple(p.shape) for p in g["params"])): (g["lr"], g["weight_decay"])
        for g in groups
    }
    assert found == {
        ((1280, 320, 1, 1),): (0.05, 0.02),
        ((1280,), (1280,)): (0.05, 0.0),
        ((3, 1280),): (0.5, 0.02),
        ((3,),): (0.5, 0.0),
    }


def test_measure_is_accuracy_and_mean_cross_entropy(small: Dataset):
    network = Network(Shape(3, 2)).on(CPU)
    bitmaps = small.parts["validation"].bitmaps
    logits = logits_of(network, bitmaps, CPU).double().numpy()
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    accuracy, loss = measure(network, bitmaps, CPU)
    assert accuracy == (logits.argmax(1) == bitmaps.labels).mean()
    assert loss == pytest.approx(-logs[np.arange(len(logs)), bitmaps.labels].mean(), rel=1e-4)


def test_each_epoch_of_each_phase_has_an_order_of_its_own(
    small: Dataset, start: Weights, monkeypatch: pytest.MonkeyPatch
):
    run = Fit(FREEZE_1_STILL, small, MIXED, 5, start, CPU)
    asked: list[tuple[int, int, int]] = []
    chosen = run.batches._chosen

    def noted(seed: int, epoch: int, step: int) -> NDArray[np.int64]:
        asked.append((seed, epoch, step))
        return chosen(seed, epoch, step)

    monkeypatch.setattr(run.batches, "_chosen", noted)
    run.run()
    assert asked == [(5, epoch, step) for epoch in (2, 0, 1) for step in range(3)]


def test_the_last_phase_shows_the_same_drawings_whatever_came_before_it(
    small: Dataset, start: Weights, monkeypatch: pytest.MonkeyPatch
):
    """So `freeze-1` and `full` differ only in their heads when all layers begin to learn."""
    asked: dict[str, list[tuple[int, ...]]] = {"full": [], "freeze-1": []}
    for name, keys in asked.items():
        run = Fit(find(name), small, PLAIN, 5, start, CPU)
        monkeypatch.setattr(run.batches, "draw", noting(run.batches.draw, keys))
        run.run()
    assert asked["freeze-1"][-len(asked["full"]) :] == asked["full"]
    assert len(set(asked["freeze-1"])) == len(asked["freeze-1"]) == 3


def noting(
    draw: Callable[[int, int, int], Batch], keys: list[tuple[int, ...]]
) -> Callable[[int, int, int], Batch]:
    def noted(*key: int) -> Batch:
        keys.append(key)
        return draw(*key)

    return noted
