"""The text about experiments in README.md follows from their files."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.documents import findings
from tests.training.experiments import plan, whole
from training.experiment import store
from training.experiment.plan import begin
from training.suites.suites import SUITES

PLAIN = [0.90, 0.91, 0.89, 0.905, 0.92, 0.90, 0.91, 0.89]
GOOD = [a + 0.05 + k / 1000 for k, a in enumerate(PLAIN)]


def experiment(folder: Path, accuracies: dict[str, list[float]], **changes: Any) -> None:
    here = plan(**changes)
    begin(folder, here)
    for run in whole(here, accuracies):
        store.save(folder, run)


def test_a_folder_without_experiments_is_mentioned(tmp_path: Path):
    (tmp_path / "pick").mkdir()
    assert findings.section(tmp_path) == findings.NONE


def test_a_line_gives_the_question_and_the_first_verdict(tmp_path: Path):
    experiment(tmp_path / "made", {"good": GOOD, "plain": PLAIN, "same": PLAIN})
    assert findings.section(tmp_path) == (
        "- **Does the planted difference show?** Better than `plain`: `good` (by 5.10 to 5.60 "
        "points). 8 seeds, 30 drawings a word ([report](results/made/report.md))."
    )


def test_runs_that_collapsed_are_mentioned_beside_the_mean(tmp_path: Path):
    lost = [0.34, *GOOD[1:]]
    experiment(tmp_path / "made", {"good": lost, "plain": PLAIN, "same": PLAIN})
    assert "decide the mean of their arm: 1 of 8 runs of good." in findings.section(tmp_path)


def test_an_arm_that_decides_nothing_has_no_warning(tmp_path: Path):
    lost = [0.34, *PLAIN[1:]]
    experiment(tmp_path / "made", {"good": GOOD, "plain": PLAIN, "same": lost})
    assert "decide the mean" not in findings.section(tmp_path)


def test_one_question_under_other_conditions_shares_a_line(tmp_path: Path):
    runs = {"good": GOOD, "plain": PLAIN, "same": PLAIN}
    experiment(tmp_path / "freezing", runs, question="Does it help?")
    experiment(tmp_path / "freezing-1000", runs, question="Does it help? With more drawings.")
    [line] = findings.section(tmp_path).splitlines()
    assert line.startswith("- **Does it help?** Better than `plain`: `good`")
    assert "(results/freezing/report.md)). *With more drawings:* Better than `plain`" in line


def test_a_suite_may_have_several_deciding_contrasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    experiment(tmp_path / "made", {"good": GOOD, "plain": PLAIN, "same": PLAIN})
    name = plan().suite.name
    monkeypatch.setitem(findings.DECIDING, name, {("good", "plain"), ("same", "plain")})
    assert "Equivalent to `plain`: `same` (0.00)." in findings.section(tmp_path)


def test_deciding_contrasts_are_those_of_their_suite():
    for name, pairs in findings.DECIDING.items():
        assert pairs <= set(SUITES[name].contrasts)


def test_the_page_of_answers_has_plots_and_limits(tmp_path: Path):
    lost = [0.34, *GOOD[1:]]
    accuracies = {"good": lost, "plain": PLAIN, "same": PLAIN}
    experiment(tmp_path / "made", accuracies, missing="Nobody looked at mice.")
    assert "![" not in findings.details(tmp_path)
    (tmp_path / "made" / "figures").mkdir()
    (tmp_path / "made" / findings.PLOT).write_text("<svg/>", "utf-8")
    title, answer, plot, limits, report = findings.details(tmp_path).split("\n\n")
    assert title == "### Does the planted difference show?"
    assert "a few pairs lie far out, median +5.35)" in answer
    assert plot.endswith("(../results/made/figures/differences.svg)")
    assert limits.splitlines()[1:] == [
        "- Ended near guessing, and so decide the mean of their arm: 1 of 8 runs of good.",
        "- Nobody looked at mice.",
    ]
    assert "(../results/made/report.md)" in report


def test_suites_come_in_their_order_and_may_be_unfinished(tmp_path: Path):
    experiment(tmp_path / "few-shot", {"good": GOOD, "plain": PLAIN}, amounts=(10, None))
    experiment(tmp_path / "freezing", {}, question="Does freezing help?")
    first, second = findings.section(tmp_path).splitlines()
    assert "No contrast can be decided yet. " in first
    assert "Not finished, so no answer yet; so far: " in first
    assert "8 seeds, 30 drawings a word, 24 runs still to do ([report](results/freezing/" in first
    assert "`good` against `plain`: better with 10 a word and all drawings (by 5.00 to" in second
    assert "drawings a word, 16 runs still to do" in second


def test_another_deciding_measure_is_mentioned(tmp_path: Path):
    experiment(tmp_path / "made", {"good": GOOD, "plain": PLAIN}, outcome="early")
    line = findings.section(tmp_path)
    assert "Decided on test early accuracy: accuracy on beginnings of stroke drawings" in line


def test_the_page_has_an_answer_and_a_plot_for_each_suite(tmp_path: Path):
    experiment(tmp_path / "made", {"good": GOOD, "plain": PLAIN, "same": PLAIN})
    experiment(tmp_path / "begun", {})
    plot = tmp_path / "made" / findings.PLOT
    plot.parent.mkdir()
    plot.write_text("<svg/>", "utf-8")
    files = findings.page(tmp_path)
    assert files.keys() == {"answers.json", "made.svg"}
    assert files["made.svg"] == b"<svg/>"
    begun, made = json.loads(files["answers.json"])
    assert made == {
        "question": "Does the planted difference show?",
        "answer": "Better than plain: good (by 5.10 to 5.60 points).",
        "arms": {"good": "made good", "plain": "made plain"},
        "frame": "3 arms, 8 seeds, 30 drawings a word, 2 epochs, input 28×28, stem of stride 1; "
        "24 final runs.",
        "plot": "made.svg",
    }
    assert begun["plot"] == ""
    assert begun["answer"].startswith("Not finished, so no answer yet")
