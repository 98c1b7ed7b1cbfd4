"""The plots of a report, as SVG text. The same findings give the same bytes."""

import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from training.analysis.findings import (
    Findings,
    Standing,
    accuracy_under,
    changes,
    confusion,
    curve,
    inks,
    true_wins,
)
from training.experiment.tuning import Search
from training.metrics.win_rate import AREA
from training.report import plotting

BAND: Any = {"alpha": 0.15, "linewidth": 0}


class Plots:
    """Draws the findings of an experiment.

    Args:
        found: of `training.analysis.findings`.
    """

    def __init__(self, found: Findings) -> None:
        self.found = found
        arms = found.plan.suite.arms
        self._looks = {arm: plotting.look(place) for place, arm in enumerate(arms)}

    def accuracy(self, per_word: int | None) -> str:
        """The outcome of every run, with mean and interval."""
        standings = self.found.at(per_word)[::-1]
        with mpl.rc_context(plotting.STYLE):
            figure, axes = plotting.panels(1, 0.9 + 0.34 * len(standings))
            for row, standing in enumerate(standings):
                look = self._looks[standing.arm]
                values = list(standing.points(standing.outcome).values())
                axes[0].plot(
                    values, [row - 0.16] * len(values), ".", color=look["color"], alpha=0.45
                )
                _interval(axes[0], standing, row, look)
            axes[0].set_yticks(range(len(standings)), [s.arm for s in standings])
            axes[0].set_ylim(-0.6, len(standings) - 0.4)
            axes[0].set_xlabel(
                f"{self.found.decided_on}, points; mean, 95 % interval, and each seed"
            )
            return plotting.svg(figure)

    def curves(self, per_word: int | None) -> str:
        """Validation accuracy by images and by seconds, with bands over seeds."""
        with mpl.rc_context(plotting.STYLE):
            figure, panels = plotting.panels(2, 3.1)
            for standing in self.found.at(per_word):
                line, look = curve(standing), self._looks[standing.arm]
                for axes, x in zip(panels, (line.images, line.seconds), strict=True):
                    axes.plot(x, line.mean, label=standing.arm, **look)
                    if np.isfinite(line.low).all():
                        low, high = np.clip(line.low, 0, 100), np.clip(line.high, 0, 100)
                        axes.fill_between(x, low, high, color=look["color"], **BAND)
            for axes, label in zip(panels, ("images seen", "seconds of training"), strict=True):
                axes.axhline(
                    100 * self.found.plan.suite.target,
                    color="#999999",
                    linewidth=0.8,
                    dashes=(4, 3),
                )
                axes.set_xlabel(label)
            panels[0].xaxis.set_major_locator(MaxNLocator(5))
            panels[0].xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
            plotting.logarithmic_x(panels[1])
            panels[0].set_ylabel("validation accuracy, points")
            plotting.legend(figure, panels[0])
            return plotting.svg(figure)

    def by_seconds(self, per_word: int | None) -> str:
        """Outcome against median seconds of training."""
        with mpl.rc_context(plotting.STYLE):
            figure, [axes] = plotting.panels(1, 3.0)
            for standing in self.found.at(per_word):
                look = self._looks[standing.arm]
                x, decided = standing.median(lambda run: run.seconds), standing.decided
                if not math.isfinite(x):
                    continue
                if math.isfinite(decided.low):
                    axes.plot([x, x], [decided.low, decided.high], color=look["color"])
                axes.plot(x, decided.mean, linestyle="none", label=standing.arm, **look)
            plotting.logarithmic_x(axes)
            axes.set_xlabel("seconds of training a run, without start-up and evaluation")
            axes.set_ylabel(f"{self.found.decided_on}, points")
            plotting.legend(figure, axes)
            return plotting.svg(figure)

    def by_data(self) -> str:
        """Outcome against training drawings per word, with bands."""
        everything = self.found.plan.bitmaps["train"] / len(self.found.plan.words)
        with mpl.rc_context(plotting.STYLE):
            figure, [axes] = plotting.panels(1, 3.3, plotting.NARROW)
            for arm in self.found.plan.suite.arms:
                own = [s for s in self.found.standings if s.arm == arm]
                x = [s.per_word or everything for s in own]
                look = self._looks[arm]
                axes.plot(x, [s.decided.mean for s in own], label=arm, **look)
                low, high = [s.decided.low for s in own], [s.decided.high for s in own]
                if np.isfinite(low).all():
                    axes.fill_between(x, low, high, color=look["color"], **BAND)
            plotting.logarithmic_x(axes, [amount or everything for amount in self.found.amounts])
            axes.set_xlabel("training drawings a word")
            axes.set_ylabel(f"{self.found.decided_on}, points")
            plotting.legend(figure, axes)
            return plotting.svg(figure)

    def other_conditions(self, per_word: int | None) -> str:
        """Accuracy on changed drawings, and by the share of a drawing that is drawn."""
        standings = [s for s in self.found.at(per_word) if s.lost < len(s.runs)]
        changed, shares = changes(standings), inks(standings)
        with mpl.rc_context(plotting.STYLE):
            figure, sides = plotting.panels(1 + bool(shares), 3.3)
            for standing in standings:
                look = self._looks[standing.arm]
                for axes, names in zip(sides, (changed, shares), strict=False):
                    values = [accuracy_under(standing, name) for name in names]
                    axes.plot(range(len(names)), values, label=standing.arm, linewidth=0.8, **look)
            for axes, names in zip(sides, (changed, shares), strict=False):
                axes.set_xticks(range(len(names)), names)
                axes.margins(x=0.06)
            sides[0].tick_params(axis="x", rotation=30)
            sides[0].set_ylabel(f"{self.found.plan.suite.eval_split} accuracy, points")
            sides[0].set_xlabel("what was done to the drawings")
            sides[-1].set_xlabel("share of the ink that is drawn" if shares else "")
            plotting.legend(figure, sides[0])
            return plotting.svg(figure)

    def wins(self, per_word: int | None) -> str:
        """True wins against false wins, a line per arm; `wins` is the mean of the shaded part."""
        lines = [(s.arm, true_wins(s)) for s in self.found.at(per_word)]
        with mpl.rc_context(plotting.STYLE):
            figure, [axes] = plotting.panels(1, 4.2)
            for arm, line in lines:
                if line:
                    shares = [float(share.rstrip("%")) for share in line]
                    axes.plot(shares, list(line.values()), label=arm, **self._looks[arm])
                    plotting.logarithmic_x(axes, shares)
            left, right = axes.get_xlim()
            axes.axvspan(left, 100 * AREA, color="#0072B2", alpha=0.07, linewidth=0)
            axes.set_xlim(left, right)
            axes.set_xlabel("false wins, % of the pairs of a drawing and a word that it is not of")
            axes.set_ylabel("true wins, % of the drawings of a word")
            axes.set_ylim(0, 100)
            plotting.legend(figure, axes)
            return plotting.svg(figure)

    def confusion(self, standing: Standing) -> str:
        """Confusion matrix over all seeds."""
        words = self.found.plan.words
        with mpl.rc_context(plotting.BARE):
            figure, [axes] = plotting.panels(1, 1.4 + 0.32 * len(words))
            shares = confusion(standing)
            plotting.heat(axes, 100 * shares, shares)
            axes.set_xticks(range(len(words)), words, rotation=40, ha="left")
            axes.set_yticks(range(len(words)), words)
            axes.set_ylabel("drawn")
            axes.set_xlabel("guessed, % of those drawn")
            return plotting.svg(figure)

    def tuning(self, per_word: int | None) -> str:
        """Validation accuracy of every learning rate tried; the chosen ones are ringed."""
        tuned = [
            (arm, choice)
            for (amount, arm), choice in self.found.tuned.items()
            if amount == per_word
        ]
        names = list(dict.fromkeys(s.name for _, choice in tuned for s in choice.searches))
        with mpl.rc_context(plotting.STYLE):
            figure, panels = plotting.panels(max(len(names), 1), 2.8)
            for axes, name in zip(panels, names, strict=False):
                for arm, choice in tuned:
                    self._search(axes, arm, [s for s in choice.searches if s.name == name])
                plotting.logarithmic_x(axes)
                axes.set_xlabel(f"rate of: {name}")
            panels[0].set_ylabel("validation accuracy, points")
            plotting.legend(figure, *panels)
            return plotting.svg(figure)

    def _search(self, axes: Axes, arm: str, searches: Sequence[Search]) -> None:
        look = self._looks[arm]
        for search in searches:
            reached = {rate: 100 * accuracy for rate, accuracy in search.accuracy.items()}
            axes.plot(list(reached), list(reached.values()), label=arm, **look)
            ring: dict[str, Any] = {"markersize": 11, "fillstyle": "none", "color": look["color"]}
            axes.plot(search.rate, reached[search.rate], "o", **ring)


def _interval(axes: Axes, standing: Standing, row: float, look: dict[str, Any]) -> None:
    decided = standing.decided
    if math.isfinite(decided.low):
        axes.plot([decided.low, decided.high], [row + 0.1] * 2, color=look["color"])
    axes.plot(decided.mean, row + 0.1, **look)
