"""How a step runs the network: eager, compiled, or captured in CUDA graphs.

"compiled" fuses layers into fewer passes over memory (`torch.compile`, Ansel et al. 2024, PyTorch
2). "captured" also launches the whole pass at once (CUDA graphs). Both take a minute or two before
the first step, so they pay off in long runs.
"""

import os
import shutil
from collections.abc import Callable

import torch
from torch import Tensor

from models.command import UserError
from training.choices import CompileMode

Forward = Callable[[Tensor], tuple[Tensor, Tensor]]


def carried_out(forward: Forward, how: CompileMode, device: torch.device) -> Forward:
    """The forward pass in the given compile mode, which the backward pass shares.

    Raises:
        UserError: if "captured" is asked for without a GPU, or there is no compiler.
    """
    if how == "eager":
        return forward
    if how == "captured" and device.type != "cuda":
        raise UserError(
            "only a GPU's passes can be captured",
            "expected --settings.compile_mode compiled or eager",
        )
    compiler = os.environ.get("CXX", "g++")
    if device.type == "cpu" and shutil.which(compiler) is None:
        raise UserError(
            f"no C++ compiler {compiler!r} to compile the network with",
            "Install it, name another in CXX, or give --settings.compile_mode eager",
        )
    mode = "reduce-overhead" if how == "captured" else None
    return torch.compile(forward, dynamic=False, mode=mode)
