"""Write the figures of README.md from the model's card, the benchmarks' and the suites' results.

    python -m benchmarks.figures

Nobody types a number there: what stands between the two marks is replaced.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import findings, projection
from benchmarks.result import RESULTS
from models import shelf
from models.command import UserError, run, whole_file

README = Path(__file__).parents[1] / "README.md"
PICKS = Path(__file__).parents[1] / "results" / "pick"  # runs that chose the strategy
BEGIN = "<!-- figures: written by python -m benchmarks.figures, do not edit -->\n"
END = "<!-- /figures -->"
FOUND_BEGIN = "<!-- findings: written by python -m benchmarks.figures, do not edit -->\n"
FOUND_END = "<!-- /findings -->"
SCALE_BEGIN = "<!-- scale: written by python -m benchmarks.figures, do not edit -->\n"
SCALE_END = "<!-- /scale -->"

Figures = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """Write the figures of README.md from result files."""

    readme: Path = README
    """The file with the two marks."""
    results: Path = RESULTS
    """Folder of the benchmarks' result files."""
    shelf: Path = shelf.PUBLISHED
    """Where published models stand."""
    experiments: Path = findings.EXPERIMENTS
    """Folder of the results of `training.compare`."""


def main(options: Options) -> None:
    text = filled(options.readme.read_text("utf-8"), table(options.results, options.shelf))
    text = filled(text, findings.section(options.experiments), FOUND_BEGIN, FOUND_END)
    text = filled(text, scale(options.results), SCALE_BEGIN, SCALE_END)
    with whole_file(options.readme, "w") as file:
        file.write(text)


def filled(text: str, figures: str, begin: str = BEGIN, end: str = END) -> str:
    """`text` with `figures` between two marks.

    Raises:
        UserError: when a mark is missing.
    """
    before, first, rest = text.partition(begin)
    _, second, after = rest.partition(end)
    if not first or not second:
        raise UserError("the marks of the figures are missing", f"expected {begin!r} and {end!r}")
    return f"{before}{begin}\n{figures}\n{end}{after}"


def table(results: Path, models: Path, picks: Path = PICKS) -> str:
    """The figures as a Markdown table and a line on how they were taken.

    Raises:
        UserError: when a result file is missing.
    """
    card = shelf.read_card(shelf.DEFAULT, models)
    runs = [_read(file) for file in sorted(picks.glob("*.json"))]
    found = {name: _read(results / f"{name}.json") for name in SECTIONS}
    rows = _model(card, _others(models)) + [
        row for name, rows in SECTIONS.items() for row in rows(found[name])
    ]
    lines = ["| | ours | beside it |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    machine = found["classifier"]["evidence"]
    return "\n".join(
        [
            *lines,
            "",
            f"Accuracy: drawings of the test split, which nothing was tuned to. Times: medians on "
            f"{machine['processor']}, {machine['cores']} cores, both sides of a row in one run.",
            "",
            _picked(runs),
        ]
    )


def scale(results: Path) -> str:
    """What replicas cost, and what many players or all drawings would need, in Markdown.

    Raises:
        UserError: when a result file is missing.
    """
    return projection.section(
        *(_read(results / f"{name}.json") for name in ("scale", "failover", "training"))
    )


def _read(path: Path) -> Figures:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"cannot read {path} ({error})", f"Run python -m benchmarks.{path.stem}"
        ) from error


Row = tuple[str, str, str]


def _picked(runs: list[Figures]) -> str:
    """Which strategy the published model was trained with, and why."""
    reached = {run["strategy"]["name"]: run["history"][-1]["validation_accuracy"] for run in runs}
    best = sorted(reached, key=lambda name: -reached[name])
    settings, data = runs[0]["settings"], runs[0]["data"]
    standings = ", ".join(f"`{name}` {reached[name]:.1%}" for name in best)
    return (
        f"The published model learned everything at once, which did best on validation drawings in "
        f"a first look of one seed, one rate ({settings['lr']}), {settings['epochs']} epochs of "
        f"{data['per_word']:,} drawings a word and a stem of stride {settings['stride']}: "
        f"{standings} ([runs](results/pick)). One seed settles nothing; `training.compare` is "
        "there to settle it."
    )


def _others(models: Path) -> str:
    """The other published models of the same words, in a few words."""
    own = shelf.read_card(shelf.DEFAULT, models).words
    cards = [shelf.read_card(name, models) for name in shelf.names(models)]
    return "".join(
        f"; `{card.name}`, {card.parameters:,} parameters: "
        f"{card.metrics['test']['bitmaps']['top1']:.2%}"
        for card in cards
        if card.name != shelf.DEFAULT and card.words == own
    )


def _model(card: shelf.Card, others: str) -> list[Row]:
    test = card.metrics["test"]
    bitmaps, strokes, wins = test["bitmaps"], test["rasters"], test["wins"]
    counts: dict[str, int] = strokes["n"]
    drawings = sum(counts.values())
    commonest = sorted(counts, key=lambda word: -counts[word])[:2]
    share = sum(counts[word] for word in commonest) / drawings
    won = sum(counts[word] * true for word, true in wins["true_by_word"].items()) / drawings
    partial = (f"{test['partial'][ink]['top1']:.1%}" for ink in ("25%", "50%", "75%", "100%"))
    return [
        (
            "right on Google's bitmaps, of ten words",
            f"{bitmaps['top1']:.2%}",
            f"{bitmaps['n']:,} drawings{others}",
        ),
        (
            "right on strokes rasterised here, after 25, 50, 75, 100 % of the ink",
            ", ".join(partial),
            f"{drawings:,} drawings, {share:.0%} of them of {' and '.join(commonest)}",
        ),
        (
            "stroke drawings that win their word",
            f"{won:.1%}",
            f"{wins['false']:.2%} of (drawing, wrong word) pairs win",
        ),
        (
            "calibration error",
            f"{bitmaps['calibration_error']:.1%}",
            f"{bitmaps['calibration_error_uncalibrated']:.1%} before temperature",
        ),
    ]


def _raster(found: Figures) -> list[Row]:
    pairs, one = found["fidelity"]["pillow"], found["speed"]["one"]
    return [
        (
            "raster against Google's own, mean correlation",
            f"{pairs['ours']['mean_correlation']:.4f}",
            f"{pairs['pairs']} pairs, found by Pillow's raster: "
            f"{pairs['pillow']['mean_correlation']:.4f}",
        ),
        (
            f"raster of {found['speed']['points']} points",
            f"{one['ours']['median_ms']:.2f} ms",
            f"Pillow {one['pillow']['median_ms']:.2f} ms, {one['ratio']:.1f}×",
        ),
    ]


def _classifier(found: Figures) -> list[Row]:
    one, start = found["batches"]["1"], found["start"]
    return [
        (
            "one guess, one thread",
            f"{one['ours']['median_ms']:.1f} ms",
            f"eager efficientnet-pytorch {one['eager']['median_ms']:.1f} ms, "
            f"{one['ratio']['eager']:.1f}×",
        ),
        (
            "from process start to first guess",
            f"{start['ours']['median_ms'] / 1000:.1f} s, {start['ours']['resident_mib']:.0f} MiB",
            f"eager {start['eager']['median_ms'] / 1000:.1f} s, "
            f"{start['eager']['resident_mib']:.0f} MiB",
        ),
    ]


def _page(found: Figures) -> list[Row]:
    ours, stock, asked = (
        found["ours"]["shown"],
        found["stock"]["shown"],
        found["stock"]["asked"],
    )
    return [
        (
            "pointer event to guess shown in Chromium (95 %)",
            f"{ours['median_ms']:.0f} ms ({ours['p95_ms']:.0f})",
            f"stock `gr.Sketchpad` page, from pen up: {stock['median_ms']:.0f} ms "
            f"({stock['p95_ms']:.0f}), {found['ratio_shown']:.0f}×; from its first request: "
            f"{asked['median_ms']:.0f} ms, {found['ratio_asked']:.0f}×",
        ),
        (
            "guesses a second while the pen is down",
            f"{found['ours']['guesses_per_second']:.1f}",
            f"stock page {found['stock']['guesses_per_second']:.2f}",
        ),
    ]


def _serving(found: Figures) -> list[Row]:
    ours, stock = found["ours"], found["stock"]
    return [
        (
            "ink received to guess sent, one player",
            f"{ours['one_player']['median_ms']:.1f} ms",
            f"stock page {stock['one_player']['median_ms']:.0f} ms, "
            f"{found['ratio_one_player']:.0f}×",
        ),
        (
            f"guesses a second, {found['players']} players at once",
            f"{ours['guesses_per_second']:.0f}",
            f"stock page {stock['guesses_per_second']:.0f}, {found['ratio_guesses']:.0f}×",
        ),
        (
            f"server's start to its first guess and to its whole page, of {ours['start']['n']}",
            _started(ours["start"]),
            f"stock page {_started(stock['start'])}",
        ),
    ]


def _started(start: Figures) -> str:
    return f"{start['first_guess_s']:.1f} s, {start['page_s']:.1f} s; {start['memory_mib']:.0f} MiB"


def _race(found: Figures) -> list[Row]:
    waits, memory = found["ink_to_guess"], found["memory_mib"]
    return [
        (
            f"ink to guess, {found['players']} bots racing in {found['rooms']} rooms on the same "
            "cores (99 %)",
            f"{waits['median_ms']:.0f} ms ({waits['p99_ms']:.0f})",
            f"{found['points']:,} points, {found['dropped']} dropped, {found['wrong']} wrong; "
            f"memory {memory['start']:.0f} to {memory['end']:.0f} MiB in "
            f"{found['seconds']:.0f} s",
        )
    ]


def _judge(found: Figures) -> list[Row]:
    contenders = found["contenders"]
    ours, peer = contenders[shelf.DEFAULT], contenders["doodleNet"]
    ink = ("25%", "50%", "75%")
    return [
        (
            "validation drawings: right when finished, and after 25, 50, 75 % of the ink",
            ", ".join(f"{value:.1%}" for value in (ours["top1"], *map(ours["partial"].get, ink))),
            "doodleNet (345 words, probably trained on these drawings) "
            + ", ".join(f"{value:.1%}" for value in (peer["top1"], *map(peer["partial"].get, ink))),
        ),
        (
            "the same: true wins, mean over words, with surely at most 0.5 % false ones",
            f"{ours['true_wins']:.1%}",
            f"doodleNet {peer['true_wins']:.1%}",
        ),
    ]


def _training(found: Figures) -> list[Row]:
    return [
        (
            f"training on a CPU, {name}",
            f"{case['ours']['images_per_second']:,.0f} images/s",
            f"plain recipe {case['plain']['images_per_second']:,.0f}, {case['ratio']:.1f}×",
        )
        for name, case in found["cases"].items()
    ]


SECTIONS: dict[str, Callable[[Figures], list[Row]]] = {
    "judge": _judge,
    "raster": _raster,
    "classifier": _classifier,
    "page": _page,
    "serving": _serving,
    "race": _race,
    "training": _training,
}


if __name__ == "__main__":
    run(Options, main)
