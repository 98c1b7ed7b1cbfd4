"""Recipes for robust recognition of partial drawings and few false wins, as plain data.

Each recipe trains everything at once with one change, except the last one, which combines the
changes of the published model's recipe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.sampling.mixture import Mixture
from training.transforms.augmentation import NONE, Augmentation


@dataclass(frozen=True)
class JudgeRecipe:
    """One recipe.

    Attributes:
        name: the strategy's name without "full-".
        description: one line for people.
        changes: of the run's settings, by name.
    """

    name: str
    description: str
    changes: dict[str, Any]


RECIPE = Mixture(strokes=0.12, outliers=0.15, outlier_strokes=0.08, traced=0.1, outlier_traced=0.08)
JUDGE_RECIPES = (
    JudgeRecipe(
        "strokes",
        "partial stroke drawings among the bitmaps",
        {"mixture": Mixture(strokes=0.15)},
    ),
    JudgeRecipe(
        "traced",
        "partial drawings, traced back from the bitmaps, among them",
        {"mixture": Mixture(traced=0.15)},
    ),
    JudgeRecipe(
        "outliers",
        "other words' bitmaps among them, with a uniform target",
        {"mixture": Mixture(outliers=0.15)},
    ),
    JudgeRecipe(
        "outlier-strokes",
        "other words' bitmaps and partial drawings, drawn and traced, with a uniform target",
        {"mixture": Mixture(outliers=0.15, outlier_strokes=0.08, outlier_traced=0.08)},
    ),
    JudgeRecipe("cut", "bitmaps with a part cut off", {"augmentation": Augmentation(cut=0.1)}),
    JudgeRecipe(
        "fine-labels",
        "other words' bitmaps, and a second head that tells all words apart",
        {"mixture": Mixture(outliers=0.15), "fine_labels": 0.3},
    ),
    JudgeRecipe("mixup", "drawings laid over each other (mixup)", {"mixup": 0.2}),
    JudgeRecipe("averaged", "the average of the last steps' weights kept", {"averaged": 0.99}),
    JudgeRecipe(
        "judge",
        "as the published recipe: partial drawings, drawn and traced, other words' too, the second "
        "head, cuts, thicker lines and noise",
        {
            "mixture": RECIPE,
            "fine_labels": 0.3,
            "augmentation": Augmentation(cut=0.1, thicker=0.2, noise=0.1),
        },
    ),
)

# FlowVision's transfer tutorial: three epochs (the suite's) of ResNet-18 on CIFAR-10, every
# parameter decaying, no smoothing, dropout, clipping or schedule.
TUTORIAL: Mapping[str, Any] = {
    "optimiser": "sgd",
    "lr": 1e-3,
    "momentum": 0.9,
    "weight_decay": 5e-4,
    "decays": "everything",
    "batch": 64,
    "schedule": "constant",
    "clip": 0.0,
    "label_smoothing": 0.0,
    "dropout": 0.0,
    "augmentation": NONE,
}
