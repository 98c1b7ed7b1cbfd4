"""The trainer for large runs: streamed drawings, with each batch divided among the ranks.

A step depends on (seed, step) alone, and a checkpoint holds the step. A killed run therefore
resumes in mid-epoch with the drawings it would have seen, on any number of ranks that divides the
batch size.
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel

from training.choices import BatchNorm
from training.inference.inference import as_input, mixed_precision
from training.networks.weights import Weights
from training.pretraining.distributed import World
from training.pretraining.index import DataIndex
from training.pretraining.stream import Drawings, RankShare, Stream
from training.sampling.seeds import seed_of
from training.strategies.settings import Settings
from training.strategies.strategy import Strategy
from training.trainer import checkpoints
from training.trainer.construction import build
from training.trainer.fit import Diverged, Report
from training.trainer.optimiser import one_cycle, optimiser_for, set_modes, set_rates, take_step
from training.transforms.augment import augment

AGREE_EVERY = 20  # steps between averages of the loss over all ranks
SAVE_EVERY = 60.0  # seconds between checkpoints
MEASURED = 256  # validation drawings in a batch
HELD_OUT_SEED = 0  # the same validation drawings for every seed of the run


@dataclass(frozen=True)
class StreamingPlan:
    """Parameters of a large run.

    Attributes:
        strategy: with one phase only.
        settings: mixture, distillation, auxiliary losses, mixup and weight averaging do not apply
            to streams.
        seed: fixes initialisation, order, augmentation and dropout.
        batchnorm: normalise by the statistics of the rank's share of the batch ("own"), of the
            whole batch ("shared", CUDA only), or by the stored statistics, which do not change
            ("still").
        held_out: largest number of validation drawings; None for all.
        measure_every: number of steps between validations, in addition to one after each epoch.
    """

    strategy: Strategy
    settings: Settings
    seed: int
    batchnorm: BatchNorm = "own"
    held_out: int | None = None
    measure_every: int | None = None


class StreamingTrainer:
    """A run on a stream of drawings.

    Args:
        plan: parameters of the run.
        index: of the drawings.
        start: initial weights, if the strategy starts from weights.
        world: the processes that train together.
        device: of this rank.
        checkpoint: file to resume from and save to, which only rank 0 touches.

    Raises:
        UserError: when the weights do not fit, or a split is empty.
    """

    def __init__(
        self,
        plan: StreamingPlan,
        index: DataIndex,
        start: Weights | None,
        world: World,
        device: torch.device,
        checkpoint: Path,
    ) -> None:
        self.plan, self.index, self.world = plan, index, world
        self.strategy, self.settings, self.seed = plan.strategy, plan.settings, plan.seed
        self.device, self.checkpoint = device, checkpoint
        self.train = Stream(index, "train", plan.seed)
        self.held_out = Stream(index, "validation", HELD_OUT_SEED)
        self.measured = min(plan.held_out or self.held_out.size, self.held_out.size)
        self.share = RankShare(self.settings.batch, world.rank, world.size)
        steps = math.ceil(self.settings.epochs * self.train.size / self.settings.batch)
        self.report, self.seconds = Report(steps), 0.0
        torch.manual_seed(plan.seed)
        self.network = build(self.strategy, len(index.words), self.settings, start).on(device)
        self.optimiser = optimiser_for(self.network, self.strategy.phases[0], self.settings)
        self._answers = self._distributed()
        self._loss = torch.tensor(math.nan, device=device)
        self._identity = {
            "strategy": str(asdict(plan.strategy)),
            "settings": str(asdict(plan.settings)),
            "batchnorm": plan.batchnorm,
            "data": index.hash,
            "start": start.sha256 if start else None,
            "seed": plan.seed,
        }

    def run(self, show: Callable[[Report], None] = lambda report: None) -> Report:
        """Train to the end; `show` is called at the start and at intervals.

        Raises:
            UserError: on rank 0 (the others exit), when the loss stops being finite or a checkpoint
                cannot be written.
        """
        first, seconds = self.report.step, self.seconds
        saved = before = time.monotonic()
        show(self.report)
        for drawings in self.train.batches(self.share, first, self.report.steps):
            self._learn(drawings)
            looked = self._due or self.report.step % AGREE_EVERY == 0
            if looked:
                self._agree()
            self.seconds += time.monotonic() - before
            done = (self.report.step - first) * self.settings.batch
            self.report.rate = done / (self.seconds - seconds)
            if looked:
                saved = self._pause(saved)
                show(self.report)
            before = time.monotonic()
        return self.report

    def loss(self, drawings: Drawings) -> Tensor:
        """The loss of this rank's share of a batch; the mean over ranks is the batch's loss.

        Only dropout depends on the number of ranks.
        """
        seed = seed_of(self.seed, self.report.step)
        generator = torch.Generator(self.device).manual_seed(seed)
        torch.manual_seed(seed_of(seed, self.world.rank))
        pixels, labels = self._on_device(drawings)
        part = (self.world.rank, self.world.size)
        bitmaps = augment(as_input(pixels), self.settings.augmentation, generator, part)
        with mixed_precision(self.device):
            logits = self._answers(bitmaps)
        smoothing = self.settings.label_smoothing
        return functional.cross_entropy(logits.float(), labels, label_smoothing=smoothing)

    def _learn(self, drawings: Drawings) -> None:
        done = self.report.step / self.report.steps
        set_rates(self.optimiser, self.settings.lr * one_cycle(done))
        set_modes(self.network, self.strategy.phases[0])
        loss = self.loss(drawings)
        take_step(self.optimiser, loss, self.settings.clip)
        last, loss = self._loss, loss.detach()
        self._loss = torch.where(last.isnan(), loss, torch.lerp(last, loss, 0.05))
        self.report.step += 1
        self.report.images = self.report.step * self.settings.batch

    def _distributed(self) -> nn.Module:
        """The network, wrapped so that its gradients are averaged over all ranks."""
        if self.plan.batchnorm == "shared":
            nn.SyncBatchNorm.convert_sync_batchnorm(self.network)
        if self.world.size == 1:
            return self.network
        return DistributedDataParallel(self.network)

    @property
    def _due(self) -> bool:
        """Whether to validate after the last step."""
        step, every = self.report.step, self.plan.measure_every
        ended = self._epochs(step) // 1 > self._epochs(step - 1) // 1
        return ended or step == self.report.steps or (every is not None and step % every == 0)

    def _epochs(self, step: int) -> float:
        return step * self.settings.batch / self.train.size

    def _agree(self) -> None:
        """Set the loss of all ranks to its mean."""
        mean = float(self.world.total(self._loss.cpu().double())) / self.world.size
        self._loss.fill_(mean)
        self.report.loss = mean

    def _measure(self) -> None:
        """Validate on all ranks and record the combined result."""
        self.world.take_statistics(self.network)
        self.network.eval()
        found = torch.zeros(2, dtype=torch.float64)
        share = self.held_out.portion(self.world.rank, self.world.size, self.measured, MEASURED)
        for drawings in share:
            found += self._scores(drawings)
        accuracy, loss = (self.world.total(found) / self.measured).tolist()
        self.report.history.append(
            {
                "epoch": round(self._epochs(self.report.step), 3),
                "phase": 0,
                "images": self.report.images,
                "seconds": round(self.seconds, 3),
                "train_loss": self.report.loss,
                "validation_accuracy": accuracy,
                "validation_loss": loss,
            }
        )

    @torch.no_grad()
    def _scores(self, drawings: Drawings) -> Tensor:
        """Number of correct drawings and sum of cross-entropies: float64 (2,) on the CPU."""
        pixels, labels = self._on_device(drawings)
        with mixed_precision(self.device):
            logits = self.network(as_input(pixels)).float()
        loss = functional.cross_entropy(logits, labels, reduction="sum")
        return torch.stack([(logits.argmax(1) == labels).sum().double(), loss.double()]).cpu()

    def _on_device(self, drawings: Drawings) -> tuple[Tensor, Tensor]:
        """Pixels (N, 1, 28, 28) and labels (N,) on the device."""
        pixels = torch.from_numpy(drawings.pixels).to(self.device)[:, None]
        return pixels, torch.from_numpy(drawings.labels).to(self.device)

    def _pause(self, saved: float) -> float:
        """Validate and save if they are due; returns the time of the last save."""
        if self._due:
            self._measure()
        return time.monotonic() if self.world.together(lambda: self._saved_since(saved)) else saved

    def _saved_since(self, saved: float) -> bool:
        """Save if a checkpoint is due; returns whether it was saved.

        Raises:
            Diverged: if the loss is not finite; nothing is saved then.
        """
        if not math.isfinite(self.report.loss):
            raise Diverged(
                f"the loss is {self.report.loss} at step {self.report.step}", "Lower --lr"
            )
        due = self.world.rank == 0 and time.monotonic() - saved > SAVE_EVERY
        if due:
            self._save()
        return due

    def _save(self) -> None:
        state = {
            "identity": self._identity,
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "report": asdict(self.report),
            "seconds": self.seconds,
        }
        checkpoints.write(self.checkpoint, state)

    def resume(self) -> None:
        """Resume from rank 0's checkpoint, if there is one.

        Raises:
            UserError: on rank 0 (the others exit), if it is damaged or belongs to another run.
        """
        state = self.world.firsts(self.world.together(self._kept))
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.report = Report(**state["report"])
        self.seconds = state["seconds"]
        self._loss.fill_(self.report.loss)

    def _kept(self) -> dict[str, Any] | None:
        """The state in rank 0's checkpoint, or None."""
        if self.world.rank or not self.checkpoint.exists():
            return None
        return checkpoints.read(self.checkpoint, self._identity, torch.device("cpu"))
