"""What an experiment can find, computed before it is run. Pure functions.

The power is declared with the plan and printed in the report. A verdict of "undecided" means
nothing to a reader who does not know how large a difference would have been found.
"""

import math
from dataclasses import dataclass

from scipy import special

from training.statistics.sign_flip import least_p

ALPHA = 0.05  # chance that any claim of an experiment is false
PROMISED = 0.8
MOST_PAIRS = 1000


def level(contrasts: int) -> float:
    """Level of each one-sided claim in a family of this many contrasts (Bonferroni).

    A contrast has two directions. In each, the claims are nested ("better" implies "not worse"), so
    at most one false claim a direction counts: 2 · contrasts · level is the error of the family,
    and of its intervals together.
    """
    return ALPHA / (2 * max(contrasts, 1))


@dataclass(frozen=True)
class Power:
    """What a given number of pairs can find.

    The sign-flip test is nearly as powerful as Student's on normal differences, so the noncentral t
    distribution gives its power (checked by simulation in the tests).

    Attributes:
        sd: standard deviation of the paired differences, in points. It comes from a pilot, so it is
            only known roughly.
        pairs: number of independent pairs; number of starts if the start is the random factor.
        contrasts: number of contrasts in the family.
        region: half the width of the region of equivalence, in points.

    Raises:
        ValueError: if the deviation is not above 0 and finite, or the region not at least 0.
    """

    sd: float
    pairs: int
    contrasts: int
    region: float

    def __post_init__(self) -> None:
        if not 0 < self.sd < math.inf or not self.region >= 0:
            raise ValueError(
                f"sd is {self.sd}, region {self.region}: expected sd above 0, region at least 0"
            )

    def finds(self, shift: float) -> float:
        """Chance of making a claim when the true difference exceeds its boundary by `shift`."""
        n, tested = self.pairs, level(self.contrasts)
        if least_p(n) > tested:  # also for one pair, which has no spread
            return 0.0
        critical = float(special.stdtrit(n - 1, 1 - tested))
        return 1 - float(special.nctdtr(n - 1, shift * math.sqrt(n) / self.sd, critical))

    @property
    def not_worse(self) -> float:
        """Chance of finding an arm not worse, within the region, when both are equally good."""
        return self.finds(self.region)

    @property
    def equivalent(self) -> float:
        """Chance that two arms that do not differ are found equivalent; a lower bound."""
        return max(0.0, 2 * self.not_worse - 1)

    def detectable(self, promised: float = PROMISED) -> float:
        """Smallest difference in points that is found with the promised chance; inf if none is."""
        if self.finds(100 * self.sd) < promised:
            return math.inf
        low, high = 0.0, 100 * self.sd
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if self.finds(middle) >= promised else (middle, high)
        return high


def pairs_needed(
    sd: float, region: float, contrasts: int, promised: float = PROMISED
) -> int | None:
    """The fewest pairs that find, with this chance, that an equally good arm is not worse.

    None if even 1,000 pairs are too few.

    Raises:
        ValueError: as `Power`.
    """
    fits = (
        n for n in range(2, MOST_PAIRS + 1) if Power(sd, n, contrasts, region).not_worse >= promised
    )
    return next(fits, None)
