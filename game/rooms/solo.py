"""A solo game: one guest, one pad, and the rules of a mode."""

import numpy as np
from numpy.typing import NDArray

from game.clock import SLACK, Timer
from game.guests.guest import Guest
from game.guests.refusals import NO_SUCH_MOVE, NOT_NOW
from game.judging.pad_judging import PadJudging, PadOwner
from game.messages import (
    AttemptKept,
    BoardMode,
    Clear,
    GameKept,
    Guesses,
    Ink,
    Message,
    Mode,
    Replay,
    RoundResult,
    Skip,
    State,
    Undo,
)
from game.records import storage
from game.records.result_writer import Ids, ResultWriter
from game.records.storage import AttemptRecord
from game.rooms.showdown import Showdown
from game.rules.attempt import Attempt, Frame
from game.rules.difficulty import bands_of, rising_band
from game.rules.modes import MODES, Game
from game.services import Services

NAMELESS = "Artist"


class Solo:
    """One guest's solo game, from `start` until the guest leaves it."""

    def __init__(self, services: Services, guest: Guest, mode: Mode) -> None:
        model, now = services.model, services.clock.now()
        shared = services.shared_words if MODES[mode].shared else ()
        order = services.deck(lambda: [guest.key], self._band, shared)
        bands = bands_of(shared or model.words, model.difficulty)
        self.game = Game(mode, order, model.words, model.thresholds, now, bands)
        self._services = services
        self._guest = guest
        self._pad = PadJudging(
            services.clock,
            services.judge,
            PadOwner(self.take_frame, self._judged, self.say, self.follow),
        )
        self._showdown = Showdown(services, self) if self.game.rules.shared else None
        self._result_writer = ResultWriter(
            services.storage, services.spawn, services.keeper, lambda: [guest], services.clock
        )
        self._replays: Ids = []
        self._game_kept: GameKept | None = None
        self._told = 0  # `changes` of the game when the state was last sent
        self._timer: Timer | None = None

    # -- as the guest's activity -------------------------------------------------------------------

    @property
    def running(self) -> str | None:
        return None if self.game.stage == "over" else self.game.mode

    @property
    def busy(self) -> bool:
        return self.game.in_round or self._result_writer.waiting > 0

    def receive(self, guest: Guest, message: Message) -> None:
        """Handle the player's message."""
        self._tick()
        if isinstance(message, Ink | Undo | Clear | Skip):
            self._on_pad(message)
        else:
            self.say(NO_SUCH_MOVE)
        self.follow()

    def tell(self, guest: Guest) -> None:
        """Send the whole state, the last guesses, and what was stored."""
        self._tell_state()
        for index, replay in enumerate(self._replays):
            self._tell_kept(index, replay)
        if self._game_kept is not None:
            self.say(self._game_kept)

    def _tell_state(self) -> None:
        game, now = self.game, self._services.clock.now()
        game.advance(now)
        self._told = game.changes
        self.say(state_of(game, now))
        if game.attempt is not None and game.attempt.guesses:
            self.say(game.attempt.message())

    def vanish(self, guest: Guest) -> None:
        """Nothing to do: the clock runs on without the player."""

    def back(self, guest: Guest) -> None:
        """Nothing to do: the game did not wait."""

    def renamed(self, guest: Guest) -> None:
        """Nothing to do: later results take the guest's name when they are stored."""

    def measured(self, guest: Guest) -> None:
        """Nothing to do: a solo game does not compensate link delay."""

    def leave(self, guest: Guest) -> None:
        """Stop all timers for good."""
        self._pad.close()
        if self._showdown is not None:
            self._showdown.rest()
        if self._timer is not None:
            self._timer.cancel()

    # -- as the owner of the pad -------------------------------------------------------------------

    def take_frame(self, now: float) -> Frame | None:
        attempt = self.game.attempt if self._here else None
        return attempt.take_frame(now) if attempt else None

    def _judged(
        self, frame: Frame, probabilities: NDArray[np.float32], now: float
    ) -> Guesses | None:
        guesses = self.game.judged(frame, probabilities) if self._here else None
        if guesses is not None and self._showdown is not None:
            self._showdown.judged(frame)
        return guesses

    def say(self, message: Message) -> None:
        if self._here:
            self._guest.say(message)

    def follow(self) -> None:
        """Send the state if the game has changed, store results, and set the next timer."""
        game = self.game
        if game.changes == self._told or not self._here:
            return
        self._tell_state()
        self._keep()
        if self._showdown is not None and game.attempt is None:
            self._showdown.rest()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if game.deadline is not None:
            self._timer = self._services.clock.call_at(game.deadline + SLACK, self._tick)

    def _band(self) -> int | None:
        """The difficulty band of the next word; None if easy and hard words are dealt evenly."""
        if self.game.rules.game_time is None:
            return None
        return rising_band([result.outcome for result in self.game.results])

    # -- the pad -----------------------------------------------------------------------------------

    @property
    def _here(self) -> bool:
        return self._guest.activity is self

    def _tick(self) -> None:
        self.game.advance(self._services.clock.now())
        self.follow()

    def _on_pad(self, message: Ink | Undo | Clear | Skip) -> None:
        attempt = self.game.attempt
        if self.game.stage == "countdown":
            self.say(NOT_NOW)
        elif attempt is None or message.round != attempt.round:
            return  # too late
        elif isinstance(message, Skip):
            self.game.skip(self._services.clock.now())
        else:
            self._pad.change(attempt, message)
            if self._showdown is not None:
                self._showdown.changed(attempt)

    # -- as the owner of a showdown ----------------------------------------------------------------

    def conclude(self, elapsed: float) -> None:
        """End the word of a showdown, which was first guessed after `elapsed` ms."""
        self.game.conclude(elapsed, self._services.clock.now())

    # -- storage -----------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Store the words that have ended since the last call, and the game when it is over."""
        game, mode = self.game, self.game.mode
        if not game.rules.ranked:
            return
        for index in range(len(self._replays), len(game.results)):
            self._replays.append(None)
            attempts = self._attempts(game.results[index], game.attempts[index], mode)
            self._result_writer.keep(attempts, lambda ids, index=index: self._kept(index, ids))
        if game.stage == "over":
            self._result_writer.close(
                lambda: {0: self._finished(mode)}, lambda _, kept: self._tell_finished(kept)
            )

    def _attempts(
        self, result: RoundResult, attempt: Attempt, mode: BoardMode
    ) -> list[AttemptRecord]:
        if not result.strokes:
            return []
        replay = Replay(
            word=result.word,
            outcome=result.outcome,
            milliseconds=result.milliseconds,
            frame=attempt.frame if result.outcome == "guessed" else attempt.best_frame,
            best=result.best,
            points=result.points,
            strokes=result.strokes,
            frames=attempt.frames,
            name=self._guest.name or NAMELESS,
            colour=self._guest.colour or 0,
            mode=mode,
            model=self._services.model_name,
        )
        return [AttemptRecord(self._guest.key, replay)]

    def _kept(self, index: int, ids: Ids) -> None:
        for replay in ids:
            self._replays[index] = replay
            self._tell_kept(index, replay)

    def _tell_kept(self, index: int, replay: str | None) -> None:
        if replay is not None:
            self.say(AttemptKept(round=index + 1, replay=replay))

    def _finished(self, mode: BoardMode) -> storage.GameRecord:
        results = self.game.results
        return storage.GameRecord(
            key=self._guest.key,
            name=self._guest.name or NAMELESS,
            colour=self._guest.colour or 0,
            mode=mode,
            source=None,
            words=tuple(result.word for result in results),
            replays=tuple(self._replays),
            points=self.game.points,
            milliseconds=sum(result.milliseconds for result in results),
        )

    def _tell_finished(self, kept: GameKept) -> None:
        self._game_kept = kept
        self.say(kept)


def state_of(game: Game, now: float) -> State:
    """The whole state of a solo game."""
    word, strokes = None, []
    if game.attempt is not None:
        word, strokes = game.attempt.word, game.attempt.sheet.to_lists()
    elif game.stage == "reveal":
        word, strokes = game.results[-1].word, game.results[-1].strokes
    return State(
        stage=game.stage,
        mode=game.mode,
        round=game.round,
        rounds=game.rules.rounds,
        word=word,
        left=None if game.deadline is None else max(game.deadline - now, 0.0),
        total=game.total,
        points=game.points,
        worth=game.worth,
        strokes=strokes,
        results=game.results,
    )
