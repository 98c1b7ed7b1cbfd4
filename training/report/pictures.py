"""Pictures of selected runs as SVG: guesses for example drawings, and feature maps."""

import math
from collections.abc import Sequence
from textwrap import fill

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from training.analysis.findings import Standing
from training.analysis.transferability import Transferability
from training.choices import Split
from training.experiment.results import Prediction, Result
from training.metrics.examples import Examples
from training.report import plotting

ACROSS = 4  # maps in a row
TITLE = 22  # letters that fit above a map
LABEL, LINE = 90, 10  # width and height of a label, in points
RIGHT, WRONG = "#E3EEF6", "#FBE3D3"
Map = list[tuple[float, float]]


def guesses(standings: Sequence[Standing], examples: Examples) -> str:
    """The guesses of each arm's selected run: a column per drawing, a row per arm."""
    rows = [(s.arm, s.pictured.test.examples) for s in standings if s.pictured and s.pictured.test]
    with mpl.rc_context(plotting.BARE):
        figure = Figure((plotting.WIDE, 1.05 + 0.36 * len(rows)), layout="constrained")
        axes = figure.subplots()
        axes.set_xlim(-0.5, len(examples.words) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -2.4)
        half = min(0.4, 0.05 * len(examples.words))  # of a column's width: makes squares
        for column, bitmap in enumerate(examples.bitmaps):
            place = (column - half, column + half, -0.55, -2.35)
            axes.imshow(bitmap, cmap="gray_r", extent=place, aspect="auto", origin="upper")
        for row, (_, guessed) in enumerate(rows):
            for column, guess in enumerate(guessed):
                _cell(axes, column, row, guess, guess.word == examples.words[column])
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(examples.words)), [w.replace(" ", "\n") for w in examples.words])
        axes.set_yticks(range(len(rows)), [arm for arm, _ in rows])
        axes.tick_params(length=0)
        axes.tick_params(axis="x", labelsize=8)
        axes.spines[:].set_visible(False)
        return plotting.svg(figure)


def _cell(axes: Axes, column: int, row: int, guess: Prediction, right: bool) -> None:
    colour = RIGHT if right else WRONG
    axes.add_patch(Rectangle((column - 0.48, row - 0.45), 0.96, 0.9, color=colour))
    weight = "normal" if right else "bold"
    axes.text(column, row - 0.17, guess.word, ha="center", va="center", fontsize=6.6, weight=weight)
    sure = f"{guess.probability:.0%}"
    axes.text(column, row + 0.24, sure, ha="center", va="center", fontsize=6, color="#555555")


def feature_maps(standings: Sequence[Standing], words: Sequence[str]) -> str:
    """Each start's features once, then those of the arms that began from it."""
    maps = _titled([s.pictured for s in standings if s.pictured is not None])
    rows = math.ceil(len(maps) / ACROSS)
    with mpl.rc_context(plotting.BARE):
        figure = Figure((plotting.WIDE, 0.5 + 1.95 * rows), layout="constrained")
        panels = list(figure.subplots(rows, ACROSS, squeeze=False).flat)
        for axes, (title, labels, places) in zip(panels, maps, strict=False):
            _scatter(axes, labels, places, words)
            axes.set_title(fill(title, TITLE), fontsize=8.5)
        for axes in panels[len(maps) :]:
            axes.set_visible(False)
        plotting.legend(figure, panels[0])
        return plotting.svg(figure)


def _titled(runs: Sequence[Result]) -> list[tuple[str, list[int], Map]]:
    """Maps with their titles; arms of the same start share the map before training."""
    starts: list[tuple[str, Result, list[Result]]] = []
    for run in (run for run in runs if run.feature_map is not None):
        same = [others for _, first, others in starts if _before(first) == _before(run)]
        if same:
            same[0].append(run)
        else:
            starts.append((str(run.strategy.get("start", "start")), run, [run]))
    names = [name for name, _, _ in starts]
    titled: list[tuple[str, list[int], Map]] = []
    for name, first, group in starts:
        still = [run.arm for run in group if _after(run) == _before(first)]
        before = f"{name}, before" + f" {first.arm}" * (names.count(name) > 1)
        titled.append((" = ".join([before, *still]), _labels(first), _before(first)))
        titled += [(run.arm, _labels(run), _after(run)) for run in group if run.arm not in still]
    return titled


def _before(run: Result) -> Map:
    return run.feature_map.before if run.feature_map else []


def _after(run: Result) -> Map:
    return run.feature_map.after if run.feature_map else []


def _labels(run: Result) -> list[int]:
    return run.feature_map.labels if run.feature_map else []


def _scatter(axes: Axes, labels: Sequence[int], places: Map, words: Sequence[str]) -> None:
    points, of = np.array(places), np.array(labels)
    for label, word in enumerate(words):
        look = plotting.look(label)
        own = points[of == label]
        axes.plot(*own.T, linestyle="none", markersize=2.6, alpha=0.8, label=word, **look)
    axes.set(xticks=[], yticks=[], xlim=(-0.05, 1.05), ylim=(-0.05, 1.05), aspect="equal")
    for spine in axes.spines.values():
        spine.set_color("#D5D5D5")
        spine.set_visible(True)


def starts(points: Sequence[Transferability], measure: str, eval_split: Split) -> str:
    """Accuracy after training against accuracy of the start's features before it."""
    recipes = list(dict.fromkeys(each.recipe for each in points))
    with mpl.rc_context(plotting.STYLE):
        figure, [axes] = plotting.panels(1, 3.2)
        for each in points:
            look = plotting.look(recipes.index(each.recipe))
            axes.plot(each.before[measure], each.after, linestyle="none", **look)
        axes.margins(x=0.14, y=0.12)
        _label(axes, [(each.arm, each.before[measure], each.after) for each in points])
        axes.set_xlabel(f"{measure} on the start's features, before training, points")
        axes.set_ylabel(f"{eval_split} accuracy, points")
        return plotting.svg(figure)


def _label(axes: Axes, points: Sequence[tuple[str, float, float]]) -> None:
    """Label points from the top; a label that would cover others is moved below them."""
    width, height = 72 * axes.bbox.width / axes.figure.dpi, 72 * axes.bbox.height / axes.figure.dpi
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    placed: list[tuple[float, float]] = []
    for name, x, y in sorted(points, key=lambda point: -point[2]):
        at = (x - left) / (right - left) * width
        own = (y - bottom) / (top - bottom) * height
        free = own
        while any(abs(at - a) < LABEL and abs(free - b) < LINE for a, b in placed):
            free -= 1
        placed.append((at, free))
        axes.annotate(
            name,
            (x, y),
            xytext=(6, free - own - 3),
            textcoords="offset points",
            fontsize=8,
        )
