"""The named experiments of `training.compare`, as plain data.

A suite says, before anything runs, which arms are trained, which of them are contrasted, on how
many drawings, for how long, and which learning rates each arm may try. Every arm gets the same.
"""

from dataclasses import dataclass
from typing import Literal

from models.command import UserError
from training.data.batches import Mixture
from training.data.dataset import Split
from training.strategies import freezing
from training.strategies.catalogue import STRATEGIES, teachers
from training.strategies.catalogue import find as find_strategy
from training.strategies.recipes import JUDGES
from training.strategies.strategy import Start, Strategy

OutcomeName = Literal["accuracy", "early", "wins"]  # measured as `training.analysis.outcomes` says

FIRST_TUNING_SEED = 1000  # final runs use seeds 0, 1, ...; no experiment has a thousand


@dataclass(frozen=True)
class Suite:
    """One experiment.

    Attributes:
        name: as on the command line.
        question: what it is to answer.
        arms: strategies of `training.strategies.catalogue`.
        contrasts: (a, b): is a better than b? Declared before the run, they are the family whose
            error Holm's method controls.
        amounts: training drawings a word; None for all there are. Each is compared on its own.
        epochs: passes over the drawings.
        seeds: final runs of each arm, 0 .. seeds - 1.
        rates: peak learning rates that each arm tries, rising.
        tuning_seeds: runs for each rate tried, on seeds of their own.
        batch: drawings a step.
        stride: of the stem; 2 costs about a third of 1 and some accuracy.
        epoch_images: an epoch shows at least so many drawings; fewer come up several times, so
            that arms with few drawings still take enough steps.
        held_out: validation drawings a word, for curves and tuning; None for all.
        varied: test drawings a word that are shown changed as well (noise, thicker, turned, ...).
        target: validation accuracy whose price in images and seconds is reported.
        pretraining: images that each start learned here sees first.
        patience: a phase ends after so many epochs without better accuracy on validation, in every
            arm; 0 for never.
        missing: what the question asks for that no arm answers yet.
        outcome: what the contrasts are decided on. Other measures stand beside it and decide
            nothing.
        sat_on: the split that final runs are examined on. Validation where a recipe is chosen, so
            that the test split stays unseen (`training.experiment.eval_split`).
        region: differences in outcome up to so many points are of no practical importance.
    """

    name: str
    question: str
    arms: tuple[str, ...]
    contrasts: tuple[tuple[str, str], ...]
    amounts: tuple[int | None, ...]
    epochs: int
    seeds: int = 8
    rates: tuple[float, ...] = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
    tuning_seeds: int = 1
    batch: int = 128
    stride: int = 1
    epoch_images: int = 2000
    held_out: int | None = 100
    varied: int = 50
    target: float = 0.9
    pretraining: int = 60_000
    patience: int = 0
    missing: str = ""
    outcome: OutcomeName = "accuracy"
    sat_on: Split = "test"
    region: float = 0.2

    def __post_init__(self) -> None:
        strangers = {arm for pair in self.contrasts for arm in pair} - set(self.arms)
        if strangers or len(set(self.arms)) != len(self.arms) or not self.arms:
            raise ValueError(f"{self.name}: arms {self.arms}, contrasts of {sorted(strangers)}")
        if min(self.seeds, self.tuning_seeds, len(self.rates), len(self.amounts)) < 1:
            raise ValueError(f"{self.name}: expected at least one seed, rate and amount")
        if list(self.rates) != sorted(self.rates):
            raise ValueError(f"{self.name}: rates must rise")
        if self.sat_on == "validation" and self.held_out is None:
            raise ValueError(f"{self.name}: an exam on what rates are tuned on is none")

    @property
    def units(self) -> tuple[tuple[int | None, str], ...]:
        """(amount, arm): what is tuned and run together, and what shards are made of."""
        return tuple((amount, arm) for amount in self.amounts for arm in self.arms)

    @property
    def runs(self) -> int:
        """Tuning and final runs of the whole experiment."""
        return len(self.units) * (len(self.rates) * self.tuning_seeds + self.seeds)

    @property
    def contested(self) -> bool:
        """Whether its exam asks who would win."""
        return self.outcome != "accuracy"

    @property
    def trained(self) -> tuple[Strategy, ...]:
        """The strategies of its arms, each after its teachers."""
        arms = [find_strategy(arm) for arm in self.arms]
        return tuple(each for arm in arms for each in (*teachers(arm), arm))

    @property
    def foreign(self) -> bool:
        """Whether it needs drawings of other words."""
        own = (strategy.changes.get("mixture", Mixture()) for strategy in self.trained)
        return self.contested or any(mixture.foreign for mixture in own)

    @property
    def starts(self) -> tuple[Start, ...]:
        """What its arms and their teachers begin with, but for random weights."""
        found: set[Start] = {strategy.start for strategy in self.trained}
        return tuple(start for start in sorted(found, key=str) if start != "random")

    def check(self) -> None:
        """Find out before anything runs whether every arm fits.

        Raises:
            UserError: for an unknown arm or too few epochs for one.
        """
        for strategy in self.trained:
            strategy.epochs(self.epochs)


SWITCHED = ("near-smoothed", "near-dropout", "near-unscaled", "near-auxiliary")
SWITCHES = ("smoothing-0", "smoothing-10", "no-dropout", "unscaled", "auxiliary")
CONTROLS = ("small", "cnn", "mobilenet-scratch", "resnet18-scratch")
JUDGED = tuple(f"full-{way.name}" for way in JUDGES)
# What needs neither a file of one's own nor more epochs than the other suites have, and is there
# for accuracy on finished drawings: what is there for a judge, judging and dearer ask.
EVERY = tuple(
    name
    for name, arm in STRATEGIES.items()
    if arm.start != "file"
    and sum(phase.epochs or 0 for phase in arm.phases) < 6
    and arm.changes.get("stride") != 1  # as all of them have here
    and name not in JUDGED
    and arm.teacher is None
    and arm.phases[0].times == 1
    and arm not in freezing.arms()[1:]
    and "lr" not in arm.changes
)

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
            batch=32,
            stride=2,
            epoch_images=0,
            held_out=10,
            varied=5,
            target=0.5,
        ),
        Suite(
            "freezing",
            "Is freezing the backbone first at least as good as not freezing it?",
            ("full", "freeze-1", "freeze-2", "freeze-5", "gradual", "lp-ft", "head-only"),
            tuple(
                (arm, "full")
                for arm in ("freeze-1", "freeze-2", "freeze-5", "gradual", "lp-ft", "head-only")
            ),
            amounts=(1000,),
            epochs=6,
            target=0.93,
        ),
        Suite(
            "three-ways",
            "With a short training, which is best: all layers at one rate, the backbone at a tenth "
            "of the head's rate, a frozen backbone, or no transfer at all?",
            ("full", "discriminative", "head-only", "scratch"),
            (("full", "scratch"), ("discriminative", "full"), ("head-only", "full")),
            amounts=(1000,),
            epochs=3,
            target=0.9,
        ),
        Suite(
            "few-shot",
            "From how many drawings a word on does which way of training pay?",
            ("full", "lp-ft", "head-only", "scratch"),
            (("full", "scratch"), ("lp-ft", "full"), ("head-only", "full")),
            amounts=(10, 30, 100, 300, 1000),
            epochs=6,
            seeds=10,
            target=0.8,
        ),
        Suite(
            "starting-points",
            "What is the start worth: random weights, ImageNet's, other words' drawings, turned "
            "drawings without labels, or fractals; and would a small network do as well?",
            ("full", "full-near", "full-rotation", "full-fractals", "scratch", "cnn"),
            (
                ("full", "scratch"),
                ("full-near", "scratch"),
                ("full-rotation", "scratch"),
                ("full-fractals", "scratch"),
                ("full-near", "full"),
                ("scratch", "cnn"),
            ),
            amounts=(300,),
            epochs=3,
            rates=(1e-3, 3e-3, 1e-2),
            stride=2,
            target=0.8,
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
            epochs=3,
            seeds=9,
            rates=(1e-3, 3e-3, 1e-2),
            stride=2,
            target=0.8,
        ),
        Suite(
            "architectures",
            "Is EfficientNet-B0 the right network for 28×28 drawings, with ImageNet's weights and "
            "without?",
            ("full", "scratch", *CONTROLS),
            (*((control, "scratch") for control in CONTROLS), ("small", "full")),
            amounts=(1000,),
            epochs=6,
            target=0.9,
        ),
        Suite(
            "judging",
            "Which ways of training make a judge that recognises beginnings and is not won by "
            "other words?",
            ("full", *JUDGED),
            (*((arm, "full") for arm in JUDGED), ("full-kinds", "full-outliers")),
            amounts=(250,),
            epochs=3,
            seeds=9,
            rates=(1e-3, 3e-3, 1e-2),
            stride=2,
            varied=20,
            target=0.8,
            missing="Distillation has no arm here: the suite dearer asks what a teacher brings.",
            outcome="wins",
            sat_on="validation",
            region=1.0,
        ),
        Suite(
            "dearer",
            "What do dearer ways of training bring a judge: a finer stem, a teacher, or simply a "
            "longer training?",
            ("full", "full-stride-1", "full-taught", "full-twice", "small", "small-taught"),
            (
                ("full-stride-1", "full"),
                ("full-taught", "full"),
                ("full-twice", "full"),
                ("full-taught", "full-twice"),
                ("small-taught", "small"),
            ),
            amounts=(250,),
            epochs=3,
            seeds=9,
            rates=(1e-3, 3e-3, 1e-2),
            stride=2,
            varied=20,
            target=0.8,
            missing="A teacher is trained at its pupil's own rate and seed, on the same drawings; "
            "one that had its own tuned rate, or had seen more, is not asked for here.",
            outcome="wins",
            sat_on="validation",
            region=1.0,
        ),
        Suite(
            "full",
            "Which of all the ways of training that the laboratory knows is best?",
            EVERY,
            tuple((arm, "full") for arm in EVERY if arm != "full"),
            amounts=(1000,),
            epochs=6,
            seeds=11,
            target=0.93,
        ),
    )
}


def find(name: str) -> Suite:
    """The suite of that name.

    Raises:
        UserError: when there is none; it lists those there are.
    """
    if name not in SUITES:
        raise UserError(f"no suite {name!r}", f"expected one of {', '.join(SUITES)}")
    return SUITES[name]
