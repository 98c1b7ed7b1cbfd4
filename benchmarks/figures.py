"""Write the figures of README.md from the model's card, the benchmarks' and the suites' results.

    python -m benchmarks.figures

Nobody types a number there: what stands between the two marks is replaced.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks import findings, projection
from benchmarks.result import RESULTS
from benchmarks.rows import SECTIONS, Figures, of_model
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
    rows = of_model(card, models) + [
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


if __name__ == "__main__":
    run(Options, main)
