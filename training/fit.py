"""The one trainer: it interprets a `Strategy` and knows none by name.

Every step seeds itself from (seed, step): a run killed at any moment resumes from its last
checkpoint and, on a CPU, ends bit-identical to one that was never killed.
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.command import UserError
from models.words import ALL
from training import checkpoints
from training.architectures import Shape
from training.augment import augment
from training.auxiliary import Auxiliary
from training.batches import Batches
from training.dataset import Dataset
from training.features import Features, Known
from training.inference import as_input, measure, mixed_precision, scores
from training.logistic import solve
from training.network import Network, StemWeights, has_head, load_backbone, load_head
from training.optimiser import one_cycle, optimiser_for, set_modes, set_rates, take_step
from training.settings import Settings
from training.strategy import Phase, Strategy
from training.weights import RECIPES, Recipe, Weights

SAVE_EVERY = 60.0  # seconds between checkpoints


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
        settings: rates, lengths, batch; what the strategy changes of them goes first.
        seed: fixes initialisation, order, augmentation and dropout.
        start: weights for a strategy that starts from some.
        device: where it runs.
        checkpoint: file to resume from and save to; None saves nothing.
        lessons: float32 (N, K), teachers' probabilities of the N training bitmaps of the words.
        features: shared with other runs, so that a still backbone answers each bitmap once.
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
        features: Features | None = None,
    ) -> None:
        settings = replace(settings, **strategy.changes)
        self.strategy, self.data, self.settings = strategy, data, settings
        self.seed, self.device, self.checkpoint = seed, device, checkpoint
        self.lengths = strategy.epochs(settings.epochs)
        torch.manual_seed(seed)
        self.network = build(strategy, len(data.words), settings, start).on(device)
        self.kinds = self._kinds() if settings.kinds else None
        self.auxiliary = Auxiliary(self.network, len(data.words)) if settings.auxiliary else None
        self.features = features or Features()
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
            known = self.features.of(self.network) if phase.features_stay else None
            if known is not None and phase.solver == "optimum":
                self._solve(known, self.lengths[self.place.phase])
                show(self.report)
            else:
                self._run_phase(phase, known, self.lengths[self.place.phase], show)
            self.place = Place(self.place.phase + 1)
            self._optimiser_state = None
        self._save()
        return self.report

    def _run_phase(
        self, phase: Phase, known: Known | None, epochs: int, show: Callable[[Report], None]
    ) -> None:
        optimiser = optimiser_for(self.network, phase, self.settings)
        for extra in self._extras().values():
            optimiser.add_param_group({"params": list(extra.parameters()), "multiple": 1.0})
        if self._optimiser_state is not None:
            optimiser.load_state_dict(self._optimiser_state)
        features = self._features(known) if known is not None else None
        total, saved, began = epochs * self.batches.steps, time.monotonic(), time.monotonic()
        images = 0
        while self.place.step < total and not self._out_of_patience():
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
                self._end_epoch(self.report.step * self.batches.size, known)
            show(self.report)
            if time.monotonic() - saved > SAVE_EVERY:
                self._save(optimiser)
                saved = time.monotonic()

    def _solve(self, known: Known, epochs: int) -> None:
        """The head's optimum; it has no steps, and each drawing is looked at once."""
        features, before = self._features(known), time.monotonic()
        labels = torch.from_numpy(self.data.parts["train"].bitmaps.labels).to(self.device)
        weight, bias = solve(features, labels, len(self.data.words), self.settings.lr)
        with torch.no_grad():
            self.network.linear.weight[: len(weight)] = weight
            self.network.linear.bias[: len(bias)] = bias
        self.seconds += time.monotonic() - before
        self.report.loss = scores(self._answers(features), self.data.parts["train"].bitmaps)[1]
        self.report.step += epochs * self.batches.steps
        self._end_epoch(len(labels), known)

    def _loss(self, features: Tensor | None) -> Tensor:
        epoch, step = divmod(self.report.step, self.batches.steps)
        if features is not None:
            chosen, targets = self.batches.draw_indices(self.seed, epoch, step)
            return self._cross_entropy(self.network.outputs(features[chosen]), targets, chosen)
        batch = self.batches.draw(self.seed, epoch, step)
        generator = torch.Generator(self.device).manual_seed(torch.initial_seed())
        bitmaps = augment(as_input(batch.pixels), self.settings.augmentation, generator)
        with mixed_precision(self.device):
            seen = self.network.features(bitmaps)
            logits = self.network.outputs(seen)
        loss = self._cross_entropy(logits, batch.targets, batch.chosen)
        if self.kinds is not None:
            found = functional.cross_entropy(self.kinds(seen.float()), batch.kinds)
            loss = loss + self.settings.kinds * found
        if self.auxiliary is not None:
            found = self._cross_entropy(self.auxiliary(), batch.targets, batch.chosen)
            loss = loss + self.settings.auxiliary * found
        return loss

    def _cross_entropy(self, logits: Tensor, targets: Tensor, chosen: Tensor) -> Tensor:
        unused = logits.shape[1] - targets.shape[1]  # outputs that are no word's
        return functional.cross_entropy(
            logits.float(),
            functional.pad(self._taught(targets, chosen), (0, unused)),
            label_smoothing=self.settings.label_smoothing,
        )

    def _taught(self, targets: Tensor, chosen: Tensor) -> Tensor:
        """Targets of a batch that begins with the bitmaps `chosen`, with the teachers' share."""
        if self.lessons is None:
            return targets
        own = torch.lerp(targets[: len(chosen)], self.lessons[chosen], self.settings.taught)
        return torch.cat([own, targets[len(chosen) :]])

    def _features(self, known: Known) -> Tensor:
        """Features (N, D) of the training bitmaps, unaugmented: the backbone stands still."""
        pixels = self.data.parts["train"].bitmaps.pixels
        features, seconds = known.of(self.network, pixels)
        self.seconds += 0.0 if self.place.step else seconds  # a phase resumed has them on its bill
        return features

    def _answers(self, features: Tensor) -> Tensor:
        with torch.no_grad():
            return self.network.eval().head(features)

    def _note(self, loss: float, rate: float) -> None:
        if not math.isfinite(loss):
            raise Diverged(f"the loss is {loss} at step {self.report.step}", "Lower --lr")
        last = self.report.loss
        self.report.loss = loss if math.isnan(last) else 0.95 * last + 0.05 * loss
        self.report.step += 1
        self.report.rate = rate

    def _end_epoch(self, images: int, known: Known | None) -> None:
        held_out = self.data.parts["validation"].bitmaps
        if known is None:
            accuracy, loss = measure(self.network, held_out, self.device)
        else:
            features, _ = known.of(self.network, held_out.pixels)
            accuracy, loss = scores(self._answers(features), held_out)
        self.report.history.append(
            {
                "epoch": len(self.report.history) + 1,
                "phase": self.place.phase,
                "images": images,
                "seconds": round(self.seconds, 3),
                "train_loss": self.report.loss,
                "validation_accuracy": accuracy,
                "validation_loss": loss,
            }
        )

    def _out_of_patience(self) -> bool:
        """Whether the phase has gone on for too many epochs without getting better."""
        own = [
            r["validation_accuracy"] for r in self.report.history if r["phase"] == self.place.phase
        ]
        stale = len(own) - 1 - own.index(max(own)) if own else 0
        return 0 < self.settings.patience <= stale

    def _kinds(self) -> nn.Linear:
        return nn.Linear(self.network.features_out, len(ALL)).to(self.device)

    def _extras(self) -> dict[str, nn.Module]:
        """What learns along and is no part of the network."""
        extras = {"kinds": self.kinds, "auxiliary": self.auxiliary}
        return {name: extra for name, extra in extras.items() if extra is not None}

    def _save(self, optimiser: torch.optim.Optimizer | None = None) -> None:
        if self.checkpoint is None:
            return
        state = {
            "identity": self._identity,
            "network": self.network.state_dict(),
            **{name: extra.state_dict() for name, extra in self._extras().items()},
            "optimiser": optimiser.state_dict() if optimiser else None,
            "phase": self.place.phase,
            "step": self.place.step,
            "report": asdict(self.report),
            "seconds": self.seconds,
        }
        checkpoints.write(self.checkpoint, state)

    def _resume(self) -> None:
        if self.checkpoint is None or not self.checkpoint.exists():
            return
        state = checkpoints.read(self.checkpoint, self._identity, self.device)
        self.network.load_state_dict(state["network"])
        for name, extra in self._extras().items():
            extra.load_state_dict(state[name])
        self._optimiser_state = state["optimiser"]
        self.place = Place(state["phase"], state["step"])
        self.report = Report(**state["report"])
        self.seconds = state["seconds"]


def shape_of(
    strategy: Strategy, classes: int, settings: Settings, recipe: Recipe = RECIPES["torchvision"]
) -> Shape:
    """The network that a strategy trains."""
    return Shape(
        classes,
        settings.stride,
        padding=recipe.padding,
        eps=recipe.eps,
        dropout=settings.dropout,
        drop_connect=settings.drop_connect,
        network=strategy.network,
        channels=stem_channels(strategy.stem),
        outputs=strategy.outputs,
    )


def stem_channels(stem: StemWeights) -> int:
    """How many channels of the same gray the stem sees."""
    return 3 if stem == "repeated" else 1


def build(strategy: Strategy, classes: int, settings: Settings, start: Weights | None) -> Network:
    """The network a strategy begins with.

    Raises:
        UserError: when the strategy starts from weights and none are given, or they do not fit.
    """
    recipe = start.recipe if start else RECIPES["torchvision"]
    network = Network(shape_of(strategy, classes, settings, recipe))
    if strategy.start == "random":
        return network
    if start is None or not start.tensors:
        raise UserError(
            f"strategy {strategy.name} starts from weights", "Give them: --weights FILE"
        )
    load_backbone(network, start.tensors, strategy.stem)
    if strategy.head == "kept" or (strategy.head == "found" and has_head(network, start.tensors)):
        load_head(network, start.tensors)
    return network
