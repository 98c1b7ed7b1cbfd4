"""Learning rates: grids grow until the best rate is inside, phase after phase."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.training.experiments import plan, result
from training.experiment import tuning
from training.experiment.plan import Plan
from training.experiment.results import Result
from training.experiment.tuning import FLAT, choose, next_runs

Reached = Callable[[Mapping[str, float]], float]


def suite(**changes: Any) -> Plan:
    grid: dict[str, Any] = {"rates": (1e-3, 3e-3, 1e-2), "most_rates": 7, "tuning_seeds": 2}
    return plan(**(grid | changes))


def trial(here: Plan, name: str, rates: Mapping[str, float], seed: int, **more: Any) -> Result:
    run = result(here, stage="tuning", seed=seed, **more)
    return run.model_copy(update={"rates": dict(rates), "tuned": name})


def tuned(here: Plan, names: list[str], reached: Reached) -> list[Result]:
    """Carry out all tuning runs, whose accuracy is a function of the rates."""
    done: list[Result] = []
    while left := next_runs(here, names, done):
        done += [
            trial(here, each.name, each.rates, each.seed, accuracy=reached(each.rates))
            for each in left
        ]
    return done


def peak(at: float) -> Reached:
    """An accuracy that falls by 10 points for each factor of 10 between a rate and the best."""
    import math

    return lambda rates: 0.9 - 0.1 * abs(math.log10(list(rates.values())[-1] / at))


def test_a_best_rate_inside_ends_the_search():
    here = suite()
    done = tuned(here, ["all"], peak(3e-3))
    assert len(done) == 3 * 2
    choice = choose(here, ["all"], done)
    assert (choice.rates, choice.at_edge, choice.measured) == ({"all": 3e-3}, False, True)
    assert (choice.searches[0].trials, choice.searches[0].seconds) == (6, 24)


@pytest.mark.parametrize(
    ("best", "found", "tried"),
    [
        (1e-4, 1.11e-4, [3.7e-5, 1.11e-4, 3.33e-4, 1e-3, 3e-3, 1e-2]),
        (9e-2, 9e-2, [1e-3, 3e-3, 1e-2, 3e-2, 9e-2, 0.27]),
    ],
)
def test_a_grid_grows_beyond_its_edge_until_the_best_is_inside(
    best: float, found: float, tried: list[float]
):
    here = suite()
    choice = choose(here, ["all"], tuned(here, ["all"], peak(best)))
    assert choice.rates == {"all": pytest.approx(found)}
    assert list(choice.searches[0].accuracy) == pytest.approx(tried)
    assert choice.measured


def test_a_best_rate_at_the_edge_of_the_largest_grid_is_not_measured():
    here = suite()
    choice = choose(here, ["all"], tuned(here, ["all"], peak(100)))
    assert len(choice.searches[0].accuracy) == 7
    assert (choice.complete, choice.at_edge, choice.measured) == (True, True, False)


def test_an_edge_that_is_flat_hides_nothing():
    here = suite()
    done = tuned(here, ["all"], lambda rates: 0.8 + FLAT / 2 * (rates["all"] > 5e-3))
    assert len(done) == 3 * 2
    assert choose(here, ["all"], done).measured


@pytest.mark.parametrize(
    "lost", [{"status": "diverged"}, {"status": "failed"}, {"accuracy": 1 / 3}]
)
def test_a_grid_on_which_nothing_is_learned_grows_towards_smaller_rates(lost: dict[str, Any]):
    """Three rates that all diverge are as flat as three that all are good."""
    here = suite(tuning_seeds=1, most_rates=4)
    done = [trial(here, "all", {"all": rate}, 1000, **lost) for rate in here.suite.rates]
    [following] = next_runs(here, ["all"], done)
    assert following.rates == {"all": pytest.approx(1e-3 / 3, rel=0.01)}
    choice = choose(here, ["all"], done)
    assert (choice.complete, choice.at_edge) == (False, True)
    done.append(trial(here, "all", following.rates, 1000, **lost))
    choice = choose(here, ["all"], done)
    assert (choice.complete, choice.measured) == (True, False)


def test_rates_at_which_all_is_lost_do_not_hide_the_smaller_one_that_is_good():
    here = suite()
    done = tuned(here, ["all"], lambda rates: 0.9 if 1e-4 < rates["all"] < 2e-4 else 0.2)
    choice = choose(here, ["all"], done)
    assert (choice.rates, choice.measured) == ({"all": 1.11e-4}, True)


def test_two_equal_rates_do_not_make_an_edge_flat():
    """Else noise would decide where a grid ends."""
    here = suite()
    done = tuned(here, ["all"], lambda rates: 0.8 + peak(3e-2)(rates) / 100 + FLAT / 2)
    assert choose(here, ["all"], done).rates == {"all": pytest.approx(3e-2)}


def test_a_later_phase_is_tuned_at_the_rate_that_was_chosen_for_the_one_before():
    here = suite()

    def reached(rates: Mapping[str, float]) -> float:
        return peak(1e-2)({"head": rates["head"]}) if len(rates) == 1 else peak(1e-3)(rates)

    done = tuned(here, ["head", "all"], reached)
    choice = choose(here, ["head", "all"], done)
    assert choice.rates == {"head": 1e-2, "all": 1e-3}
    assert {run.rates["head"] for run in done if run.tuned == "all"} == {1e-2}
    assert choice.measured


def test_a_search_that_is_not_done_is_not_complete():
    here = suite()
    done = tuned(here, ["head", "all"], peak(3e-3))
    assert not choose(here, ["head", "all"], done[:6]).complete
    assert not choose(here, ["head", "all"], []).complete
    assert choose(here, ["head", "all"], done[:6]).rates == {"head": 3e-3}


def test_of_equally_accurate_rates_the_one_with_less_loss_is_chosen():
    here = suite(tuning_seeds=1)
    done = [
        trial(here, "all", {"all": rate}, 1000, accuracy=0.9, loss=loss)
        for rate, loss in ((1e-3, 0.6), (3e-3, 0.4), (1e-2, 0.5))
    ]
    assert choose(here, ["all"], done).rates == {"all": 3e-3}


def test_a_rate_that_diverges_on_one_seed_loses_to_one_that_never_does():
    here = suite()
    done = [
        trial(here, "all", {"all": 1e-3}, 1000, accuracy=0.6),
        trial(here, "all", {"all": 1e-3}, 1001, accuracy=0.6),
        trial(here, "all", {"all": 1e-2}, 1000, accuracy=0.9),
        trial(here, "all", {"all": 1e-2}, 1001, status="diverged"),
    ]
    [search] = choose(here, ["all"], done).searches
    assert (search.rate, search.lost) == (1e-3, 1)


def test_a_prescribed_rate_is_not_tuned():
    here = suite(rates=(2e-3,), most_rates=1)
    assert next_runs(here, ["all"], []) == []
    choice = choose(here, ["all"], [])
    assert (choice.rates, choice.measured) == ({"all": 2e-3}, True)
    assert tuning.seeds(here.suite)[0] == 1000
