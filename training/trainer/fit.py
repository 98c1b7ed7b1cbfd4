"""The trainer: carries out any `Strategy`, without code for particular strategies.

The random numbers of a step depend only on (seed, epoch, step). A run that is killed resumes from
its last checkpoint and, on a CPU, ends with a result identical bit for bit to that of an
uninterrupted run.
"""

import copy
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.command import UserError
from training.data.dataset import Dataset
from training.inference.batch_statistics import accuracy_by_batches, re_estimate
from training.inference.features import Features, Known
from training.inference.inference import measure, scores
from training.inference.logistic import solve
from training.networks.network import Network
from training.networks.weight_averaging import Average
from training.networks.weights import Weights
from training.sampling.balance import Balance
from training.sampling.batches import Batches
from training.sampling.seeds import seed_of
from training.strategies.settings import Settings
from training.strategies.strategy import ObjectiveName, Phase, Strategy
from training.trainer import checkpoints
from training.trainer.construction import build
from training.trainer.lengths import Epoch, first_epochs, phase_steps
from training.trainer.objective import Objective
from training.trainer.optimiser import (
    multiple,
    optimiser_for,
    set_modes,
    set_rates,
    take_step,
)
from training.trainer.pretext_objectives import Reconstruction, ViewMatching
from training.transforms.augmentation import Augmentation

OBJECTIVES: Mapping[ObjectiveName, type[Objective]] = {
    "labels": Objective,
    "reconstruction": Reconstruction,
    "contrast": ViewMatching,
}
SAVE_EVERY = 60.0  # seconds between checkpoints
LOWER = "Lower the learning rate (--settings.lr)"


@dataclass
class Report:
    """The progress of a run, for display.

    Attributes:
        step, steps: steps done and in total; a phase whose head is solved counts as one.
        images: training bitmaps shown so far, including repetitions.
        loss: smoothed training loss.
        rate: images per second since this process started or resumed the run.
        history: one record per epoch.
    """

    steps: int
    step: int = 0
    images: int = 0
    loss: float = math.nan
    rate: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


class Diverged(UserError):
    """The training loss is not finite."""


@dataclass
class Position:
    """Position in a run: the phase and the step within it."""

    phase: int = 0
    step: int = 0


class Fit:
    """One run of a strategy.

    Args:
        strategy: which parameters are trained in which phase.
        data: training and validation splits.
        settings: learning rates, lengths, batch size, ...; the strategy's `changes` override them.
        seed: fixes initialisation, order, augmentation and dropout.
        start: initial weights, if the strategy starts from weights.
        device: where the run computes.
        checkpoint: file to resume from and save to; None for no checkpoints.
        soft_targets: float32 (N, K), teachers' probabilities for the words' N training bitmaps.
        features: cache shared with other runs, so that each bitmap's features are computed once.
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
        soft_targets: Tensor | None = None,
        features: Features | None = None,
    ) -> None:
        settings = replace(settings, **strategy.changes)
        self.strategy, self.data, self.settings = strategy, data, settings
        self.seed, self.device, self.checkpoint = seed, device, checkpoint
        epochs = sum(map(math.ceil, strategy.epochs(settings.epochs)))
        torch.manual_seed(seed)
        self.network = build(strategy, len(data.words), settings, start).on(device)
        self.average = Average(self.network, settings.averaged) if settings.averaged else None
        self.objective = OBJECTIVES[strategy.objective](
            self.network, len(data.words), settings, soft_targets, device
        )
        self.features = features or Features()
        self.batches = Batches(
            data.parts["train"],
            len(data.words),
            settings.batch,
            settings.mixture,
            device,
            settings.level,
            max(epochs, 1),
            seed,
            _balance(settings),
        )
        epoch = Epoch(self.batches.steps, self.batches.size, len(self.batches.pixels))
        self.lengths = phase_steps(strategy, self.network, settings, epoch)
        self._first_epochs = first_epochs(self.lengths, epoch)
        self.position = Position()
        self.report = Report(steps=sum(self.lengths))
        self.seconds = 0.0
        self._optimiser_state: dict[str, Any] | None = None
        self._identity = {
            "strategy": strategy.name,
            "phases": str((strategy.phases, self.lengths, *_own_augmentations(strategy))),
            "settings": str(asdict(settings)),
            "data": data.hash,
            "start": start.sha256 if start else None,
            "soft_targets": None
            if soft_targets is None
            else float(soft_targets.double().square().sum()),
            "seed": seed,
            **_unusual(strategy, data),
        }
        self._resume()

    def run(self, show: Callable[[Report], None] = lambda report: None) -> Report:
        """Train to the end; `show` is called after every step and epoch.

        Raises:
            Diverged: if the loss becomes infinite or NaN.
        """
        while self.position.phase < len(self.strategy.phases):
            phase = self.strategy.phases[self.position.phase]
            self._begin(phase)
            known = self.features.of(self.network) if phase.features_stay else None
            if known is not None and phase.solver == "optimum":
                self._solve(known, self.settings.rate(phase))
                show(self.report)
            else:
                self._run_phase(phase, known, self.lengths[self.position.phase], show)
            self.position = Position(self.position.phase + 1)
            self._optimiser_state = None
        if not math.isfinite(self.report.history[-1]["validation_loss"]):
            raise Diverged("the loss on validation is not finite at the end", LOWER)
        if self.average is not None:
            self.network.load_state_dict(self.average.network.state_dict())
        self._save()
        return self.report

    @property
    def _reached(self) -> Network:
        """The network to validate and to keep: the averaged one, if weights are averaged."""
        return self.network if self.average is None else self.average.network

    def _begin(self, phase: Phase) -> None:
        """Re-estimate BatchNorm's statistics once if the phase asks for it."""
        if phase.bn_statistics != "re-estimated" or self.position.step:
            return
        before = time.monotonic()
        pixels = self.data.parts["train"].bitmaps.pixels
        re_estimate(self.network, pixels, seed_of(self.seed, self.position.phase))
        if self.average is not None:
            self.average.restart(self.network)
        self.seconds += time.monotonic() - before

    def _run_phase(
        self, phase: Phase, known: Known | None, total: int, show: Callable[[Report], None]
    ) -> None:
        optimiser = optimiser_for(self.network, phase, self.settings)
        for extra in self.objective.extras.values():
            optimiser.add_param_group({"params": list(extra.parameters()), "multiple": 1.0})
        if self._optimiser_state is not None:
            optimiser.load_state_dict(self._optimiser_state)
        features = self._features(known) if known is not None else None
        schedule, peak = phase.schedule or self.settings.schedule, self.settings.rate(phase)
        saved = began = time.monotonic()
        images = 0
        while self.position.step < total and not self._out_of_patience():
            before = time.monotonic()
            key = self._key()
            torch.manual_seed(seed_of(*key))
            set_rates(optimiser, peak * multiple(schedule, self.position.step / total))
            set_modes(self.network, phase)
            loss = self._loss(phase, features, key)
            take_step(optimiser, loss, self.settings.clip)
            if self.average is not None:
                self.average.take(self.network, self.report.step)
            self.position.step += 1
            images += self.batches.size
            self._note(float(loss.detach()), images / (time.monotonic() - began))
            self.seconds += time.monotonic() - before
            if self.position.step % self.batches.steps == 0 or self.position.step == total:
                self._end_epoch(known, self.position.step == total)
            show(self.report)
            if time.monotonic() - saved > SAVE_EVERY:
                self._save(optimiser)
                saved = time.monotonic()

    def _key(self) -> tuple[int, int, int]:
        """Seed, epoch and step within the epoch, which determine a step's random numbers."""
        epoch, step = divmod(self.position.step, self.batches.steps)
        return self.seed, self._first_epochs[self.position.phase] + epoch, step

    def _solve(self, known: Known, penalty: float) -> None:
        """Solve the head by logistic regression; each drawing counts as shown once."""
        features, before = self._features(known), time.monotonic()
        labels = torch.from_numpy(self.data.parts["train"].bitmaps.labels).to(self.device)
        weight, bias = solve(features, labels, len(self.data.words), penalty)
        with torch.no_grad():
            self.network.linear.weight[: len(weight)] = weight
            self.network.linear.bias[: len(bias)] = bias
        if self.average is not None:
            self.average.restart(self.network)
        self.seconds += time.monotonic() - before
        self.report.loss = scores(self._answers(features), self.data.parts["train"].bitmaps)[1]
        self.report.step += 1
        self.report.images += len(labels)
        self._end_epoch(known, True)

    def _loss(self, phase: Phase, features: Tensor | None, key: tuple[int, int, int]) -> Tensor:
        seed = seed_of(*key)
        if features is None:
            how = phase.changing(self.settings.augmentation)
            return self.objective.of_batch(self.batches.draw(*key), seed, how)
        chosen, targets = self.batches.draw_indices(*key)
        return self.objective.of_features(features[chosen], targets, chosen, seed)

    def _features(self, known: Known) -> Tensor:
        """Features (N, D) of the training bitmaps without augmentation."""
        pixels = self.data.parts["train"].bitmaps.pixels
        features, seconds = known.of(self.network, pixels)
        self.seconds += 0.0 if self.position.step else seconds  # a resumed phase has them
        return features

    def _answers(self, features: Tensor) -> Tensor:
        with torch.no_grad():
            return self._reached.eval().head(features)

    def _note(self, loss: float, rate: float) -> None:
        if not math.isfinite(loss):
            raise Diverged(f"the loss is {loss} at step {self.report.step}", LOWER)
        last = self.report.loss
        self.report.loss = loss if math.isnan(last) else 0.95 * last + 0.05 * loss
        self.report.step += 1
        self.report.images += self.batches.size
        self.report.rate = rate

    def _end_epoch(self, known: Known | None, last: bool) -> None:
        """Validate and record the result; after a phase, also with the next phase's statistics."""
        held_out = self.data.parts["validation"].bitmaps
        if known is None:
            accuracy, loss = self.objective.measure(self._reached, held_out)
        else:
            features, _ = known.of(self.network, held_out.pixels)
            accuracy, loss = scores(self._answers(features), held_out)
        self.report.history.append(
            {
                "epoch": len(self.report.history) + 1,
                "phase": self.position.phase,
                "images": self.report.images,
                "seconds": round(self.seconds, 3),
                "train_loss": self.report.loss,
                "validation_accuracy": accuracy,
                "validation_loss": loss,
                **(self._at_the_switch() if last else {}),
            }
        )

    def _at_the_switch(self) -> dict[str, float]:
        """Validation accuracy under the BatchNorm statistics of the next phase, if there is one.

        This shows whether the head still fits the features at unfreezing.
        """
        following = self.strategy.phases[self.position.phase + 1 :]
        if not following:
            return {}
        held_out, network = self.data.parts["validation"].bitmaps, self.network
        if following[0].bn_statistics == "moving":
            return {"accuracy_at_switch": accuracy_by_batches(network, held_out)}
        if following[0].bn_statistics == "re-estimated":
            network = copy.deepcopy(network)
            re_estimate(network, self.data.parts["train"].bitmaps.pixels, self.seed)
        return {"accuracy_at_switch": measure(network, held_out, self.device)[0]}

    def _out_of_patience(self) -> bool:
        """Whether the phase has had `patience` epochs without better validation accuracy."""
        own = [
            r["validation_accuracy"]
            for r in self.report.history
            if r["phase"] == self.position.phase
        ]
        stale = len(own) - 1 - own.index(max(own)) if own else 0
        return 0 < self.settings.patience <= stale

    def _beside(self) -> dict[str, nn.Module]:
        """Modules that a checkpoint contains besides the network."""
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
            "phase": self.position.phase,
            "step": self.position.step,
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
        self.position = Position(state["phase"], state["step"])
        self.report = Report(**state["report"])
        self.seconds = state["seconds"]


def _own_augmentations(strategy: Strategy) -> list[Augmentation | None]:
    """Every phase's own augmentation; empty if no phase has one."""
    own = [phase.augmentation for phase in strategy.phases]
    return own if any(own) else []


def _unusual(strategy: Strategy, data: Dataset) -> dict[str, Any]:
    """What else tells runs apart, where it is not the default: so older checkpoints go on."""
    usual = {each.name: each.default for each in fields(Strategy)}
    named = ("network", "stem", "head", "outputs", "objective")
    own = {name: getattr(strategy, name) for name in named}
    return {name: value for name, value in own.items() if value != usual[name]} | (
        {"more": str(dict(data.more))} if data.more else {}
    )


def _balance(settings: Settings) -> Balance | None:
    if settings.balanced:
        return Balance(settings.epoch_cap or Balance.cap)
    return Balance(settings.epoch_cap, repeats=1) if settings.epoch_cap else None
