"""Train one network with one strategy.

    python -m training.train --strategy full --weights b0.pth --data-dir ./data --out runs/full

Writes `run.json` (the record of the run) and `network.pt` (the weights) to --out. To resume a
stopped run, give the same command again.
"""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from models.command import UserError, run
from training.choices import RecipeName
from training.limits import Count, Whole, check
from training.strategies.settings import Settings


@dataclass(frozen=True)
class Options:
    """Train a network on drawings with one strategy."""

    out: Path
    """Folder of the run; an unfinished run in it is resumed."""
    strategy: str = "full"
    """A strategy of the catalogue (full, scratch, head-only, freeze-1, ...) or of --strategies."""
    words: str = "classic"
    """classic, party, all, or names separated by commas."""
    data_dir: Path | None = None
    """Folder of Quick, Draw! drawings (see training.fetch) or of your own drawings of any words
    (training/data/own_drawings.py); default $DOODLE_DATA_DIR, else ./data.
    """
    weights: Path | None = None
    """Checkpoint to start from: network.pt of a run, or (default, downloaded once) ImageNet's."""
    recipe: RecipeName = "torchvision"
    """Recipe that --weights were trained with: padding and BatchNorm's eps."""
    architecture: str | None = None
    """Network in place of B0, if the strategy has B0: small, cnn, mobilenet, resnet18, or timm:NAME
    for a convolutional network of the package timm, which then has to be installed.
    """
    per_word: Count | None = None
    """Largest number of training bitmaps per word."""
    more: tuple[Path, ...] = ()
    """Folders of more stroke drawings of the words, from elsewhere, to learn from: WORD.ndjson or
    WORD.ndjson.gz. --settings.mixture.more is their share of a batch.
    """
    teachers: tuple[Path, ...] = ()
    """Folders of finished runs on the same words; their mean probabilities are soft targets."""
    seed: Whole = 0
    """Seed of initialisation, order, augmentation and dropout."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    settings: Settings = field(default_factory=Settings)
    strategies: Path | None = None
    """File with strategies of your own, mine.py or mine.toml (training/strategies/user_file.py)."""
    log_to: Path | None = None
    """Folder for the learning curves, for TensorBoard, which then has to be installed."""


def main(options: Options) -> None:
    """Train, and write the run.

    Raises:
        UserError: for options that do not fit together, for missing drawings or weights, and when
            another process trains in the same folder.
    """
    _check(options)  # before the imports, which take seconds
    with _alone(options.out):
        _train(options)


@contextmanager
def _alone(out: Path) -> Generator[None]:
    """Keep other processes from training in a folder, and see that no run was finished in it."""
    from training.trainer import lock

    file, new = out / "lock", not out.exists()
    with lock.locked(file, f"training in {out}"):
        try:
            if (out / "run.json").exists():
                raise UserError(f"{out} holds a finished run", "Choose another --out")
            yield
        finally:
            with suppress(OSError):  # other files stay
                file.unlink()
                if new:
                    out.rmdir()


def _train(options: Options) -> None:
    from rich.console import Console

    from training.data import collection, dataset, own_drawings, quickdraw
    from training.experiment import distillation
    from training.inference.device import pick_device
    from training.networks import timm_backbones
    from training.networks.network import architecture
    from training.strategies import catalogue, user_file
    from training.trainer import evidence, runs, tensorboard
    from training.trainer.display import Display
    from training.trainer.fit import Fit

    console = Console(stderr=True)
    device = pick_device(options.device)
    if options.strategies is not None:
        user_file.register(options.strategies)
    plan = catalogue.find(options.strategy).with_network(options.architecture)
    architecture(plan.network)  # a name that does not exist is told before drawings are read
    if options.log_to is not None:
        tensorboard.writer_class()  # an error now and not after the drawings are read
    start = None
    if plan.start not in ("random", "imagenet") and options.weights is None:
        raise UserError(
            f"strategy {plan.name} starts from a checkpoint of your own",
            "Give it: --weights FILE, such as RUN/network.pt",
        )
    if plan.teacher is not None and not options.teachers:
        raise UserError(
            f"strategy {plan.name} learns from a network of strategy {plan.teacher}",
            "Train that first, then give its folder: --teachers RUN",
        )
    if plan.start == "random" and options.weights is not None:
        raise UserError(
            f"strategy {plan.name} starts from random weights, not from {options.weights}",
            "Leave out --weights, or choose another --strategy",
        )
    parents = [*([options.weights.parent] if options.weights else []), *options.teachers]
    ancestors = runs.ancestors(parents)
    if plan.start != "random":
        start = timm_backbones.imagenet(plan.network, options.weights, options.recipe)
    mixture = replace(options.settings, **plan.changes).mixture
    folder = quickdraw.data_dir(options.data_dir)
    with console.status("reading drawings"):
        data = dataset.load(
            own_drawings.words(options.words, folder),
            folder,
            per_word=options.per_word,
            strokes=mixture.stroked,
            others=mixture.foreign,
        )
        data = collection.learned_too(data, options.more)
    counts = {split: len(part.bitmaps) for split, part in data.parts.items()}
    console.print(f"{plan.name}: {plan.description}; {device}; bitmaps {counts}; data {data.hash}")
    soft_targets = None
    if options.teachers:
        with console.status("asking the teachers"):
            soft_targets = distillation.soft_targets_of(options.teachers, data, device)
    checkpoint = options.out / "checkpoint.pt"
    fit = Fit(plan, data, options.settings, options.seed, start, device, checkpoint, soft_targets)
    if fit.report.step:
        console.print(f"resumed at step {fit.report.step} of {fit.report.steps}")
    with (
        Display(console) as display,
        tensorboard.shown_too(display.show, options.log_to) as show,
    ):
        fit.run(show)
    known = evidence.evidence(device)
    runs.write_run(options.out, fit, start, options.per_word, known, ancestors)
    checkpoint.unlink(missing_ok=True)


def _check(options: Options) -> None:
    check(options)
    if bool(options.more) != bool(options.settings.mixture.more):
        raise UserError(
            "--more and --settings.mixture.more need each other",
            "Give folders of drawings and their share of a batch, such as 0.05",
        )


console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
