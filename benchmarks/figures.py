"""Writes the generated parts of README.md and docs/, and the game's page about the laboratory.

    python -m benchmarks.figures

A part stands between two marks. It is made from result files and from the code, so no number there
is typed by hand.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.documents import choosing, costs, findings, projection, protocol, reference
from benchmarks.documents.rows import SECTIONS, Figures, Row, of_many_words, of_model
from benchmarks.tools.result import RESULTS
from models import shelf
from models.command import UserError, run, whole_file

ROOT = Path(__file__).parents[1]
LABORATORY = Path("game/web/pad/laboratory")  # files of the game's page
PICKS = ROOT / "results" / "pick"  # runs that chose the strategy
A_TIME = re.compile(r"\d (m?s|images/s)\b")
IN_README = (  # the beginnings of the rows that README.md shows
    "right on Google's bitmaps",
    "words that the game asks for",
    "pointer event to guess shown",
    "ink to guess, 500 bots",
    "ink to guess on a processor with AVX2 at most, 200 bots",
    "training on a CPU, full, stride 2",
)


@dataclass(frozen=True)
class Options:
    """Write the generated parts of README.md and docs/, and the game's page of findings."""

    root: Path = ROOT
    """Folder that holds README.md, docs/ and game/."""
    results: Path = RESULTS
    """Folder of the benchmarks' result files."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    experiments: Path = findings.EXPERIMENTS
    """Folder of the results of `training.compare`."""


@dataclass(frozen=True)
class Block:
    """A generated part of a document.

    Attributes:
        file: path of the document in the repository.
        name: the name in its two marks.
        text: returns the part as Markdown.
        around: what stands between the part and each of its marks; nothing within a sentence.
    """

    file: str
    name: str
    text: Callable[[Options], str]
    around: str = "\n\n"


def _costs(name: str, *commands: str) -> Block:
    """What commands of README.md cost, within a sentence."""
    return Block("README.md", name, lambda o: costs.sentence(_measured(o), commands), around="")


def _measured(options: Options) -> Figures:
    return _read(options.results / "costs.json")


BLOCKS = (
    _costs("playing", "make play"),
    _costs(
        "training",
        *("pip install", "training.train", "training.evaluate", "training.publish"),
        "game.server --model mine",
    ),
    _costs("classifying", "models.classify"),
    _costs("comparing", "training.compare --list", "training.compare --suite smoke"),
    Block("README.md", "hours", lambda o: costs.hours(o.experiments / "freezing"), around=""),
    _costs("hosting", "game.server --host", "game.bot"),
    Block("README.md", "machine", lambda o: costs.machine(_measured(o)), around=""),
    Block("README.md", "figures", lambda o: readme_table(o.results, o.shelf)),
    Block("README.md", "findings", lambda o: findings.section(o.experiments)),
    Block("docs/findings.md", "answers", lambda o: findings.details(o.experiments)),
    Block("docs/choosing.md", "choosing", lambda o: choosing.section(o.experiments)),
    Block("docs/benchmarks.md", "figures", lambda o: table(o.results, o.shelf)),
    Block("docs/benchmarks.md", "scale", lambda o: scale(o.results)),
    Block("docs/hosting.md", "options", lambda o: reference.options()),
    Block("docs/hosting.md", "environment", lambda o: reference.environment()),
    Block("docs/protocol.md", "messages", lambda o: protocol.text()),
)


def main(options: Options) -> None:
    for block in BLOCKS:
        path = options.root / block.file
        text = filled(path.read_text("utf-8"), block, block.text(options))
        with whole_file(path, "w") as file:
            file.write(text)
    for name, content in findings.page(options.experiments).items():
        with whole_file(options.root / LABORATORY / name, "wb") as file:
            file.write(content)


def filled(text: str, block: Block, part: str) -> str:
    """`text` with `part` between the two marks of a block.

    Raises:
        UserError: if a mark is missing.
    """
    begin = f"<!-- {block.name}: written by python -m benchmarks.figures, do not edit -->"
    end = f"<!-- /{block.name} -->"
    before, first, rest = text.partition(begin)
    _, second, after = rest.partition(end)
    if not first or not second:
        raise UserError(f"the marks of {block.name} are missing", f"expected {begin!r} and {end!r}")
    return f"{before}{begin}{block.around}{part}{block.around}{end}{after}"


def rows_of(results: Path, models: Path) -> list[Row]:
    """All rows of the table of figures.

    Raises:
        UserError: when a result file is missing.
    """
    found = {name: _read(results / f"{name}.json") for name in SECTIONS}
    card = shelf.read_card(shelf.DEFAULT, models)
    return [
        *of_model(card, models),
        *of_many_words(models),
        *(
            with_vectors(row, found[name])
            for name, rows in SECTIONS.items()
            for row in rows(found[name])
        ),
    ]


def with_vectors(row: Row, found: Figures) -> Row:
    """A row of times with the processor's vector instructions, if they were recorded."""
    what, ours, others = row
    vectors = found["evidence"].get("vectors")
    return (what, ours, f"{others} ({vectors})") if vectors and A_TIME.search(ours) else row


def readme_table(results: Path, models: Path) -> str:
    """The rows of `IN_README` as a Markdown table, and how they were measured.

    Raises:
        UserError: when a result file is missing.
    """
    rows = rows_of(results, models)
    chosen = [next(row for row in rows if row[0].startswith(start)) for start in IN_README]
    return f"{_markdown(chosen)}\n\n{_taken(results)}"


def table(results: Path, models: Path, picks: Path = PICKS) -> str:
    """All figures as a Markdown table, and a line on how they were measured.

    Raises:
        UserError: when a result file is missing.
    """
    runs = [_read(file) for file in sorted(picks.glob("*.json"))]
    return "\n\n".join([_markdown(rows_of(results, models)), _taken(results), _picked(runs)])


def _markdown(rows: list[Row]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(["| | ours | for comparison |", "|---|---|---|", *lines])


def _taken(results: Path) -> str:
    machine = _read(results / "classifier.json")["evidence"]
    return (
        f"Accuracy is on drawings of the test split, which nothing was tuned to. Times are medians "
        f"on {machine['processor']}, {machine['cores']} cores; both sides of a row come "
        "from one run. AVX2 and AVX-512 are the widest vector instructions of the processor of a "
        "run; where a row names none, they were not recorded."
    )


def scale(results: Path) -> str:
    """The cost of replicas, and of many players or all drawings, as Markdown.

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
        raise UserError(f"cannot read {path}: {error}", f"Run {_command(path)}") from error


def _command(result: Path) -> str:
    """What makes a result: the module of its name, or else of its name less the last word."""
    if (ROOT / "benchmarks" / f"{result.stem}.py").exists():
        return f"python -m benchmarks.{result.stem}"
    return f"python -m benchmarks.{result.stem.rpartition('_')[0]} --out {result}"


def _picked(runs: list[Figures]) -> str:
    """The strategy that `classic-b0` was first trained with, and why it was chosen."""
    reached = {run["strategy"]["name"]: run["history"][-1]["validation_accuracy"] for run in runs}
    best = sorted(reached, key=lambda name: -reached[name])
    settings, data = runs[0]["settings"], runs[0]["data"]
    standings = ", ".join(f"`{name}` {reached[name]:.1%}" for name in best)
    return (
        f"`classic-b0` was first trained with all layers learning at once, the strategy with the "
        f"best validation accuracy in a first trial of one seed, one rate ({settings['lr']}), "
        f"{settings['epochs']} epochs of {data['per_word']:,} drawings a word and a stem "
        f"of stride {settings['stride']}: {standings} ([runs](../results/pick)). "
        "One seed decides nothing; `training.compare` can."
    )


if __name__ == "__main__":
    run(Options, main)
