"""What README.md says of the laboratory's experiments: a line a suite, from its result files."""

from pathlib import Path

from training.analysis.findings import Findings, findings
from training.analysis.verdict_text import edges, in_brief
from training.experiment import results
from training.experiment.suites import SUITES

EXPERIMENTS = Path(__file__).parents[1] / "results"
NONE = "No suite has been run in full yet."


def section(folder: Path = EXPERIMENTS) -> str:
    """Markdown about every experiment in a folder, in the order in which suites are declared.

    Raises:
        UserError: when a file cannot be read.
    """
    places = sorted((path.parent for path in folder.glob("*/plan.json")), key=_order)
    return "\n".join(line(place) for place in places) or NONE


def _order(place: Path) -> tuple[int, str]:
    names = list(SUITES)
    return (names.index(place.name) if place.name in names else len(names), place.name)


def line(place: Path) -> str:
    """The question of an experiment, its verdicts, and what it was run with."""
    plan = results.read_plan(place)
    found = findings(plan, results.load(place, plan))
    says = "; ".join(in_brief(found, "`")) or "no final run is done yet"
    return (
        f"- **{plan.suite.question}** {says}. {_decided(found)}{_edges(found)}{_frame(found)} "
        f"([report](results/{place.name}/report.md))."
    )


def _decided(found: Findings) -> str:
    """What the verdicts are about, where it is not accuracy on the test split."""
    on = found.decided_on
    return "" if on == "test accuracy" else f"Decided on {on}: {found.outcome.says}. "


def _edges(found: Findings) -> str:
    """Whose learning rates may not be their best."""
    arms = ", ".join(dict.fromkeys(f"`{standing.arm}`" for standing in edges(found)))
    return f"At the edge of the learning rates tried: {arms}. " if arms else ""


def _frame(found: Findings) -> str:
    """How large the experiment was, and whether all of it is there."""
    suite = found.plan.suite
    amounts = ", ".join("all" if amount is None else f"{amount:,}" for amount in suite.amounts)
    done = len(suite.units) * suite.seeds - found.undone
    whole = f"{done} final runs" + (f", {found.undone} still to do" if found.undone else "")
    return (
        f"{len(suite.arms)} arms, {suite.seeds} seeds, {amounts} drawings a word, {suite.epochs} "
        f"epochs, stem of stride {suite.stride}; {whole}"
    )
