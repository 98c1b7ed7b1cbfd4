"""The one trainer: it interprets a `Strategy` and knows none by name.

Every step seeds itself from (seed, step): a run killed at any moment resumes from its last
checkpoint and, on a CPU, ends bit-identical to one that was never killed.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.command import UserError, whole_file
from models.words import ALL
from training.augment import Augmentation, augment
from training.batches import Batches, Mixture, soft_targets
from training.dataset import Bitmaps, Dataset
from training.network import FEATURES, Network, Shape, load_backbone, load_head
from training.strategy import Phase, Strategy
from training.weights import RECIPES, Weights

WARM_UP = 0.1  # share of a phase in which the rate rises
CLIP = 5.0  # gradient norm; only a diverging run ever gets there
SAVE_EVERY = 60.0  # seconds between checkpoints


@dataclass(frozen=True)
class Settings:
    """Everything about a run that is not the strategy, the data or the seed.

    Attributes:
        epochs: passes over the words' training bitmaps, all phases together.
        lr: peak rate of AdamW's one-cycle schedule (Smith & Topin 2018, arXiv 1708.07120).
        batch: drawings a step.
        weight_decay: on filters and the head's matrix only.
        label_smoothing: share of the target spread over all words.
        stride: of the stem, 1 or 2.
        dropout: before the head.
        drop_connect: stochastic depth at the last block.
        taught: share of the bitmaps' targets that teachers give, if there are any (distillation,
            Hinton et al. 2015, arXiv 1503.02531; of networks like itself, Furlanello et al. 2018,
            arXiv 1805.04770).
        kinds: weight of an auxiliary loss: which of all Quick, Draw! words a drawing is of. It
            lets other words' drawings teach features; its layer is not part of the network.
        mixture: what a batch is made of.
        augmentation: random changes to each drawing.
    """

    epochs: int = 3
    lr: float = 2e-3
    batch: int = 128
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    stride: int = 1
    dropout: float = 0.2
    drop_connect: float = 0.0
    taught: float = 0.5
    kinds: float = 0.0
    mixture: Mixture = field(default_factory=Mixture)
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass
class Report:
    """How a run stands; handed to whoever shows progress.

    Attributes:
        step, steps: of the whole run.
        loss: smoothed training loss.
        rate: images a second of this session.
        history: a record an epoch.
    """

    steps: int
    step: int = 0
    loss: float = math.nan
    rate: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


class Diverged(UserError):
    """The loss is no longer finite."""


@dataclass
class Place:
    """Where a run is: phase, and step within it."""

    phase: int = 0
    step: int = 0


class Fit:
    """One run of a strategy.

    Args:
        strategy: what learns when.
        data: training and validation splits.
        settings: rates, lengths, batch.
        seed: fixes initialisation, order, augmentation and dropout.
        start: weights for a strategy that starts from some.
        device: where it runs.
        checkpoint: file to resume from and save to; None saves nothing.
        lessons: float32 (N, K), teachers' probabilities of the N training bitmaps of the words.
    """

    def __init__(
        self,
        strategy: Strategy,
        data: Dataset,
        settings: Settings,
        seed: int,
        start: Weights | None,
        device: torch.device,
        checkpoint: Path | None = None,
        lessons: Tensor | None = None,
    ) -> None:
        self.strategy, self.data, self.settings = strategy, data, settings
        self.seed, self.device, self.checkpoint = seed, device, checkpoint
        self.lengths = strategy.epochs(settings.epochs)
        torch.manual_seed(seed)
        self.network = build(strategy, len(data.words), settings, start).on(device)
        self.kinds = nn.Linear(FEATURES, len(ALL)).to(device) if settings.kinds else None
        self.lessons = None if lessons is None else lessons.to(device)
        part = data.parts["train"]
        self.batches = Batches(part, len(data.words), settings.batch, settings.mixture, device)
        self.place = Place()
        self.report = Report(steps=sum(self.lengths) * self.batches.steps)
        self.seconds = 0.0
        self._optimiser_state: dict[str, Any] | None = None
        self._identity = {
            "strategy": strategy.name,
            "phases": str(strategy.phases),
            "settings": str(asdict(settings)),
            "data": data.hash,
            "start": start.sha256 if start else None,
            "lessons": None if lessons is None else float(lessons.double().square().sum()),
            "seed": seed,
        }
        self._resume()

    def run(self, show: Callable[[Report], None] = lambda report: None) -> Report:
        """Train to the end; `show` is called after every step and epoch.

        Raises:
            Diverged: when the loss stops being finite.
        """
        while self.place.phase < len(self.strategy.phases):
            phase = self.strategy.phases[self.place.phase]
            self._run_phase(phase, self.lengths[self.place.phase], show)
            self.place = Place(self.place.phase + 1)
            self._optimiser_state = None
        self._save()
        return self.report

    def _run_phase(self, phase: Phase, epochs: int, show: Callable[[Report], None]) -> None:
        optimiser = optimiser_for(self.network, phase, self.settings)
        if self.kinds is not None:
            optimiser.add_param_group({"params": list(self.kinds.parameters()), "multiple": 1.0})
        if self._optimiser_state is not None:
            optimiser.load_state_dict(self._optimiser_state)
        before = time.monotonic()
        features = self._features() if phase.features_stay else None
        self.seconds += time.monotonic() - before
        total, saved, began = epochs * self.batches.steps, time.monotonic(), time.monotonic()
        images = 0
        while self.place.step < total:
            before = time.monotonic()
            # By the run's step, not the phase's: strategies with other phases see the same noise.
            torch.manual_seed(hash((self.seed, 0, self.report.step)) % 2**63)
            set_rates(optimiser, self.settings.lr * one_cycle(self.place.step / total))
            set_modes(self.network, phase)
            loss = self._loss(features)
            take_step(optimiser, loss)
            self.place.step += 1
            images += self.batches.size
            self._note(float(loss.detach()), images / (time.monotonic() - began))
            self.seconds += time.monotonic() - before
            if self.place.step % self.batches.steps == 0:
                self._end_epoch()
            show(self.report)
            if time.monotonic() - saved > SAVE_EVERY:
                self._save(optimiser)
                saved = time.monotonic()

    def _loss(self, features: Tensor | None) -> Tensor:
        epoch, step = divmod(self.report.step, self.batches.steps)
        kinds = None
        if features is not None:
            chosen, targets = self.batches.draw_indices(self.seed, epoch, step)
            seen = features[chosen]
            logits = self.network.head(seen)
        else:
            batch = self.batches.draw(self.seed, epoch, step)
            chosen, targets, kinds = batch.chosen, batch.targets, batch.kinds
            generator = torch.Generator(self.device).manual_seed(torch.initial_seed())
            bitmaps = augment(as_input(batch.pixels), self.settings.augmentation, generator)
            with mixed_precision(self.device):
                seen = self.network.features(bitmaps)
                logits = self.network.head(seen)
        loss = functional.cross_entropy(
            logits.float(),
            self._taught(targets, chosen),
            label_smoothing=self.settings.label_smoothing,
        )
        if self.kinds is None or kinds is None:
            return loss
        return loss + self.settings.kinds * functional.cross_entropy(
            self.kinds(seen.float()), kinds
        )

    def _taught(self, targets: Tensor, chosen: Tensor) -> Tensor:
        """Targets of a batch that begins with the bitmaps `chosen`, with the teachers' share."""
        if self.lessons is None:
            return targets
        own = torch.lerp(targets[: len(chosen)], self.lessons[chosen], self.settings.taught)
        return torch.cat([own, targets[len(chosen) :]])

    def _features(self) -> Tensor:
        """Features (N, 1280) of the training bitmaps, unaugmented: the backbone stands still."""
        return torch.cat(list(_over(self.network.features, self.network, self.batches.pixels)))

    def _note(self, loss: float, rate: float) -> None:
        if not math.isfinite(loss):
            raise Diverged(f"the loss is {loss} at step {self.report.step}", "Lower --lr")
        last = self.report.loss
        self.report.loss = loss if math.isnan(last) else 0.95 * last + 0.05 * loss
        self.report.step += 1
        self.report.rate = rate

    def _end_epoch(self) -> None:
        held_out = self.data.parts["validation"].bitmaps
        accuracy, loss = measure(self.network, held_out, self.device)
        self.report.history.append(
            {
                "epoch": len(self.report.history) + 1,
                "phase": self.place.phase,
                "images": self.report.step * self.batches.size,
                "seconds": round(self.seconds, 3),
                "train_loss": self.report.loss,
                "validation_accuracy": accuracy,
                "validation_loss": loss,
            }
        )

    def _save(self, optimiser: torch.optim.Optimizer | None = None) -> None:
        if self.checkpoint is None:
            return
        state = {
            "identity": self._identity,
            "network": self.network.state_dict(),
            "kinds": self.kinds.state_dict() if self.kinds is not None else None,
            "optimiser": optimiser.state_dict() if optimiser else None,
            "phase": self.place.phase,
            "step": self.place.step,
            "report": asdict(self.report),
            "seconds": self.seconds,
        }
        with whole_file(self.checkpoint) as file:
            torch.save(state, file)

    def _resume(self) -> None:
        if self.checkpoint is None or not self.checkpoint.exists():
            return
        try:
            state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        except Exception as error:  # torch raises anything from pickle's errors to RuntimeError
            raise UserError(
                f"{self.checkpoint} is damaged", "Delete it to begin the run again"
            ) from error
        if state["identity"] != self._identity:
            raise UserError(
                f"{self.checkpoint} is of another run", "Choose another --out or delete that folder"
            )
        self.network.load_state_dict(state["network"])
        if self.kinds is not None:
            self.kinds.load_state_dict(state["kinds"])
        self._optimiser_state = state["optimiser"]
        self.place = Place(state["phase"], state["step"])
        self.report = Report(**state["report"])
        self.seconds = state["seconds"]


def build(strategy: Strategy, classes: int, settings: Settings, start: Weights | None) -> Network:
    """The network a strategy begins with.

    Raises:
        UserError: when the strategy starts from weights and none are given, or they do not fit.
    """
    recipe = start.recipe if start else RECIPES["torchvision"]
    shape = Shape(
        classes,
        settings.stride,
        padding=recipe.padding,
        eps=recipe.eps,
        dropout=settings.dropout,
        drop_connect=settings.drop_connect,
    )
    network = Network(shape)
    if strategy.start != "random":
        if start is None:
            raise UserError(
                f"strategy {strategy.name} starts from weights", "Give them: --weights FILE"
            )
        load_backbone(network, start.tensors, strategy.stem)
    if strategy.start == "run" and start is not None:
        load_head(network, start.tensors)
    return network


def optimiser_for(network: Network, phase: Phase, settings: Settings) -> torch.optim.AdamW:
    """AdamW over what the phase lets learn; freezes the rest. Only matrices and filters decay."""
    groups: list[dict[str, Any]] = []
    for name, modules in network.groups().items():
        for module in modules.modules():
            rate = phase.rate(name, isinstance(module, nn.BatchNorm2d))
            for parameter in module.parameters(recurse=False):
                parameter.requires_grad_(rate > 0)
                if rate > 0:
                    decay = settings.weight_decay if parameter.ndim > 1 else 0.0
                    groups.append({"params": [parameter], "multiple": rate, "weight_decay": decay})
    return torch.optim.AdamW(_merged(groups), lr=settings.lr)


def _merged(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parameters of the same rate and decay in one group, so that the optimiser can batch them."""
    merged: dict[tuple[float, float], list[nn.Parameter]] = {}
    for group in groups:
        merged.setdefault((group["multiple"], group["weight_decay"]), []).extend(group["params"])
    return [
        {"params": parameters, "multiple": multiple, "weight_decay": decay}
        for (multiple, decay), parameters in merged.items()
    ]


def set_modes(network: Network, phase: Phase) -> None:
    """Train mode, but BatchNorm layers that the phase does not move use their stored statistics."""
    network.train()
    for name, modules in network.groups().items():
        for module in modules.modules():
            if isinstance(module, nn.BatchNorm2d):
                learns = phase.rate(name, batchnorm=True) > 0
                module.train(phase.moving == "all" or (phase.moving == "learning" and learns))


def one_cycle(done: float) -> float:
    """Multiple of the peak rate after `done` (0 to 1) of a phase: linear up, half cosine down."""
    if done < WARM_UP:
        return 0.05 + 0.95 * done / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def set_rates(optimiser: torch.optim.Optimizer, lr: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = lr * group["multiple"]


def take_step(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    nn.utils.clip_grad_norm_(parameters, CLIP)
    optimiser.step()


def mixed_precision(device: torch.device) -> torch.autocast:
    """bfloat16 on CUDA; on a CPU it was measured to be slower, so nothing changes there."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def as_input(pixels: Tensor) -> Tensor:
    """uint8 (N, 1, 28, 28) to what the network takes: float32 in [0, 1], channels last."""
    return (pixels.float() / 255).contiguous(memory_format=torch.channels_last)


def _over(what: Callable[[Tensor], Tensor], network: Network, pixels: Tensor) -> Iterator[Tensor]:
    network.eval()
    with torch.no_grad(), mixed_precision(pixels.device):
        for batch in pixels.split(256):
            yield what(as_input(batch[:, None])).float()


def logits_of(network: Network, bitmaps: Bitmaps, device: torch.device) -> Tensor:
    """Logits (N, K) float32 of a split, on the device."""
    pixels = torch.from_numpy(bitmaps.pixels).to(device)
    return torch.cat(list(_over(network, network, pixels)))


def measure(network: Network, bitmaps: Bitmaps, device: torch.device) -> tuple[float, float]:
    """Top-1 accuracy and mean cross-entropy over labelled bitmaps."""
    logits = logits_of(network, bitmaps, device)
    labels = torch.from_numpy(bitmaps.labels).to(device)
    targets = soft_targets(labels, logits.shape[1])
    accuracy = (logits.argmax(1) == labels).double().mean()
    return float(accuracy), float(functional.cross_entropy(logits, targets))
