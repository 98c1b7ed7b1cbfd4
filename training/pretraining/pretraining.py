"""The work of `training.pretrain`: train on streamed drawings, as one of several processes."""

from typing import TYPE_CHECKING

import torch
from rich.console import Console

from models.command import UserError
from training.data import own_drawings, quickdraw
from training.limits import check
from training.networks import weights
from training.networks.network import architecture
from training.networks.weights import Weights
from training.pretraining import distributed, index
from training.pretraining.distributed import World
from training.pretraining.streaming_trainer import StreamingPlan, StreamingTrainer
from training.strategies.settings import Settings
from training.strategies.strategy import EVERYTHING, Phase, Strategy
from training.trainer import evidence, runs, tensorboard
from training.trainer.display import Display

if TYPE_CHECKING:
    from training.pretrain import Options


def train(options: "Options", world: World) -> None:
    """Train as one of several processes that all call this function.

    Raises:
        UserError: on rank 0 if there is an error on any rank; the others exit with code 2.
    """
    console = Console(stderr=True, quiet=world.rank > 0)
    device, start, ancestors = world.together(lambda: _prepared(options, world))
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
    logs = None if world.rank else options.log_to
    with Display(console) as display, tensorboard.shown_too(display.show, logs) as show:
        run.run(show)
    world.together(lambda: _finish(options, run, start, device, world, ancestors))


def _prepared(options: "Options", world: World) -> tuple[torch.device, Weights, list[str]]:
    """Device, weights and their ancestors of this rank, after all checks."""
    _check(options, world.size)
    device = distributed.own_device(options.device)
    if options.batchnorm == "shared" and device.type != "cuda":
        raise UserError(
            "--batchnorm shared needs CUDA: torch's SyncBatchNorm has no CPU side",
            "Leave it at own, or take still with --weights",
        )
    recipe = weights.RECIPES[options.recipe]
    if options.weights is None:
        return device, weights.nothing(recipe), []
    start = weights.from_file(options.weights, options.recipe)
    return device, start, runs.ancestors([options.weights.parent])


def _check(options: "Options", size: int) -> None:
    check(options)
    if (options.out / "run.json").exists():
        raise UserError(f"{options.out} holds a finished run", "Choose another --out")
    if options.log_to is not None:
        tensorboard.writer_class()
    architecture(options.network)  # an unknown name is reported before drawings are read
    if len(_words(options)) < 2:
        raise UserError("one word given", "expected at least two to tell apart")
    if options.batch % size or options.batch < 2 * size:  # BatchNorm needs at least two drawings
        raise UserError(
            f"--batch {options.batch} cannot be divided among {size} process{'es' * (size > 1)}",
            f"expected a multiple of {size}, such as {max(options.batch // size, 2) * size}",
        )
    if options.batchnorm == "still" and options.weights is None:
        raise UserError("--batchnorm still needs stored statistics", "Give some: --weights FILE")


def _words(options: "Options") -> tuple[str, ...]:
    return own_drawings.words(options.words, quickdraw.data_dir(options.data_dir))


def _count(options: "Options", world: World) -> index.DataIndex:
    words, folder = _words(options), quickdraw.data_dir(options.data_dir)
    own = world.together(lambda: index.share(words, folder, world.rank, world.size))
    return index.assembled(words, folder, world.everyones(own), options.per_word)


def _plan(options: "Options") -> StreamingPlan:
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
    options: "Options",
    run: StreamingTrainer,
    start: Weights | None,
    device: torch.device,
    world: World,
    ancestors: list[str],
) -> None:
    """Write the finished run, on rank 0."""
    if world.rank:
        return
    drawn = runs.Drawn(run.index.words, run.index.hash, run.index.counts, options.per_word)
    known = evidence.evidence(device) | {"processes": world.size, "batchnorm": options.batchnorm}
    runs.write(options.out, run, drawn, start, known, ancestors)
    run.checkpoint.unlink(missing_ok=True)
