"""The catalogue of strategies, and the teachers of distilled ones."""

from typing import get_args

import pytest

from models.command import UserError
from training.choices import GROUPS, NetworkName
from training.strategies.catalogue import STRATEGIES, find, teachers
from training.strategies.strategy import EVERYTHING, Phase, StartName, Strategy


def distilled_from(name: str, teacher: str) -> Strategy:
    return Strategy(name, "random", (Phase(EVERYTHING),), "", teacher=teacher)


def test_the_catalogue_has_the_strategies_promised():
    assert {"scratch", "head-only", "freeze-1", "full", "discriminative"} <= set(STRATEGIES)
    assert all(
        name == strategy.name and strategy.description for name, strategy in STRATEGIES.items()
    )
    assert {strategy.start for strategy in STRATEGIES.values()} == set(get_args(StartName))
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


@pytest.mark.parametrize(
    ("name", "message"),
    [("ful", "Did you mean full or"), ("freeze2", "freeze-2"), ("zzz", "full or head-only or scr")],
)
def test_an_unknown_strategy_brings_the_closest_ones(name: str, message: str):
    with pytest.raises(UserError, match=f"no strategy '{name}'.*{message}"):
        find(name)


def test_every_teacher_is_in_the_catalogue():
    found = {name: teachers(strategy) for name, strategy in STRATEGIES.items()}
    assert {name: before for name, before in found.items() if before} == {
        "full-distilled": (find("full"),),
        "small-distilled": (find("full"),),
    }


def test_teachers_have_teachers_and_the_oldest_comes_first(monkeypatch: pytest.MonkeyPatch):
    second = distilled_from("second", "scratch")
    monkeypatch.setitem(STRATEGIES, "second", second)
    assert teachers(distilled_from("third", "second")) == (find("scratch"), second)


def test_nobody_is_his_own_teacher(monkeypatch: pytest.MonkeyPatch):
    for one, other in (("a", "b"), ("b", "a")):
        monkeypatch.setitem(STRATEGIES, one, distilled_from(one, other))
    with pytest.raises(ValueError, match="is its own teacher"):
        teachers(find("a"))
