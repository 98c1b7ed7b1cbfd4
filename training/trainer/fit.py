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

from models.command import UserError
from training.data.batches import Batches
from training.data.dataset import Dataset
from training.networks.features import Features, Known
from training.networks.inference import measure, scores
from training.networks.logistic import solve
from training.networks.network import Network
from training.networks.weight_averaging import Average
from training.networks.weights import Weights
from training.strategies.settings import Settings
from training.strategies.strategy import Phase, Strategy
from training.trainer import checkpoints
from training.trainer.construction import build
from training.trainer.objective import Objective
from training.trainer.optimiser import one_cycle, optimiser_for, set_modes, set_rates, take_step

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
        self.average = Average(self.network, settings.averaged) if settings.averaged else None
        self.objective = Objective(self.network, len(data.words), settings, lessons, device)
        self.features = features or Features()
        self.batches = Batches(
            data.parts["train"],
            len(data.words),
            settings.batch,
            settings.mixture,
            device,
            settings.level,
            sum(self.lengths),
            seed,
        )
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
        if self.average is not None:
            self.network.load_state_dict(self.average.network.state_dict())
        self._save()
        return self.report

    @property
    def _reached(self) -> Network:
        """The network that is measured and, in the end, kept: the average, where one is taken."""
        return self.network if self.average is None else self.average.network

    def _run_phase(
        self, phase: Phase, known: Known | None, epochs: int, show: Callable[[Report], None]
    ) -> None:
        optimiser = optimiser_for(self.network, phase, self.settings)
        for extra in self.objective.extras.values():
            optimiser.add_param_group({"params": list(extra.parameters()), "multiple": 1.0})
        if self._optimiser_state is not None:
            optimiser.load_state_dict(self._optimiser_state)
        features = self._features(known) if known is not None else None
        total, saved, began = epochs * self.batches.steps, time.monotonic(), time.monotonic()
        images = 0
        while self.place.step < total and not self._out_of_patience():
            before = time.monotonic()
            # By the run's step, not the phase's: strategies with other phases see the same noise.
            seed = hash((self.seed, 0, self.report.step)) % 2**63
            torch.manual_seed(seed)
            set_rates(optimiser, self.settings.lr * one_cycle(self.place.step / total))
            set_modes(self.network, phase)
            loss = self._loss(features, seed)
            take_step(optimiser, loss)
            if self.average is not None:
                self.average.take(self.network, self.report.step)
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
        if self.average is not None:
            self.average.restart(self.network)
        self.seconds += time.monotonic() - before
        self.report.loss = scores(self._answers(features), self.data.parts["train"].bitmaps)[1]
        self.report.step += epochs * self.batches.steps
        self._end_epoch(len(labels), known)

    def _loss(self, features: Tensor | None, seed: int) -> Tensor:
        place = (self.seed, *divmod(self.report.step, self.batches.steps))
        if features is None:
            return self.objective.of_batch(self.batches.draw(*place), seed)
        chosen, targets = self.batches.draw_indices(*place)
        return self.objective.of_features(features[chosen], targets, chosen, seed)

    def _features(self, known: Known) -> Tensor:
        """Features (N, D) of the training bitmaps, unaugmented: the backbone stands still."""
        pixels = self.data.parts["train"].bitmaps.pixels
        features, seconds = known.of(self.network, pixels)
        self.seconds += 0.0 if self.place.step else seconds  # a phase resumed has them on its bill
        return features

    def _answers(self, features: Tensor) -> Tensor:
        with torch.no_grad():
            return self._reached.eval().head(features)

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
            accuracy, loss = measure(self._reached, held_out, self.device)
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

    def _beside(self) -> dict[str, nn.Module]:
        """What a checkpoint keeps beside the network."""
        averages = {} if self.average is None else {"average": self.average.network}
        return {**self.objective.extras, **averages}

    def _save(self, optimiser: torch.optim.Optimizer | None = None) -> None:
        if self.checkpoint is None:
            return
        state = {
            "identity": self._identity,
            "network": self.network.state_dict(),
            **{name: each.state_dict() for name, each in self._beside().items()},
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
        for name, each in self._beside().items():
            each.load_state_dict(state[name])
        self._optimiser_state = state["optimiser"]
        self.place = Place(state["phase"], state["step"])
        self.report = Report(**state["report"])
        self.seconds = state["seconds"]
