"""Bounds of the random changes to drawings; `training.transforms.augment` makes the changes."""

from dataclasses import dataclass

from training.limits import NotNegative, PartialShare, Share


@dataclass(frozen=True)
class Augmentation:
    """Bounds of the random changes; with all bounds 0 nothing changes.

    Attributes:
        mirror: probability of a left-right flip.
        turn: largest rotation in degrees, in either direction.
        shear: largest tangent of the shear angle, in either direction.
        scale: largest share by which each axis grows or shrinks.
        shift: largest shift in pixels of the 28×28 bitmap, along each axis.
        cut: probability that only the ink on one side of a random line is kept and then rescaled to
            fill the square, as an unfinished drawing would be.
        thicker: probability of a line up to two pixels wider.
        noise: probability of Gaussian noise with a standard deviation of up to
            `training.transforms.augment.NOISE`.
        details: probability of up to `training.transforms.augment.DETAILS` added lines and
            circles, as people draw beside or inside a thing when no clock runs.
    """

    mirror: Share = 0.5
    turn: NotNegative = 12.0
    shear: NotNegative = 0.1
    scale: PartialShare = 0.12
    shift: NotNegative = 1.5
    cut: Share = 0.0
    thicker: Share = 0.0
    noise: Share = 0.0
    details: Share = 0.0


NONE = Augmentation(0, 0, 0, 0, 0)
