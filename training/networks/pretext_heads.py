"""Networks on top of the features that pretraining without labels needs, discarded after it."""

from torch import Tensor, nn

from models.raster import SIDE

COARSE = SIDE // 4  # side of the map that a decoder begins with


class Decoder(nn.Module):
    """Bitmaps from features: float32 (N, features) to logits (N, 1, 28, 28) of the ink."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.coarse = nn.Linear(features, 64 * COARSE**2)
        self.finer = nn.Sequential(
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, 2, 1),
        )

    def forward(self, features: Tensor) -> Tensor:
        return self.finer(self.coarse(features).unflatten(1, (64, COARSE, COARSE)))


class Projection(nn.Module):
    """Unit vectors float32 (N, 64) of features (N, features), between which angles are compared."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(features, 256), nn.ReLU(), nn.Linear(256, 64))

    def forward(self, features: Tensor) -> Tensor:
        return nn.functional.normalize(self.layers(features))
