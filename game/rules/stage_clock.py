"""The stages of a game, each with a deadline. Pure."""

from typing import Generic, TypeVar

S = TypeVar("S", bound=str)


class StageClock(Generic[S]):
    """The current stage of a game. Subclasses go on to the next one with `_enter`.

    Attributes:
        stage: name of the stage.
        deadline: time in ms at which the stage ends by itself; None when it does not.
        total: length of the stage in ms; None when it has no deadline.
        changes: a counter that grows with every change of the game.
    """

    stage: S
    total: float | None
    deadline: float | None

    def __init__(self) -> None:
        self.changes = 0

    def _enter(self, stage: S, at: float, length: float | None) -> None:
        self.stage = stage
        self.total = length
        self.deadline = None if length is None else at + length
        self.changes += 1
