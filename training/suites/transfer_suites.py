"""The suites about ways of transfer, starts, and what spoils or helps them."""

from training.strategies.catalogue import LEARNED
from training.suites.freezing_suites import PILOT_SD
from training.suites.suite import Suite

SWITCHED = ("near-smoothed", "near-dropout", "near-unscaled", "near-auxiliary")
SWITCHES = ("smoothing-0", "smoothing-10", "no-dropout", "unscaled", "auxiliary")
SHORT_TRAINING_SD = 4.2  # points, of full and scratch in three-ways: 12 pairs, 300 drawings a word
FEW_DRAWINGS_SD = 1.44  # points, of full and scratch in few-shot: 10 pairs, 100 drawings a word

SUITES = (
    Suite(
        "three-ways",
        "With a short training, which is best: all layers at one rate, the backbone at a tenth "
        "of the head's rate, a frozen backbone, or no transfer at all?",
        (
            *("tutorial-full", "tutorial-discriminative", "tutorial-frozen"),
            *("tutorial-scratch", "full", "discriminative", "head-only", "scratch"),
        ),
        (
            ("tutorial-full", "tutorial-scratch"),
            ("tutorial-discriminative", "tutorial-full"),
            ("tutorial-frozen", "tutorial-full"),
            ("full", "tutorial-full"),
            ("full", "scratch"),
            ("discriminative", "full"),
            ("head-only", "full"),
        ),
        amounts=(300,),
        epochs=3,
        seeds=12,
        missing="The tutorial's arms have its optimiser and rate, which nobody tuned for "
        "drawings; the other arms have AdamW and tuned rates. Three epochs, as in the "
        "tutorial, end before the plateau.",
    ),
    Suite(
        "layers",
        "Which layers should learn: all at one rate, at lower rates towards the stem, unfrozen one "
        "after another from the top, or only some of them?",
        ("full", "discriminative", "by-depth", "gradual", "batchnorm", "new-layers"),
        (
            ("discriminative", "full"),
            ("by-depth", "full"),
            ("gradual", "full"),
            ("batchnorm", "full"),
            ("new-layers", "full"),
        ),
        amounts=(300,),
        epochs=12,
        seeds=12,
        missing="gradual trains everything as long as the others, and parts of it for three epochs "
        "before. Heads on filters that never learn are the suite fixed-filters'.",
    ),
    Suite(
        "fixed-filters",
        "Must the filters learn, or is it enough to train a head on them: by logistic regression, "
        "by gradient steps, or with BatchNorm's statistics of the drawings?",
        ("full", "logistic", "head-only", "head-only-moving"),
        (("logistic", "full"), ("logistic", "head-only"), ("head-only-moving", "head-only")),
        amounts=(300,),
        epochs=12,
        seeds=17,
        sd=PILOT_SD,
    ),
    Suite(
        "stem-and-head",
        "How should a network of colour photos and 1,000 classes be fitted to gray drawings of a "
        "few words: which filters should the stem begin with, and which outputs the head?",
        ("full", "full-gray", "full-random-stem", "full-thousand"),
        (("full-gray", "full"), ("full-random-stem", "full"), ("full-thousand", "full")),
        amounts=(300,),
        epochs=12,
        seeds=17,
        rates=(1e-2,),
        most_rates=1,
        sd=PILOT_SD,
        missing="The rate is the one that tuning found for full in freezing and for "
        "full-random-stem in freezing-stem. It was not tuned for full-gray and full-thousand. "
        "Stems and heads of networks that are otherwise frozen were not compared.",
    ),
    Suite(
        "few-shot",
        "From how many drawings a word does which way of training pay?",
        ("full", "scratch", "head-only"),
        (("full", "scratch"), ("head-only", "full"), ("head-only", "scratch")),
        amounts=(10, 100, 1000),
        epochs=12,
        seeds=10,
        epoch_images=3000,
        region=1.0,
        sd=SHORT_TRAINING_SD,
        changes={"epoch_cap": 300},
        missing="An epoch shows 3,000 images whatever the amount, so that all amounts take as many "
        "steps. Amounts between these, and whether more steps would pay for the largest, were not "
        "tried.",
    ),
    Suite(
        "starting-points",
        "How well do starts transfer: random weights, ImageNet's, other words' drawings with "
        "all, few or no labels, or fractals?",
        ("scratch", "full", *(f"full-{start}" for start in LEARNED)),
        (("full", "scratch"), *((f"full-{start}", "scratch") for start in LEARNED)),
        amounts=(300,),
        epochs=12,
        seeds=12,
        pretraining=200_000,
        checkpoints=12,
        region=1.0,
    ),
    Suite(
        "own-start",
        "Is a checkpoint of your own (--start FILE) a better start than ImageNet's weights?",
        ("full-file", "full", "scratch", "head-only-file", "head-only"),
        (("full-file", "full"), ("full-file", "scratch"), ("head-only-file", "head-only")),
        amounts=(300,),
        epochs=12,
        seeds=12,
        missing="One checkpoint is measured. Verdicts hold for it, not for others of its kind.",
        region=1.0,
    ),
    Suite(
        "regularisers",
        "Do label smoothing, dropout, BatchNorm's scales or an auxiliary head spoil what a "
        "start learns for others, or help in the training on the words?",
        (
            "full",
            *(f"full-{switch}" for switch in SWITCHES),
            "head-only-near-plain",
            *(f"head-only-{start}" for start in SWITCHED),
            "full-near-plain",
            *(f"full-{start}" for start in SWITCHED),
        ),
        (
            *((f"full-{switch}", "full") for switch in SWITCHES),
            *((f"head-only-{start}", "head-only-near-plain") for start in SWITCHED),
            *((f"full-{start}", "full-near-plain") for start in SWITCHED),
        ),
        amounts=(300,),
        epochs=6,
        seeds=12,
        checkpoints=12,
    ),
)
