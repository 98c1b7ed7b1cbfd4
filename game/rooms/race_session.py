"""A race session: runs the pure rules of `game.rules.race` with timers, the judge and the storage.

The session passes ink, the judge's answers and the time to the rules, has each round stored before
it is revealed, and sends the room what has changed.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from game.clock import SLACK, Timer
from game.guests.refusals import REFUSALS, refusal
from game.judging.load import slowed
from game.judging.pad_judging import PadJudging, PadOwner
from game.messages import (
    BotStrength,
    Clear,
    GameKept,
    Guesses,
    Ink,
    LiveInk,
    Message,
    RaceKind,
    RaceProgress,
    SeatProgress,
    Team,
    Undo,
)
from game.records.result_writer import Ids, ResultWriter
from game.records.storage import RacePlan
from game.rooms.audience import Audience
from game.rooms.bot_hand import BotHand
from game.rooms.live_pads import LivePads
from game.rooms.outcome import attempts_of, games_of, reveal_of
from game.rooms.reveals import Reveals
from game.rules.attempt import Frame
from game.rules.race import PROGRESS_GAP, Race, Round
from game.rules.runner import Recorded, Runner
from game.rules.seats import Seat
from game.services import Services


class RaceSession:
    """One race in a room.

    Attributes:
        race: the rules with the state of the race.
        seats: the seats of all runners by number, including those who have left.
        teams: the teams of these seats in this race.
        reveals: the messages that revealed the rounds.
        finished: seat -> the message that confirms that the player's race is stored.
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
        self.teams: dict[int, Team | None] = {}
        self.reveals = Reveals()
        self.finished: dict[int, GameKept] = {}
        self._services = services
        self._audience = audience
        self._kind: RaceKind = kind
        self._plan = plan
        self._pads: dict[int, PadJudging] = {}
        self._bots: dict[int, BotHand] = {}
        live = LivePads(services.clock, services.judge, audience)
        self._live = live if race.settings.live else None
        self._result_writer = ResultWriter(
            services.storage,
            services.spawn,
            services.keeper,
            lambda: audience.guests,
            services.clock,
        )
        self._ids: dict[tuple[int, int], str | None] = {}  # (round, seat) -> replay
        self._told = 0  # `changes` of the race when the state was last sent
        self._kept = 0  # number of rounds that went to the result writer
        self._over = False
        self._timer: Timer | None = None
        self._progress: list[SeatProgress] = []
        self._progress_timer: Timer | None = None

    @property
    def busy(self) -> bool:
        """Whether a round is running, or a result is still being stored."""
        return self.race.in_round or self._result_writer.waiting > 0

    # -- runners -----------------------------------------------------------------------------------

    def enter(self, taken: Seat) -> None:
        """Let a seat run from the next round on. Ghosts get the plan's recordings in order."""
        self.seats[taken.number] = taken
        self.teams[taken.number] = taken.team
        self.race.enter(self._runner(taken))
        if not taken.ghost:
            self._pads[taken.number] = self._judging(taken.number)
        if taken.bot is not None:
            self._bots[taken.number] = self._hand(taken.number, taken.bot)

    def leave(self, seat: int) -> None:
        """Take a seat out of the race."""
        if seat in self._bots:
            self._bots.pop(seat).rest()
        if seat in self._pads:
            self._pads.pop(seat).close()
            self.race.leave(seat, self._services.clock.now())
            self.follow()

    def connect(self, seat: int, connected: bool) -> None:
        """Note that a player lost the connection, or is back."""
        if seat in self._pads:
            self.race.connect(seat, connected, self._services.clock.now())
            self.follow()

    def measured(self, seat: int, delay: float | None) -> None:
        """Take over a player's measured link delay in ms."""
        if seat in self._pads:
            self.race.runners[seat].delay = delay

    def _judging(self, seat: int) -> PadJudging:
        audience = self._audience
        owner = PadOwner(
            partial(self.race.take_frame, seat),
            partial(self._judged, seat),
            partial(audience.say, seat),
            self.follow,
        )
        return PadJudging(self._services.clock, self._services.judge, owner)

    def _runner(self, taken: Seat) -> Runner:
        if not taken.ghost:
            return Runner(taken.number, taken.delay, bot=taken.bot is not None)
        ghosts = self._plan.ghosts if self._plan else ()
        number = sum(other.ghost for other in self.seats.values()) - 1
        return Recorded(taken.number, ghosts[number].replays)

    def _hand(self, seat: int, strength: BotStrength) -> BotHand:
        return BotHand(
            self._services.clock,
            self._services.rng,
            strength,
            partial(self.receive, seat),
            partial(self._put_down, seat),
        )

    def _put_down(self, seat: int) -> None:
        self.race.put_down(seat, self._services.clock.now())
        self.follow()

    def _move_bots(self) -> None:
        """Have the bots draw the word of a new round, and stop when a round is over."""
        race = self.race
        for seat, hand in self._bots.items():
            if race.stage != "drawing" or race.runners[seat].finished is not None:
                hand.rest()
            elif race.word is not None and race.runs(seat):
                hand.draw(race.word, race.round, race.started)

    # -- drawing -----------------------------------------------------------------------------------

    def receive(self, seat: int, message: Ink | Undo | Clear) -> None:
        """Change a player's pad as the message asks, or answer with the reason for refusing it."""
        try:
            attempt = self.race.pad(seat, message.round, self._services.clock.now())
        except REFUSALS as error:
            self._audience.say(seat, refusal(error))
        else:
            changed = self._pads[seat].change(attempt, message)
            if changed and self._live is not None:
                self._live.changed(seat, message, attempt.sheet.strokes)
        self.follow()

    def news(self, seat: int | None) -> list[Message]:
        """The messages that a member needs besides the state.

        These are a player's guesses about the running drawing and the confirmation of a stored
        race; for those who do not draw, everyone's ink.
        """
        live = [] if self.race.draws(seat) else self._live_ink()
        return [*(self._own_news(seat) if seat is not None else ()), *live]

    def _live_ink(self) -> list[LiveInk]:
        drawn = self.race.stage in ("drawing", "settling")
        return self._live.whole(self.race.round) if drawn and self._live is not None else []

    def _own_news(self, seat: int) -> list[Message]:
        attempt = self.race.runners[seat].attempt if self.race.runs(seat) else None
        drawn = attempt is not None and attempt.guesses and self.race.stage == "drawing"
        guess = [attempt.message()] if attempt is not None and drawn else []
        return [*guess, *([self.finished[seat]] if seat in self.finished else [])]

    def _judged(
        self, seat: int, frame: Frame, probabilities: NDArray[np.float32], now: float
    ) -> Guesses | None:
        """Pass the judge's answer to the rules, and send everyone's progress soon."""
        drew = self.race.draws(seat)
        guesses = self.race.judged(seat, frame, probabilities, now)
        if drew and not self.race.draws(seat):  # from now on this player watches the others
            for ink in self._live_ink():
                self._audience.say(seat, ink)
        if guesses is not None:
            self._tell_progress_soon()
        return guesses

    def _tell_progress_soon(self) -> None:
        if self._progress_timer is None and self.race.stage in ("drawing", "settling"):
            gap = slowed(PROGRESS_GAP, self._services.judge.wait)
            when = self._services.clock.now() + gap
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

    # -- stages ------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Bring the race up to the current time."""
        self.race.advance(self._services.clock.now())
        self.follow()

    def follow(self) -> None:
        """Act on changes of the race: store, reveal, send the state, and set the next timer."""
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
        self._move_bots()
        if self._live is not None and race.stage not in ("drawing", "settling"):
            self._live.rest()
        if race.changes == changes:  # otherwise a nested call has sent the state already
            self._audience.tell_all()
            self._set_timer()

    def close(self) -> None:
        """Stop all timers for good, and let go of what holds the session.

        Its memory is then free at once: Python's collector of cycles may come minutes later.
        """
        self._cancel()
        if self._live is not None:
            self._live.rest()
        for pad in self._pads.values():
            pad.close()
        for hand in self._bots.values():
            hand.rest()
        self._pads.clear()
        self._bots.clear()

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
        """Reveal a round that was not stored in time."""
        if self.race.stage == "reveal" and self.race.round not in self.reveals:
            self._reveal(self.race.results[-1])

    def _reveal(self, result: Round) -> None:
        ids = {seat: replay for (round, seat), replay in self._ids.items() if round == result.round}
        reveal = reveal_of(result, self.seats, ids)
        self.reveals.keep(reveal)
        self.race.forget_drawings(result.round)
        self._audience.say_all(reveal)

    def hide(self, replay: str) -> int | None:
        """Remove a reported drawing from the reveals; return its seat, None if it is not here."""
        self.reveals.hide(replay)
        return next((seat for (_, seat), kept in self._ids.items() if kept == replay), None)

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
        return {seat: taken for seat, taken in self.seats.items() if seat not in self.race.left}

    def _tell_finished(self, seat: int, finished: GameKept) -> None:
        self.finished[seat] = finished
        self._audience.say(seat, finished)
