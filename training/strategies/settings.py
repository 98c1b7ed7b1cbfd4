"""The settings of a run besides strategy, data and seed."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from training.choices import CompileMode
from training.limits import Count, NotNegative, PartialShare, Positive, Share, Whole, one_of
from training.sampling.mixture import Mixture
from training.strategies.strategy import Phase, Schedule
from training.transforms.augmentation import Augmentation

OptimiserName = Literal["adamw", "sgd"]
Decays = Literal["matrices", "everything"]
Stride = Annotated[int, one_of(1, 2)]
Side = Annotated[int, one_of(28, 56, 112)]


@dataclass(frozen=True)
class Settings:
    """The settings of a run.

    Attributes:
        epochs: passes over the words' training bitmaps, N, in each phase without its own length.
        lr: peak learning rate, or the strength of the L2 penalty in a phase whose head is solved.
        rates: other rates for phases of these names.
        batch: drawings per step.
        weight_decay: of AdamW (decoupled) or of SGD (added to the gradient).
        label_smoothing: share of the target spread over all words.
        stride: of the stem, 1 or 2.
        dropout: dropout rate before the head.
        drop_connect: rate of stochastic depth at the last block.
        distillation: weight of the teachers' soft targets in the bitmaps' targets, in [0, 1], if
            there are teachers (`training.experiment.distillation`).
        fine_labels: weight of an auxiliary loss that classifies all Quick, Draw! words, so that
            drawings of other words help to learn features. Its layer is not part of the network.
        auxiliary: weight of a second head's loss, on a block in mid-depth
            (`training.networks.auxiliary_head`).
        mixup: alpha of the Beta distribution of the shares in which two drawings are mixed
            (`training.trainer.mixup`); 0 for no mixup. If features are fixed, the features are
            mixed; a solved head uses no mixup.
        averaged: share of the average of the weights that a step keeps, in [0, 1); 0 for no
            averaging. The averaged network is validated and kept
            (`training.networks.weight_averaging`).
        scales: whether BatchNorm's scales are trained.
        patience: epochs without better validation accuracy after which a phase ends; 0 for no
            limit.
        mixture: shares of the kinds of drawings in a batch.
        level: if true, an epoch has as many steps as without a mixture, so that every mixture costs
            the same: each added drawing replaces one of the words' bitmaps.
        balanced: whether an epoch shows at most 2,000 bitmaps of a word, and each at most 8 times,
            so that words with few drawings are learned too (`training.sampling.balance`).
        epoch_cap: most bitmaps of a word in an epoch; the next epoch shows others. 0 for all, or
            for the 2,000 of balanced epochs.
        augmentation: random changes to each drawing.
        compile_mode: "eager", "compiled" or, on a GPU, "captured" passes through the network
            (`training.inference.compile_mode`). Results are the same except for rounding.
        optimiser: "adamw" (Loshchilov & Hutter 2019, arXiv 1711.05101), or "sgd" with momentum.
        momentum: of SGD.
        decays: which parameters decay: filters and the head's matrix only, or biases and BatchNorm
            too, the default of torch's optimisers.
        clip: largest norm of the gradient; 0 for no clipping.
        schedule: of the learning rate: "one-cycle" (Smith & Topin 2018, arXiv 1708.07120), a short
            linear rise and a half cosine down to 0; or "constant".
        side: of the image that the network sees: 28, or 56 or 112 by bilinear interpolation.
    """

    epochs: Count = 3
    lr: Positive = 2e-3
    batch: Count = 128
    weight_decay: NotNegative = 0.02
    label_smoothing: Share = 0.05
    stride: Stride = 1
    dropout: PartialShare = 0.2
    drop_connect: PartialShare = 0.0
    distillation: Share = 0.5
    fine_labels: NotNegative = 0.0
    auxiliary: NotNegative = 0.0
    mixup: NotNegative = 0.0
    averaged: PartialShare = 0.0
    scales: bool = True
    patience: Whole = 0
    mixture: Mixture = field(default_factory=Mixture)
    level: bool = False
    balanced: bool = False
    epoch_cap: Whole = 0
    augmentation: Augmentation = field(default_factory=Augmentation)
    compile_mode: CompileMode = "eager"
    rates: dict[str, Positive] = field(default_factory=dict[str, float])
    optimiser: OptimiserName = "adamw"
    momentum: PartialShare = 0.9
    decays: Decays = "matrices"
    clip: NotNegative = 5.0
    schedule: Schedule = "one-cycle"
    side: Side = 28

    def rate(self, phase: Phase) -> float:
        """The peak rate of a phase, or the penalty of one whose head is solved."""
        return self.rates.get(phase.name, self.lr)
