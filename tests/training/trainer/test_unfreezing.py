"""Unfreezing: if the strategy asks for it, a trained head gets the features it was trained on."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from models.command import UserError
from tests.training.interrupted_runs import assert_resumes, changed, parameters, state
from training.data.dataset import Dataset
from training.inference.inference import as_input, measure
from training.networks.network import Network
from training.networks.weights import Weights
from training.sampling.batches import Batch
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, HEAD, BnStatistics, Phase, Strategy
from training.trainer import fit
from training.trainer.fit import Fit, Report
from training.trainer.optimiser import set_modes
from training.transforms.augmentation import NONE, Augmentation

CPU = torch.device("cpu")
SETTINGS = Settings(epochs=1, batch=24, lr=1e-2, stride=2, dropout=0.0, augmentation=NONE)


PhaseStatistics = tuple[BnStatistics, BnStatistics]  # in the frozen phase and in the phase after it
STILL: PhaseStatistics = ("still", "still")
RE_ESTIMATED: PhaseStatistics = ("re-estimated", "still")
SWITCHED: PhaseStatistics = ("still", "moving")


def normalised(name: str, statistics: PhaseStatistics) -> Strategy:
    """A strategy of two phases with other BatchNorm statistics."""
    strategy = find(name)
    phases = (
        replace(phase, bn_statistics=mode)
        for phase, mode in zip(strategy.phases, statistics, strict=True)
    )
    return replace(strategy, phases=tuple(phases))


class Unfrozen(Exception):
    """Raised when the frozen phase is over."""


def until_unfrozen(strategy: Strategy, data: Dataset, start: Weights) -> Fit:
    """A run that is stopped after its frozen phase, before the next step."""
    run = Fit(strategy, data, SETTINGS, 3, start, CPU)
    frozen = run.lengths[0]

    def stop(report: Report) -> None:
        if report.step == frozen:
            raise Unfrozen

    with pytest.raises(Unfrozen):
        run.run(stop)
    return run


def as_trained(network: Network, strategy: Strategy, phase: int, data: Dataset) -> Tensor:
    """Logits of the training bitmaps, as a step of the phase would see them."""
    set_modes(network, strategy.phases[phase])
    pixels = torch.from_numpy(data.parts["train"].bitmaps.pixels)[:, None]
    with torch.no_grad():
        return network(as_input(pixels))


@pytest.mark.parametrize("base", ["freeze-2-still", "solved-head-still"])
@pytest.mark.parametrize("statistics", [STILL, RE_ESTIMATED, SWITCHED])
def test_the_trained_head_is_kept_at_unfreezing_where_statistics_stay(
    base: str, statistics: PhaseStatistics, small: Dataset, start: Weights
):
    same = statistics != SWITCHED
    run = until_unfrozen(normalised(base, statistics), small, start)
    before, after = (as_trained(run.network, run.strategy, phase, small) for phase in (0, 1))
    assert torch.allclose(before, after, atol=1e-4) == same
    labels = torch.from_numpy(small.parts["train"].bitmaps.labels)
    accuracies = [(seen.argmax(1) == labels).double().mean() for seen in (before, after)]
    assert not same or accuracies[0] == accuracies[1]


@pytest.mark.parametrize("statistics", [STILL, RE_ESTIMATED, SWITCHED])
def test_the_last_frozen_epoch_tells_the_accuracy_at_the_switch(
    statistics: PhaseStatistics, small: Dataset, start: Weights
):
    strategy = normalised("freeze-2-still", statistics)
    *_, frozen, last = Fit(strategy, small, SETTINGS, 3, start, CPU).run().history
    same = frozen["accuracy_at_switch"] == frozen["validation_accuracy"]
    assert same or statistics == SWITCHED
    assert "accuracy_at_switch" not in last


def test_statistics_are_estimated_once_before_the_phase(small: Dataset, start: Weights):
    [phase] = find("full").phases
    alone = replace(find("full"), phases=(replace(phase, bn_statistics="re-estimated"),))
    run = Fit(alone, small, SETTINGS, 3, start, CPU)
    name = "body._bn0.running_mean"
    before = state(run.network)[name]
    seen: list[Tensor] = []
    run.run(lambda report: seen.append(state(run.network)[name]))
    assert not torch.equal(seen[0], before)
    assert all(torch.equal(each, seen[0]) for each in seen)


def test_a_resumed_phase_does_not_estimate_its_statistics_again(
    small: Dataset, start: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    [phase] = find("full").phases
    alone = replace(find("full"), phases=(replace(phase, bn_statistics="re-estimated"),))
    settings = replace(SETTINGS, batch=8)
    assert_resumes(alone, small, settings, start, tmp_path / "checkpoint.pt", 2)


def test_a_solved_head_adds_its_drawings_and_no_epochs(small: Dataset, start: Weights):
    run = Fit(find("solved-head-still"), small, replace(SETTINGS, epochs=2), 0, start, CPU)
    report = run.run()
    assert run.lengths == (1, 2)
    assert [(r["phase"], r["images"]) for r in report.history] == [(0, 24), (1, 48), (1, 72)]


def test_phases_have_rates_of_their_own(small: Dataset, start: Weights):
    """At a rate of 0 a phase changes nothing."""
    settings = replace(SETTINGS, rates={"head": 1e-2, "all": 0.0})
    run = Fit(find("freeze-2-still"), small, settings, 0, start, CPU)
    before = state(run.network)
    run.run()
    assert changed(run.network, before, parameters) == {"head"}


def test_each_phase_changes_drawings_in_its_own_way(
    small: Dataset, monkeypatch: pytest.MonkeyPatch
):
    usual, own = Augmentation(turn=9.0), Augmentation(cut=0.5)
    phases = (Phase(HEAD, 1, augmented=False), Phase(HEAD, 1), Phase(HEAD, 1, augmentation=own))
    strategy = Strategy("three", "random", phases, "", network="cnn")
    run = Fit(strategy, small, replace(SETTINGS, augmentation=usual), 0, None, CPU)
    changing: list[Augmentation] = []
    of_batch = run.objective.of_batch

    def noted(batch: Batch, seed: int, how: Augmentation) -> Tensor:
        changing.append(how)
        return of_batch(batch, seed, how)

    monkeypatch.setattr(run.objective, "of_batch", noted)
    run.run()
    assert changing == [NONE, usual, own]


def test_an_augmentation_changes_what_is_learned_and_a_stopped_run_knows_it(
    small: Dataset, tmp_path: Path
):
    checkpoint = tmp_path / "checkpoint.pt"

    def run(*own: Augmentation) -> Fit:
        phases = tuple(Phase(EVERYTHING, augmentation=each) for each in own) or (Phase(EVERYTHING),)
        strategy = Strategy("one", "random", phases, "", network="cnn")
        return Fit(strategy, small, SETTINGS, 0, None, CPU, checkpoint)

    plain = run().run().history[-1]["train_loss"]
    with pytest.raises(UserError, match="is of another run"):
        run(Augmentation())
    checkpoint.unlink()
    assert run(NONE).run().history[-1]["train_loss"] == plain
    checkpoint.unlink()
    assert run(Augmentation()).run().history[-1]["train_loss"] != plain


def test_the_head_of_a_still_phase_is_worth_as_much_to_whoever_measures(
    small: Dataset, start: Weights
):
    run = until_unfrozen(find("freeze-2-still"), small, start)
    accuracy, loss = measure(run.network, small.parts["validation"].bitmaps, CPU)
    last = run.report.history[-1]
    assert (last["validation_accuracy"], last["validation_loss"]) == pytest.approx((accuracy, loss))
