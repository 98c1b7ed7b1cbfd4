"""Result files of an experiment: the plan, and one file a run.

    results/freezing/plan.json              what was declared before anything ran
    results/freezing/runs/<stage>-<arm>-...-<key>.json
    results/freezing/starts.json            what the weights cost that strategies start from
    results/freezing/shown.json             the few drawings that a report shows
    results/freezing/models/<arm>-<amount>  networks, where they are kept; not part of the results
    results/freezing/unfinished/<key>*.pt   checkpoints, gone when the run is finished

A folder holds one experiment. Folders of the same plan merge by putting their files together.
"""

import hashlib
import json
import re
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.command import UserError, whole_file
from training.experiment.suites import Suite

Stage = Literal["tuning", "final"]
Status = Literal["finished", "diverged", "failed"]


@dataclass(frozen=True)
class Plan:
    """What is fixed before an experiment runs.

    Attributes:
        suite: with whatever options changed of it.
        words: in column order.
        region: points of accuracy, either way, that are of no practical importance.
        data: hash of the drawings and their splits.
        bitmaps: how many there are of each split, before a suite takes some.
        starts: what strategies start from, by the names they give it: sha256 of the checkpoint,
            or a digest of how one made here is made.
        recipe: padding and BatchNorm's eps, which every network takes from how it was learned.
        code: version of the numbers that it computes (`training.experiment.version`).
    """

    suite: Suite
    words: tuple[str, ...]
    region: float
    data: str
    bitmaps: dict[str, int]
    starts: dict[str, str]
    recipe: str
    code: str

    @property
    def id(self) -> str:
        """Hex digest of all of it, but what the suite leaves at its default: a field that suites
        get later does not make a stranger of an earlier experiment."""
        content = asdict(self)
        for field in fields(Suite):
            if field.default is not MISSING and getattr(self.suite, field.name) == field.default:
                del content["suite"][field.name]
        return digest(content)


class Guess(BaseModel):
    """The word a network takes a drawing for, and how sure it is, in 0 .. 1."""

    model_config = ConfigDict(extra="forbid")

    word: str
    probability: float


class Wins(BaseModel):
    """Who would win a race that is judged at 10, 20 ... 100 % of the ink
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
    """What a final run reached in its exam; shares in 0 .. 1.

    Attributes:
        shown: its guesses at the drawings of `shown.json`, in their order.
        wins: where the suite asks for them.
    """

    model_config = ConfigDict(extra="forbid")
    __test__ = False  # pytest takes every Test* for its own

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
    shown: list[Guess] = []
    wins: Wins | None = None


class FeatureMap(BaseModel):
    """Drawings of the exam where their features lie in a plane, before training and after it.

    Attributes:
        labels: of the drawings.
        before, after: (x, y) of each; the two planes have nothing to do with each other.
    """

    model_config = ConfigDict(extra="forbid")

    labels: list[int]
    before: list[tuple[float, float]]
    after: list[tuple[float, float]]


class Result(BaseModel):
    """One run.

    Attributes:
        key: digest of everything that decides its outcome; in the file's name.
        experiment: the plan's id.
        stage: tuning (validation only) or final (examined as well).
        per_word: training drawings a word; None for all.
        rate: peak learning rate.
        status: finished; diverged, when the loss stopped being finite; failed, with the
        error.
        history: a record an epoch, of validation; see `training.trainer.fit`. Images and seconds
            begin with those of its teachers, and so do all costs below, where it has any.
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
    stage: Stage
    arm: str
    per_word: int | None
    rate: float
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
    def file_name(self) -> str:
        """Readable, sorted by what belongs together, and unique by its key."""
        unit = unit_name(self.per_word, self.arm)
        return f"{self.stage}-{unit}-{self.rate:g}-s{self.seed}-{self.key}.json"


def unit_name(per_word: int | None, arm: str) -> str:
    """An arm at an amount of data, in names of files."""
    return f"{arm}-{'all' if per_word is None else per_word}"


def digest(content: Any) -> str:
    """Hex digest of what JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def begin(folder: Path, plan: Plan) -> None:
    """Declare the plan in a folder, or find it declared there already.

    Raises:
        UserError: when the folder holds another plan, or cannot be written.
    """
    path = folder / "plan.json"
    if path.exists():
        there = read_plan(folder)
        if there.id != plan.id:
            raise UserError(
                f"{folder} holds another experiment (different: {_difference(there, plan)})",
                "Choose another --out, or delete that folder",
            )
    else:
        with whole_file(path, "w") as file:
            json.dump(asdict(plan), file, indent=1)


def read_plan(folder: Path) -> Plan:
    """The plan declared in a folder.

    Raises:
        UserError: when there is none, or it cannot be read.
    """
    try:
        content = _lists_to_tuples(json.loads((folder / "plan.json").read_text("utf-8")))
        content["suite"] = Suite(**content["suite"])
        return Plan(**content)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(
            f"{folder} holds no experiment ({error})", "Run one: python -m training.compare"
        ) from error


def save(folder: Path, result: Result) -> None:
    """Write a run's file.

    Raises:
        UserError: when the disk is full or the folder cannot be written.
    """
    with whole_file(folder / "runs" / result.file_name, "w") as file:
        file.write(result.model_dump_json())


def load(folder: Path, plan: Plan) -> list[Result]:
    """All runs of a folder, in the order of their files' names.

    Raises:
        UserError: for a file that cannot be read or belongs to another experiment.
    """
    return [_read(path, plan) for path in sorted((folder / "runs").glob("*.json"))]


def checkpoint(folder: Path, key: str, teacher: str | None = None) -> Path:
    """Where a run that is under way is kept; or one of its teachers, by its strategy's name."""
    return folder / "unfinished" / (f"{key}-{teacher}.pt" if teacher else f"{key}.pt")


def checkpoints(folder: Path, key: str) -> list[Path]:
    """What there is of a run and its teachers under way."""
    return sorted((folder / "unfinished").glob(f"{key}*.pt"))


def model(folder: Path, per_word: int | None, arm: str) -> Path:
    """Where an arm's network is kept, as a run that `training.publish` takes."""
    return folder / "models" / unit_name(per_word, arm)


def _read(path: Path, plan: Plan) -> Result:
    try:
        result = Result.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        mend = "Delete that file; its run is then done again"
        raise UserError(f"cannot read {path}: {brief(error)}", mend) from error
    if result.experiment != plan.id:
        raise UserError(f"{path} is a run of another experiment", "Move it out of this folder")
    return result


def brief(error: Exception) -> str:
    """What an error says, in one line that is not too long."""
    return re.sub(r"\s+", " ", str(error))[:200]


def _difference(there: Plan, here: Plan) -> str:
    a, b = asdict(there), asdict(here)
    fields = [f for f in a if f != "suite" and a[f] != b[f]]
    fields += [f for f in a["suite"] if a["suite"][f] != b["suite"][f]]
    return ", ".join(fields)


def _lists_to_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lists_to_tuples(each) for name, each in value.items()}
    return tuple(map(_lists_to_tuples, value)) if isinstance(value, list) else value
