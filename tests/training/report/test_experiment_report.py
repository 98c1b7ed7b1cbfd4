"""Reports of made-up results: what they say, that they stand alone, that they come out the same."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.training.experiments import plan, result, whole
from tests.training.experiments import shown as drawings
from training.experiment import provenance
from training.experiment.provenance import Origin
from training.experiment.results import Plan, Result
from training.metrics import examples
from training.report import experiment_report, plotting

rng = np.random.default_rng(4)
SEEDS = rng.normal(0.9, 0.02, 8)
PLAIN = SEEDS.round(4).tolist()
GOOD = (SEEDS + 0.02 + rng.normal(0, 0.003, 8)).round(4).tolist()
SAME = (SEEDS + rng.normal(0, 0.0004, 8)).round(4).tolist()
ONE = {"good": [0.9, 0.8], "plain": [0.8, 0.9]}
PLOTS = (
    *("differences", "accuracy", "curves", "by-seconds", "conditions", "confusion"),
    *("starts-linear-probe", "guesses", "features", "tuning"),
)


@pytest.fixture(name="results")
def results_of_all() -> tuple[Plan, list[Result]]:
    here = plan()
    return here, whole(here, {"good": GOOD, "plain": PLAIN, "same": SAME})


def texts(folder: Path, where: Plan, found: list[Result]) -> tuple[str, str]:
    examples.save(folder, drawings())
    page, text = experiment_report.write(folder, where, found)
    return page.read_text("utf-8"), text.read_text("utf-8")


def test_the_verdict_is_in_words_and_follows_from_the_numbers(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    page, text = texts(tmp_path, *results)
    gap = 100 * (np.mean(GOOD) - np.mean(PLAIN))
    for written in (page, text):
        assert f"In short, in points: better than plain: good (+{gap:.2f}); equivalent" in written
        assert f"good is better than plain, by {gap:.2f} points" in written
        assert "same and plain are equivalent: they differ by less than 0.2 points" in written
        assert "Highest mean accuracy: good" in written
        assert "This is not all" not in written


def test_rates_at_the_edge_are_flagged_beside_the_verdict(tmp_path: Path):
    here = plan(rates=(1e-3, 3e-3, 1e-2), seeds=1)
    within = result(here, "plain", 0.95, 1000, "tuning", rate=3e-3)
    rest = [r for r in whole(here, ONE) if (r.stage, r.arm, r.rate) != ("tuning", "plain", 3e-3)]
    _, text = texts(tmp_path, here, [*rest, within])
    assert "at the edge of those tried for good: a better one may lie beyond" in text


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
    assert len(sources) == len(PLOTS)
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert "url(" not in page
    assert "@import" not in page
    figures = re.findall(r"\]\((figures/[\w-]+\.svg)\)", text)
    assert figures == [f"figures/{name}.svg" for name in PLOTS]
    assert {f"figures/{path.name}" for path in (tmp_path / "figures").iterdir()} == set(figures)


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


def test_starts_of_one_name_that_differ_are_told_apart(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    """As the same weights do behind stems of other strides."""
    here, found = results
    alike = [r.model_copy(update={"strategy": {"start": "imagenet"}}) for r in found]
    for runs, titles in (
        (alike, {"imagenet, before good", "imagenet, before plain"}),
        ([r for r in alike if r.arm != "plain"], {"imagenet, before"}),
    ):
        texts(tmp_path, here, runs)
        drawn = (tmp_path / "figures" / "features.svg").read_text("utf-8")
        assert set(re.findall("<!-- (.*, before.*) -->", drawn)) == titles


@pytest.mark.parametrize(("entries", "across"), [(1, 1), (5, 5), (6, 3), (7, 4), (10, 5), (11, 4)])
def test_a_legend_has_rows_of_like_length(entries: int, across: int):
    assert plotting.columns(entries) == across


def test_what_people_name_is_escaped(tmp_path: Path):
    here = plan(question="Is <b> & co. better?")
    page, _ = texts(tmp_path, here, whole(here, {"plain": PLAIN}))
    assert "<h1>Is &lt;b&gt; &amp; co. better?</h1>" in page


def test_what_a_start_was_worth_is_beside_what_came_of_it(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    near = Origin(
        start="near", says="335 other words", images=5000, seconds=60, accuracy=0.6, command="make"
    )
    provenance.save(tmp_path, [near])
    _, text = texts(tmp_path, *results)
    good = 100 * np.mean(GOOD)
    assert f"| good | good | 30 a word | {50 * GOOD[0]:.2f} | {good:.2f} |" in text
    assert "over the 3 arms good, " in text
    assert "With 3 starts p cannot go below 0.333: no proof." in text
    assert "| near | 335 other words | 5,000 | 60 | – | – | 60.00 |" in text


def test_what_was_never_looked_at_closely_is_left_out(tmp_path: Path):
    here = plan(seeds=2)
    found = [r.model_copy(update={"before": {}, "feature_map": None}) for r in whole(here, ONE)]
    page, text = experiment_report.write(tmp_path, here, found)
    for heading in ("What the start was worth", "The same drawings", "What the features look like"):
        assert heading not in text.read_text("utf-8") + page.read_text("utf-8")


def test_plots_of_an_earlier_report_are_gone(tmp_path: Path, results: tuple[Plan, list[Result]]):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "curves-10.svg").write_text("<svg/>")
    texts(tmp_path, *results)
    assert not (tmp_path / "figures" / "curves-10.svg").exists()


def test_prices_and_targets_are_written_out(tmp_path: Path, results: tuple[Plan, list[Result]]):
    _, text = texts(tmp_path, *results)
    assert "| plain | 1,000 | 2,000.0 | 4,000.0 | 4.0 | 50 | 1 MiB |" in text
    reached = sum(accuracy >= 0.9 for accuracy in PLAIN)
    assert f"| plain | {reached} of 8 | " in text


def test_a_suite_says_what_it_was_decided_on_and_where_it_sat(tmp_path: Path):
    """The more accurate arm wins less, and the verdict goes by wins."""
    here = plan(outcome="wins", sat_on="validation", region=1.0)
    wins = (SEEDS - 0.3).round(4).tolist()
    areas = {"good": wins, "plain": [w + 0.05 for w in wins], "same": wins}
    found = whole(here, {"good": GOOD, "plain": PLAIN, "same": SAME}, areas)
    page, text = texts(tmp_path, here, found)
    for written in (page, text):
        assert "Decided on true wins, as was declared before: the share of" in written
        assert "good is worse than plain, by 5.00 points" in written
        assert "Highest mean true wins: plain" in written
        assert "the test split is not looked at" in written
        assert "Test accuracy" not in written
        assert "test accuracy" not in written
    assert "| arm | true wins | accuracy | early accuracy |" in text
    assert "| arm | 0.1 % false | 0.5 % false | 2.0 % false |" in text
    [row] = re.findall(r"^\| plain \|.*\| 60\.00 ± 0\.00 \|$", text, re.M)
    assert f"| {100 * np.mean(areas['plain']):.2f} ±" in row
    assert (tmp_path / "figures" / "wins.svg").stat().st_size > 1000


def test_reports_of_accuracy_say_nothing_of_wins(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    for written in texts(tmp_path, *results):
        assert "wins" not in written
        assert "Decided on" not in written
