"""Train a network on more drawings than fit in memory, on one or several devices.

    python -m training.pretrain --words all --out runs/all-words
    torchrun --nproc-per-node 8 -m training.pretrain --words all --out runs/all-words

Each of torchrun's processes (ranks) computes its share of every batch; batches, their order and
their augmentation do not depend on the number of processes. Bitmaps are read from disk when they
are used.

Writes `run.json` and `network.pt` into --out as training.train does, so that a later run can start
from them: --strategy full-near --weights runs/all-words/network.pt. To resume a stopped run in
mid-epoch, give the same command again; the number of processes may differ.

Drawings of your own (training/data/own_drawings.py) are read too, but they stay in memory.
"""

from dataclasses import dataclass, field
from pathlib import Path

from models.command import run
from training.choices import BatchNorm, RecipeName
from training.limits import Count, NotNegative, PartialShare, Positive, Share, Whole
from training.strategies.settings import Stride
from training.transforms.augmentation import Augmentation


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
    """Folder of Quick, Draw! drawings or of your own; default $DOODLE_DATA_DIR, else ./data. Every
    machine needs one.
    """
    network: str = "b0"
    """Network to train: b0, small, cnn, mobilenet, resnet18, or timm:NAME for a convolutional
    network of the package timm, which then has to be installed. All of it is trained at once, from
    random weights unless --weights is given.
    """
    weights: Path | None = None
    """Checkpoint of the same network to start from, for example ImageNet's; its head is ignored."""
    recipe: RecipeName = "torchvision"
    """Recipe that --weights were trained with: padding and BatchNorm's eps."""
    epochs: Count = 1
    """Passes over the training drawings, under one one-cycle schedule."""
    batch: Count = 1024
    """Drawings per step in all processes together; a multiple of the number of processes."""
    lr: Positive = 3e-3
    """Peak learning rate of AdamW for the whole batch; does not depend on the number of
    processes."""
    weight_decay: NotNegative = 0.02
    """Weight decay of filters and the head's matrix only."""
    label_smoothing: Share = 0.05
    """Share of the target spread over all words."""
    stride: Stride = 1
    """Stride of the stem: 1, or 2, which costs a third and resolves less detail."""
    dropout: PartialShare = 0.0
    """Dropout before the head. Only its noise depends on the number of processes."""
    batchnorm: BatchNorm = "own"
    """Statistics to normalise by: of each process's share of the batch (own: fast, but noisy if
    the share is small), of the whole batch (shared: the same gradients as in one process; CUDA
    only), or the fixed ones of --weights (still)."""
    per_word: Count | None = None
    """Largest number of training bitmaps per word."""
    held_out: Count | None = 100_000
    """Largest number of validation drawings, always the same ones; None for all."""
    measure_every: Count | None = None
    """Validate after every this many steps too, not only after each epoch."""
    seed: Whole = 0
    """Seed of initialisation, order, augmentation and dropout."""
    device: str = "auto"
    """auto, cpu, cuda or, for a single process, cuda:N."""
    log_to: Path | None = None
    """Folder for the learning curves, for TensorBoard, which then has to be installed. Only rank 0
    writes it.
    """
    augmentation: Augmentation = field(default_factory=Augmentation)


def main(options: Options) -> None:
    """Train as one of torchrun's processes, or alone; see `training.pretraining.pretraining`."""
    from training.pretraining import distributed, pretraining

    with distributed.joined() as world:
        pretraining.train(options, world)


if __name__ == "__main__":
    run(Options, main)
