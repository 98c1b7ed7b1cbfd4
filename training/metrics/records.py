"""Measurements that a result stores as they are. Light: reading stored results needs no torch."""

from pydantic import BaseModel, ConfigDict


class FeatureMap(BaseModel):
    """A map of evaluated drawings in a plane by their features, before and after training.

    Attributes:
        labels: of the drawings.
        before, after: (x, y) of each drawing; the two planes are unrelated.
    """

    model_config = ConfigDict(extra="forbid")

    labels: list[int]
    before: list[tuple[float, float]]
    after: list[tuple[float, float]]
