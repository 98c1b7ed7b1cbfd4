"""The folder of an experiment's results.

    results/freezing/plan.json              what was declared before anything ran
    results/freezing/runs.jsonl.gz          finished runs, one a line
    results/freezing/starts.json            what the weights cost that strategies start from
    results/freezing/examples.json          the few drawings that a report shows
    results/freezing/models/<arm>-<amount>  networks, if they are kept; not part of the results
    results/freezing/unfinished/*.json      finished runs that are not packed yet
    results/freezing/unfinished/<key>*.pt   checkpoints, deleted when the run is finished

A finished run is one file until the comparison ends or goes on: then all are packed. The files are
deleted after the pack is on disk, so a run may lie in both and is then read once; a process that is
killed at any moment loses no finished run. What is packed is meant to be shared: the machine's
folders are left out of the commands that made the runs (`training.trainer.evidence.portable`).

A folder holds one experiment. To merge folders of the same plan, put their packs side by side under
names such as `runs-2.jsonl.gz`.
"""

import gzip
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from models.command import UserError, whole_file
from training.experiment.plan import Plan
from training.experiment.results import Result, brief, unit_name
from training.trainer import lock
from training.trainer.evidence import portable

PACK = "runs.jsonl.gz"
PACKS = "runs*.jsonl.gz"
UNFINISHED = "unfinished"


def save(folder: Path, result: Result) -> None:
    """Write a finished run.

    Raises:
        UserError: when the disk is full or the folder cannot be written.
    """
    with whole_file(run_file(folder, result), "w") as file:
        file.write(result.model_dump_json())


def run_file(folder: Path, result: Result) -> Path:
    """Where a finished run lies until it is packed."""
    return folder / UNFINISHED / result.file_name


def load(folder: Path, plan: Plan) -> list[Result]:
    """All finished runs of a folder, packed or not, in the order of their names.

    Raises:
        UserError: for a file that cannot be read or belongs to another experiment.
    """
    found: dict[str, Result] = {}
    for path in sorted(folder.glob(PACKS)):
        for number, line in enumerate(_lines(path), 1):
            result = _parsed(line, f"line {number} of {path}", plan)
            found[result.key] = result
    for path in _loose(folder):
        result = _parsed(path.read_bytes(), str(path), plan)
        found[result.key] = result
    return sorted(found.values(), key=lambda result: result.file_name)


def pack(folder: Path, plan: Plan) -> None:
    """Put all finished runs into one file; the same runs give the same bytes.

    Raises:
        UserError: when a run cannot be read, or the pack cannot be written; nothing is lost then.
    """
    loose, packs = _loose(folder), sorted(folder.glob(PACKS))
    if not loose and packs in ([], [folder / PACK]):
        return
    results = load(folder, plan)
    text = "".join(f"{_portable(result).model_dump_json()}\n" for result in results)
    with whole_file(folder / PACK) as file:
        file.write(gzip.compress(text.encode(), mtime=0))
    for path in (*loose, *(each for each in packs if each.name != PACK)):
        path.unlink(missing_ok=True)


def _portable(result: Result) -> Result:
    evidence = result.evidence
    if "command" in evidence:
        evidence = {**evidence, "command": portable(str(evidence["command"]))}
    return result.model_copy(update={"evidence": evidence})


def _loose(folder: Path) -> list[Path]:
    return sorted((folder / UNFINISHED).glob("*.json"))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        yield from gzip.decompress(path.read_bytes()).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(
            f"cannot read {path}: {brief(error)}",
            "Restore it, or delete it; its runs are then done again",
        ) from error


def _parsed(content: bytes, place: str, plan: Plan) -> Result:
    try:
        result = Result.model_validate_json(content)
    except ValidationError as error:
        mend = "Delete it; its run is then done again"
        raise UserError(f"cannot read {place}: {brief(error)}", mend) from error
    if result.experiment != plan.id:
        raise UserError(f"{place} is a run of another experiment", "Move it out of this folder")
    return result


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Keep other processes from running the same experiment; raises as `lock.locked` does."""
    with lock.locked(folder / UNFINISHED / "lock", f"running the experiment in {folder}"):
        yield


def checkpoint(folder: Path, key: str, teacher: str | None = None) -> Path:
    """Path of the checkpoint of a run, or of one of its teachers by strategy name."""
    return folder / UNFINISHED / (f"{key}-{teacher}.pt" if teacher else f"{key}.pt")


def checkpoints(folder: Path, key: str) -> list[Path]:
    """Checkpoints of an unfinished run and its teachers."""
    return sorted((folder / UNFINISHED).glob(f"{key}*.pt"))


def model(folder: Path, per_word: int | None, arm: str) -> Path:
    """Path of an arm's kept network, as a run folder for `training.publish`."""
    return folder / "models" / unit_name(per_word, arm)
