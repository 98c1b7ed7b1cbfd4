"""What results add up to: rates chosen, lost runs counted, pairs, targets."""

import math

import pytest

from tests.training.experiments import plan, result, whole
from training.analysis import statistics, verdict_text
from training.analysis.findings import confusion, curve, findings, true_wins
from training.experiment import suites, tuning
from training.experiment.suites import SUITES, Suite

GOOD = [0.95, 0.96, 0.94, 0.95, 0.97, 0.95, 0.96, 0.94]
PLAIN = [0.90, 0.91, 0.89, 0.905, 0.92, 0.90, 0.91, 0.89]


def test_the_most_accurate_rate_is_chosen_and_less_loss_breaks_ties():
    here = plan()
    trials = [
        result(here, accuracy=0.8, stage="tuning", rate=1e-3),
        result(here, accuracy=0.9, stage="tuning", rate=3e-3, loss=0.5),
        result(here, accuracy=0.9, stage="tuning", rate=1e-2, loss=0.4),
        result(here, accuracy=0.7, stage="tuning", rate=3e-2),
    ]
    choice = tuning.choose(trials)
    assert (choice.rate, choice.at_edge, choice.lost) == (1e-2, False, 0)
    assert choice.seconds == 16
    assert choice.accuracy == {1e-3: 0.8, 3e-3: 0.9, 1e-2: 0.9, 3e-2: 0.7}


@pytest.mark.parametrize("best", [1e-3, 3e-2])
def test_a_choice_at_the_edge_is_flagged(best: float):
    here = plan()
    trials = [
        result(here, accuracy=0.9 if rate == best else 0.5, stage="tuning", rate=rate)
        for rate in (1e-3, 1e-2, 3e-2)
    ]
    assert tuning.choose(trials).at_edge


def test_a_rate_that_diverges_on_one_seed_loses_to_one_that_never_does():
    here = plan()
    trials = [
        result(here, accuracy=0.6, stage="tuning", rate=1e-3, seed=1000),
        result(here, accuracy=0.6, stage="tuning", rate=1e-3, seed=1001),
        result(here, accuracy=0.9, stage="tuning", rate=1e-2, seed=1000),
        result(here, stage="tuning", rate=1e-2, seed=1001, status="diverged"),
    ]
    choice = tuning.choose(trials)
    assert (choice.rate, choice.lost) == (1e-3, 1)
    with pytest.raises(ValueError, match="at least one"):
        tuning.choose([])


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
    assert contrast.found.adjusted == pytest.approx(2 * statistics.least_p(6))  # two declared
    assert found.undone == 24 - 14


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


def test_a_machine_that_was_busy_for_one_run_is_told_and_passed_over():
    here = plan(seeds=3)
    times = zip([4.0, 40.0, 5.0], range(3), strict=True)
    runs = [result(here, "good", seed=k).model_copy(update={"seconds": s}) for s, k in times]
    [standing] = findings(here, runs).standings
    assert standing.median(lambda run: run.seconds) == 5
    assert standing.unsteadiness == 10
    assert "took up to 10.0 times as long" in str(verdict_text.busy([standing]))
    steady = findings(here, [result(here, "good", seed=k) for k in range(3)]).standings
    assert verdict_text.busy(steady) is None


def test_whose_price_is_not_theirs_alone_is_told():
    here = plan(seeds=1)
    alone = result(here, "plain")
    pupil = result(here, "good").model_copy(update={"strategy": {"teacher": "plain"}})
    assert verdict_text.pupils(findings(here, [alone]).standings) is None
    says = str(verdict_text.pupils(findings(here, [alone, pupil]).standings))
    assert says.startswith("Taught by plain, which is trained first")
    assert says.endswith(
        "drawings: good. Its images, seconds, operations and memory are part of theirs."
    )


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
    assert suite.seeds >= 8
    assert suite.seeds <= suites.FIRST_TUNING_SEED
    family = len(suite.contrasts) * len(suite.amounts)
    assert family * statistics.least_p(suite.seeds) <= 0.05


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
        here = plan(outcome=outcome, sat_on="validation")
        found = findings(here, whole(here, ACCURATE, AREAS))
        [contrast] = found.contrasts
        assert (contrast.a, contrast.b, contrast.found.verdict) == ("good", "plain", says)
        assert found.standings[0].arm == first
        assert f"validation {found.outcome.title}" == found.decided_on
    gaps = [100 * (a - b) for a, b in zip(AREAS["good"], AREAS["plain"], strict=False)]
    assert contrast.found.difference.mean == pytest.approx(sum(gaps) / 8)


def test_early_accuracy_is_the_mean_over_beginnings():
    here = plan(outcome="early")
    [standing] = findings(here, whole(here, {"good": [0.9]})).standings
    assert standing.points(standing.outcome) == {0: pytest.approx(100 * (0.4 + 0.6 + 0.8) / 3)}


def test_a_lost_run_wins_nothing():
    here = plan(seeds=2, outcome="wins")
    found = whole(here, {"good": [0.9]}, {"good": [0.4]})
    found.append(result(here, "good", seed=1, status="diverged"))
    [standing] = findings(here, found).standings
    assert standing.points(standing.outcome) == {0: 40, 1: 0}
    assert true_wins(standing) == pytest.approx({"0.1%": 20, "0.5%": 36, "2.0%": 70})


def test_an_exam_on_what_rates_are_tuned_on_is_none():
    with pytest.raises(ValueError, match="tuned on is none"):
        plan(sat_on="validation", held_out=None)


def test_only_suites_that_ask_for_other_words_read_them():
    assert {name for name, suite in SUITES.items() if suite.foreign} == {"judging", "dearer"}
    assert not SUITES["full"].contested
    assert set(suites.JUDGED) & set(suites.EVERY) == set()
