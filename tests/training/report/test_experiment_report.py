"""Reports of made-up results: their sentences, one self-contained file, equal on every call."""

import base64
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.experiments import examples as drawings
from tests.training.experiments import plan, result, whole
from training.analysis import verdict_text
from training.analysis.findings import findings
from training.experiment import provenance
from training.experiment.plan import Plan, declared_power
from training.experiment.provenance import StartProvenance
from training.experiment.results import Result
from training.metrics import examples
from training.report import experiment_report, plotting

rng = np.random.default_rng(4)
SEEDS = rng.normal(0.9, 0.02, 8)
PLAIN = SEEDS.round(4).tolist()
GOOD = (SEEDS + 0.02 + rng.normal(0, 0.003, 8)).round(4).tolist()
SAME = (SEEDS + rng.normal(0, 0.0004, 8)).round(4).tolist()
ONE = {"good": [0.9, 0.8], "plain": [0.8, 0.9]}
PLOTS = (
    *("differences", "curves", "accuracy", "by-seconds", "conditions", "confusion"),
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


def pictured(folder: Path, name: str) -> str:
    """The figure of the page whose SVG contains a text."""
    page = (folder / "report.html").read_text("utf-8")
    found = [base64.b64decode(code).decode() for code in re.findall(r"base64,([^\"]+)\"", page)]
    words = {"features": ", before", "wins": "false wins"}
    [svg] = [svg for svg in found if words[name] in svg]
    return svg


def test_the_verdict_is_in_words_and_follows_from_the_numbers(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    page, text = texts(tmp_path, *results)
    gap = 100 * (np.mean(GOOD) - np.mean(PLAIN))
    for written in (page, text):
        assert re.search(r"Good is better than plain, by 1\.\d\d to \d\.\d\d points", written)
        assert "Equivalent to plain: same (" in written
        assert f"(mean difference +{gap:.2f}, " in written
        assert "Same and plain are equivalent: they differ by less than 0.2 points" in written
        assert "Highest mean accuracy: good" in written
        assert "Not finished" not in written


def test_the_first_screen_is_question_answer_plot_and_limits(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    _, text = texts(tmp_path, *results)
    start = text[: text.index("## ")]
    places = [
        start.index(part)
        for part in (
            "# Does the planted",
            "> Good is better than plain",
            "![Paired differences",
            "It holds for",
        )
    ]
    assert places == sorted(places)
    assert "30 a word; 2 epochs" in start
    assert "|" not in start  # no table


def test_power_and_deviations_are_reported(tmp_path: Path, results: tuple[Plan, list[Result]]):
    here, found = results
    _, text = texts(tmp_path, here, found)
    assert "No power was declared before the run" in text
    assert "## Deviations from the declared suite\n\n- None." in text
    suite = replace(here.suite, sd=0.3)
    planned = replace(
        here, suite=suite, deviations=("seeds: 8 instead of 9.",), power=declared_power(suite)
    )
    moved = [run.model_copy(update={"experiment": planned.id}) for run in found]
    _, text = texts(tmp_path, planned, moved)
    assert re.search(r"differences of 0\.\d+ points or more are found in 80%", text)
    assert "- seeds: 8 instead of 9." in text
    assert "Observed standard deviation of the paired differences: 0." in text


def test_rates_at_the_edge_are_flagged_beside_the_verdict(tmp_path: Path):
    here = plan()
    edge = result(here, "good", 0.95, 1000, "tuning", rate=1e-2)
    rest = [
        r
        for r in whole(here, {"good": GOOD, "plain": PLAIN, "same": SAME})
        if (r.stage, r.arm, r.rate) != ("tuning", "good", 1e-2)
    ]
    _, text = texts(tmp_path, here, [*rest, edge])
    assert "Not measured: good. The best learning rate lies at the edge" in text
    assert "Good is better" not in text


def test_an_open_question_stays_open(tmp_path: Path):
    here = plan()
    noisy = [a + b for a, b in zip(PLAIN, [0.05, -0.06] * 4, strict=True)]
    page, text = texts(tmp_path, here, whole(here, {"good": noisy, "plain": PLAIN}))
    for written in (page, text):
        assert "Whether good or plain is better is not decided" in written
        assert "Not finished: 16 of 24 final runs are done" in written


def test_arms_with_settings_of_their_own_are_told(tmp_path: Path):
    arms = ("full", "tutorial-full", "tutorial-scratch")
    here = plan(arms=arms, contrasts=(("tutorial-full", "full"),))
    _, text = texts(tmp_path, here, whole(here, dict.fromkeys(arms, PLAIN)))
    assert "The rate is part of the recipe of tutorial-full and tutorial-scratch" in text
    assert "Every phase of every other arm tried" in text
    assert "schedule one-cycle; tutorial-full and tutorial-scratch: optimiser sgd, lr 0.001" in text
    assert "batch 64" in text
    assert "augmentation none. A seed" in text


def test_too_few_seeds_are_said_to_be_too_few(tmp_path: Path):
    here = plan(seeds=3)
    _, text = texts(tmp_path, here, whole(here, {"good": GOOD[:3], "plain": PLAIN[:3]}))
    assert "With 3 independent pairs the test cannot fall below 0.250" in text


def test_the_page_loads_nothing(tmp_path: Path, results: tuple[Plan, list[Result]]):
    page, text = texts(tmp_path, *results)
    sources = re.findall(r'(?:src|href)="?([^"\s>]+)', page)
    assert len(sources) == len(PLOTS)
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert "url(" not in page
    assert "@import" not in page
    figures = re.findall(r"\]\((figures/[\w-]+\.svg)\)", text)
    assert figures == [f"figures/{name}.svg" for name in PLOTS[:2]]  # the others are folded
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
    assert re.search(
        r"^\| good \| 30 a word \| all \| 0\.003 \| 80\.00 \| 0\.001, .* \| yes \|", text, re.M
    )
    assert "∞" not in text


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
    assert "No contrast can be decided yet." in text
    assert "Not finished: 0 of 6" in page


def test_several_amounts_are_distinguished(tmp_path: Path):
    here = plan(amounts=(10, 100, None), seeds=8)
    page, text = texts(tmp_path, here, whole(here, {"good": GOOD, "plain": PLAIN}))
    [verdict] = re.findall(r"<p>(Good against plain: .*?)</p>", page)
    assert "better with 10 a word, 100 a word and all drawings (by " in verdict
    assert re.search(
        r"\(by [\d.]+ to [\d.]+, [\d.]+ to [\d.]+ and [\d.]+ to [\d.]+ points\)", verdict
    )
    assert "![Test accuracy by training drawings a word" in text
    for name in ("curves-10", "curves-100", "curves-all", "by-data", "differences"):
        assert (tmp_path / "figures" / f"{name}.svg").stat().st_size > 1000


def test_speeds_are_compared_and_the_power_is_told_again(tmp_path: Path):
    here = plan(seeds=8, sd=0.001)
    _, text = texts(tmp_path, here, whole(here, {"good": GOOD, "plain": PLAIN}))
    assert re.search(r"To \d+%, good needs 1\.00 times the images and 1\.00 times the sec", text)
    assert re.search(r"Where it is largest, only differences of .* points or more are found", text)


def test_different_starts_of_one_name_are_distinguished(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    """The same weights with stems of different strides are such starts."""
    here, found = results
    alike = [r.model_copy(update={"strategy": {"start": "imagenet"}}) for r in found]
    for runs, titles in (
        (alike, {"imagenet, before good", "imagenet, before plain"}),
        ([r for r in alike if r.arm != "plain"], {"imagenet, before"}),
    ):
        texts(tmp_path, here, runs)
        drawn = pictured(tmp_path, "features")
        assert set(re.findall("<!-- (.*, before.*) -->", drawn)) == titles


@pytest.mark.parametrize(("entries", "across"), [(1, 1), (5, 5), (6, 3), (7, 4), (10, 5), (11, 4)])
def test_a_legend_has_rows_of_like_length(entries: int, across: int):
    assert plotting.columns(entries) == across


def test_what_people_name_is_escaped(tmp_path: Path):
    here = plan(question="Is <b> & co. better?")
    page, _ = texts(tmp_path, here, whole(here, {"plain": PLAIN}))
    assert "<h1>Is &lt;b&gt; &amp; co. better?</h1>" in page


def test_the_transferability_of_starts_is_reported(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    near = StartProvenance(
        start="near",
        description="335 other words",
        images=5000,
        seconds=60,
        accuracy=0.6,
        chance=0.01,
        command="make",
    )
    turned = StartProvenance(
        start="rotation", description="turned", accuracy=0.33, chance=0.25, checkpoint=1
    )
    provenance.save(tmp_path, [near, turned])
    _, text = texts(tmp_path, *results)
    good = 100 * np.mean(GOOD)
    assert f"| good | good | 30 a word | {50 * GOOD[0]:.2f} | {good:.2f} |" in text
    assert "over good, " in text
    assert "With 3 starts p cannot fall below 0.333: no proof." in text
    assert "| near | 0 | 335 other words | 5,000 | 60 | – | – | 60.00 | 1.00 |  |" in text
    assert "| rotation | 1 | turned | – | – | – | – | 33.00 | 25.00 | failed |" in text
    assert "The start rotation did not learn its own task" in text
    assert "The start near did not" not in text


def test_what_was_never_looked_at_closely_is_left_out(tmp_path: Path):
    here = plan(seeds=2)
    found = [r.model_copy(update={"before": {}, "feature_map": None}) for r in whole(here, ONE)]
    page, text = experiment_report.write(tmp_path, here, found)
    for heading in (
        "How well the starts transfer",
        "The same drawings",
        "What the features look like",
    ):
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


def test_a_median_that_half_of_the_runs_reached_is_said_to_be_missing(tmp_path: Path):
    half = [0.95, 0.85] * 4
    _, text = texts(tmp_path, here := plan(), whole(here, {"good": half, "plain": PLAIN}))
    assert "| good | 4 of 8 | – | – |" in text
    assert "– where half of the runs or fewer reached it" in text


def test_networks_with_a_stride_of_their_own_are_named(tmp_path: Path):
    here = plan(stride=2)
    found = whole(here, {"good": GOOD, "plain": PLAIN, "same": SAME})
    networks = {"good": "small", "plain": "b0", "same": "timm:resnet10t"}
    found = [
        run.model_copy(update={"strategy": {**run.strategy, "network": networks[run.arm]}})
        for run in found
    ]
    told = "stem of stride 2 (good and same have another)"
    assert told in texts(tmp_path, here, found)[1]
    assert verdict_text.stem(findings(plan(stride=1), found)) == (
        "stem of stride 1 (same has another)"
    )


def test_the_deciding_measure_and_the_split_are_named(tmp_path: Path):
    """The more accurate arm wins less, and the verdict is decided on wins."""
    here = plan(outcome="wins", eval_split="validation", region=1.0)
    wins = (SEEDS - 0.3).round(4).tolist()
    areas = {"good": wins, "plain": [w + 0.05 for w in wins], "same": wins}
    found = whole(here, {"good": GOOD, "plain": PLAIN, "same": SAME}, areas)
    page, text = texts(tmp_path, here, found)
    for written in (page, text):
        assert "Decided on true wins, as declared before: the share of" in written
        assert "Good is worse than plain, by 5.00 to 5.00 points" in written
        assert "Highest mean true wins: plain" in written
        assert "the test split is not looked at" in written
        assert "Test accuracy" not in written
        assert "test accuracy" not in written
    assert "| arm | true wins | accuracy | accuracy on changed drawings | early accuracy |" in text
    assert "| arm | 0.1 % false | 0.5 % false | 2.0 % false |" in text
    [row] = re.findall(r"^\| plain \|.*\| 60\.00 ± 0\.00 \|$", text, re.M)
    assert f"| {100 * np.mean(areas['plain']):.2f} ±" in row
    assert len(pictured(tmp_path, "wins")) > 1000


def test_reports_of_accuracy_say_nothing_of_wins(
    tmp_path: Path, results: tuple[Plan, list[Result]]
):
    for written in texts(tmp_path, *results):
        assert "wins" not in written
        assert "Decided on" not in written
