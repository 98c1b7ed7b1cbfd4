"""The transferability of starts: grouped by recipe, and ranked if there are enough of them."""

import pytest

from tests.training.experiments import plan, result
from training.analysis.findings import findings
from training.analysis.transferability import ranks, transferabilities
from training.experiment.results import Result

ARMS = ("a", "b", "c", "d")
HERE = plan(arms=ARMS, contrasts=(("a", "b"),), seeds=1)


def run(arm: str, start: str, before: float, after: float, phases: str = "all") -> Result:
    strategy = {"name": arm, "description": arm, "start": start, "stem": "summed", "phases": phases}
    measured = {"linear probe": before}
    return result(HERE, arm, after).model_copy(update={"strategy": strategy, "before": measured})


def test_arms_that_differ_in_their_start_alone_are_ranked():
    found = [
        run("a", "random", 0.2, 0.7),
        run("b", "imagenet", 0.6, 0.9),
        run("c", "near", 0.5, 0.8),
    ]
    measured = transferabilities(
        findings(HERE, [*found, run("d", "near", 0.9, 0.1, phases="head")])
    )
    assert [(w.arm, w.start, w.after) for w in measured] == [
        ("b", "imagenet", pytest.approx(90)),
        ("c", "near", pytest.approx(80)),
        ("a", "random", pytest.approx(70)),
        ("d", "near", pytest.approx(10)),
    ]
    [rank] = ranks(measured)
    assert (rank.arms, rank.measure) == (("b", "c", "a"), "linear probe")
    assert (rank.found.n, rank.found.rho) == (3, pytest.approx(1))


def test_two_starts_have_no_rank():
    found = [run("a", "near", 0.2, 0.7), run("b", "near", 0.6, 0.9), run("c", "random", 0.5, 0.8)]
    assert ranks(transferabilities(findings(HERE, found))) == []


def test_another_stem_is_another_start():
    one = run("a", "imagenet", 0.2, 0.7)
    other = one.model_copy(
        update={"arm": "b", "strategy": {**one.strategy, "stem": "random"}, "key": "other"}
    )
    starts = {w.start for w in transferabilities(findings(HERE, [one, other]))}
    assert starts == {"imagenet", "imagenet, stem random"}
