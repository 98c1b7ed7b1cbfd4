"""The look of all plots of the project, and helpers to draw them.

The same data give the same bytes.
"""

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator
from numpy.typing import NDArray

# Okabe & Ito (2008): distinguishable with any colour vision; markers differ as well.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
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
BARE: Any = {**STYLE, "axes.grid": False}  # for pictures and tables of shades
WIDE = 7.4  # inches
NARROW = 4.4  # of a plot that fits the width of a phone


def panels(count: int, height: float, width: float = WIDE) -> tuple[Figure, list[Axes]]:
    """A figure of `count` plots side by side with a shared y axis; sizes in inches."""
    figure = Figure((width, height), layout="constrained")
    return figure, list(figure.subplots(1, count, sharey=True, squeeze=False)[0])


def svg(figure: Figure) -> str:
    """A figure as the text of an SVG file."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def look(place: int) -> dict[str, Any]:
    """Colour and marker of the arm at a place in its suite, or of a word; 64 different ones."""
    turn, place = divmod(place, len(COLOURS))
    return {"color": COLOURS[place], "marker": MARKERS[(place + turn) % len(MARKERS)]}


def columns(entries: int) -> int:
    """Columns of a legend: at most five, in the fewest rows, all of about the same length."""
    return math.ceil(entries / math.ceil(entries / 5))


def legend(figure: Figure, *panels: Axes) -> None:
    """One legend above all panels, each label once."""
    entries: dict[str, Any] = {}
    for axes in panels:
        handles, labels = axes.get_legend_handles_labels()
        entries.update(zip(labels, handles, strict=True))
    if entries:
        figure.legend(
            list(entries.values()),
            list(entries),
            loc="outside upper left",
            ncols=columns(len(entries)),
        )


def logarithmic_x(axes: Axes, ticks: Sequence[float] | None = None) -> None:
    """A logarithmic x axis with plain numbers, at `ticks` or at 1, 2 and 5 times powers of ten."""
    if not math.isfinite(axes.dataLim.minposx):
        return  # there are no positive values, as when every run diverged in its first epoch
    axes.set_xscale("log")
    if ticks is None:
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    else:
        axes.set_xticks(ticks)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _plain(x)))
    axes.minorticks_off()


def _plain(x: float) -> str:
    """A tick's label, with enough digits to distinguish ticks that are close together."""
    return f"{x:,.0f}" if math.isclose(x, round(x)) else f"{x:,g}"


def finite(bound: float) -> float:
    """A finite bound unchanged; NaN, which is not drawn, for an infinite one."""
    return bound if math.isfinite(bound) else math.nan


def heat(axes: Axes, table: NDArray[np.float64], shades: NDArray[np.float64]) -> None:
    """A table of numbers on shades in 0 .. 1."""
    axes.imshow(shades, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(table):
        colour = "white" if shades[row, column] > 0.6 else "#222222"
        text = f"{value:.1f}"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=7.5)
