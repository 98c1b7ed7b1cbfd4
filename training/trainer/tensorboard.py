"""Learning curves for TensorBoard, which is optional: `--log-to`."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from models.command import UserError
from training.trainer.fit import Report

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

CURVES = ("train_loss", "validation_accuracy", "validation_loss")


class Curves:
    """The curves of one run, by number of images shown.

    A resumed run writes its curves from the beginning and marks the older ones as void, so that
    TensorBoard shows each epoch once.

    Args:
        folder: of the run's event files.

    Raises:
        UserError: if TensorBoard is not installed, or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._writer = _writer(folder)
        self._epochs = 0

    def show(self, report: Report) -> None:
        """Write new epochs; the trainer calls this after every step."""
        if len(report.history) > self._epochs:
            self.write(report.history[self._epochs :])
            self._epochs = len(report.history)

    def write(self, history: Sequence[Mapping[str, float]]) -> None:
        """Write these epochs."""
        for epoch in history:
            for name in CURVES:
                self._writer.add_scalar(name, epoch[name], int(epoch["images"]))
        self._writer.flush()

    def finish(self, **scalars: float) -> None:
        """Write final scalars, and close the file."""
        for name, value in scalars.items():
            self._writer.add_scalar(name, value, 0)
        self._writer.close()


@contextmanager
def shown_too(
    show: Callable[[Report], None], folder: Path | None
) -> Generator[Callable[[Report], None]]:
    """`show`, which also writes the curves of the run if there is a folder for them.

    Raises:
        UserError: as `Curves`.
    """
    if folder is None:
        yield show
        return
    curves = Curves(folder)

    def both(report: Report) -> None:
        show(report)
        curves.show(report)

    try:
        yield both
    finally:
        curves.finish()


def writer_class() -> "type[SummaryWriter]":
    """TensorBoard's writer of event files.

    Raises:
        UserError: if TensorBoard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise UserError(
            "--log-to needs TensorBoard, which is not installed",
            "Install it: python -m pip install tensorboard",
        ) from error
    return SummaryWriter


def _writer(folder: Path) -> "SummaryWriter":
    try:
        return writer_class()(str(folder), purge_step=0)
    except OSError as error:
        raise UserError(
            f"cannot write to {folder}: {error.strerror}", "Choose another --log-to"
        ) from error
