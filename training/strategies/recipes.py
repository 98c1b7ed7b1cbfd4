"""Ways to make a judge that knows beginnings and is not won by other words; plain data.

Each is everything at once with one thing changed, but for the last: all that the published model's
recipe takes of them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.data.augment import NONE, Augmentation
from training.data.batches import Mixture


@dataclass(frozen=True)
class Way:
    """One way.

    Attributes:
        name: of the strategy, after "full-".
        description: what is done, in a line.
        changes: of the run's settings, by name.
    """

    name: str
    description: str
    changes: dict[str, Any]


RECIPE = Mixture(strokes=0.12, outliers=0.15, outlier_strokes=0.08, traced=0.1, outlier_traced=0.08)
JUDGES = (
    Way(
        "strokes",
        "with beginnings of stroke drawings among the bitmaps",
        {"mixture": Mixture(strokes=0.15)},
    ),
    Way(
        "traced",
        "with beginnings of the bitmaps, traced back into strokes, among them",
        {"mixture": Mixture(traced=0.15)},
    ),
    Way(
        "outliers",
        "with other words' bitmaps, of which it is to think nothing",
        {"mixture": Mixture(outliers=0.15)},
    ),
    Way(
        "outlier-strokes",
        "with other words' bitmaps and beginnings, drawn and traced, of which it is to think "
        "nothing",
        {"mixture": Mixture(outliers=0.15, outlier_strokes=0.08, outlier_traced=0.08)},
    ),
    Way("cut", "with bitmaps of which a part is cut off", {"augmentation": Augmentation(cut=0.1)}),
    Way(
        "kinds",
        "with other words' bitmaps, and a second head that is to tell all words apart",
        {"mixture": Mixture(outliers=0.15), "kinds": 0.3},
    ),
    Way("mixup", "with drawings laid over each other (mixup)", {"mixup": 0.2}),
    Way("averaged", "and the average of the weights of its last steps kept", {"averaged": 0.99}),
    Way(
        "judge",
        "with all that the published recipe takes: beginnings, drawn and traced, other words' too, "
        "the second head, cuts, thicker lines and noise",
        {
            "mixture": RECIPE,
            "kinds": 0.3,
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
