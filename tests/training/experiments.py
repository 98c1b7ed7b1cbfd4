"""Makes up plans and results of experiments for tests."""

from dataclasses import replace
from typing import Any

import numpy as np

from models.raster import rasterise_batch
from tests.made import drawing
from training.experiment.plan import Plan
from training.experiment.results import Prediction, Result, RunStage, Status, Test, Wins, digest
from training.metrics.examples import Examples
from training.metrics.records import FeatureMap
from training.strategies.catalogue import STRATEGIES
from training.suites.suite import Suite

WORDS = ("circle", "square", "zigzag")
SUITE = Suite(
    "made",
    "Does the planted difference show?",
    ("good", "plain", "same"),
    (("good", "plain"), ("same", "plain")),
    amounts=(30,),
    epochs=2,
    seeds=8,
    rates=(1e-3, 3e-3, 1e-2),
    most_rates=3,
    tuning_seeds=1,
    stride=1,
    target=0.9,
    region=0.2,
)


def plan(**changes: Any) -> Plan:
    """A plan of the made-up suite, with fields of the suite changed."""
    suite = replace(SUITE, **changes)
    starts = {"imagenet": "0123abcd"}
    return Plan(suite, WORDS, "data", {"train": 300}, starts, "torchvision", "2")


def result(
    where: Plan,
    arm: str = "plain",
    accuracy: float = 0.9,
    seed: int = 0,
    stage: RunStage = "final",
    rate: float = 3e-3,
    status: Status = "finished",
    per_word: int | None = 30,
    loss: float = 0.5,
    area: float | None = None,
) -> Result:
    """A run of two epochs that reached `accuracy` on validation and test, and half of it before.

    If `area` is given, it is the share of drawings that win; a little fewer win at thresholds that
    allow fewer false wins.
    """
    history = [
        {
            "epoch": epoch,
            "phase": 0,
            "images": 100.0 * epoch,
            "seconds": 2.0 * epoch,
            "train_loss": loss,
            "validation_accuracy": accuracy * epoch / 2,
            "validation_loss": loss,
        }
        for epoch in (1, 2)
    ]
    evaluated = status == "finished" and stage == "final"
    pictured = evaluated and seed == 0
    return Result(
        key=digest([arm, seed, stage, rate, per_word]),
        experiment=where.id,
        stage=stage,
        arm=arm,
        per_word=per_word,
        rates={"all": rate},
        tuned="all" if stage == "tuning" else None,
        seed=seed,
        status=status,
        error=None if status == "finished" else "the loss is nan at step 3. Lower --lr",
        history=history if status == "finished" else [],
        before={"linear probe": accuracy / 2} if pictured else {},
        test=_test(accuracy, area) if evaluated else None,
        feature_map=_map(arm) if pictured else None,
        forward_work=2e12,
        backward_work=4e12,
        trained_parameters=1000,
        seconds=4.0,
        images_per_second=50.0,
        peak_memory=2**20,
        strategy={
            "name": arm,
            "start": _start(arm),
            "stem": "summed",
            "description": f"made {arm}",
        },
        settings={},
        evidence={"command": "python -m training.compare", "commit": "abc", "device": "CPU"},
    )


def _start(arm: str) -> str:
    return STRATEGIES[arm].start if arm in STRATEGIES else arm


def _test(accuracy: float, area: float | None) -> Test:
    hits = round(100 * accuracy)
    confusion = np.full((3, 3), (100 - hits) // 2) + np.eye(3, dtype=int) * (
        hits - (100 - hits) // 2
    )
    return Test(
        n=300,
        accuracy=accuracy,
        precision=accuracy,
        recall=accuracy,
        log_loss=0.3,
        calibration_error=0.02,
        by_word=dict.fromkeys(WORDS, accuracy),
        confusion=confusion.tolist(),
        changed={"noise": accuracy - 0.1, "thicker": accuracy - 0.05},
        partial={"25%": 0.4, "50%": 0.6, "75%": 0.8},
        examples=[Prediction(word="circle", probability=accuracy)] * 3,
        wins=None if area is None else _wins(area),
    )


def _wins(area: float) -> Wins:
    true = {"0.1%": area / 2, "0.5%": area * 0.9, "2.0%": (1 + area) / 2}
    return Wins(drawings=30, others=60, pairs=240, area=area, true=true)


def _map(arm: str) -> FeatureMap:
    rng = np.random.default_rng(len(arm))
    before, after = rng.random((2, 30, 2)).round(3).tolist()
    return FeatureMap(labels=[k % 3 for k in range(30)], before=before, after=after)


def examples() -> Examples:
    """A drawing of each word."""
    return Examples(WORDS, rasterise_batch([drawing(word, 0) for word in WORDS]))


def whole(
    where: Plan, accuracies: dict[str, list[float]], areas: dict[str, list[float]] | None = None
) -> list[Result]:
    """Tuning and final runs of every arm and amount of data.

    The middle learning rate is best. Final runs have the given accuracies and shares of true wins,
    by seed."""
    suite = where.suite
    return [
        *(
            result(
                where, arm, 0.8 if rate == 3e-3 else 0.7, 1000, "tuning", rate, per_word=per_word
            )
            for per_word, arm in suite.units
            for rate in suite.rates
        ),
        *(
            result(
                where,
                arm,
                accuracy,
                seed,
                per_word=per_word,
                area=areas[arm][seed] if areas else None,
            )
            for per_word, arm in suite.units
            for seed, accuracy in enumerate(accuracies.get(arm, []))
        ),
    ]
