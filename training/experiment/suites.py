"""The named experiments of `training.compare`, as plain data; a TOML file adds one of your own.

Arms that decide most come first, so that a part of an experiment says something.
"""

import tomllib
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from models.command import UserError
from models.user_files import read_text
from training.experiment.suite import Suite
from training.strategies import freezing
from training.strategies.catalogue import STRATEGIES
from training.strategies.recipes import JUDGE_RECIPES

SWITCHED = ("near-smoothed", "near-dropout", "near-unscaled", "near-auxiliary")
SWITCHES = ("smoothing-0", "smoothing-10", "no-dropout", "unscaled", "auxiliary")
CONTROLS = ("small", "cnn", "mobilenet-scratch", "resnet18-scratch")
LEARNED_HERE = ("near", "rotation", "fractals", "autoencoder", "simclr", "pseudo-labels")
JUDGED = tuple(f"full-{way.name}" for way in JUDGE_RECIPES)
# All that needs no file, has the suite's length and rates of its own to be tuned, and aims at
# accuracy on finished drawings. Other suites ask about the rest.
EVERY = tuple(
    name
    for name, arm in STRATEGIES.items()
    if arm.start != "file"
    and arm.phases[0].times == 1
    and arm.changes.get("stride") != 1
    and "lr" not in arm.changes
    and name not in JUDGED
    and arm.teacher is None
    and arm not in freezing.arms()[1:]
)
TOML = "Expected a TOML file"
PILOT_SD = 0.57  # points, of paired differences of freeze-1 and full: 8 pairs, 300 drawings a word
FREEZING = "Is it at least as good to train the new layers first as to train everything at once?"

SUITES: dict[str, Suite] = {
    suite.name: suite
    for suite in (
        Suite(
            "smoke",
            "Does the laboratory work? (Two seeds prove nothing about training.)",
            ("full", "head-only", "scratch"),
            (("full", "head-only"), ("full", "scratch")),
            amounts=(30,),
            epochs=1,
            seeds=2,
            rates=(1e-3, 4e-3),
            most_rates=3,
            tuning_seeds=1,
            batch=32,
            epoch_images=0,
            held_out=10,
            varied=5,
            target=0.5,
        ),
        Suite(
            "freezing",
            FREEZING,
            (
                *("full", "freeze-2", "full-still", "freeze-2-still", "solved-head-still"),
                *("freeze-2-switched", "full-longer-2"),
            ),
            (
                ("freeze-2", "full"),
                ("freeze-2-still", "full-still"),
                ("solved-head-still", "full-still"),
                ("freeze-2", "full-longer-2"),
                ("freeze-2-switched", "full"),
                ("full-still", "full"),
            ),
            amounts=(300,),
            epochs=12,
            seeds=20,
            sd=PILOT_SD,
            missing="Other lengths of the frozen phase are the suite freezing-length's, the "
            "origin's random one-channel stem is freezing-stem's, larger images freezing-56's.",
        ),
        Suite(
            "freezing-length",
            "How long should the new layers be trained first, and is the time better spent on "
            "everything?",
            (
                *("full", "freeze-1", "freeze-5", "full-longer-5"),
                *("full-work-of-freeze-2", "full-work-of-freeze-5", "freeze-2"),
            ),
            (
                ("freeze-1", "full"),
                ("freeze-5", "full"),
                ("freeze-5", "full-longer-5"),
                ("freeze-2", "full-work-of-freeze-2"),
                ("freeze-5", "full-work-of-freeze-5"),
            ),
            amounts=(300,),
            epochs=12,
            seeds=20,
            sd=PILOT_SD,
        ),
        Suite(
            "freezing-stem",
            f"{FREEZING} With a stem of random filters, as the origin of the question had it.",
            (
                *("full-random-stem", "freeze-2-random-stem", "full-still-random-stem"),
                *("freeze-2-still-random-stem", "full-longer-2-random-stem"),
            ),
            (
                ("freeze-2-random-stem", "full-random-stem"),
                ("freeze-2-still-random-stem", "full-still-random-stem"),
                ("freeze-2-random-stem", "full-longer-2-random-stem"),
            ),
            amounts=(300,),
            epochs=12,
            seeds=17,
            sd=PILOT_SD,
        ),
        Suite(
            "freezing-1000",
            f"{FREEZING} With 1,000 drawings a word.",
            ("full", "freeze-2", "solved-head-still"),
            (("freeze-2", "full"), ("solved-head-still", "full")),
            amounts=(1000,),
            epochs=12,
            seeds=16,
            target=0.9,
            sd=PILOT_SD,
        ),
        Suite(
            "freezing-56",
            f"{FREEZING} With images of 56×56.",
            ("full", "freeze-2", "solved-head-still"),
            (("freeze-2", "full"), ("solved-head-still", "full")),
            amounts=(300,),
            epochs=12,
            seeds=16,
            side=56,
            sd=PILOT_SD,
        ),
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
            "few-shot",
            "From how many drawings a word does which way of training pay?",
            ("full", "scratch", "solved-head-still", "head-only"),
            (("full", "scratch"), ("solved-head-still", "full"), ("head-only", "full")),
            amounts=(10, 30, 100, 300, 1000, None),
            epochs=6,
            seeds=12,
            epoch_images=10_000,
            region=1.0,
            missing="An epoch shows at least 10,000 images whatever the amount, so that all "
            "amounts up to 1,000 a word take as many steps.",
        ),
        Suite(
            "starting-points",
            "How well do starts transfer: random weights, ImageNet's, other words' drawings with "
            "all, few or no labels, or fractals?",
            ("scratch", "full", *(f"full-{start}" for start in LEARNED_HERE)),
            (("full", "scratch"), *((f"full-{start}", "scratch") for start in LEARNED_HERE)),
            amounts=(300,),
            epochs=12,
            seeds=12,
            pretraining=200_000,
            checkpoints=3,
            missing="Each start made here is three checkpoints. Verdicts hold for these; how far "
            "other checkpoints of the same kind would differ, the table of starts tells.",
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
            ),
            (
                *((f"full-{switch}", "full") for switch in SWITCHES),
                *((f"head-only-{start}", "head-only-near-plain") for start in SWITCHED),
            ),
            amounts=(300,),
            epochs=6,
            seeds=12,
        ),
        Suite(
            "architectures",
            "Is EfficientNet-B0 the right network for 28×28 drawings, with ImageNet's weights and "
            "without?",
            ("full", "scratch", *CONTROLS),
            (*((control, "scratch") for control in CONTROLS), ("small", "full")),
            amounts=(1000,),
            epochs=12,
            seeds=12,
            target=0.9,
        ),
        Suite(
            "judging",
            "Which ways of training make a judge that recognises beginnings and for which other "
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
        Suite(
            "everything",
            "Which of all the ways of training that the laboratory knows is best?",
            EVERY,
            tuple((arm, "full") for arm in EVERY if arm != "full"),
            amounts=(1000,),
            epochs=12,
            seeds=20,
            target=0.9,
        ),
    )
}


def find(name: str) -> Suite:
    """The suite of that name, or the one that a TOML file holds.

    Raises:
        UserError: when there is none; it names the closest ones.
    """
    if name.endswith(".toml"):
        return read(Path(name))
    if name not in SUITES:
        close = get_close_matches(name, SUITES, n=3, cutoff=0.5) or ["freezing", "smoke"]
        raise UserError(
            f"no suite {name!r}",
            f"Did you mean {' or '.join(close)}? --list shows all; FILE.toml is your own",
        )
    return SUITES[name]


def read(path: Path) -> Suite:
    """A suite of one's own: the fields of `Suite` as TOML, "all" for all drawings.

        question = "Does more dropout help?"
        arms = ["full", "full-no-dropout"]
        contrasts = [["full-no-dropout", "full"]]
        amounts = [300]
        epochs = 6

    Raises:
        UserError: when the file cannot be read, or is no suite.
    """
    try:
        content: dict[str, Any] = tomllib.loads(read_text(path, TOML))
    except ValueError as error:
        raise UserError(f"cannot read {path}: {error}", TOML) from error
    known = [field.name for field in fields(Suite)]
    for name in content:
        if name not in known:
            close = get_close_matches(name, known, n=1) or known[1:4]
            raise UserError(f"{path} has {name!r}", f"Did you mean {' or '.join(close)}?")
    content.setdefault("name", path.stem)
    try:
        content["contrasts"] = tuple(tuple(pair) for pair in content.get("contrasts", ()))
        for name in {"arms", "amounts", "rates"} & content.keys():
            content[name] = tuple(None if each == "all" else each for each in content[name])
        return Suite(**content)
    except (TypeError, ValueError) as error:
        raise UserError(f"{path} is no suite: {error}", "See training/experiment/suite.py") from (
            error
        )
