"""Provenance of an experiment's starts: their source and cost, in `starts.json`."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from models.command import UserError, whole_file
from training.experiment.results import brief

FILE = "starts.json"
LEARNED = 1 / 3


class StartProvenance(BaseModel):
    """Provenance of a start: source, cost, and accuracy on its pretraining task.

    Attributes:
        start: its name in strategies.
        description: one line for people.
        sha256: of the checkpoint's file; None for random weights.
        seconds: of pretraining; None if it was not trained here.
        images: shown in pretraining, including repetitions; None if it was not trained here.
        forward_work, backward_work: floating-point operations of pretraining.
        accuracy: in 0 .. 1, on held-out drawings of the task it was pretrained for.
        chance: what guessing gets at that task.
        checkpoint: number of the checkpoint (0, 1, ...) where a start has several, which differ in
            the seed of their pretraining.
        device: of pretraining.
        command: to reproduce it.
    """

    model_config = ConfigDict(extra="forbid")

    start: str
    description: str = Field(validation_alias=AliasChoices("description", "says"))
    sha256: str | None = None
    seconds: float | None = None
    images: int | None = None
    forward_work: float | None = None
    backward_work: float | None = None
    accuracy: float | None = None
    chance: float | None = None
    checkpoint: int = 0
    device: str | None = None
    command: str | None = None

    @property
    def failed(self) -> bool:
        """Whether its own task was not learned: less than a third of the way from guessing to
        perfect."""
        if self.accuracy is None or self.chance is None:
            return False
        return self.accuracy < self.chance + LEARNED * (1 - self.chance)


_ADAPTER = TypeAdapter(list[StartProvenance])


def save(folder: Path, found: Sequence[StartProvenance]) -> None:
    """Write the provenance of an experiment's starts, unless it is already there.

    Raises:
        UserError: when the disk is full or the folder cannot be written, or its file not be read.
    """
    if load(folder) == list(found):
        return
    with whole_file(folder / FILE, "wb") as file:
        file.write(_ADAPTER.dump_json(list(found), indent=1))


def load(folder: Path) -> list[StartProvenance]:
    """The provenance of an experiment's starts; empty if there is no file.

    Raises:
        UserError: when the file cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return []
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        mend = "Delete it; the report does without"
        raise UserError(f"cannot read {path}: {brief(error)}", mend) from error
