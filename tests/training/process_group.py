"""Starts two processes of one training as torchrun would, and does the work of each.

    python -m tests.training.process_group DATA WEIGHTS OUT

is the command that each of them runs.
"""

import os
import socket
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from models.command import UserError
from tests import made
from training.choices import BatchNorm
from training.networks import weights
from training.pretrain import Options
from training.pretraining import distributed, index, pretraining, streaming_trainer
from training.pretraining.distributed import World
from training.pretraining.streaming_trainer import StreamingPlan, StreamingTrainer
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy

ROOT = Path(__file__).parents[2]
BATCH = 24


def start(ranks: int, *arguments: object) -> list[subprocess.Popen[str]]:
    """Start processes of `python ARGUMENTS` that form one group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {
        **os.environ,
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "WORLD_SIZE": str(ranks),
        "LOCAL_WORLD_SIZE": str(ranks),
        "OMP_NUM_THREADS": "1",
    }
    return [
        subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env={**shared, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(ranks)
    ]


def options(folder: Path, out: Path) -> Options:
    """A run of the small network: two epochs of eight or nine steps."""
    return Options(
        out,
        words=",".join(made.WORDS),
        data_dir=folder,
        network="small",
        epochs=2,
        batch=BATCH,
        held_out=None,
        device="cpu",
    )


def as_arguments(chosen: Options) -> list[str]:
    """The command line of `options`."""
    names = ("out", "words", "data_dir", "network", "epochs", "batch", "held_out", "device")
    given = {name.replace("_", "-"): getattr(chosen, name) for name in names}
    return [text for name, value in given.items() for text in (f"--{name}", str(value))]


def course(batchnorm: BatchNorm) -> StreamingPlan:
    """EfficientNet-B0 from a checkpoint; only augmentation is random."""
    phase = Phase(EVERYTHING, bn_statistics="still" if batchnorm == "still" else "moving")
    strategy = Strategy("test", "file", (phase,), "for a test")
    return StreamingPlan(strategy, Settings(1, 1e-3, BATCH, stride=2, dropout=0.0), 3, batchnorm)


def made_run(
    folder: Path, checkpoint: Path, batchnorm: BatchNorm, world: World
) -> StreamingTrainer:
    """A run in float64, in which the order of a sum has no visible effect."""
    counted = index.take(made.WORDS, folder)
    first = weights.from_file(checkpoint, "torchvision")
    cpu = torch.device("cpu")
    torch.set_default_dtype(torch.float64)
    try:
        run = StreamingTrainer(course(batchnorm), counted, first, world, cpu, folder / "none.pt")
    finally:
        torch.set_default_dtype(torch.float32)
    run.network.register_forward_pre_hook(in_float64)
    return run


def in_float64(network: nn.Module, given: tuple[Tensor]) -> tuple[Tensor]:
    return (given[0].double(),)


def gradients(run: StreamingTrainer) -> dict[str, Tensor]:
    """The gradients of the first batch, of which each rank computes its share."""
    [drawings] = run.train.batches(run.share, 0, 1)
    streaming_trainer.set_modes(run.network, run.strategy.phases[0])
    run.loss(drawings).backward()
    return {name: p.grad for name, p in run.network.named_parameters() if p.grad is not None}


def refusal(chosen: Options, world: World) -> str:
    """The error with which an impossible run ends on this rank."""
    try:
        pretraining.train(chosen, world)
    except UserError as error:
        return f"error: {error}"
    except SystemExit as stop:
        return f"exit {stop.code}"
    return "trained"


def main(folder: Path, checkpoint: Path, out: Path) -> None:
    with distributed.joined() as world:
        group = weakref.ref(torch.distributed.group.WORLD)
        found = {
            how: gradients(made_run(folder, checkpoint, how, world)) for how in ("still", "own")
        }
        chosen = options(folder, out / "whole")
        pretraining.train(chosen, world)
        elsewhere = folder / "elsewhere" if world.rank else folder
        refused = [
            refusal(replace(chosen, out=out / "new", words="circle,cat"), world),
            refusal(replace(chosen, out=out / "new", data_dir=elsewhere), world),
            refusal(replace(chosen, out=out / "new", batch=BATCH + 1), world),
            refusal(replace(chosen, out=out / "new", lr=1e30), world),
            refusal(chosen, world),
        ]
    kept = {"gradients": found, "refused": refused, "left": group() is not None}
    torch.save(kept, out / f"rank{world.rank}.pt")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
