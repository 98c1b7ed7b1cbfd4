"""Bounds of the random changes to drawings; `training.data.augment` makes the changes."""

from dataclasses import dataclass


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
            `training.data.augment.NOISE`.
        details: probability of up to `training.data.augment.DETAILS` added lines and circles, as
            people draw beside or inside a thing when no clock runs.
    """

    mirror: float = 0.5
    turn: float = 12.0
    shear: float = 0.1
    scale: float = 0.12
    shift: float = 1.5
    cut: float = 0.0
    thicker: float = 0.0
    noise: float = 0.0
    details: float = 0.0


NONE = Augmentation(0, 0, 0, 0, 0)
