"""The average of a run's weights: its value, that it is saved, and that it can be resumed."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.interrupted_runs import resumed, state
from tests.training.still import FREEZE_1_STILL
from training.data.dataset import Dataset
from training.inference.inference import measure
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weight_averaging import Average
from training.networks.weights import Weights
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.strategies.strategy import Strategy
from training.trainer import fit
from training.trainer.fit import Fit, Report
from training.transforms.augmentation import NONE

CPU = torch.device("cpu")
PLAIN = Settings(epochs=2, batch=8, stride=2, augmentation=NONE, averaged=0.9)


def test_each_step_leaves_its_share_and_the_first_ones_less():
    network = Network(Shape(3, network="cnn"))
    average = Average(network, 0.5)
    expected = network.linear.bias.detach().clone()
    for step, left in enumerate((1 / 10, 2 / 11, 3 / 12)):
        with torch.no_grad():
            network.linear.bias.add_(1)
        average.take(network, step)
        expected = left * expected + (1 - left) * network.linear.bias.detach()
        torch.testing.assert_close(average.network.linear.bias, expected)
    before = average.network.linear.bias.clone()
    average.take(network, 10_000)
    torch.testing.assert_close(
        average.network.linear.bias, (before + network.linear.bias.detach()) / 2
    )


def test_the_statistics_of_batchnorm_are_averaged_too():
    network = Network(Shape(3, stride=2))
    average = Average(network, 0.9)
    norm, own = network.body._bn1, average.network.body._bn1
    network.train()
    network(torch.rand(4, 1, 28, 28))
    average.take(network, 0)
    torch.testing.assert_close(own.running_mean, 0.9 * norm.running_mean)  # it began at 0
    assert int(own.num_batches_tracked) == 1
    assert not average.network.training


def test_what_is_validated_and_kept_is_the_average(small: Dataset, start: Weights):
    run = Fit(find("full"), small, PLAIN, 3, start, CPU)
    assert run.average is not None
    plain = Fit(find("full"), small, replace(PLAIN, averaged=0.0), 3, start, CPU)
    weights: list[dict[str, torch.Tensor]] = []

    def note(report: Report) -> None:
        weights.append(state(plain.network))

    expected = Network(plain.network.shape)
    expected.load_state_dict(plain.network.state_dict())
    average = Average(expected, 0.9)
    plain.run(note)
    for step, each in enumerate(weights):
        expected.load_state_dict(each)
        average.take(expected, step)
    run.run()
    torch.testing.assert_close(run.network.state_dict(), average.network.state_dict())
    assert not torch.equal(run.network.linear.weight, plain.network.linear.weight)
    found = measure(run.network, small.parts["validation"].bitmaps, CPU)
    last = run.report.history[-1]
    assert (last["validation_accuracy"], last["validation_loss"]) == found


@pytest.mark.parametrize("strategy", [find("full"), FREEZE_1_STILL], ids=lambda each: each.name)
@pytest.mark.parametrize("at", [2, 4, 6])
def test_an_averaged_run_resumes_to_the_bit(
    strategy: Strategy,
    at: int,
    small: Dataset,
    start: Weights,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    whole = Fit(strategy, small, PLAIN, 3, start, CPU)
    expected = whole.run()
    last = resumed(strategy, small, PLAIN, start, tmp_path / "checkpoint.pt", at)
    report = last.run()
    kept = [record["validation_loss"] for record in report.history]
    assert kept == [record["validation_loss"] for record in expected.history]
    for tensors, others in (
        (whole.network.state_dict(), last.network.state_dict()),
        (whole._reached.state_dict(), last._reached.state_dict()),
    ):
        for name_, tensor in tensors.items():
            assert torch.equal(others[name_], tensor), name_


def test_a_head_that_is_solved_for_is_its_own_average(small: Dataset, start: Weights):
    averaged, plain = (
        Fit(find("logistic"), small, replace(PLAIN, lr=1e-2, averaged=decay), 0, start, CPU)
        for decay in (0.9, 0.0)
    )
    assert averaged.run().history[0]["validation_loss"] == plain.run().history[0]["validation_loss"]
    assert torch.equal(averaged.network.linear.weight, plain.network.linear.weight)


def test_over_a_still_backbone_the_head_is_averaged(small: Dataset, start: Weights):
    run = Fit(find("head-only"), small, PLAIN, 0, start, CPU)
    before = state(run.network)
    report = run.run()
    _, loss = measure(run.network, small.parts["validation"].bitmaps, CPU)
    assert report.history[-1]["validation_loss"] == pytest.approx(loss, rel=1e-4)
    moved = [n for n, t in run.network.state_dict().items() if not torch.equal(t, before[n])]
    assert moved == ["body._fc.weight", "body._fc.bias"]
