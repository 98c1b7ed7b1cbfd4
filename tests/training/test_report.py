"""Reports of made-up results: what they say, that they stand alone, that they come out the same."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.training.experiments import plan, result, whole
from training import report
from training.results import Plan, Result

rng = np.random.default_rng(4)
SEEDS = rng.normal(0.9, 0.02, 8)
PLAIN = SEEDS.round(4).tolist()
GOOD = (SEEDS + 0.02 + rng.normal(0, 0.003, 8)).round(4).tolist()
SAME = (SEEDS + rng.normal(0, 0.0004, 8)).round(4).tolist()


@pytest.fixture(name="results")
def results_of_all() -> tuple[Plan, list[Result]]:
    here = plan()
    return here, whole(here, {"good": GOOD, "plain": PLAIN, "same": SAME})


def texts(folder: Path, where: Plan, found: list[Result]) -> tuple[str, str]:
    page, text = report.write(folder, where, found)
    return page.read_text("utf-8"), text.read_text("utf-8")


def test_the_verdict_is_in_words_and_follows_from_the_numbers(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    page, text = texts(tmp_path, *results)
    gap = 100 * (np.mean(GOOD) - np.mean(PLAIN))
    for written in (page, text):
        assert f"good is better than plain, by {gap:.2f} points" in written
        assert "same and plain are equivalent: they differ by less than 0.2 points" in written
        assert "Highest mean accuracy: good" in written
        assert "This is not all" not in written


def test_an_open_question_stays_open(tmp_path: Path):
    here = plan()
    noisy = [a + b for a, b in zip(PLAIN, [0.05, -0.06] * 4, strict=True)]
    page, text = texts(tmp_path, here, whole(here, {"good": noisy, "plain": PLAIN}))
    for written in (page, text):
        assert "whether good or plain is better is undecided" in written
        assert "This is not all: 16 of 24 final runs are done" in written


def test_too_few_seeds_are_said_to_be_too_few(tmp_path: Path):
    here = plan(seeds=3)
    _, text = texts(tmp_path, here, whole(here, {"good": GOOD[:3], "plain": PLAIN[:3]}))
    assert "With 3 seeds the test cannot go below 0.250" in text


def test_the_page_loads_nothing(tmp_path: Path, results: tuple[Plan, list[Result]]):
    page, text = texts(tmp_path, *results)
    sources = re.findall(r'(?:src|href)="?([^"\s>]+)', page)
    assert len(sources) == 7
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert "url(" not in page
    assert "@import" not in page
    figures = re.findall(r"\]\((figures/[\w-]+\.svg)\)", text)
    assert len(figures) == 7
    assert all((tmp_path / figure).is_file() for figure in figures)


def test_the_same_results_make_the_same_report(tmp_path: Path, results: tuple[Plan, list[Result]]):
    here, found = results
    assert texts(tmp_path / "a", here, found) == texts(tmp_path / "b", here, found[::-1])


def test_lost_runs_and_edges_are_in_the_tables(tmp_path: Path):
    here = plan(seeds=2)
    found = whole(here, {"good": [0.9], "plain": [0.9, 0.8]})
    found.append(result(here, "good", seed=1, status="diverged"))
    _, text = texts(tmp_path, here, found)
    [good] = re.findall(r"^\| good \| 2 \| 1 \| .*$", text, re.M)
    assert "61.67" in good  # the mean of 90 and of guessing one of three
    assert re.search(r"^\| good \| 30 a word \| 0\.001 \| 80\.00 \| yes \|", text, re.M)
    assert "∞" in text


def test_an_experiment_that_lost_every_run_still_has_a_report(tmp_path: Path):
    here = plan(seeds=2)
    found = [r for r in whole(here, {}) if r.arm == "good"]
    found += [result(here, "good", seed=seed, status="failed") for seed in (0, 1)]
    page, text = texts(tmp_path, here, found)
    assert "| good | 2 | 2 | 33.33 ± 0.00 |" in text
    assert "nan" not in re.sub(r"base64,\S+", "", page)


def test_a_comparison_that_is_only_tuned_has_no_verdict(tmp_path: Path):
    here = plan(seeds=2)
    page, text = texts(tmp_path, here, whole(here, {}))
    assert "- No final run is done yet." in text
    assert "This is not all: 0 of 6" in page


def test_several_amounts_are_told_apart(tmp_path: Path):
    here = plan(amounts=(10, 100, None), seeds=8)
    page, text = texts(tmp_path, here, whole(here, {"good": GOOD, "plain": PLAIN}))
    [verdict] = re.findall(r"<li>(good against plain: .*?)\.</li>", page)
    for amount in ("10 a word", "100 a word", "all drawings"):
        assert f"better with {amount} (+" in verdict
    assert "![Test accuracy by training drawings a word" in text
    for name in ("curves-10", "curves-100", "curves-all", "by-data"):
        assert (tmp_path / "figures" / f"{name}.svg").stat().st_size > 1000


def test_what_people_name_is_escaped(tmp_path: Path):
    here = plan(question="Is <b> & co. better?")
    page, _ = texts(tmp_path, here, whole(here, {"plain": PLAIN}))
    assert "<h1>Is &lt;b&gt; &amp; co. better?</h1>" in page
