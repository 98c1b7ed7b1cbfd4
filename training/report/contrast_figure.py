"""The plot that shows the verdicts: every contrast with its interval, zero and the region.

The plot fits the width of a phone: names are above their lines instead of beside them.
"""

import math
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, SymmetricalLogLocator

from training.analysis.findings import Contrast, Findings
from training.analysis.verdict_text import NAMES, probably
from training.experiment.results import amount_of
from training.report import plotting
from training.statistics.claims import Claim
from training.statistics.intervals import Interval

ROW = 0.58
FONT = 10
FITTING = 50  # characters of a name and its verdict that fit beside each other at this size
COLOURS: dict[Claim, str] = {
    "better": "#00795A",
    "not worse": "#00795A",
    "equivalent": "#0072B2",
    "worse": "#B84A00",
    "not better": "#B84A00",
    "undecided": "#6E6E6E",
}
FAR = 20  # times the region; for larger differences the scale is no longer linear throughout


def differences(found: Findings) -> str:
    """Paired differences with their intervals, as SVG."""
    contrasts = found.contrasts[::-1]
    several = len(found.plan.suite.amounts) > 1
    with mpl.rc_context({**plotting.STYLE, "font.size": 11, "axes.grid": False}):
        figure = Figure((plotting.NARROW, 1.15 + ROW * len(contrasts)), layout="constrained")
        axes: Axes = figure.subplots()
        region = found.plan.region
        axes.axvspan(-region, region, color="#0072B2", alpha=0.13, linewidth=0)
        axes.axvline(0, color="#333333", linewidth=1.2)
        names = [_name(contrast, several) for contrast in contrasts]
        lengths = (len(name + _short(c)) for name, c in zip(names, contrasts, strict=True))
        size = FONT * min(1.0, FITTING / max(lengths, default=1))
        for row, contrast in enumerate(contrasts):
            _row(axes, row, contrast, names[row], size)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-0.5, len(contrasts) - 0.1)
        axes.set_xlabel(
            f"difference in {found.decided_on}, points\n"
            f"shaded: ±{region:g}, too small to matter; intervals hold together",
            fontsize=FONT,
        )
        _stretch_middle(axes, [c.found.difference for c in contrasts], region)
        return plotting.svg(figure)


def _name(contrast: Contrast, several: bool) -> str:
    where = f", {amount_of(contrast.per_word)}" if several else ""
    return f"{contrast.a} against {contrast.b}{where}"


def _row(axes: Axes, row: int, contrast: Contrast, name: str, size: float) -> None:
    found, colour = contrast.found, COLOURS[contrast.found.verdict]
    low, high = plotting.finite(found.difference.low), plotting.finite(found.difference.high)
    axes.plot([low, high], [row, row], color=colour, linewidth=2.4, solid_capstyle="butt")
    axes.plot(found.difference.mean, row, "o", color=colour, markersize=7)
    axes.annotate(
        name,
        (0.0, row + 0.28),
        xycoords=("axes fraction", "data"),
        va="center",
        fontsize=size,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},  # a long name crosses zero
    )
    axes.annotate(
        _short(contrast),
        (1.0, row + 0.28),
        xycoords=("axes fraction", "data"),
        va="center",
        ha="right",
        color=colour,
        fontsize=FONT,
        weight="bold",
    )


def _short(contrast: Contrast) -> str:
    """The verdict in a word or two."""
    likely = probably(contrast.found) if contrast.found.verdict == "undecided" else ""
    return likely.split(",")[0] or NAMES[contrast.found.verdict]


def _stretch_middle(axes: Axes, differences: Sequence[Interval], region: float) -> None:
    """Set a linear scale; if some differences lie far out, a logarithmic one beyond the region."""
    ends = [x for d in differences for x in (d.low, d.mean, d.high) if math.isfinite(x)]
    if region <= 0 or not ends or max(map(abs, ends)) <= FAR * region:
        widest = max([*map(abs, ends), region])
        axes.set_xlim(min([*ends, -region]) - 0.12 * widest, max([*ends, region]) + 0.12 * widest)
        axes.locator_params(axis="x", nbins=6)  # more labels would touch one another
        return
    linear = FAR * region / 4
    axes.set_xscale("symlog", linthresh=linear, linscale=1.5)
    axes.xaxis.set_major_locator(SymmetricalLogLocator(base=10, linthresh=linear, subs=(1, 3)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}".replace("-", "−")))
    axes.minorticks_off()
    axes.set_xlabel(f"{axes.get_xlabel()};\nlogarithmic beyond ±{linear:g}")
    axes.set_xlim(1.4 * min(*ends, -linear), 1.4 * max(*ends, linear))
