"""The processes of a distributed run, started by torchrun; without torchrun there is one.

The processes communicate over gloo; gradients on GPUs are exchanged over NCCL.
"""

import importlib
import os
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, distributed, nn

from models.command import UserError
from training.inference.device import pick_device

Item = TypeVar("Item")


@dataclass(frozen=True)
class World:
    """One of `size` processes that train together; `rank` is in 0 .. size - 1.

    All processes must call the same methods in the same order.
    """

    rank: int = 0
    size: int = 1

    def everyones(self, item: Item) -> Sequence[Item]:
        """The items of all ranks, in the order of ranks."""
        if self.size == 1:
            return [item]
        items = [item] * self.size
        distributed.all_gather_object(items, item)
        return items

    def firsts(self, item: Item) -> Item:
        """The item of rank 0."""
        if self.size == 1:
            return item
        items = [item]
        distributed.broadcast_object_list(items, src=0)
        return items[0]

    def total(self, values: Tensor) -> Tensor:
        """The sum over all ranks, of values on the CPU."""
        if self.size > 1:
            distributed.all_reduce(values)
        return values

    def take_statistics(self, network: nn.Module) -> None:
        """Give every rank the BatchNorm statistics of rank 0."""
        if self.size > 1:
            for buffer in network.buffers():
                distributed.broadcast(buffer, src=0)

    def together(self, work: Callable[[], Item]) -> Item:
        """Call `work` on every rank; if it fails on one, all ranks end with exit code 2.

        Raises:
            UserError: on rank 0: the error of the first rank that failed.
            SystemExit: on the other ranks, without a message.
        """
        try:
            done, failed = [work()], None
        except UserError as error:
            done, failed = [], str(error)
        failures = [failure for failure in self.everyones(failed) if failure is not None]
        if not failures:
            return done[0]
        if self.rank:
            sys.exit(2)
        raise UserError(failures[0])


@contextmanager
def joined() -> Generator[World]:
    """The world described by torchrun's environment variables; without them, of one process.

    Raises:
        UserError: if the other processes cannot be reached.
    """
    if "WORLD_SIZE" not in os.environ:
        yield World()
        return
    try:
        # Before any group exists: functions there keep, as a default argument, the group of the
        # moment they are imported. Its threads would outlive it, and can abort the ending process.
        importlib.import_module("torch.distributed.nn")
        backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
        distributed.init_process_group(backend)
    except (ValueError, RuntimeError) as error:  # torch's own errors are RuntimeErrors
        raise UserError(
            f"cannot join the other processes: {error}",
            "Start them with torchrun --nproc-per-node N -m training.pretrain",
        ) from error
    try:
        yield World(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()


def own_device(name: str) -> torch.device:
    """A rank's device: the CPU, or the GPU with the number of its local rank.

    Raises:
        UserError: when there is no such device, or there are fewer GPUs than ranks here.
    """
    device, here = pick_device(name), int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    if device.type == "cpu":
        return device
    gpus, numbered = torch.cuda.device_count(), ":" in str(device)
    if here > gpus or (here > 1 and numbered):
        raise UserError(
            f"{here} processes cannot share {name if numbered else f'{gpus} GPU'}",
            f"Give --device cuda and --nproc-per-node {gpus} at most, or --device cpu",
        )
    if not numbered:
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    torch.cuda.set_device(device)
    return device
