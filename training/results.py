"""The runs of an experiment as a table.

python -m training.results results/freezing --csv freezing.csv

from training.results import frame
frame("results/freezing").groupby("arm").test_accuracy.mean()
"""

import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from models.command import UserError, install, run, whole_file

if TYPE_CHECKING:
    from training.experiment.results import Result


@dataclass(frozen=True)
class Options:
    """Write the runs of an experiment as a table."""

    folder: Annotated[Path, tyro.conf.Positional]
    """Folder of results, for example results/freezing."""
    csv: Path | None = None
    """File to write; default: standard output."""


def main(options: Options) -> None:
    """Write the table; raises as `table` does."""
    text = as_csv(table(options.folder))
    if options.csv is None:
        sys.stdout.write(text)
        return
    with whole_file(options.csv, "w") as file:
        file.write(text)


def table(folder: Path | str) -> list[dict[str, Any]]:
    """One row per run; accuracies in 0 .. 1, None for missing values.

    Raises:
        UserError: when the folder holds no experiment, or its results cannot be read.
    """
    from training.experiment import store  # takes seconds
    from training.experiment.plan import read_plan

    plan = read_plan(Path(folder))
    return [_row(plan.suite.name, result) for result in store.load(Path(folder), plan)]


def frame(folder: Path | str) -> Any:
    """The table as a pandas DataFrame.

    Raises:
        UserError: when pandas is not installed, or as `table` does.
    """
    try:
        import pandas
    except ImportError as error:
        raise UserError("pandas is not installed", f"Install it: {install('train')}") from error
    return pandas.DataFrame(table(folder))


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Comma-separated values under a header; all columns that any row has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(suite: str, result: "Result") -> dict[str, Any]:
    last = result.history[-1] if result.history else {}
    test = result.test
    return {
        "suite": suite,
        "stage": result.stage,
        "arm": result.arm,
        "per_word": result.per_word,
        "seed": result.seed,
        "tuned": result.tuned,
        "status": result.status,
        "epochs": len(result.history),
        "validation_accuracy": last.get("validation_accuracy"),
        "validation_loss": last.get("validation_loss"),
        "test_accuracy": test.accuracy if test else None,
        "test_log_loss": test.log_loss if test else None,
        "test_calibration_error": test.calibration_error if test else None,
        "win_area": test.wins.area if test and test.wins else None,
        "seconds": result.seconds,
        "forward_work": result.forward_work,
        "backward_work": result.backward_work,
        "trained_parameters": result.trained_parameters,
        "peak_memory": result.peak_memory,
        "commit": result.evidence.get("commit"),
        **{f"rate_{name}": rate for name, rate in result.rates.items()},
    }


if __name__ == "__main__":
    run(Options, main)
