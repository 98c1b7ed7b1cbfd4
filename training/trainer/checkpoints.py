"""Files of torch: checkpoints, from which a stopped run resumes, and networks."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import torch

from models.command import UserError, whole_file


def write(path: Path, state: Mapping[str, Any]) -> None:
    """Save the state of a run, or tensors; a crash while writing leaves the previous file intact.

    Raises:
        UserError: when the disk is full or the folder cannot be written.
    """
    content = BytesIO()  # torch.save turns the error of a full disk into a RuntimeError
    torch.save(state, content)
    with whole_file(path) as file:
        file.write(content.getbuffer())


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
