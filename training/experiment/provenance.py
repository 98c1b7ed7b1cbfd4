"""Where the starts of an experiment come from and what they cost: `starts.json` beside its plan."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from models.command import UserError, whole_file
from training.experiment.results import brief

FILE = "starts.json"


class Origin(BaseModel):
    """Where the weights of a start come from, what they cost, how good they are at their own task.

    Attributes:
        start: its name, as strategies give it.
        description: one line for people.
        sha256: of the checkpoint's file; None for random weights.
        seconds: of pretraining; None where others trained it.
        images: seen in pretraining, each time counted; None likewise.
        forward_work, backward_work: floating-point operations of pretraining.
        accuracy: in 0 .. 1, on held-out drawings of the task it was pretrained for.
        device: of pretraining.
        command: that makes it again.
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
    device: str | None = None
    command: str | None = None


_ORIGINS = TypeAdapter(list[Origin])


def save(folder: Path, origins: Sequence[Origin]) -> None:
    """Write where an experiment's starts come from, unless that stands there already.

    Raises:
        UserError: when the disk is full or the folder cannot be written, or its file not be read.
    """
    if load(folder) == list(origins):
        return
    with whole_file(folder / FILE, "wb") as file:
        file.write(_ORIGINS.dump_json(list(origins), indent=1))


def load(folder: Path) -> list[Origin]:
    """Where an experiment's starts come from; empty where that was not written.

    Raises:
        UserError: when the file cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return []
    try:
        return _ORIGINS.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        mend = "Delete it; the report does without"
        raise UserError(f"cannot read {path}: {brief(error)}", mend) from error
