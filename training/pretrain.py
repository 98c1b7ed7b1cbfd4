"""Train a network on more drawings than fit in memory, on one or several devices.

    python -m training.pretrain --words all --out runs/all-words
    torchrun --nproc-per-node 8 -m training.pretrain --words all --out runs/all-words

Each of torchrun's processes (ranks) computes its share of every batch; batches, their order and
their augmentation do not depend on the number of processes. Bitmaps are read from disk when they
are used.

Writes `run.json` and `network.pt` into --out as training.train does, so that a later run can start
from them: --strategy full-near --weights runs/all-words/network.pt. To resume a stopped run in
mid-epoch, give the same command again; the number of processes may differ.
"""

from dataclasses import dataclass, field
from pathlib import Path

import torch
from rich.console import Console

from models import words as word_sets
from models.command import UserError, run
from training.data import index, quickdraw
from training.data.augment import Augmentation
from training.networks import weights
from training.networks.architectures import NetworkName
from training.networks.weights import RecipeName, Weights
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy
from training.train import Display
from training.trainer import distributed, evidence, runs
from training.trainer.distributed import World
from training.trainer.streaming_trainer import BatchNorm, StreamingPlan, StreamingTrainer


@dataclass(frozen=True)
class Options:
    """Train a network on more drawings than fit in memory, on one or several devices:

    torchrun --nproc-per-node 8 -m training.pretrain --words all --out runs/all-words
    """

    out: Path
    """Folder of the run; an unfinished run in it is resumed. Only rank 0 reads and writes it."""
    words: str = "all"
    """classic, party, all, or names separated by commas."""
    data_dir: Path | None = None
    """Folder of drawings; default $DOODLE_DATA_DIR, else ./data. Every machine needs one."""
    network: NetworkName = "b0"
    """Network to train: all of it at once, from random weights unless --weights is given."""
    weights: Path | None = None
    """Checkpoint of the same network to start from, for example ImageNet's; its head is ignored."""
    recipe: RecipeName = "torchvision"
    """Recipe that --weights were trained with: padding and BatchNorm's eps."""
    epochs: int = 1
    """Passes over the training drawings, under one one-cycle schedule."""
    batch: int = 1024
    """Drawings per step in all processes together; a multiple of the number of processes."""
    lr: float = 3e-3
    """Peak learning rate of AdamW for the whole batch; does not depend on the number of
    processes."""
    weight_decay: float = 0.02
    """Weight decay of filters and the head's matrix only."""
    label_smoothing: float = 0.05
    """Share of the target spread over all words."""
    stride: int = 1
    """Stride of the stem: 1, or 2, which costs a third and resolves less detail."""
    dropout: float = 0.0
    """Dropout before the head. Only its noise depends on the number of processes."""
    batchnorm: BatchNorm = "own"
    """Statistics to normalise by: of each process's share of the batch (own: fast, but noisy if
    the share is small), of the whole batch (shared: the same gradients as in one process; CUDA
    only), or the fixed ones of --weights (still)."""
    per_word: int | None = None
    """Largest number of training bitmaps per word."""
    held_out: int | None = 100_000
    """Largest number of validation drawings, always the same ones; None for all."""
    measure_every: int | None = None
    """Validate after every this many steps too, not only after each epoch."""
    seed: int = 0
    """Seed of initialisation, order, augmentation and dropout."""
    device: str = "auto"
    """auto, cpu, cuda or, for a single process, cuda:N."""
    augmentation: Augmentation = field(default_factory=Augmentation)


def main(options: Options) -> None:
    with distributed.joined() as world:
        train(options, world)


def train(options: Options, world: World) -> None:
    """Train as one of several processes that all call this function.

    Raises:
        UserError: on rank 0 if there is an error on any rank; the others exit with code 2.
    """
    console = Console(stderr=True, quiet=world.rank > 0)
    device, start = world.together(lambda: _prepared(options, world))
    with console.status("reading drawings"):
        drawings = _count(options, world)
    console.print(
        f"{options.network} on {world.size} × {device.type}; bitmaps {drawings.counts}; "
        f"data {drawings.hash}",
        highlight=False,
        soft_wrap=True,
    )
    plan, checkpoint = _plan(options), options.out / "checkpoint.pt"
    run = world.together(lambda: StreamingTrainer(plan, drawings, start, world, device, checkpoint))
    run.resume()
    if run.report.step:
        console.print(f"resumed at step {run.report.step} of {run.report.steps}")
    with Display(console) as display:
        run.run(display.show)
    world.together(lambda: _finish(options, run, start, device, world))


def _prepared(options: Options, world: World) -> tuple[torch.device, Weights | None]:
    """Device and weights of this rank, after all checks."""
    _check(options, world.size)
    device = distributed.own_device(options.device)
    if options.batchnorm == "shared" and device.type != "cuda":
        raise UserError(
            "--batchnorm shared needs CUDA: torch's SyncBatchNorm has no CPU side",
            "Leave it at own, or take still with --weights",
        )
    recipe = weights.RECIPES[options.recipe]
    if options.weights is None:
        return device, weights.nothing(recipe)
    return device, weights.from_file(options.weights, options.recipe)


def _check(options: Options, size: int) -> None:
    if (options.out / "run.json").exists():
        raise UserError(f"{options.out} holds a finished run", "Choose another --out")
    if options.stride not in (1, 2):
        raise UserError(f"--stride is {options.stride}", "expected 1 or 2")
    if len(word_sets.parse(options.words)) < 2:
        raise UserError("one word given", "expected at least two to tell apart")
    names = ("epochs", "batch", "lr", "per_word", "held_out", "measure_every")
    for name in names:
        value = getattr(options, name)
        if value is not None and not value > 0:
            raise UserError(f"--{name.replace('_', '-')} is {value}", "expected more than 0")
    if options.batch % size or options.batch < 2 * size:  # BatchNorm needs at least two drawings
        raise UserError(
            f"--batch {options.batch} cannot be divided among {size} process{'es' * (size > 1)}",
            f"expected a multiple of {size}, such as {max(options.batch // size, 2) * size}",
        )
    if options.batchnorm == "still" and options.weights is None:
        raise UserError("--batchnorm still needs stored statistics", "Give some: --weights FILE")


def _count(options: Options, world: World) -> index.DataIndex:
    words = word_sets.parse(options.words)
    folder = quickdraw.data_dir(options.data_dir)
    own = world.together(lambda: index.share(words, folder, world.rank, world.size))
    return index.assembled(words, folder, world.everyones(own), options.per_word)


def _plan(options: Options) -> StreamingPlan:
    settings = Settings(
        options.epochs,
        options.lr,
        options.batch,
        options.weight_decay,
        options.label_smoothing,
        options.stride,
        options.dropout,
        augmentation=options.augmentation,
    )
    strategy = Strategy(
        "pretraining",
        "file" if options.weights else "random",
        (Phase(EVERYTHING, bn_statistics="still" if options.batchnorm == "still" else "moving"),),
        f"everything at once, from {'a checkpoint' if options.weights else 'random weights'}",
        network=options.network,
    )
    return StreamingPlan(
        strategy,
        settings,
        options.seed,
        options.batchnorm,
        options.held_out,
        options.measure_every,
    )


def _finish(
    options: Options,
    run: StreamingTrainer,
    start: Weights | None,
    device: torch.device,
    world: World,
) -> None:
    """Write the finished run, on rank 0."""
    if world.rank:
        return
    drawn = runs.Drawn(run.index.words, run.index.hash, run.index.counts, options.per_word)
    known = evidence.evidence(device) | {"processes": world.size, "batchnorm": options.batchnorm}
    parents = runs.ancestors([options.weights.parent] if options.weights else [])
    runs.write(options.out, run, drawn, start, known, parents)
    run.checkpoint.unlink(missing_ok=True)


if __name__ == "__main__":
    run(Options, main)
