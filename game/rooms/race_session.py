"""A race as it happens in a room: its pads before the judge, its clock, its results on their way.

The pure `game.rules.race` decides; this brings it ink, answers and time, has each round kept before
it is revealed, and tells the room.
"""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.clock import Timer
from game.guests.refusals import REFUSALS, refusal
from game.judging.pad_judging import SLACK, PadJudging, PadOwner
from game.messages import (
    Clear,
    GameKept,
    Guesses,
    Ink,
    Message,
    RaceKind,
    RaceProgress,
    Reveal,
    SeatProgress,
    Undo,
)
from game.records.result_writer import Ids, ResultWriter
from game.records.storage import RacePlan
from game.rooms.outcome import attempts_of, games_of, reveal_of
from game.rules.attempt import Frame
from game.rules.race import Race, Round
from game.rules.runner import Recorded, Runner
from game.rules.seats import Seat
from game.services import Services

PROGRESS_GAP = 150.0  # ms between two tellings of how far everyone is


class Audience(Protocol):
    """The room that a race is run in."""

    def say(self, seat: int, message: Message) -> None:
        """Tell one seat."""
        ...

    def say_all(self, message: Message) -> None:
        """Tell everyone."""
        ...

    def tell_all(self) -> None:
        """Tell everyone the whole state."""
        ...

    def tell_seat(self, seat: int) -> None:
        """Tell one seat the whole state."""
        ...

    def over(self) -> None:
        """The race is over."""
        ...


class RaceSession:
    """One race.

    Attributes:
        race: its rules.
        chairs: of all who ran, also of those who have left.
        reveals: what was told of finished rounds, by round.
        finished: what was told of the kept race, by seat.
    """

    def __init__(
        self,
        services: Services,
        race: Race,
        audience: Audience,
        kind: RaceKind,
        plan: RacePlan | None,
    ) -> None:
        self.race = race
        self.seats: dict[int, Seat] = {}
        self.reveals: dict[int, Reveal] = {}
        self.finished: dict[int, GameKept] = {}
        self._services = services
        self._audience = audience
        self._kind: RaceKind = kind
        self._plan = plan
        self._pads: dict[int, PadJudging] = {}
        self._result_writer = ResultWriter(services.storage, services.spawn)
        self._ids: dict[tuple[int, int], str | None] = {}  # (round, seat) -> replay
        self._told = 0  # `changes` of the race as last told
        self._kept = 0  # rounds that went to the ledger
        self._over = False
        self._timer: Timer | None = None
        self._progress: list[SeatProgress] = []
        self._progress_timer: Timer | None = None

    @property
    def busy(self) -> bool:
        """Whether a round is on, or a result on its way."""
        return self.race.in_round or self._result_writer.waiting > 0

    # -- who runs ----------------------------------------------------------------------------------

    def enter(self, taken: Seat) -> None:
        """Run from the next round on; a ghost, as the plan's next one."""
        self.seats[taken.number] = taken
        self.race.enter(self._runner(taken))
        if not taken.ghost:
            self._pads[taken.number] = self._judging(taken.number)

    def leave(self, seat: int) -> None:
        """Run no more."""
        if seat in self._pads:
            self._pads.pop(seat).close()
            self.race.leave(seat, self._services.clock.now())
            self.follow()

    def connect(self, seat: int, connected: bool) -> None:
        """A player vanished, or is back."""
        if seat in self._pads:
            self.race.connect(seat, connected, self._services.clock.now())
            self.follow()

    def measured(self, seat: int, delay: float | None) -> None:
        """A link delay was measured."""
        if seat in self._pads:
            self.race.runners[seat].delay = delay

    def _judging(self, seat: int) -> PadJudging:
        audience = self._audience
        owner = PadOwner(
            partial(self.race.take_frame, seat),
            partial(self._judged, seat),
            partial(audience.say, seat),
            partial(audience.tell_seat, seat),
            self.follow,
        )
        return PadJudging(self._services.clock, self._services.judge, owner)

    def _runner(self, taken: Seat) -> Runner:
        if not taken.ghost:
            return Runner(taken.number, taken.delay)
        ghosts = self._plan.ghosts if self._plan else ()
        number = sum(other.ghost for other in self.seats.values()) - 1
        return Recorded(taken.number, ghosts[number].replays)

    # -- drawing -----------------------------------------------------------------------------------

    def receive(self, seat: int, message: Ink | Undo | Clear) -> None:
        """Take what a player did to the pad."""
        try:
            attempt = self.race.pad(seat, message.round, self._services.clock.now())
        except REFUSALS as error:
            self._audience.say(seat, refusal(error))
        else:
            self._pads[seat].change(attempt, message)
        self.follow()

    def news(self, seat: int) -> list[Message]:
        """What a state does not tell: the guess about the running drawing, that all is kept."""
        attempt = self.race.runners[seat].attempt if self.race.runs(seat) else None
        drawn = attempt is not None and attempt.guesses and self.race.stage == "drawing"
        guess = [attempt.message()] if attempt is not None and drawn else []
        return [*guess, *([self.finished[seat]] if seat in self.finished else [])]

    def _judged(
        self, seat: int, frame: Frame, probabilities: NDArray[np.float32], now: float
    ) -> Guesses | None:
        """Take the judge's answer, and tell everyone soon how far this drawing is."""
        guesses = self.race.judged(seat, frame, probabilities, now)
        if guesses is not None:
            self._tell_progress_soon()
        return guesses

    def _tell_progress_soon(self) -> None:
        if self._progress_timer is None and self.race.stage in ("drawing", "settling"):
            when = self._services.clock.now() + PROGRESS_GAP
            self._progress_timer = self._services.clock.call_at(when, self._tell_progress)

    def _tell_progress(self) -> None:
        self._progress_timer = None
        race = self.race
        if race.stage not in ("drawing", "settling"):
            return
        progress = race.progress(self._services.clock.now())
        if progress != self._progress:
            self._progress = progress
            self._audience.say_all(RaceProgress(round=race.round, seats=progress))
        if any(taken.ghost for taken in self.seats.values()):
            self._tell_progress_soon()

    # -- the course --------------------------------------------------------------------------------

    def tick(self) -> None:
        """Let time pass."""
        self.race.advance(self._services.clock.now())
        self.follow()

    def follow(self) -> None:
        """See what has changed: keep, reveal, tell, and set the timer to the next move."""
        race = self.race
        changes = race.changes
        if changes == self._told:
            return
        self._told = changes
        for result in race.results[self._kept :]:
            self._keep(result)
        self._reveal_unkept()
        if race.stage == "drawing" and any(taken.ghost for taken in self.seats.values()):
            self._tell_progress_soon()
        if race.stage == "over" and not self._over:
            self._end()
        if race.changes == changes:  # else it was told on the way
            self._audience.tell_all()
            self._set_timer()

    def close(self) -> None:
        """Stop the clock for good."""
        self._cancel()
        for pad in self._pads.values():
            pad.close()

    def _set_timer(self) -> None:
        self._cancel(progress=False)
        if self.race.deadline is not None:
            self._timer = self._services.clock.call_at(self.race.deadline + SLACK, self.tick)

    def _cancel(self, progress: bool = True) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if progress and self._progress_timer is not None:
            self._progress_timer.cancel()
            self._progress_timer = None

    # -- results -----------------------------------------------------------------------------------

    def _keep(self, result: Round) -> None:
        self._kept += 1
        tries = attempts_of(result, self.seats, self._kind, self._services.model_name)
        self._result_writer.keep(list(tries.values()), partial(self._on_disk, result, list(tries)))

    def _on_disk(self, result: Round, seats: list[int], ids: Ids) -> None:
        self._ids.update({(result.round, s): i for s, i in zip(seats, ids, strict=True)})
        self._reveal(result)
        if result.round == self.race.round:
            self.race.stored(self._services.clock.now())
        self.follow()

    def _reveal_unkept(self) -> None:
        """A round that could not be kept in time is shown all the same."""
        if self.race.stage == "reveal" and self.race.round not in self.reveals:
            self._reveal(self.race.results[-1])

    def _reveal(self, result: Round) -> None:
        ids = {seat: replay for (round, seat), replay in self._ids.items() if round == result.round}
        self.reveals[result.round] = reveal_of(result, self.seats, ids)
        self._audience.say_all(self.reveals[result.round])

    def hide(self, replay: str) -> None:
        """Show a reported drawing no more."""
        for round, reveal in self.reveals.items():
            drawings = [
                drawing.model_copy(update={"hidden": True, "strokes": []})
                if drawing.replay == replay
                else drawing
                for drawing in reveal.drawings
            ]
            self.reveals[round] = reveal.model_copy(update={"drawings": drawings})

    def _end(self) -> None:
        self._over = True
        for pad in self._pads.values():
            pad.close()
        self._result_writer.close(
            lambda: games_of(self.race, self._runners_left, self._kind, self._plan, self._ids),
            self._tell_finished,
        )
        self._audience.over()

    @property
    def _runners_left(self) -> Mapping[int, Seat]:
        return {seat: self.seats[seat] for seat in self._pads}

    def _tell_finished(self, seat: int, finished: GameKept) -> None:
        self.finished[seat] = finished
        self._audience.say(seat, finished)
