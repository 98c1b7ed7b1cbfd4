"""Mixup: which drawings are mixed, in which shares, and that all losses of a step use them."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.training.interrupted_runs import assert_resumes
from training.data.dataset import Dataset
from training.inference.inference import as_input
from training.networks.weights import Weights
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.trainer import fit, mixup
from training.trainer.fit import Fit
from training.trainer.mixup import Pairs
from training.transforms.augmentation import NONE

CPU = torch.device("cpu")
PLAIN = Settings(
    epochs=2, batch=8, stride=2, dropout=0.0, label_smoothing=0.0, augmentation=NONE, mixup=0.4
)


def test_a_drawing_and_its_target_are_laid_over_its_partners():
    pairs = Pairs(0.75, torch.tensor([1, 2, 0]))
    values = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    expected = torch.tensor([[0.75, 0.25], [0.0, 0.75], [0.25, 0.0]])
    torch.testing.assert_close(pairs.mixed(values), expected)


def test_the_seed_decides_the_pairs():
    first, same, other = (mixup.draw(0.2, 50, seed, CPU) for seed in (1, 1, 2))
    assert first.share == same.share != other.share
    assert torch.equal(first.partners, same.partners)
    assert not torch.equal(first.partners, other.partners)
    assert sorted(first.partners.tolist()) == list(range(50))


def test_shares_are_those_of_the_beta_distribution():
    """Its mean is a half, its variance 1 / (4 (2 alpha + 1))."""
    shares = torch.tensor([mixup.draw(0.4, 2, seed, CPU).share for seed in range(2000)])
    assert float(shares.mean()) == pytest.approx(0.5, abs=0.03)
    assert float(shares.var()) == pytest.approx(1 / (4 * 1.8), rel=0.1)


def test_every_loss_of_a_step_is_that_of_both_drawings(small: Dataset, start: Weights):
    """Cross-entropy is linear in the target: the loss of mixed targets is a mean of two losses."""
    run = Fit(find("full"), small, replace(PLAIN, fine_labels=0.3), 0, start, CPU)
    batch, seed = run.batches.draw(0, 0, 0), 11
    pairs = mixup.draw(0.4, len(batch.pixels), seed, CPU)
    run.network.eval()
    found = run.objective.of_batch(batch, seed)
    seen = run.network.features(pairs.mixed(as_input(batch.pixels)))
    logits, kinds = run.network.outputs(seen), run.objective.fine_labels
    assert kinds is not None

    def of(order: Tensor) -> Tensor:
        words = functional.cross_entropy(logits, batch.targets[order])
        return words + 0.3 * functional.cross_entropy(kinds(seen), batch.fine_labels[order])

    own, partners = of(torch.arange(len(batch.pixels))), of(pairs.partners)
    expected = pairs.share * own + (1 - pairs.share) * partners
    torch.testing.assert_close(found, expected)


def test_over_a_still_backbone_features_are_mixed(small: Dataset, start: Weights):
    longer = replace(PLAIN, epochs=10)
    run = Fit(find("head-only"), small, longer, 0, start, CPU)
    features, targets = torch.randn(8, 1280), torch.eye(3)[torch.arange(8) % 3]
    pairs = mixup.draw(0.4, 8, 5, CPU)
    found = run.objective.of_features(features, targets, torch.arange(8), 5)
    logits = run.network.outputs(pairs.mixed(features))
    torch.testing.assert_close(found, functional.cross_entropy(logits, pairs.mixed(targets)))
    plain = Fit(find("head-only"), small, replace(longer, mixup=0.0), 0, start, CPU)
    assert run.run().loss > plain.run().loss  # mixed targets are never wholly met


def test_a_run_with_mixup_resumes_to_the_same_end(
    small: Dataset, start: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fit, "SAVE_EVERY", -1.0)
    settings = replace(PLAIN, dropout=0.2, fine_labels=0.3)
    assert_resumes(find("full"), small, settings, start, tmp_path / "checkpoint.pt", 4)
