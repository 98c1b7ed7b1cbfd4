"""The suites about the judge of the game: true and false wins, early in a drawing."""

from training.strategies.recipes import JUDGE_RECIPES
from training.suites.suite import Suite

JUDGED = tuple(f"full-{recipe.name}" for recipe in JUDGE_RECIPES)

SUITES = (
    Suite(
        "judging",
        "Which ways of training make a judge that recognises partial drawings and for which other "
        "words do not win?",
        ("full", *JUDGED),
        (*((arm, "full") for arm in JUDGED), ("full-fine-labels", "full-outliers")),
        amounts=(250,),
        epochs=6,
        seeds=20,
        varied=20,
        missing="Distillation has no arm here: the suite dearer asks what a teacher brings.",
        outcome="wins",
        eval_split="validation",
        region=2.0,
    ),
    Suite(
        "dearer",
        "What do more expensive ways of training bring a judge: a finer stem, a teacher, or "
        "simply more epochs?",
        ("full", "full-stride-1", "full-twice", "full-distilled", "small", "small-distilled"),
        (
            ("full-stride-1", "full"),
            ("full-distilled", "full"),
            ("full-twice", "full"),
            ("full-distilled", "full-twice"),
            ("small-distilled", "small"),
        ),
        amounts=(250,),
        epochs=6,
        seeds=20,
        varied=20,
        missing="A teacher is trained at its pupil's own rate and seed, on the same drawings. "
        "Teachers with a tuned rate of their own, or with more drawings, are not compared.",
        outcome="wins",
        eval_split="validation",
        region=2.0,
    ),
)
