"""Checkpoints, from which a stopped run resumes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from models.command import UserError, whole_file


def write(path: Path, state: Mapping[str, Any]) -> None:
    """Save the state of a run; a crash while writing leaves the previous checkpoint intact.

    Raises:
        UserError: when the folder cannot be written.
    """
    with whole_file(path) as file:
        torch.save(state, file)


def read(path: Path, identity: Mapping[str, Any], device: torch.device) -> dict[str, Any]:
    """Load the state of a run, with its tensors on a device.

    Args:
        path: of a file written by `write`.
        identity: everything that determines the run; must equal the "identity" in the state.
        device: for the tensors.

    Raises:
        UserError: if the file is damaged or belongs to another run.
    """
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # torch raises many types, from pickle's errors to RuntimeError
        raise UserError(f"{path} is damaged", "Delete it to begin the run again") from error
    if state["identity"] != identity:
        raise UserError(f"{path} is of another run", "Choose another --out or delete that folder")
    return state
