"""Strategies as data: what learns, how fast, how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.command import UserError
from training.networks.network import GROUPS
from training.strategies.catalogue import find
from training.strategies.strategy import EVERYTHING, HEAD, Phase, Strategy


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
        (Phase(HEAD), True),
        (Phase(HEAD, moving="none"), True),
        (Phase(HEAD, moving="all"), False),
        (Phase({"head": 1.0, "batchnorm": 1.0}), False),
        (Phase({"top": 1.0}), False),
        (Phase(EVERYTHING, moving="none"), False),
    ],
)
def test_features_stay_when_nothing_below_the_head_moves(phase: Phase, stay: bool):
    assert phase.features_stay is stay


@pytest.mark.parametrize(
    "phases", [(), (Phase(HEAD, 1),), (Phase(HEAD), Phase(EVERYTHING)), (Phase(HEAD, 1),) * 2]
)
def test_exactly_one_phase_is_open(phases: tuple[Phase, ...]):
    with pytest.raises(ValueError, match="exactly one phase must leave its epochs open"):
        Strategy("odd", "random", phases, "")


@given(some.integers(1, 20), some.integers(1, 20), some.integers(1, 20))
def test_phases_share_the_epochs(before: int, after: int, left: int):
    phases = (Phase(HEAD, before), Phase(EVERYTHING), Phase(HEAD, after))
    strategy = Strategy("three", "random", phases, "")
    assert strategy.epochs(before + after + left) == (before, left, after)


@pytest.mark.parametrize(("name", "epochs"), [("freeze-2", 2), ("freeze-2", 1), ("full", 0)])
def test_too_few_epochs_are_told_with_how_many_would_do(name: str, epochs: int):
    least = {"freeze-2": 3, "full": 1}[name]
    with pytest.raises(UserError, match=f"{epochs} epochs are too few.*expected at least {least}"):
        find(name).epochs(epochs)
    assert sum(find(name).epochs(least)) == least


@pytest.mark.parametrize("k", [1, 2, 5])
def test_freezing_first_is_the_head_alone_for_k_epochs_then_everything(k: int):
    strategy = find(f"freeze-{k}")
    assert strategy.epochs(7) == (k, 7 - k)
    head, everything = strategy.phases
    assert head.features_stay
    assert {everything.rate(group, False) for group in GROUPS} == {1.0}


def test_one_that_lasts_longer_takes_so_many_times_the_epochs():
    strategy = Strategy("longer", "random", (Phase(HEAD, 2), Phase(EVERYTHING)), "", lasts=2)
    assert strategy.epochs(3) == (2, 4)
    assert strategy.epochs(2) == (2, 2)
    with pytest.raises(UserError, match=r"1 epochs are too few for strategy longer.*at least 2"):
        strategy.epochs(1)
    with pytest.raises(ValueError, match="at least once, found 0"):
        Strategy("never", "random", (Phase(EVERYTHING),), "", lasts=0)
