"""The loss of a training step, and the auxiliary heads that are trained with it."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.command import UserError
from models.words import ALL
from training.data.dataset import Bitmaps
from training.inference.compile_mode import carried_out
from training.inference.inference import as_input, measure, mixed_precision
from training.networks.auxiliary_head import Auxiliary
from training.networks.network import Network
from training.sampling.batches import Batch
from training.strategies.settings import Settings
from training.trainer import mixup
from training.trainer.mixup import Pairs
from training.transforms.augment import augment
from training.transforms.augmentation import Augmentation


class Objective:
    """The loss of a step's drawings.

    Args:
        network: to be trained.
        words: number of words, K.
        settings: of the run.
        soft_targets: float32 (N, K), teachers' probabilities for the training bitmaps, or None.
        device: where the network is.

    Raises:
        UserError: if the settings' compile mode is not possible here.
    """

    def __init__(
        self,
        network: Network,
        words: int,
        settings: Settings,
        soft_targets: Tensor | None,
        device: torch.device,
    ) -> None:
        self.network, self.settings, self.device = network, settings, device
        self.guessing = 1 / words
        """What guessing gets at `measure`, in 0 .. 1."""
        self.soft_targets = None if soft_targets is None else soft_targets.to(device)
        self.fine_labels = (
            nn.Linear(network.features_out, len(ALL)).to(device) if settings.fine_labels else None
        )
        self.auxiliary = Auxiliary(network, words) if settings.auxiliary else None
        if self.auxiliary is not None and settings.compile_mode != "eager":
            raise UserError(  # compiled layers do not call its hook
                "an auxiliary head needs an eager pass through the network",
                "Leave out --settings.compile_mode or --settings.auxiliary",
            )
        self._passed = carried_out(self._pass, settings.compile_mode, device)

    @property
    def extras(self) -> dict[str, nn.Module]:
        """Auxiliary heads, which are trained but are not part of the network."""
        extras = {"fine_labels": self.fine_labels, "auxiliary": self.auxiliary}
        return {name: extra for name, extra in extras.items() if extra is not None}

    def of_batch(self, batch: Batch, seed: int, how: Augmentation | None = None) -> Tensor:
        """The loss of a batch.

        Args:
            batch: drawings and their targets.
            seed: determines the random changes to the drawings.
            how: bounds of these changes; None for the settings' own.
        """
        generator = torch.Generator(self.device).manual_seed(seed)
        bitmaps = augment(as_input(batch.pixels), self.changing(how), generator)
        pairs, targets = (
            self._pairs(len(bitmaps), seed),
            self.distilled(batch.targets, batch.chosen),
        )
        if pairs is not None:
            bitmaps, targets = pairs.mixed(bitmaps), pairs.mixed(targets)
        with mixed_precision(self.device):
            seen, logits = self._passed(bitmaps)
        loss = self._cross_entropy(logits, targets)
        if self.fine_labels is not None:
            found = _of_fine_labels(self.fine_labels(seen.float()), batch.fine_labels, pairs)
            loss = loss + self.settings.fine_labels * found
        if self.auxiliary is not None:
            found = self._cross_entropy(self.auxiliary(), targets)
            loss = loss + self.settings.auxiliary * found
        return loss

    def changing(self, how: Augmentation | None) -> Augmentation:
        """The given random changes to drawings, or else the settings' own."""
        return self.settings.augmentation if how is None else how

    def of_features(self, features: Tensor, targets: Tensor, chosen: Tensor, seed: int) -> Tensor:
        """The loss of the head alone for features (N, D) of the bitmaps `chosen`.

        Mixup mixes the features here (manifold mixup, Verma et al. 2019, arXiv 1806.05236).
        """
        pairs, targets = self._pairs(len(features), seed), self.distilled(targets, chosen)
        if pairs is not None:
            features, targets = pairs.mixed(features), pairs.mixed(targets)
        return self._cross_entropy(self.network.outputs(features), targets)

    def distilled(self, targets: Tensor, chosen: Tensor) -> Tensor:
        """Mix soft targets into the targets of a batch that begins with the bitmaps `chosen`."""
        if self.soft_targets is None:
            return targets
        own = torch.lerp(
            targets[: len(chosen)], self.soft_targets[chosen], self.settings.distillation
        )
        return torch.cat([own, targets[len(chosen) :]])

    def measure(self, network: Network, held_out: Bitmaps) -> tuple[float, float]:
        """How well a network does on held-out drawings: top-1 accuracy and mean cross-entropy."""
        return measure(network, held_out, self.device)

    def _pass(self, bitmaps: Tensor) -> tuple[Tensor, Tensor]:
        seen = self.network.features(bitmaps)
        return seen, self.network.outputs(seen)

    def _pairs(self, count: int, seed: int) -> Pairs | None:
        alpha = self.settings.mixup
        return mixup.draw(alpha, count, seed, self.device) if alpha else None

    def _cross_entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
        unused = logits.shape[1] - targets.shape[1]  # outputs that belong to no word
        return functional.cross_entropy(
            logits.float(),
            functional.pad(targets, (0, unused)),
            label_smoothing=self.settings.label_smoothing,
        )


def _of_fine_labels(logits: Tensor, fine_labels: Tensor, pairs: Pairs | None) -> Tensor:
    """Cross-entropy of the fine labels; for mixed drawings, of both labels by their shares."""
    found = functional.cross_entropy(logits, fine_labels)
    if pairs is None:
        return found
    partners = functional.cross_entropy(logits, fine_labels[pairs.partners])
    return torch.lerp(partners, found, pairs.share)
