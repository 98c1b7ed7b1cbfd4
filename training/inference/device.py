"""The device that training runs on: the CPU or a GPU, by name."""

import torch

from models.command import UserError


def pick_device(name: str) -> torch.device:
    """The device of that name; "auto" is CUDA if available, otherwise the CPU.

    Raises:
        UserError: for a name torch does not know or a GPU that is not there.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"no device {name!r} ({reason})", "expected auto, cpu or cuda") from error
    return device
