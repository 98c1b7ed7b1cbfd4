"""The result of a run, stored as one line of `runs.jsonl.gz`."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from training.metrics.records import FeatureMap

RunStage = Literal["tuning", "final"]
PROSE = {"description", "question", "missing"}  # fields that are written for people
Status = Literal["finished", "diverged", "failed"]


class Prediction(BaseModel):
    """The top-1 word of a network for a drawing, and its probability in 0 .. 1."""

    model_config = ConfigDict(extra="forbid")

    word: str
    probability: float


class Wins(BaseModel):
    """How often a word's drawings win a race that is judged at 10, 20 ... 100 % of the ink
    (`training.metrics.win_rate`).

    Attributes:
        drawings, others: stroke drawings of the words and of other words.
        pairs: of a drawing and a word that it must not win.
        area: share of true wins in 0 .. 1, mean over shares of false wins from none to 2 %.
        true: the same at one share of false wins each, "0.5%" and others.
    """

    model_config = ConfigDict(extra="forbid")

    drawings: int
    others: int
    pairs: int
    area: float
    true: dict[str, float]


class Test(BaseModel):
    """Metrics of a final run on its evaluation split; shares in 0 .. 1.

    Attributes:
        examples: its guesses at the drawings of `examples.json`, in their order.
        wins: if the suite measures them.
    """

    model_config = ConfigDict(extra="forbid")
    __test__ = False  # keeps pytest from collecting this class

    n: int
    accuracy: float
    precision: float
    recall: float
    log_loss: float
    calibration_error: float
    by_word: dict[str, float]
    confusion: list[list[int]]
    changed: dict[str, float]
    partial: dict[str, float]
    examples: list[Prediction] = []
    wins: Wins | None = None


class Result(BaseModel):
    """One run.

    Attributes:
        key: digest of everything that decides its outcome; in the file's name.
        experiment: the plan's id.
        made_by: name of the experiment that has run it, if that is another one.
        stage: tuning (validation only) or final (evaluated as well).
        per_word: training drawings a word; None for all.
        rates: peak learning rates by their names, in the order of the phases.
        tuned: in tuning, the name of the rate that was tried; the run ended with its phases.
        seed: fixes drawings, order, augmentation and initialisation.
        status: finished; diverged, when the loss stopped being finite; failed, with the error.
        history: a record an epoch, of validation; see `training.trainer.fit`. Images and seconds
            begin with those of its teachers, if it has any, and so do all costs below.
        before: accuracy in 0 .. 1 that the start's features allow before any training, by how it
            was measured; of final runs.
        test: of a finished final run.
        feature_map: of one seed's final runs.
        forward_work, backward_work: floating-point operations of the whole training.
        seconds: of training alone: no start-up, no evaluation.
        peak_memory: bytes; of the GPU or, on a CPU, of the whole process.
        strategy, settings: in full.
        evidence: command, versions, commit, device.
    """

    model_config = ConfigDict(extra="forbid", ser_json_inf_nan="constants")

    key: str
    experiment: str
    made_by: str | None = None
    stage: RunStage
    arm: str
    per_word: int | None
    rates: dict[str, float]
    tuned: str | None = None
    seed: int
    status: Status
    error: str | None
    history: list[dict[str, float]]
    before: dict[str, float] = {}
    test: Test | None
    feature_map: FeatureMap | None = None
    forward_work: float = 0.0
    backward_work: float = 0.0
    trained_parameters: int
    seconds: float
    images_per_second: float
    peak_memory: int | None
    strategy: dict[str, Any]
    settings: dict[str, Any]
    evidence: dict[str, Any]

    @property
    def rate(self) -> float:
        """The last phase's."""
        return next(reversed(self.rates.values()), math.nan)

    @property
    def file_name(self) -> str:
        """Readable, sorted by what belongs together, and unique by its key."""
        unit = unit_name(self.per_word, self.arm)
        rates = "".join(f"-{rate:g}" for rate in self.rates.values())
        return f"{self.stage}-{unit}{rates}-s{self.seed}-{self.key}.json"


def unit_name(per_word: int | None, arm: str) -> str:
    """An arm at an amount of data, in names of files."""
    return f"{arm}-{'all' if per_word is None else per_word}"


def digest(content: Any) -> str:
    """Hex digest of what JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def decisive(value: Any) -> Any:
    """The fields of a dataclass that decide a result, as what JSON can hold.

    Fields with their default and prose are left out, so a digest stays the same when the class gets
    another field or a sentence is reworded.
    """
    if is_dataclass(value):
        return {
            field.name: decisive(getattr(value, field.name))
            for field in fields(value)
            if field.name not in PROSE and getattr(value, field.name) != _default(field)
        }
    if isinstance(value, Mapping):
        return {str(name): decisive(each) for name, each in value.items()}
    return [decisive(each) for each in value] if isinstance(value, list | tuple) else value


def _default(field: "Field[Any]") -> Any:
    """A field's default; `MISSING` for a field without one."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def brief(error: Exception) -> str:
    """An error's message in one line that is not too long."""
    return re.sub(r"\s+", " ", str(error))[:200]


def amount_of(per_word: int | None) -> str:
    """An amount of training drawings in words."""
    return "all drawings" if per_word is None else f"{per_word:,} a word"
