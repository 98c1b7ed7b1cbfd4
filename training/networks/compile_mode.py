"""How a step passes through the network: as it stands, compiled, or captured.

Compiled (`torch.compile`, Ansel et al. 2024, PyTorch 2), layers are fused into fewer loops over
memory; captured, the device is also sent the whole pass at once (CUDA graphs). It takes a minute
or two before the first step, so it pays where a run takes many.
"""

import os
import shutil
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from models.command import UserError

CompileMode = Literal["eager", "compiled", "captured"]
Forward = Callable[[Tensor], tuple[Tensor, Tensor]]


def carried_out(forward: Forward, how: CompileMode, device: torch.device) -> Forward:
    """The same pass, carried out so; its backward pass too.

    Raises:
        UserError: where it cannot be: captured without a GPU, or without a compiler.
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
