"""The plots of a report, as SVG text. Same findings, same bytes."""

import io
import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, SymmetricalLogLocator
from numpy.typing import NDArray

from training.findings import Findings, Measure, Standing, confusion, curve
from training.progress import amount_of
from training.results import Result
from training.statistics import Interval

# Okabe & Ito (2008): told apart with any colour vision; the marker says it again.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
VERDICTS = {
    "better": "#009E73",
    "worse": "#D55E00",
    "equivalent": "#0072B2",
    "undecided": "#8A8A8A",
}
STYLE: Any = {  # the keys are a Literal type of the newest matplotlib only
    "figure.facecolor": "white",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "lines.markersize": 5,
    "svg.hashsalt": "doodle-race",
}
WIDE = 7.4  # inches
FAR = 20  # times the region: beyond it a difference would squeeze all others on a linear scale


class Plots:
    """Draws what an experiment found.

    Args:
        found: of `training.findings`.
    """

    def __init__(self, found: Findings) -> None:
        self.found = found
        arms = found.plan.suite.arms
        self._looks: dict[str, dict[str, Any]] = {
            arm: {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)]}
            for i, arm in enumerate(arms)
        }

    def accuracy(self, per_word: int | None) -> str:
        """Every run's test accuracy, with mean and interval."""
        standings = self.found.at(per_word)[::-1]
        with mpl.rc_context(STYLE):
            figure, axes = _panels(1, 0.9 + 0.34 * len(standings))
            for row, standing in enumerate(standings):
                look = self._looks[standing.arm]
                values = list(standing.accuracies.values())
                axes[0].plot(
                    values, [row - 0.16] * len(values), ".", color=look["color"], alpha=0.45
                )
                _interval(axes[0], standing, row, look)
            axes[0].set_yticks(range(len(standings)), [s.arm for s in standings])
            axes[0].set_ylim(-0.6, len(standings) - 0.4)
            axes[0].set_xlabel("test accuracy, points; mean, 95 % interval, and each seed")
            return _svg(figure)

    def differences(self) -> str:
        """Paired differences with intervals, beside the region of practical equivalence."""
        contrasts = self.found.contrasts[::-1]
        several = len(self.found.plan.suite.amounts) > 1
        with mpl.rc_context(STYLE):
            figure, [axes] = _panels(1, 0.9 + 0.3 * len(contrasts))
            region = self.found.plan.region
            axes.axvspan(-region, region, color="#0072B2", alpha=0.12, linewidth=0)
            axes.axvline(0, color="#555555", linewidth=0.8)
            for row, contrast in enumerate(contrasts):
                found = contrast.found
                colour = VERDICTS[found.verdict]
                low, high = _clipped(found.difference.low), _clipped(found.difference.high)
                axes.plot([low, high], [row, row], color=colour)
                axes.plot(found.difference.mean, row, "o", color=colour)
                axes.annotate(
                    f" {found.verdict}",
                    (1.0, row),
                    xycoords=("axes fraction", "data"),
                    va="center",
                    color=colour,
                )
            labels = [
                f"{c.a} – {c.b}" + (f", {amount_of(c.per_word)}" if several else "")
                for c in contrasts
            ]
            axes.set_yticks(range(len(contrasts)), labels)
            axes.set_ylim(-0.6, len(contrasts) - 0.4)
            axes.set_xlabel("difference in test accuracy, points; shaded: too small to matter")
            _stretch_middle(axes, [c.found.difference for c in contrasts], region)
            return _svg(figure)

    def curves(self, per_word: int | None) -> str:
        """Validation accuracy by images and by seconds, with bands over seeds."""
        with mpl.rc_context(STYLE):
            figure, panels = _panels(2, 3.1)
            for standing in self.found.at(per_word):
                line, look = curve(standing), self._looks[standing.arm]
                for axes, x in zip(panels, (line.images, line.seconds), strict=True):
                    axes.plot(x, line.mean, label=standing.arm, **look)
                    if np.isfinite(line.low).all():
                        axes.fill_between(
                            x, line.low, line.high, color=look["color"], alpha=0.15, linewidth=0
                        )
            for axes, label in zip(panels, ("images seen", "seconds of training"), strict=True):
                axes.axhline(
                    100 * self.found.plan.suite.target,
                    color="#999999",
                    linewidth=0.8,
                    dashes=(4, 3),
                )
                axes.set_xlabel(label)
            panels[0].xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
            _logarithmic_x(panels[1])
            panels[0].set_ylabel("validation accuracy, points")
            _legend(figure, panels[0])
            return _svg(figure)

    def by_seconds(self, per_word: int | None) -> str:
        """Test accuracy against seconds of training."""
        with mpl.rc_context(STYLE):
            figure, [axes] = _panels(1, 3.0)
            for standing in self.found.at(per_word):
                look = self._looks[standing.arm]
                x, accuracy = standing.mean(lambda run: run.seconds), standing.accuracy
                if not math.isfinite(x):
                    continue
                if math.isfinite(accuracy.low):
                    axes.plot([x, x], [accuracy.low, accuracy.high], color=look["color"])
                axes.plot(x, accuracy.mean, linestyle="none", label=standing.arm, **look)
            _logarithmic_x(axes)
            axes.set_xlabel("seconds of training a run, without start-up and evaluation")
            axes.set_ylabel("test accuracy, points")
            _legend(figure, axes)
            return _svg(figure)

    def by_data(self) -> str:
        """Test accuracy against training drawings a word, with bands."""
        everything = self.found.plan.bitmaps["train"] / len(self.found.plan.words)
        with mpl.rc_context(STYLE):
            figure, [axes] = _panels(1, 3.3)
            for arm in self.found.plan.suite.arms:
                own = [s for s in self.found.standings if s.arm == arm]
                x = [s.per_word or everything for s in own]
                look = self._looks[arm]
                axes.plot(x, [s.accuracy.mean for s in own], label=arm, **look)
                low, high = [s.accuracy.low for s in own], [s.accuracy.high for s in own]
                if np.isfinite(low).all():
                    axes.fill_between(x, low, high, color=look["color"], alpha=0.15, linewidth=0)
            _logarithmic_x(axes, [amount or everything for amount in self.found.amounts])
            axes.set_xlabel("training drawings a word")
            axes.set_ylabel("test accuracy, points")
            _legend(figure, axes)
            return _svg(figure)

    def other_conditions(self, per_word: int | None) -> str:
        """Accuracy on changed and partial drawings, a row an arm."""
        standings = [s for s in self.found.at(per_word) if s.lost < len(s.runs)]
        columns, table = conditions(standings)
        with mpl.rc_context({**STYLE, "axes.grid": False}):
            figure, [axes] = _panels(1, 1.1 + 0.34 * len(standings))
            _heat(axes, table, _within_columns(table))
            axes.set_xticks(range(len(columns)), columns, rotation=30, ha="left")
            axes.set_yticks(range(len(standings)), [s.arm for s in standings])
            return _svg(figure)

    def confusion(self, standing: Standing) -> str:
        """Which word is taken for which, over all seeds."""
        words = self.found.plan.words
        with mpl.rc_context({**STYLE, "axes.grid": False}):
            figure, [axes] = _panels(1, 1.4 + 0.32 * len(words))
            shares = confusion(standing)
            _heat(axes, 100 * shares, shares)
            axes.set_xticks(range(len(words)), words, rotation=40, ha="left")
            axes.set_yticks(range(len(words)), words)
            axes.set_ylabel("drawn")
            axes.set_xlabel("guessed, % of those drawn")
            return _svg(figure)

    def tuning(self, per_word: int | None) -> str:
        """Validation accuracy of every learning rate tried; the chosen one is ringed."""
        with mpl.rc_context(STYLE):
            figure, [axes] = _panels(1, 2.8)
            for standing in self.found.at(per_word):
                choice = standing.choice
                if choice is None:
                    continue
                rates, look = list(choice.accuracy), self._looks[standing.arm]
                axes.plot(
                    rates, [100 * a for a in choice.accuracy.values()], label=standing.arm, **look
                )
                best = 100 * choice.accuracy[choice.rate]
                axes.plot(
                    choice.rate, best, "o", markersize=11, fillstyle="none", color=look["color"]
                )
            _logarithmic_x(axes, self.found.plan.suite.rates)
            axes.set_xlabel("peak learning rate")
            axes.set_ylabel("validation accuracy, points")
            _legend(figure, axes)
            return _svg(figure)


def conditions(standings: Sequence[Standing]) -> tuple[list[str], NDArray[np.float64]]:
    """Names of the conditions and accuracies in points, (arms, conditions)."""
    first = next((run.test for s in standings for run in s.runs if run.test is not None), None)
    if first is None:
        return [], np.zeros((0, 0))
    changed, ink = list(first.changed), list(first.partial)
    rows = [[s.mean(_reads("accuracy")) for s in standings]]
    rows += [[s.mean(_reads("changed", name)) for s in standings] for name in changed]
    rows += [[s.mean(_reads("partial", share)) for s in standings] for share in ink]
    return ["as drawn", *changed, *(f"{share} of the ink" for share in ink)], np.array(rows).T


def _reads(field: str, name: str | None = None) -> Measure:
    """A measure in points that reads a field of a run's test, or an entry of one."""

    def read(run: Result) -> float:
        value = getattr(run.test, field)
        return 100 * float(value if name is None else value[name])

    return read


def _panels(count: int, height: float) -> tuple[Figure, list[Axes]]:
    figure = Figure((WIDE, height), layout="constrained")
    return figure, list(figure.subplots(1, count, sharey=True, squeeze=False)[0])


def _interval(axes: Axes, standing: Standing, row: float, look: dict[str, Any]) -> None:
    accuracy = standing.accuracy
    if math.isfinite(accuracy.low):
        axes.plot([accuracy.low, accuracy.high], [row + 0.1] * 2, color=look["color"])
    axes.plot(accuracy.mean, row + 0.1, **look)


def _stretch_middle(axes: Axes, differences: Sequence[Interval], region: float) -> None:
    """A scale that is linear around the region and logarithmic beyond, where some lie far out."""
    ends = [x for d in differences for x in (d.low, d.mean, d.high) if math.isfinite(x)]
    if region <= 0 or not ends or max(map(abs, ends)) <= FAR * region:
        return
    linear = FAR * region / 4
    axes.set_xscale("symlog", linthresh=linear, linscale=1.5)
    axes.xaxis.set_major_locator(SymmetricalLogLocator(base=10, linthresh=linear, subs=(1, 3)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}".replace("-", "−")))
    axes.minorticks_off()
    axes.set_xlabel(f"{axes.get_xlabel()}; logarithmic beyond ±{linear:g}")
    axes.set_xlim(1.4 * min(*ends, -linear), 1.4 * max(*ends, linear))


def _logarithmic_x(axes: Axes, ticks: Sequence[float] | None = None) -> None:
    """With plain numbers, at `ticks` or at 1, 2 and 5 times the powers of ten."""
    if not math.isfinite(axes.dataLim.minposx):
        return  # nothing to draw on such a scale, as when every run diverged in its first epoch
    axes.set_xscale("log")
    if ticks is None:
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    else:
        axes.set_xticks(ticks)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,g}" if x < 1 else f"{x:,.0f}"))
    axes.minorticks_off()


def _clipped(bound: float) -> float:
    """Nothing is drawn of a bound at infinity."""
    return bound if math.isfinite(bound) else math.nan


def _within_columns(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shades between 0.1 for the least of each column and 0.8 for the most."""
    span = np.ptp(table, axis=0)
    return 0.1 + 0.7 * (table - table.min(0)) / np.where(span > 0, span, np.inf)


def _heat(axes: Axes, table: NDArray[np.float64], shades: NDArray[np.float64]) -> None:
    axes.imshow(shades, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(table):
        colour = "white" if shades[row, column] > 0.6 else "#222222"
        text = f"{value:.1f}"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=7.5)


def _legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside upper left", ncols=min(len(labels), 5))


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
