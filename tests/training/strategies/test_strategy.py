"""Strategies as data: which layers learn, at which rates, and for how long."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.command import UserError
from training.choices import GROUPS
from training.strategies.catalogue import find
from training.strategies.strategy import EVERYTHING, HEAD, Phase, Strategy, head_alone
from training.transforms.augmentation import NONE


def test_an_unnamed_group_is_frozen_and_so_is_its_batchnorm():
    phase = Phase({"top": 0.5, "head": 1.0})
    rates = {group: phase.rate(group, batchnorm=False) for group in GROUPS}
    assert {group for group, rate in rates.items() if rate} == {"top", "head"}
    assert (rates["top"], rates["head"]) == (0.5, 1.0)
    assert phase.rate("block3", batchnorm=True) == 0


def test_blocks_means_all_blocks_and_a_block_of_its_own_is_stronger():
    phase = Phase({"blocks": 1.0, "block3": 0.25, "block4": 0.0})
    assert [phase.rate(f"block{i}", False) for i in (2, 3, 4, 15)] == [1.0, 0.25, 0.0, 1.0]
    assert phase.rate("stem", False) == 0


def test_batchnorm_learns_in_frozen_groups_and_nothing_else_does():
    phase = Phase({"head": 1.0, "block2": 0.5, "batchnorm": 0.1})
    assert [phase.rate("stem", bn) for bn in (False, True)] == [0.0, 0.1]
    assert [phase.rate("block2", bn) for bn in (False, True)] == [0.5, 0.5]


@pytest.mark.parametrize("learn", [{}, {"tail": 1.0}, {"block16": 1.0, "head": 1.0}])
def test_a_phase_names_groups_there_are(learn: dict[str, float]):
    with pytest.raises(ValueError, match="a phase must name groups of"):
        Phase(learn)


@pytest.mark.parametrize(
    ("phase", "stay"),
    [
        (head_alone(), True),
        (head_alone(bn_statistics="re-estimated"), True),
        (head_alone(bn_statistics="moving"), False),
        (head_alone(augmented=True), False),
        (Phase(HEAD), False),
        (Phase({"head": 1.0, "batchnorm": 1.0}, bn_statistics="still", augmented=False), False),
        (Phase({"top": 1.0}, bn_statistics="still", augmented=False), False),
        (Phase(EVERYTHING, bn_statistics="still", augmented=False), False),
    ],
)
def test_features_stay_when_nothing_below_the_head_changes(phase: Phase, stay: bool):
    assert phase.features_stay is stay


def test_a_strategy_has_phases():
    with pytest.raises(ValueError, match="expected at least one phase"):
        Strategy("odd", "random", (), "")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"epochs": 0}, "expected at least 1"),
        ({"epochs": 2, "extra": 1}, "and no more"),
        ({"times": 0}, "shorter than nothing"),
        ({"extra": -1}, "shorter than nothing"),
        ({"solver": "optimum"}, "features that stay the same"),
        ({"augmented": False, "augmentation": NONE}, "that is not augmented has an augmentation"),
    ],
)
def test_a_phase_that_makes_no_sense_is_refused(more: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        Phase(EVERYTHING, **more)


@given(some.integers(1, 20), some.integers(1, 20), some.integers(1, 20))
def test_phases_add_up_and_open_ones_take_the_epochs_of_the_suite(k: int, total: int, extra: int):
    phases = (Phase(HEAD, k), Phase(EVERYTHING), Phase(HEAD, extra=extra), Phase(HEAD, times=2))
    strategy = Strategy("four", "random", phases, "")
    assert strategy.epochs(total) == (k, total, total + extra, 2 * total)


def test_a_solved_head_takes_no_epochs():
    solved = Strategy("solved", "random", (head_alone(solver="optimum"), Phase(EVERYTHING)), "")
    assert solved.epochs(3) == (0, 3)


def test_missing_epochs_are_reported():
    with pytest.raises(UserError, match=r"0 epochs for strategy full.*at least 1"):
        find("full").epochs(0)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_freeze_k_trains_the_head_alone_and_then_everything_as_long_as_everybody(k: int):
    strategy = find(f"freeze-{k}")
    assert strategy.epochs(7) == (k, 7)
    head, everything = strategy.phases
    assert (head.learn, everything.learn) == (HEAD, EVERYTHING)
    assert not head.features_stay
    assert find(f"full-longer-{k}" if k > 1 else "full").epochs(7) == (7 + (k if k > 1 else 0),)


@pytest.mark.parametrize("name", ["freeze-2-still", "freeze-2-switched", "solved-head"])
def test_with_stored_statistics_the_features_of_the_frozen_phase_stay(name: str):
    assert find(name).phases[0].features_stay


def test_phases_of_other_names_are_tuned_apart():
    frozen = find("freeze-2")
    assert frozen.rate_names == ("head", "all")
    assert find("solved-head").rate_names == ("penalty", "all")
    assert find("full").rate_names == find("gradual").rate_names == ("all",)
    assert find("tutorial-full").rate_names == ()
    assert frozen.until("head").phases == frozen.phases[:1]
    assert frozen.until("head").name == "freeze-2:head"
    assert frozen.until("all") is frozen


def test_equal_work_is_for_strategies_of_one_phase():
    two = (Phase(HEAD, 1), Phase(EVERYTHING))
    with pytest.raises(ValueError, match="equal work is for strategies of one phase"):
        Strategy("two", "random", two, "", equal_work=find("full"))
