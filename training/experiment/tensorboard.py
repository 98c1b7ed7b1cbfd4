"""Finished runs as curves for TensorBoard, if it is installed: `--log-to`."""

from collections.abc import Callable
from pathlib import Path

from models.command import UserError
from training.experiment.results import Result

CURVES = ("train_loss", "validation_accuracy", "validation_loss")
Log = Callable[[Result], None]


def log_to(folder: Path | None) -> Log:
    """A function that writes the learning curves of a run; nothing for no folder.

    Raises:
        UserError: when TensorBoard is not installed.
    """
    if folder is None:
        return lambda result: None
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise UserError("--log-to needs TensorBoard", "pip install tensorboard") from error

    def log(result: Result) -> None:
        writer = SummaryWriter(str(folder / result.file_name.removesuffix(".json")))
        for epoch in result.history:
            for name in CURVES:
                writer.add_scalar(name, epoch[name], int(epoch["images"]))
        if result.test is not None:
            writer.add_scalar("test_accuracy", result.test.accuracy, 0)
        writer.close()

    return log
