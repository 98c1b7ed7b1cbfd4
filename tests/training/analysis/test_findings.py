"""The findings from results: chosen rates, counted lost runs, pairs, targets."""

import math
from dataclasses import asdict, replace
from statistics import fmean, stdev

import pytest

from tests.training.experiments import plan, result, whole
from training.analysis import verdict_text
from training.analysis.findings import confusion, curve, findings, plateau, targets, true_wins
from training.sampling.mixture import Mixture
from training.statistics.power import level
from training.statistics.sign_flip import least_p
from training.strategies.catalogue import STRATEGIES, find
from training.strategies.strategy import StartName
from training.suites.suite import FIRST_TUNING_SEED, Suite
from training.suites.suites import SUITES

GOOD = [0.95, 0.96, 0.94, 0.95, 0.97, 0.95, 0.96, 0.94]
PLAIN = [0.90, 0.91, 0.89, 0.905, 0.92, 0.90, 0.91, 0.89]


def test_a_lost_run_counts_as_guessing():
    here = plan(seeds=2)
    found = whole(here, {"good": [0.9]})
    found.append(result(here, "good", seed=1, status="diverged"))
    [standing] = findings(here, found).standings
    assert standing.points(standing.outcome) == {0: pytest.approx(90), 1: pytest.approx(100 / 3)}
    assert standing.lost == 1
    assert standing.to_target("images", 0.9) == math.inf  # the median of 200 and a miss


def test_contrasts_pair_the_seeds_that_both_have():
    here = plan()
    found = findings(here, whole(here, {"good": GOOD[:6], "plain": PLAIN}))
    [contrast] = found.contrasts  # "same" has no run yet
    assert (contrast.a, contrast.b, contrast.found.n) == ("good", "plain", 6)
    gaps = [100 * (a - b) for a, b in zip(GOOD[:6], PLAIN, strict=False)]
    assert contrast.found.difference.mean == pytest.approx(sum(gaps) / 6)
    assert contrast.found.adjusted == pytest.approx(2 * 2 * least_p(6))  # two declared
    assert found.undone == 24 - 14


def test_runs_from_one_checkpoint_count_as_one_pair():
    arms = {"contrasts": (("full-near", "full"),), "arms": ("full-near", "full"), "seeds": 8}
    runs = {"full-near": GOOD, "full": PLAIN}
    gaps = [100 * (a - b) for a, b in zip(GOOD, PLAIN, strict=True)]
    for checkpoints, independent, verdict in ((8, 8, "better"), (4, 4, "undecided")):
        here = replace(
            plan(**arms, checkpoints=checkpoints), starts={"near": "45", "imagenet": "0"}
        )
        [contrast] = findings(here, whole(here, runs)).contrasts
        assert (contrast.found.n, here.suite.pairs) == (independent, independent)
        means = [fmean(gaps[k::checkpoints]) for k in range(checkpoints)]
        assert contrast.found.difference.mean == pytest.approx(fmean(gaps))
        assert contrast.spread == pytest.approx(stdev(means))
        assert contrast.found.verdict == verdict


@pytest.mark.parametrize("teacher", [None, "full-near"])
def test_findings_need_no_catalogue(monkeypatch: pytest.MonkeyPatch, teacher: str | None):
    """An arm of one's own is in the catalogue only if the file that holds it is given again."""
    start: StartName = "imagenet" if teacher else "near"
    own = replace(find("full"), name="own", start=start, teacher=teacher)
    here = plan(contrasts=(("own", "full"),), arms=("own", "full"), seeds=8, checkpoints=4)
    here = replace(here, starts={"near": "45", "near.1": "67", "imagenet": "0"})
    found = [
        run.model_copy(update={"strategy": asdict(own)}) if run.arm == "own" else run
        for run in whole(here, {"own": GOOD, "full": PLAIN})
    ]
    without = findings(here, found)
    assert (without.contrasts[0].found.n, without.pairs, without.sharing) == (4, 4, {"own"})
    monkeypatch.setitem(STRATEGIES, "own", own)
    assert findings(here, found) == without
    monkeypatch.delitem(STRATEGIES, "full-near")
    assert findings(here, found) == without


def test_runs_from_a_checkpoint_that_was_given_are_independent():
    here = plan(contrasts=(("full", "scratch"),), arms=("full", "scratch"), checkpoints=2)
    [contrast] = findings(here, whole(here, {"full": GOOD, "scratch": PLAIN})).contrasts
    assert (contrast.found.n, here.suite.pairs) == (8, 8)


def test_an_arm_at_the_edge_of_the_largest_grid_enters_no_verdict():
    here = plan()
    found = [
        run.model_copy(update={"history": [{**run.history[0], "validation_accuracy": 0.9}]})
        if (run.arm, run.stage, run.rate) == ("good", "tuning", 1e-2)
        else run
        for run in whole(here, {"good": GOOD, "plain": PLAIN, "same": PLAIN})
    ]
    added = findings(here, found)
    assert added.unmeasured == [(30, "good")]
    assert [(c.a, c.b) for c in added.contrasts] == [("same", "plain")]
    assert added.contrasts[0].found.confidence == 0.975  # still one of two that were declared
    assert "Not measured: good." in str(verdict_text.unmeasured(added))


def test_a_target_that_all_reach_stands_beside_the_declared_one():
    here = plan(seeds=2)
    found = findings(here, whole(here, {"good": [0.97, 0.96], "plain": [0.83, 0.86]}))
    assert targets(found, 30) == [0.8, 0.9]
    assert plateau(found.standings[0]) is None  # two epochs have no last quarter


def test_standings_are_by_amount_and_best_first():
    here = plan(amounts=(10, None), seeds=8)
    found = findings(here, whole(here, {"plain": PLAIN, "good": GOOD}))
    names = [(standing.per_word, standing.arm) for standing in found.standings]
    assert names == [(10, "good"), (10, "plain"), (None, "good"), (None, "plain")]
    assert found.amounts == [10, None]


def test_the_target_is_reached_at_the_first_epoch_that_has_it():
    here = plan(seeds=3)
    [standing] = findings(here, whole(here, {"good": [0.9, 0.95, 0.5]})).standings
    assert standing.to_target("images", 0.45) == 100
    assert standing.to_target("images", 0.9) == 200
    assert standing.to_target("seconds", 0.9) == 4
    assert standing.to_target("images", 0.99) == math.inf


def test_a_curve_is_the_mean_of_the_runs_that_finished():
    here = plan(seeds=3)
    found = whole(here, {"good": [0.8, 0.9]})
    found.append(result(here, "good", seed=2, status="failed"))
    [standing] = findings(here, found).standings
    line = curve(standing)
    assert line.images.tolist() == [100, 200]
    assert line.seconds.tolist() == [2, 4]
    assert line.mean.tolist() == pytest.approx([42.5, 85])
    assert (line.low < line.mean).all()
    assert confusion(standing).sum(1) == pytest.approx([1, 1, 1])


def test_runs_near_guessing_are_named():
    here = plan(seeds=3)
    chance = 1 / len(here.words)
    runs = whole(here, {"good": [0.9, chance + 0.04, 0.9], "plain": [0.8, 0.8, 0.8]})
    assert verdict_text.collapsed(findings(here, runs)) == (
        "Ended near guessing, and so decide the mean of their arm: 1 of 3 runs of good."
    )
    healthy = whole(here, {"good": [0.9, chance + 0.1, 0.9], "plain": [chance] * 3})
    assert verdict_text.collapsed(findings(here, healthy)) is None


def test_one_run_on_a_busy_machine_is_reported_and_hardly_counts():
    here = plan(seeds=3)
    times = zip([4.0, 40.0, 5.0], range(3), strict=True)
    runs = [result(here, "good", seed=k).model_copy(update={"seconds": s}) for s, k in times]
    [standing] = findings(here, runs).standings
    assert standing.median(lambda run: run.seconds) == 5
    assert standing.unsteadiness == 10
    assert "took up to 10.0 times as long" in str(verdict_text.busy([standing]))
    steady = findings(here, [result(here, "good", seed=k) for k in range(3)]).standings
    assert verdict_text.busy(steady) is None


def test_arms_whose_cost_includes_a_teacher_are_named():
    here = plan(seeds=1)
    alone = result(here, "plain")
    pupil = result(here, "good").model_copy(update={"strategy": {"teacher": "plain"}})
    assert verdict_text.pupils(findings(here, [alone]).standings) is None
    text = str(verdict_text.pupils(findings(here, [alone, pupil]).standings))
    assert text.startswith("Good learns from plain, which is trained first")
    assert text.endswith("its images, seconds, operations and memory are part of the price.")


def test_a_run_that_ended_early_stays_where_it_was():
    here = plan(seeds=2)
    short = result(here, "good", 0.8, seed=0)
    short = short.model_copy(update={"history": short.history[:1]})
    [standing] = findings(here, [short, result(here, "good", 0.9, seed=1)]).standings
    line = curve(standing)
    assert line.mean.tolist() == pytest.approx([42.5, 65])
    assert line.images.tolist() == [100, 150]


@pytest.mark.parametrize("suite", [s for s in SUITES.values() if s.name != "smoke"])
def test_every_suite_can_reach_a_verdict(suite: Suite):
    suite.check()
    assert suite.seeds <= FIRST_TUNING_SEED
    assert least_p(suite.pairs) <= level(suite.family)
    if suite.power is not None and suite.name != "few-shot":  # which looks for large differences
        assert suite.power.not_worse >= 0.8


@pytest.mark.parametrize(
    "changes",
    [
        {"contrasts": (("good", "stranger"),)},
        {"arms": ("good", "good", "plain", "same")},
        {"rates": (1e-2, 1e-3)},
        {"seeds": 0},
    ],
)
def test_a_suite_that_makes_no_sense_is_refused(changes: dict[str, object]):
    with pytest.raises(ValueError, match="made: "):
        plan(**changes)


AREAS = {
    "good": [0.30, 0.32, 0.28, 0.31, 0.33, 0.29, 0.34, 0.27],
    "plain": [0.5, 0.51, 0.49, 0.54, 0.52, 0.53, 0.51, 0.48],
}
ACCURATE = {"good": [0.95, 0.97, 0.93, 0.94, 0.98, 0.96, 0.95, 0.93], "plain": PLAIN}


def test_the_verdict_follows_the_declared_outcome_not_accuracy():
    """The arm that is more accurate on finished drawings wins less."""
    for outcome, says, first in (("accuracy", "better", "good"), ("wins", "worse", "plain")):
        here = plan(outcome=outcome, eval_split="validation")
        found = findings(here, whole(here, ACCURATE, AREAS))
        [contrast] = found.contrasts
        assert (contrast.a, contrast.b, contrast.found.verdict) == ("good", "plain", says)
        assert found.standings[0].arm == first
        assert f"validation {found.outcome.title}" == found.decided_on
    gaps = [100 * (a - b) for a, b in zip(AREAS["good"], AREAS["plain"], strict=False)]
    assert contrast.found.difference.mean == pytest.approx(sum(gaps) / 8)


def test_early_accuracy_is_the_mean_over_partial_drawings():
    here = plan(outcome="early")
    [standing] = findings(here, whole(here, {"good": [0.9]})).standings
    assert standing.points(standing.outcome) == {0: pytest.approx(100 * (0.4 + 0.6 + 0.8) / 3)}


def test_robustness_is_the_mean_over_changes_and_needs_no_races():
    here = plan(outcome="robustness")
    [standing] = findings(here, whole(here, {"good": [0.9]})).standings
    assert standing.points(standing.outcome) == {0: pytest.approx(100 * (0.8 + 0.85) / 2)}
    assert not here.suite.asks_wins


def test_a_lost_run_wins_nothing():
    here = plan(seeds=2, outcome="wins")
    found = whole(here, {"good": [0.9]}, {"good": [0.4]})
    found.append(result(here, "good", seed=1, status="diverged"))
    [standing] = findings(here, found).standings
    assert standing.points(standing.outcome) == {0: 40, 1: 0}
    assert true_wins(standing) == pytest.approx({"0.1%": 20, "0.5%": 36, "2.0%": 70})


def test_rates_are_not_tuned_on_what_runs_are_evaluated_on():
    with pytest.raises(ValueError, match="must not be tuned on"):
        plan(eval_split="validation", held_out=None)


def test_only_suites_that_ask_for_other_words_read_them():
    assert {name for name, suite in SUITES.items() if suite.foreign} == {"judging", "dearer"}
    assert plan(
        arms=("full",), contrasts=(), changes={"mixture": Mixture(outliers=0.1)}
    ).suite.foreign
