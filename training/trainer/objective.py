"""What a training step is to make smaller: the loss, and heads that only learn for its sake."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.command import UserError
from models.words import ALL
from training.data.augment import augment
from training.data.batches import Batch
from training.networks.auxiliary_head import Auxiliary
from training.networks.compile_mode import carried_out
from training.networks.inference import as_input, mixed_precision
from training.networks.network import Network
from training.strategies.settings import Settings
from training.trainer import mixup
from training.trainer.mixup import Pairs


class Objective:
    """The loss of a step's drawings.

    Args:
        network: that learns.
        words: how many.
        settings: of the run.
        lessons: float32 (N, K), teachers' probabilities of the training bitmaps; None without.
        device: where the network is.

    Raises:
        UserError: when the passes cannot be carried out as the settings say.
    """

    def __init__(
        self,
        network: Network,
        words: int,
        settings: Settings,
        lessons: Tensor | None,
        device: torch.device,
    ) -> None:
        self.network, self.settings, self.device = network, settings, device
        self.lessons = None if lessons is None else lessons.to(device)
        self.kinds = (
            nn.Linear(network.features_out, len(ALL)).to(device) if settings.kinds else None
        )
        self.auxiliary = Auxiliary(network, words) if settings.auxiliary else None
        if self.auxiliary is not None and settings.passes != "eager":
            raise UserError(  # a hook of its own, which compiled layers do not call
                "an auxiliary head looks into the pass, which must be eager for it",
                "Leave out --settings.passes or --settings.auxiliary",
            )
        self._passed = carried_out(self._pass, settings.passes, device)

    @property
    def extras(self) -> dict[str, nn.Module]:
        """What learns along and is no part of the network."""
        extras = {"kinds": self.kinds, "auxiliary": self.auxiliary}
        return {name: extra for name, extra in extras.items() if extra is not None}

    def of_batch(self, batch: Batch, seed: int, augmented: bool = True) -> Tensor:
        """The loss of a batch whose random changes, if it is augmented, follow from the seed."""
        bitmaps = as_input(batch.pixels)
        if augmented:
            generator = torch.Generator(self.device).manual_seed(seed)
            bitmaps = augment(bitmaps, self.settings.augmentation, generator)
        pairs, targets = self._pairs(len(bitmaps), seed), self.taught(batch.targets, batch.chosen)
        if pairs is not None:
            bitmaps, targets = pairs.mixed(bitmaps), pairs.mixed(targets)
        with mixed_precision(self.device):
            seen, logits = self._passed(bitmaps)
        loss = self._cross_entropy(logits, targets)
        if self.kinds is not None:
            found = _of_kinds(self.kinds(seen.float()), batch.kinds, pairs)
            loss = loss + self.settings.kinds * found
        if self.auxiliary is not None:
            found = self._cross_entropy(self.auxiliary(), targets)
            loss = loss + self.settings.auxiliary * found
        return loss

    def of_features(self, features: Tensor, targets: Tensor, chosen: Tensor, seed: int) -> Tensor:
        """The loss of a head alone, over features (N, D) of the bitmaps `chosen`.

        Mixup then mixes features, the head's input (Verma et al. 2019, arXiv 1806.05236).
        """
        pairs, targets = self._pairs(len(features), seed), self.taught(targets, chosen)
        if pairs is not None:
            features, targets = pairs.mixed(features), pairs.mixed(targets)
        return self._cross_entropy(self.network.outputs(features), targets)

    def taught(self, targets: Tensor, chosen: Tensor) -> Tensor:
        """Targets of a batch that begins with the bitmaps `chosen`, with the teachers' share."""
        if self.lessons is None:
            return targets
        own = torch.lerp(targets[: len(chosen)], self.lessons[chosen], self.settings.taught)
        return torch.cat([own, targets[len(chosen) :]])

    def _pass(self, bitmaps: Tensor) -> tuple[Tensor, Tensor]:
        seen = self.network.features(bitmaps)
        return seen, self.network.outputs(seen)

    def _pairs(self, count: int, seed: int) -> Pairs | None:
        alpha = self.settings.mixup
        return mixup.draw(alpha, count, seed, self.device) if alpha else None

    def _cross_entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
        unused = logits.shape[1] - targets.shape[1]  # outputs that are no word's
        return functional.cross_entropy(
            logits.float(),
            functional.pad(targets, (0, unused)),
            label_smoothing=self.settings.label_smoothing,
        )


def _of_kinds(logits: Tensor, kinds: Tensor, pairs: Pairs | None) -> Tensor:
    """Cross-entropy of kinds, where drawings are mixed that of both, by their shares."""
    found = functional.cross_entropy(logits, kinds)
    if pairs is None:
        return found
    partners = functional.cross_entropy(logits, kinds[pairs.partners])
    return torch.lerp(partners, found, pairs.share)
