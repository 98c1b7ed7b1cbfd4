"""The course of a game: a stage at a time, each until its deadline."""

from typing import Generic, TypeVar

S = TypeVar("S", bound=str)


class StageClock(Generic[S]):
    """A game at a moment, which `_enter` moves on.

    Attributes:
        stage: where the game is.
        deadline: when the stage ends by itself; None when it does not.
        total: full length of the stage in ms.
        changes: grows whenever anything about the game changes.
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
