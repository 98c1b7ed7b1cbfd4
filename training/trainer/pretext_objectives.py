"""Objectives of pretraining without labels: restoring hidden ink, and recognising another view.

Each measures itself on held-out drawings, which are changed in the same way every time.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.data.dataset import Bitmaps
from training.inference.inference import as_input, mixed_precision
from training.networks.network import Network
from training.networks.pretext_heads import Decoder, Projection
from training.sampling.batches import Batch
from training.strategies.settings import Settings
from training.trainer.objective import Objective
from training.transforms.augment import augment
from training.transforms.augmentation import Augmentation

HIDDEN = 0.5  # share of a bitmap's squares that the network does not see
SQUARE = 4  # pixels
TEMPERATURE = 0.2
MEASURED = 128  # held-out drawings in a batch, among whose views the partner must be found


class Reconstruction(Objective):
    """Restore whole bitmaps from bitmaps with half of their 4×4 squares blank.

    A denoising autoencoder (Vincent et al. 2008) with the masks of He et al. 2022 (arXiv
    2111.06377); its bottleneck is the feature vector that the head gets.
    """

    def __init__(
        self,
        network: Network,
        words: int,
        settings: Settings,
        soft_targets: Tensor | None,
        device: torch.device,
    ) -> None:
        super().__init__(network, words, settings, soft_targets, device)
        self.decoder = Decoder(network.features_out).to(device)
        self.guessing = 0.0  # the mean image explains no variance

    @property
    def extras(self) -> dict[str, nn.Module]:
        return {"decoder": self.decoder}

    def of_batch(self, batch: Batch, seed: int, how: Augmentation | None = None) -> Tensor:
        generator = torch.Generator(self.device).manual_seed(seed)
        bitmaps = augment(as_input(batch.pixels), self.changing(how), generator)
        return _cross_entropy(self._restored(self.network, bitmaps, generator), bitmaps)

    def measure(self, network: Network, held_out: Bitmaps) -> tuple[float, float]:
        """Share of the pixels' variance that the restored bitmaps explain, and cross-entropy."""
        lost = spread = entropy = 0.0
        mean = torch.from_numpy(held_out.pixels).float().div(255).mean(0).to(self.device)
        generator = torch.Generator(self.device).manual_seed(0)
        for bitmaps in _batches(network, held_out, self.device):
            logits = self._restored(network, bitmaps, generator)
            lost += float((logits.sigmoid() - bitmaps).square().sum())
            spread += float((bitmaps - mean).square().sum())
            entropy += float(_cross_entropy(logits, bitmaps)) * len(bitmaps)
        return 1 - lost / max(spread, 1e-9), entropy / len(held_out)

    def _restored(self, network: Network, bitmaps: Tensor, generator: torch.Generator) -> Tensor:
        side = bitmaps.shape[-1] // SQUARE
        chance = torch.rand(
            (len(bitmaps), 1, side, side), generator=generator, device=bitmaps.device
        )
        shown = (chance >= HIDDEN).float().repeat_interleave(SQUARE, 2)
        with mixed_precision(self.device):
            features = network.features(bitmaps * shown.repeat_interleave(SQUARE, 3))
            return self.decoder(features).float()


class ViewMatching(Objective):
    """Find another view of the same bitmap among the views of all others in the batch.

    Views are two random augmentations; the loss is SimCLR's (Chen et al. 2020, arXiv 2002.05709).
    """

    def __init__(
        self,
        network: Network,
        words: int,
        settings: Settings,
        soft_targets: Tensor | None,
        device: torch.device,
    ) -> None:
        super().__init__(network, words, settings, soft_targets, device)
        self.projection = Projection(network.features_out).to(device)
        self.guessing = 1 / (2 * MEASURED - 1)

    @property
    def extras(self) -> dict[str, nn.Module]:
        return {"projection": self.projection}

    def of_batch(self, batch: Batch, seed: int, how: Augmentation | None = None) -> Tensor:
        generator = torch.Generator(self.device).manual_seed(seed)
        bitmaps = as_input(batch.pixels)
        return _of_views(*self._likeness(self.network, bitmaps, generator, self.changing(how)))

    def measure(self, network: Network, held_out: Bitmaps) -> tuple[float, float]:
        """Share of views whose partner is the most similar of all 255 others, and the loss."""
        found = loss = 0.0
        count = 0
        generator = torch.Generator(self.device).manual_seed(0)
        for bitmaps in _batches(network, held_out, self.device):
            if count and len(bitmaps) < MEASURED:
                break  # a partner is found more easily among fewer
            count += len(bitmaps)
            likeness, partners = self._likeness(
                network, bitmaps, generator, self.settings.augmentation
            )
            found += float((likeness.argmax(1) == partners).sum()) / 2
            loss += float(_of_views(likeness, partners)) * len(bitmaps)
        return found / count, loss / count

    def _likeness(
        self, network: Network, bitmaps: Tensor, generator: torch.Generator, how: Augmentation
    ) -> tuple[Tensor, Tensor]:
        """Scaled cosines (2N, 2N) of all pairs of views, and each one's partner (2N,)."""
        views = [augment(bitmaps, how, generator) for _ in range(2)]
        with mixed_precision(self.device):
            features = network.features(torch.cat(views))
        vectors = self.projection(features.float())
        likeness = vectors @ vectors.T / TEMPERATURE
        likeness.fill_diagonal_(-torch.inf)
        count = len(bitmaps)
        return likeness, torch.arange(2 * count, device=self.device).roll(count)


def _of_views(likeness: Tensor, partners: Tensor) -> Tensor:
    return functional.cross_entropy(likeness, partners)


def _cross_entropy(logits: Tensor, bitmaps: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, bitmaps)


def _batches(network: Network, held_out: Bitmaps, device: torch.device) -> Iterator[Tensor]:
    """Held-out bitmaps in a fixed random order, without gradients, the network in eval mode."""
    order = torch.randperm(len(held_out), generator=torch.Generator().manual_seed(0))
    network.eval()
    with torch.no_grad():
        for places in order.split(MEASURED):
            pixels = torch.from_numpy(held_out.pixels[places.numpy()]).to(device)
            yield as_input(pixels[:, None])
