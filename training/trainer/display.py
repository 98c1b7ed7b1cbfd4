"""The progress of a training run on a terminal: a live bar, and one line per epoch."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from training.trainer.fit import Report


class Display:
    """Progress display: a live bar on a terminal, and one line per epoch everywhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            BarColumn(),
            TextColumn("{task.completed}/{task.total} steps"),
            TextColumn("{task.description}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("")
        self._epochs: int | None = None

    def __enter__(self) -> "Display":
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def show(self, report: Report) -> None:
        """Called by the trainer after every step."""
        if self._epochs is None:
            self._epochs = len(report.history)
        last = report.history[-1] if report.history else None
        accuracy = f"validation {last['validation_accuracy']:.2%}" if last else "validation –"
        self._bar.update(
            self._task,
            total=report.steps,
            completed=report.step,
            description=f"loss {report.loss:.3f}  {accuracy}  {report.rate:.0f} images/s",
        )
        if last and len(report.history) > self._epochs:
            self._epochs = len(report.history)
            self._console.print(
                f"epoch {last['epoch']}: loss {last['train_loss']:.3f}, {accuracy}, "
                f"{last['seconds']:.0f} s, {report.rate:.0f} images/s"
            )
