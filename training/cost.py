"""What a run costs besides time: memory at its peak, parameters that learn."""

from pathlib import Path

import torch

from training.network import Network
from training.strategy import Strategy

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"  # man 5 proc, clear_refs


def forget_peak(device: torch.device) -> None:
    """Begin a new measurement of `peak_memory`."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    elif _CLEAR.exists():
        _CLEAR.write_text(_FORGET_PEAK)


def peak_memory(device: torch.device) -> int | None:
    """Bytes at the peak since `forget_peak`: of the GPU, or of the whole process on a CPU.

    None where the system does not tell (it needs Linux on a CPU).
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if not _CLEAR.exists():
        return None
    [peak] = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(peak.split()[1]) * 1024


def trained_parameters(strategy: Strategy, network: Network) -> int:
    """How many parameters learn in any phase."""
    return sum(
        parameter.numel()
        for group, modules in network.groups().items()
        for module in modules.modules()
        for parameter in module.parameters(recurse=False)
        if any(
            phase.rate(group, isinstance(module, torch.nn.BatchNorm2d)) > 0
            for phase in strategy.phases
        )
    )
