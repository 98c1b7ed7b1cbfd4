"""The findings of the experiments: a line a question for README.md, more for docs and the game."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.analysis.findings import Findings, findings
from training.analysis.numbers import counted
from training.analysis.verdict_text import answer, collapsed, stem, unmeasured
from training.experiment import store
from training.experiment.plan import read_plan
from training.suites.suite import Suite
from training.suites.suites import SUITES

EXPERIMENTS = Path(__file__).parents[2] / "results"
PLOT = Path("figures") / "differences.svg"
# The contrasts that answer a suite's question in one line; of other suites it is the first one.
DECIDING = {
    "freezing": {("freeze-2", "full"), ("freeze-2", "full-longer-2")},
    "freezing-1000": {("freeze-2", "full"), ("freeze-2", "full-longer-2")},
    "freezing-56": {("freeze-2", "full"), ("freeze-2", "full-longer-2")},
    "freezing-length": {
        *(("freeze-1", "full"), ("freeze-5", "full"), ("solved-head", "full")),
        ("freeze-5", "full-longer-5"),
    },
    "freezing-stem": {
        ("freeze-2-random-stem", "full-random-stem"),
        ("freeze-2-random-stem", "full-longer-2-random-stem"),
    },
    "architectures": {("small", "full"), ("small", "scratch"), ("resnet18-scratch", "scratch")},
    "stem-and-head": {*SUITES["stem-and-head"].contrasts},
    "three-ways": {("discriminative", "full"), ("head-only", "full"), ("full", "scratch")},
}
NONE = "No suite has results yet, so no question is answered."


def section(folder: Path = EXPERIMENTS) -> str:
    """Markdown with a line for each question, in the order in which suites are declared.

    A suite that asks the question of one before it, under other conditions, shares its line.

    Raises:
        UserError: when a file cannot be read.
    """
    lines: dict[str, str] = {}
    for place in _places(folder):
        found = read(place)
        asked = found.plan.suite.question
        before = next((question for question in lines if asked.startswith(question)), None)
        if before is None:
            lines[asked] = f"- **{asked}** {line(place, found)}"
        else:
            under = asked.removeprefix(before).strip().removesuffix(".")
            lines[before] += f" *{under}:* {line(place, found)}"
    return "\n".join(lines.values()) or NONE


def details(folder: Path = EXPERIMENTS) -> str:
    """Markdown with a part for every experiment: question, answer, plot, limits.

    Raises:
        UserError: when a file cannot be read.
    """
    return "\n\n".join(map(_part, _places(folder))) or NONE


def page(folder: Path = EXPERIMENTS) -> dict[str, bytes]:
    """Files of the game's page about the laboratory: `answers.json`, and the plot of each suite.

    Raises:
        UserError: when a file cannot be read.
    """
    places = _places(folder)
    answers = [_answer(place) for place in places]
    text = json.dumps(answers, ensure_ascii=False, indent=2) + "\n"
    plots = {f"{p.name}.svg": (p / PLOT).read_bytes() for p in places if (p / PLOT).is_file()}
    return {"answers.json": text.encode(), **plots}


def _places(folder: Path) -> list[Path]:
    return sorted((path.parent for path in folder.glob("*/plan.json")), key=_order)


def _order(place: Path) -> tuple[int, str]:
    names = list(SUITES)
    return (names.index(place.name) if place.name in names else len(names), place.name)


def line(place: Path, found: Findings) -> str:
    """The verdicts that decide an experiment's question, what limits them, and the size."""
    suite, deciding = found.plan.suite, _deciding(found)
    edges = unmeasured(deciding)
    return (
        f"{_interim(found)}{answer(deciding, '`')} {_decided(found)}"
        f"{f'{edges} ' if edges else ''}{_collapsed(deciding)}"
        f"{counted(suite.seeds, 'seed')}, {_amounts(suite)} drawings a word{_left(found)} "
        f"([report](results/{place.name}/report.md))."
    )


def _deciding(found: Findings) -> Findings:
    """The same with nothing but the contrasts that decide the question, and their arms."""
    suite = found.plan.suite
    deciding = DECIDING.get(suite.name, set(suite.contrasts[:1]))
    pairs = tuple(pair for pair in suite.contrasts if pair in deciding)
    arms = {arm for pair in pairs for arm in pair}
    return replace(
        found,
        plan=replace(found.plan, suite=replace(suite, contrasts=pairs)),
        standings=tuple(each for each in found.standings if each.arm in arms),
        contrasts=tuple(each for each in found.contrasts if (each.a, each.b) in pairs),
        tuned={unit: choice for unit, choice in found.tuned.items() if unit[1] in arms},
    )


def _part(place: Path) -> str:
    found = read(place)
    suite = found.plan.suite
    picture = f"![The differences with their intervals](../results/{place.name}/{PLOT.as_posix()})"
    limits = (
        f"{_decided(found)}{_frame(found)}.",
        *(collapsed(found), unmeasured(found), suite.missing),
    )
    return "\n\n".join(
        [
            f"### {suite.question}",
            f"{_interim(found)}{answer(found, '`')}",
            *([picture] if (place / PLOT).is_file() else []),
            "\n".join(f"- {limit}" for limit in limits if limit),
            f"[The report](../results/{place.name}/report.md) has the curves, the power, all "
            "numbers and the commands.",
        ]
    )


def _answer(place: Path) -> dict[str, Any]:
    """The same in brief, as plain text in parts, with what the compared ways of training are."""
    found = read(place)
    deciding = _deciding(found)
    compared = dict.fromkeys(arm for pair in deciding.plan.suite.contrasts for arm in pair)
    runs = {standing.arm: standing.runs[0] for standing in found.standings}
    return {
        "question": found.plan.suite.question,
        "answer": f"{_interim(found)}{answer(deciding)}",
        "arms": {arm: runs[arm].strategy["description"] for arm in compared if arm in runs},
        "frame": f"{_decided(found)}{_collapsed(found)}{_frame(found)}.",
        "plot": f"{place.name}.svg" if (place / PLOT).is_file() else "",
    }


def read(place: Path) -> Findings:
    """The findings from a folder of results.

    Raises:
        UserError: when a file cannot be read.
    """
    plan = read_plan(place)
    return findings(plan, store.load(place, plan))


def _interim(found: Findings) -> str:
    """A warning for an experiment that is not finished: its tests are declared for all runs."""
    return "Not finished, so no answer yet; so far: " if found.undone else ""


def _decided(found: Findings) -> str:
    """The measure that decides the verdicts, if it is not accuracy on the test split."""
    on = found.decided_on
    return "" if on == "test accuracy" else f"Decided on {on}: {found.outcome.description}. "


def _collapsed(found: Findings) -> str:
    """A warning about runs that decide the mean of their arm."""
    warning = collapsed(found)
    return f"{warning} " if warning else ""


def _frame(found: Findings) -> str:
    """The size of the experiment, and whether all its runs are done."""
    suite = found.plan.suite
    done = sum(len(standing.runs) for standing in found.standings)
    return (
        f"{len(suite.arms)} arms, {suite.seeds} seeds, {_amounts(suite)} drawings a word, "
        f"{suite.epochs} epochs, input {suite.side}×{suite.side}, {stem(found)}; "
        f"{done} final runs{_left(found)}"
    )


def _amounts(suite: Suite) -> str:
    return ", ".join("all" if amount is None else f"{amount:,}" for amount in suite.amounts)


def _left(found: Findings) -> str:
    return f", {counted(found.undone, 'run')} still to do" if found.undone else ""
