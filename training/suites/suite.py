"""The definition of an experiment as plain data, declared before anything runs.

A suite names the arms that are trained, the contrasts that are decided, how many drawings, for how
long, and how learning rates are found. Every arm is treated alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Literal

from models.command import UserError
from training.choices import Split
from training.limits import Accepts, Count, NotNegative, Positive, Share, Whole
from training.sampling.mixture import Mixture
from training.statistics.power import Power
from training.strategies import user_file
from training.strategies.catalogue import STRATEGIES, teachers
from training.strategies.catalogue import find as find_strategy
from training.strategies.settings import Settings, Side, Stride
from training.strategies.strategy import NetworkChoice, StartName, Strategy

# Measured as `training.analysis.outcomes` says.
OutcomeName = Literal["accuracy", "robustness", "early", "wins"]

Unit = tuple[int | None, str]  # drawings a word, None for all, and an arm

FIRST_TUNING_SEED = 1000  # final runs use seeds 0, 1, ...; no experiment has a thousand
Seeds = Annotated[int, Accepts(lambda n: 1 <= n <= FIRST_TUNING_SEED, f"1 to {FIRST_TUNING_SEED}")]
STEP = 3.0  # from one learning rate to the next beyond the grid


@dataclass(frozen=True)
class Suite:
    """One experiment.

    Attributes:
        name: as on the command line.
        question: that the experiment answers.
        arms: strategies of `training.strategies.catalogue`, the most important first.
        contrasts: (a, b): is a better than b? Declared before the run, they are the family whose
            error is controlled.
        amounts: training drawings per word; None for all ("all" in TOML). Each amount is compared
            separately.
        epochs: passes over the drawings, N: of every phase without a length of its own.
        seeds: final runs of each arm, 0 .. seeds - 1.
        rates: peak learning rates that each phase of each arm tries first, rising.
        most_rates: while the best rate is the smallest or largest tried, another one beyond it is
            tried, 3 times smaller or larger, until this many were tried. An arm whose best rate is
            still at the edge is not measured. 1 prescribes the only rate: nothing is tuned.
        tuning_seeds: runs for each rate tried, with other seeds than the final runs.
        batch: drawings per step.
        stride: of the stem; 2 costs about a third of 1 and some accuracy.
        side: of the image that the network sees, in pixels: 28, 56 or 112.
        epoch_images: smallest number of drawings shown in an epoch; if there are fewer, they are
            repeated, so that arms with few drawings take as many steps.
        held_out: validation drawings a word, for curves and tuning; None for all ("all" in TOML).
        varied: test drawings a word that are shown changed as well (noise, thicker, turned, ...).
        target: validation accuracy for which the images and seconds to reach it are reported.
        pretraining: images for pretraining each start made here.
        checkpoints: how many times each start made here is pretrained, with different seeds; the
            run of seed s begins with checkpoint s modulo this number. Runs from one checkpoint are
            not independent of each other: verdicts count them as one.
        network: architecture in place of B0 in every arm that has B0, such as `timm:resnet18`.
        patience: epochs without better validation accuracy after which a phase ends, in every arm;
            0 for no limit.
        missing: parts of the question that no arm answers, as sentences.
        outcome: the measure that decides the contrasts. Other measures are reported only.
        eval_split: the split that final runs are evaluated on. Validation where a recipe is chosen,
            so that the test split stays unseen (`training.comparison.eval_split`).
        region: largest difference in outcome, in points, of no practical importance.
        sd: standard deviation of the paired differences in points, from a pilot; the power that is
            declared before the run follows from it. None where there was no pilot.
        changes: of every run's settings, by name (`training.strategies.settings`), but of none that
            the suite sets itself.
    """

    name: str
    question: str
    arms: tuple[str, ...]
    contrasts: tuple[tuple[str, str], ...]
    amounts: tuple[Count | None, ...]
    epochs: Count
    seeds: Seeds = 16
    rates: tuple[Positive, ...] = (1e-3, 3e-3, 1e-2)
    most_rates: Count = 9
    tuning_seeds: Count = 3
    batch: Count = 128
    stride: Stride = 2
    side: Side = 28
    epoch_images: Whole = 2000
    held_out: Count | None = 100
    varied: Count = 50
    target: Share = 0.8
    pretraining: Count = 60_000
    checkpoints: Count = 1
    network: NetworkChoice | None = None
    patience: Whole = 0
    missing: str = ""
    outcome: OutcomeName = "accuracy"
    eval_split: Split = "test"
    region: NotNegative = 0.5
    sd: Positive | None = None
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        strangers = {arm for pair in self.contrasts for arm in pair} - set(self.arms)
        if strangers or len(set(self.arms)) != len(self.arms) or not self.arms:
            raise ValueError(f"{self.name}: arms {self.arms}, contrasts of {sorted(strangers)}")
        if any(a == b for a, b in self.contrasts):
            raise ValueError(f"{self.name}: a contrast of an arm with itself")
        counts = (self.seeds, self.tuning_seeds, self.checkpoints)
        if min(*counts, len(self.rates), len(self.amounts)) < 1:
            raise ValueError(f"{self.name}: expected at least one seed, rate, amount, checkpoint")
        if list(self.rates) != sorted(set(self.rates)) or self.rates[0] <= 0:
            raise ValueError(f"{self.name}: rates must be positive and rise")
        if self.most_rates < len(self.rates):
            raise ValueError(f"{self.name}: more rates than most_rates allows")
        if self.eval_split == "validation" and self.held_out is None:
            raise ValueError(f"{self.name}: rates must not be tuned on what runs are evaluated on")

    @property
    def units(self) -> tuple[Unit, ...]:
        """(amount, arm): what is tuned and run together, and what shards are made of."""
        return tuple((amount, arm) for amount in self.amounts for arm in self.arms)

    @property
    def family(self) -> int:
        """Contrasts at all amounts: the family whose error is controlled."""
        return len(self.contrasts) * len(self.amounts)

    @property
    def power(self) -> Power | None:
        """The power of its final runs; None without a pilot."""
        if self.sd is None:
            return None
        return Power(self.sd, self.pairs, self.family, self.region)

    @property
    def pairs(self) -> int:
        """Independent pairs of the contrast that has the fewest, as far as the catalogue tells."""
        return self.pairs_of([arm for arm in self.arms if self.start_made_here(arm)])

    def pairs_of(self, sharing: Collection[str]) -> int:
        """Independent pairs of the contrast that has the fewest.

        Args:
            sharing: arms whose runs are not independent if they begin with the same checkpoint.
        """
        compared = {arm for contrast in self.contrasts for arm in contrast}
        shared = any(arm in sharing for arm in compared)
        return min(self.seeds, self.checkpoints) if shared else self.seeds

    def checkpoint(self, seed: int) -> int:
        """Number of the checkpoint that the run of a seed begins with, if a start has several."""
        return seed % self.checkpoints

    def start_made_here(self, arm: str) -> bool:
        """Whether an arm, or a teacher of it, begins with weights that the comparison pretrains;
        False for an arm that is no longer in the catalogue."""
        if arm not in STRATEGIES:
            return False
        own = self.strategy(arm)
        return any(each.start_made_here for each in (*teachers(own), own))

    @property
    def prescribed(self) -> bool:
        """Whether the rate is part of the recipe, so that nothing is tuned."""
        return self.most_rates == 1

    @property
    def asks_wins(self) -> bool:
        """Whether final runs are evaluated on races too."""
        return self.outcome in ("early", "wins")

    @property
    def trained(self) -> tuple[Strategy, ...]:
        """The strategies of its arms, each after its teachers."""
        arms = [self.strategy(arm) for arm in self.arms]
        return tuple(each for arm in arms for each in (*teachers(arm), arm))

    def strategy(self, arm: str) -> Strategy:
        """The strategy of an arm, with the suite's network."""
        return find_strategy(arm).with_network(self.network)

    @property
    def mixtures(self) -> tuple[Mixture, ...]:
        """Of the batches of its arms and their teachers."""
        return tuple(
            {**self.changes, **strategy.changes}.get("mixture", Mixture())
            for strategy in self.trained
        )

    @property
    def foreign(self) -> bool:
        """Whether it needs drawings of other words."""
        return self.asks_wins or any(mixture.foreign for mixture in self.mixtures)

    @property
    def starts(self) -> tuple[StartName, ...]:
        """The starts of its arms and their teachers, except random weights."""
        found: set[StartName] = {strategy.start for strategy in self.trained}
        return tuple(start for start in sorted(found, key=str) if start != "random")

    def check(self) -> None:
        """Check before anything runs that every arm is possible.

        Raises:
            UserError: for an unknown arm, one with a value that it cannot have, or one that this
                length does not suit, and for changes of what the suite sets itself: they would make
                the plan, the tuning and the report untrue.
        """
        for name in self.changes:
            if name in SET_BY_SUITE:
                raise UserError(f"suite {self.name!r} changes {name}", SET_BY_SUITE[name])
        for strategy in self.trained:
            user_file.check(strategy, f"strategy {strategy.name!r}")
            if "rates" in strategy.changes:
                raise UserError(
                    f"strategy {strategy.name!r} changes rates, which a suite tunes",
                    "Expected no rates in its changes, or lr for one that is not tuned",
                )
            strategy.epochs(self.epochs)


# Settings that a suite sets, for all arms alike, and what to do instead of changing them.
SET_BY_SUITE: Mapping[str, str] = {
    **{
        name: f"Set {name} in the suite itself"
        for name in sorted({f.name for f in fields(Settings)} & {f.name for f in fields(Suite)})
    },
    "lr": "Set rates in the suite itself; one rate with most_rates = 1 is not tuned",
    "level": "An epoch of a suite has as many steps with every mixture",
}
