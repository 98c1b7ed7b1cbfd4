"""The base class of all messages, and the types and limits that they share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

PAD = 256
MAX_MESSAGE_BYTES = 64_000
MAX_POINTS_A_MESSAGE = 1_000
MAX_HOUR = 3_600_000  # ms; an upper limit of all times in messages

Coordinate = Annotated[
    FiniteFloat, Field(ge=-PAD, le=2 * PAD)
]  # a captured pointer may leave the pad
Milliseconds = Annotated[FiniteFloat, Field(ge=0, le=MAX_HOUR)]
Point = tuple[Coordinate, Coordinate, Milliseconds]
Strokes = list[list[list[float]]]  # `[[x...], [y...], [t...]]` for each stroke


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
