"""docs/choosing.md advises what the results of the suites say, and nothing without results."""

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.documents import choosing
from tests.training.experiments import plan, whole
from training.experiment import store
from training.experiment.plan import begin
from training.statistics.claims import Claim
from training.suites.suites import SUITES

LOW = [0.90, 0.91, 0.89, 0.905, 0.92, 0.90, 0.91, 0.89]
HIGH = [value + 0.05 + k / 1000 for k, value in enumerate(LOW)]
WIDE = [value + (-1) ** k * 0.04 for k, value in enumerate(LOW)]
ARMS = ("discriminative", "full", "by-depth")
QUESTION = "One learning rate"


def experiment(folder: Path, accuracies: dict[str, list[float]], **changes: Any) -> None:
    """Results of `layers` with two of its contrasts."""
    pairs = (("discriminative", "full"), ("by-depth", "full"))
    here = plan(name="layers", arms=ARMS, contrasts=pairs, **changes)
    begin(folder / "layers", here)
    for run in whole(here, accuracies):
        store.save(folder / "layers", run)


def about(question: str, text: str) -> str:
    """The part of the page about a choice."""
    [part] = [part for part in text.split("### ") if part.startswith(question)]
    return part


def rows(part: str) -> list[str]:
    """The rows of a choice's table, without its head."""
    return [line for line in part.splitlines() if line.startswith("| `")]


def test_without_results_nothing_is_advised(tmp_path: Path):
    text = choosing.section(tmp_path)
    assert text.count("### ") == text.count("Not measured here yet: ") == len(choosing.CHOICES)
    assert rows(text) == []
    assert re.findall(r"\d+\.\d", text) == []


@pytest.mark.parametrize(
    ("slow", "full", "found", "advice"),
    [
        (HIGH, LOW, "better (by 5.10 to 5.60 points)", "take `discriminative`"),
        (LOW, HIGH, "worse (by 5.10 to 5.60 points)", "take `full`"),
        (LOW, LOW, "equivalent (0.00)", "take the cheaper one"),
        (WIDE, LOW, "not decided (0.00)", "measure it on your drawings"),
    ],
)
def test_the_advice_follows_the_verdict(
    tmp_path: Path, slow: list[float], full: list[float], found: str, advice: str
):
    experiment(tmp_path, {"discriminative": slow, "full": full, "by-depth": full})
    part = about(QUESTION, choosing.section(tmp_path))
    source = "[`layers`](../results/layers/report.md)"
    assert rows(part) == [
        f"| `discriminative` against `full`, 30 a word | {found} | 1.00× | {advice} | {source} |",
        "| `by-depth` against `full`, 30 a word | equivalent (0.00) | 1.00× | "
        f"take the cheaper one | {source} |",
        f"| `gradual` against `full` | no verdict: its runs are not done yet | | | {source} |",
    ]
    conditions = about("Under which conditions", choosing.section(tmp_path))
    assert "- `layers`: 8 seeds; 30 a word; 2 epochs" in conditions
    head = about("Is it enough to train a head", choosing.section(tmp_path))
    assert "Not measured here yet: the suites `few-shot`, `fixed-filters`, `three-ways`." in head


def test_an_unfinished_suite_gives_no_advice(tmp_path: Path):
    experiment(tmp_path, {"discriminative": HIGH, "full": LOW})
    text = choosing.section(tmp_path)
    first, second, _ = rows(about(QUESTION, text))
    assert "better (by 5.10 to 5.60 points) | 1.00× | wait: the suite is not finished |" in first
    assert "| `by-depth` against `full` | no verdict: its runs are not done yet |" in second
    assert "Not finished: 8 final runs still to do." in about("Under which conditions", text)


def test_every_amount_of_drawings_has_its_own_advice(tmp_path: Path):
    reached = {"discriminative": HIGH, "full": LOW, "by-depth": LOW}
    experiment(tmp_path, reached, amounts=(10, None))
    part = about(QUESTION, choosing.section(tmp_path))
    assert part.count("`full`, 10 a word |") == part.count("`full`, all drawings |") == 2


def test_every_verdict_has_its_advice():
    assert set(choosing.ADVICE) == set(Claim.__args__)


def test_every_contrast_is_declared_by_its_suite():
    for choice in choosing.CHOICES:
        for suite, pairs in choice.evidence.items():
            assert set(pairs) <= set(SUITES[suite].contrasts), (suite, pairs)


def test_each_command_measures_its_choice_in_a_folder_of_its_own():
    for choice in choosing.CHOICES:
        command = choosing.command(choice)
        assert command.count("\n") == 2  # one fenced line
        assert f"--suite {choice.suite} " in command
        assert f"--out results/mine/{choice.suite}" in command
