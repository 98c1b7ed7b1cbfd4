"""Strategies as data: what learns, how fast, how long."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.command import UserError
from training.architectures import NetworkName
from training.network import GROUPS
from training.strategy import EVERYTHING, HEAD, STRATEGIES, Phase, Start, Strategy, find


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


def test_the_catalogue_has_the_strategies_promised():
    assert {"scratch", "head-only", "freeze-1", "full", "discriminative"} <= set(STRATEGIES)
    assert all(name == strategy.name and strategy.says for name, strategy in STRATEGIES.items())
    assert {strategy.start for strategy in STRATEGIES.values()} == set(get_args(Start))
    assert {strategy.network for strategy in STRATEGIES.values()} == set(get_args(NetworkName))


def test_discriminative_rates_spare_the_backbone():
    [phase] = find("discriminative").phases
    assert [phase.rate(g, True) for g in ("stem", "block7", "top", "head")] == [0.1, 0.1, 0.1, 1.0]


def test_rates_by_depth_rise_towards_the_head_at_the_full_rate():
    [phase] = find("by-depth").phases
    rates = [phase.rate(group, False) for group in GROUPS]
    assert rates == sorted(rates)
    assert rates[-1] == 1.0
    assert rates[0] == pytest.approx(0.85 ** (len(GROUPS) - 1))


def test_an_unknown_strategy_brings_those_there_are():
    with pytest.raises(UserError, match=r"no strategy 'ful'.*scratch, head-only, freeze-1"):
        find("ful")
