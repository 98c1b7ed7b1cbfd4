"""Teachers: their mean probabilities, and a run that learns from them."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.command import UserError
from tests import made
from training.data import dataset
from training.data.dataset import Dataset
from training.experiment import distillation
from training.inference.device import pick_device
from training.inference.inference import logits_of
from training.strategies.catalogue import find
from training.strategies.settings import Settings
from training.trainer.fit import Fit
from training.trainer.runs import open_run
from training.transforms.augmentation import NONE

CPU = pick_device("cpu")
SETTINGS = Settings(epochs=1, batch=24, stride=2, augmentation=NONE, label_smoothing=0.0)


def test_lessons_are_the_mean_of_the_teachers_guesses(finished: Path, data: Dataset):
    bitmaps = data.parts["train"].bitmaps
    _, network = open_run(finished, CPU)
    expected = logits_of(network, bitmaps, CPU).softmax(1)
    torch.testing.assert_close(
        distillation.soft_targets_of([finished, finished], data, CPU), expected
    )
    torch.testing.assert_close(expected.sum(1), torch.ones(len(bitmaps)))


def test_a_teacher_of_other_words_is_reported(finished: Path, folder: Path):
    other = dataset.load(made.WORDS[:2], folder, per_word=8)
    with pytest.raises(UserError, match="was trained on circle, square, zigzag"):
        distillation.soft_targets_of([finished], other, CPU)


def test_targets_take_the_teachers_share_for_bitmaps_of_the_words_alone(data: Dataset):
    soft_targets = torch.tensor([[0.2, 0.3, 0.5]]).repeat(len(data.parts["train"].bitmaps), 1)
    soft_targets[3] = torch.tensor([1.0, 0.0, 0.0])
    run = Fit(
        find("scratch"),
        data,
        replace(SETTINGS, distillation=0.25),
        0,
        None,
        CPU,
        soft_targets=soft_targets,
    )
    targets = torch.eye(3)[[2, 1, 0]]
    made_of = run.objective.distilled(targets, torch.tensor([3, 5]))
    torch.testing.assert_close(made_of[0], torch.tensor([0.25, 0.0, 0.75]))
    torch.testing.assert_close(made_of[1], torch.tensor([0.05, 0.825, 0.125]))
    assert torch.equal(made_of[2], targets[2])


def test_a_run_learns_from_its_teachers(data: Dataset):
    """Teachers that always guess the first word make a network that does, despite the labels."""
    soft_targets = torch.eye(3)[[0]].repeat(len(data.parts["train"].bitmaps), 1)
    settings = replace(SETTINGS, epochs=6, distillation=1.0)
    run = Fit(find("scratch"), data, settings, 0, None, CPU, soft_targets=soft_targets)
    run.run()
    guesses = logits_of(run.network, data.parts["train"].bitmaps, CPU).argmax(1)
    assert (guesses == 0).float().mean() > 0.95
