"""Finished runs of an experiment as curves for TensorBoard: `--log-to`."""

from collections.abc import Callable
from pathlib import Path

from training.experiment.results import Result
from training.trainer import tensorboard

Log = Callable[[Result], None]


def log_to(folder: Path | None) -> Log:
    """A function that writes the learning curves of a run to a folder of its own in `folder`.

    A run that is there already is not written again. Without a folder nothing is written.

    Raises:
        UserError: if TensorBoard is not installed.
    """
    if folder is None:
        return lambda result: None
    tensorboard.writer_class()  # an error now and not after the first run

    def log(result: Result) -> None:
        place = folder / result.file_name.removesuffix(".json")
        if any(place.glob("events.*")):
            return
        curves = tensorboard.Curves(place)
        curves.write(result.history)
        curves.finish(**({"test_accuracy": result.test.accuracy} if result.test else {}))

    return log
