"""The plots of a published model's page, as SVG text, drawn from its card and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from models.shelf import Card
from training.metrics.wins import FALSE_WINS
from training.report.plotting import COLOURS, STYLE, WIDE, finite, legend, panels, svg

BLUE, RED, GREEN = COLOURS[:3]
HEIGHT = 2.9  # inches
NAMED = {0.0, 0.5, 0.8, 0.9, 0.99, 0.999}  # thresholds written beside the curve
LABEL: Any = {"textcoords": "offset points", "color": "#555555"}


def reliability(card: Card) -> str:
    """Accuracy against confidence, in bins with equal numbers of test drawings."""
    test = card.metrics["test"]["bitmaps"]
    sure, right, counts = np.array(test["reliability"], np.float64).T
    with mpl.rc_context(STYLE):
        figure = Figure((WIDE, HEIGHT), layout="constrained")
        axes, close = figure.subplots(1, 2)
        for one in (axes, close):
            one.plot([0, 1], [0, 1], color="#999999", linewidth=0.9, label="perfectly calibrated")
            deviation = np.sqrt(np.maximum(right * (1 - right), 1e-4) / counts)
            one.errorbar(sure, right, 1.96 * deviation, fmt="o", color=BLUE, label=card.name)
            one.set_xlabel("probability of the first guess")
        axes.set_ylabel("share that is right")
        axes.legend(loc="upper left")
        axes.set_title("all")
        close.set_title("the sure ones")
        close.set(xlim=(0.9, 1.005), ylim=(0.9, 1.005))
        return svg(figure)


def partial(card: Card) -> str:
    """Accuracy and share of drawings that have won, against the share of ink."""
    test = card.metrics["test"]
    known = test["partial"]
    ink = [_percent(share) for share in known]
    with mpl.rc_context(STYLE):
        figure, [axes] = panels(1, HEIGHT)
        for key, name, colour, marker in (
            ("top1", "first guess right, all stroke drawings", BLUE, "o"),
            ("top1_macro", "first guess right, mean over words", RED, "s"),
        ):
            values = [100 * finite(known[share][key]) for share in known]
            axes.plot(ink, values, color=colour, marker=marker, label=name)
        won = _won(test["wins"]["won_by"], test["rasters"]["n"])
        axes.plot(list(won), list(won.values()), color=GREEN, marker="^", label="won by then, all")
        axes.set(xlabel="ink drawn, % of its length", ylabel="% of test drawings", ylim=(0, 102))
        legend(figure, axes)  # the curves cross the axes from corner to corner
        return svg(figure)


def false_wins(card: Card) -> str:
    """True wins against false wins by threshold, with the chosen threshold marked."""
    wins = card.metrics["test"]["wins"]
    rows = [row for row in wins["curve"] if row["false"] > 0]  # the scale has no zero
    false = [100 * row["false"] for row in rows]
    true = [100 * finite(row["true"]) for row in rows]
    with mpl.rc_context(STYLE):
        figure, [axes] = panels(1, HEIGHT)
        axes.plot(false, true, ".-", color=BLUE)
        picked = 100 * max(wins["false"], 0.5 / wins["pairs"])
        axes.plot(picked, 100 * wins["true"], "o", color=BLUE, label=f"threshold {card.threshold}")
        for row, x, y in zip(rows, false, true, strict=True):
            if row["threshold"] in NAMED:
                axes.annotate(f"{row['threshold']:g}", (x, y), (4, -11), **LABEL)
        axes.axvline(100 * FALSE_WINS, color=RED, linestyle="--", label="allowed")
        axes.set_xscale("log")
        axes.set(xlabel="false wins, % of pairs of drawing and wrong word", ylabel="true wins, %")
        axes.legend(loc="lower right")
        return svg(figure)


def _won(by: Mapping[str, Mapping[str, float]], counts: Mapping[str, int]) -> dict[float, float]:
    """Percentage of all drawings that have won, by percentage of ink."""
    return {
        _percent(share): 100
        * sum(won * counts[word] for word, won in words.items())
        / sum(counts.values())
        for share, words in by.items()
    }


def _percent(share: str) -> float:
    return float(share.removesuffix("%"))


PLOTS: Mapping[str, Callable[[Card], str]] = {
    "reliability": reliability,
    "partial": partial,
    "false-wins": false_wins,
}
