"""Files that a stopped run goes on from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from models.command import UserError, whole_file


def write(path: Path, state: Mapping[str, Any]) -> None:
    """Keep the state of a run; a crash in the midst of it leaves the one before.

    Raises:
        UserError: when the folder cannot be written.
    """
    with whole_file(path) as file:
        torch.save(state, file)


def read(path: Path, identity: Mapping[str, Any], device: torch.device) -> dict[str, Any]:
    """The state of a run, its tensors on a device.

    Args:
        path: that `write` wrote.
        identity: all that decides the run; the state's own "identity" must be the same.
        device: for the tensors.

    Raises:
        UserError: when the file is damaged or another run's.
    """
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # torch raises anything from pickle's errors to RuntimeError
        raise UserError(f"{path} is damaged", "Delete it to begin the run again") from error
    if state["identity"] != identity:
        raise UserError(f"{path} is of another run", "Choose another --out or delete that folder")
    return state
