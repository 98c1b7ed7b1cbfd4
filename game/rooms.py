"""Who is where, and the life of a game: seats, rooms, resumption, timers.

A room is where a game takes place; for now each has one seat. Everything here runs on one event
loop without ever waiting: what a client sent goes in through `Room.receive`, what it shall see goes
out through its `Link`, and time comes from a `Clock`, so tests bring their own.
"""

import secrets
from functools import partial
from random import Random
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.clock import Clock, Timer
from game.judge import Model, Player
from game.messages import (
    Clear,
    Hello,
    Ink,
    Leave,
    Message,
    Ping,
    Pong,
    Problem,
    Skip,
    Start,
    State,
    Undo,
    Welcome,
)
from game.rules import Game
from game.sheet import OutOfPlace, TooMuchInk
from game.turn import VERDICT_GAP, Frame, Turn

KEPT = 5 * 60_000.0  # ms for which the seat of a vanished player is kept
MEND_GAP = 200.0  # ms between two tellings of the strokes to a page that has others
SLACK = 1.0  # ms that a timer may ring early
MAX_VANISHED = 1_000  # such seats; beyond, the one that has been empty for longest goes

NOT_NOW = Problem(code="not_now", text="There is no word to draw yet.")
TOO_MUCH_INK = Problem(code="too_much_ink", text="The pad is full. Clear it or undo a line.")
REPLACED = Problem(code="replaced", text="The game goes on in another window.", fatal=True)
STOPPING = Problem(code="stopping", text="The server is restarting. Back in a moment.", fatal=True)


Play = Start | Ink | Undo | Clear | Skip | Leave | Ping


class Link(Protocol):
    """The way to a client. Sending never waits, and a fatal `Problem` ends the link."""

    def send(self, message: Message) -> None: ...


class Bench(Protocol):
    """Where drawings are judged: `game.judge.Judge`."""

    def want(self, player: Player) -> None: ...


class Room:
    """The game of one seat, from `start` to `start`.

    Attributes:
        token: gives the seat back to a player whose connection was lost.
        key: the player's own for good; records know by it whose results are whose.
        link: the way to the player; None while there is none.
        game: the running or last game; None at home.
    """

    def __init__(self, rooms: "Rooms", key: str | None) -> None:
        self.token = secrets.token_urlsafe(24)
        self.key = key or secrets.token_urlsafe(24)
        self.link: Link | None = None
        self.game: Game | None = None
        self._rooms = rooms
        self._mended = -MEND_GAP
        self._told = 0  # `changes` of the game as last told to the player
        self._stage_timer: Timer | None = None
        self._second_look: Timer | None = None

    def receive(self, message: Play) -> None:
        """Take a message of the player."""
        self._tick()
        match message:
            case Start():
                self._start(message)
            case Leave():
                self._go_home()
            case Ping():
                self._say(Pong(sent=message.sent))
            case _:
                self._on_pad(message)
        self._follow()

    def look(self) -> Frame | None:
        """The drawing to be judged now, if any."""
        turn = self.game.turn if self.game else None
        return turn.look(self._rooms.clock.now()) if turn else None

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        """Take the judge's answer, (K,) for the K words, and tell the player."""
        if self.game is None:
            return
        guesses = self.game.judged(frame, probabilities)
        if guesses is not None:
            self._say(guesses)
        self._follow()
        if frame.turn is self.game.turn and frame.turn.verdict.since == frame.at:
            self._plan_second_look(frame.turn, frame.at + VERDICT_GAP + SLACK)

    def tell_all(self) -> None:
        """Tell the player the whole state, and what was guessed last."""
        game, now = self.game, self._rooms.clock.now()
        if game is not None:
            game.advance(now)
            self._told = game.changes
        self._say(_state(game, now))
        if game is not None and game.turn is not None and game.turn.guesses:
            self._say(game.turn.message())

    def close(self) -> None:
        """Stop the game's clock for good."""
        self._go_home()

    def _say(self, message: Message) -> None:
        if self.link is not None:
            self.link.send(message)

    def _start(self, message: Start) -> None:
        rooms = self._rooms
        self.game = Game(
            message.mode, rooms.model.words, rooms.model.threshold, rooms.rng, rooms.clock.now()
        )
        self._told = 0

    def _go_home(self) -> None:
        self._cancel_timers()
        if self.game is not None:
            self.game = None
            self._say(State(stage="home"))

    def _cancel_timers(self) -> None:
        for timer in (self._stage_timer, self._second_look):
            if timer is not None:
                timer.cancel()
        self._stage_timer = self._second_look = None

    def _on_pad(self, message: Ink | Undo | Clear | Skip) -> None:
        if self.game is None or self.game.stage == "countdown":
            self._say(NOT_NOW)
            return
        turn = self.game.turn
        if turn is None or message.round != turn.round:
            return  # too late
        match message:
            case Ink():
                self._draw(turn, message)
            case Undo():
                turn.sheet.undo()
                self._inked(turn)
            case Clear():
                turn.sheet.clear()
                self._inked(turn)
            case Skip():
                self.game.skip(self._rooms.clock.now())

    def _draw(self, turn: Turn, ink: Ink) -> None:
        try:
            turn.sheet.add(ink.stroke, ink.points)
        except TooMuchInk:
            self._say(TOO_MUCH_INK)
        except OutOfPlace:
            self._mend()
        else:
            self._inked(turn)

    def _inked(self, turn: Turn) -> None:
        """The turn's ink has changed: have it judged, or take back guesses about a blank pad."""
        if not turn.blank:
            self._rooms.judge.want(self)
        elif turn.guesses:
            turn.forget()
            self._say(turn.message())

    def _mend(self) -> None:
        """Page and server disagree about the strokes, and the server's count: tell them."""
        now = self._rooms.clock.now()
        if now - self._mended >= MEND_GAP:
            self._mended = now
            self.tell_all()

    def _plan_second_look(self, turn: Turn, when: float) -> None:
        """A win needs a second frame, and a pen at rest sends no ink that would make one."""
        if self._second_look is not None:
            self._second_look.cancel()
        self._second_look = self._rooms.clock.call_at(when, partial(self._look_again, turn))

    def _look_again(self, turn: Turn) -> None:
        self._tick()
        if self.game is not None and turn is self.game.turn and turn.verdict.since is not None:
            self._rooms.judge.want(self)

    def _follow(self) -> None:
        """Tell the player when the game has moved on, and set the timer to its next move."""
        game = self.game
        if game is None or game.changes == self._told:
            return
        self.tell_all()
        if self._stage_timer is not None:
            self._stage_timer.cancel()
            self._stage_timer = None
        if game.deadline is not None:
            self._stage_timer = self._rooms.clock.call_at(game.deadline + SLACK, self._tick)

    def _tick(self) -> None:
        if self.game is not None:
            self.game.advance(self._rooms.clock.now())
            self._follow()


class Rooms:
    """All rooms, by the token of their seat."""

    def __init__(self, model: Model, judge: Bench, clock: Clock, rng: Random | None = None) -> None:
        self.model = model
        self.judge = judge
        self.clock = clock
        self.rng = rng or Random()
        self._rooms: dict[str, Room] = {}
        self._vanished: dict[str, Timer] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def join(self, hello: Hello, link: Link) -> Room:
        """Seat a player: at the seat of the token while it is kept, else at a new one."""
        known = self._rooms.get(hello.token or "")
        room = known or Room(self, hello.key)
        self._rooms[room.token] = room
        if room.link is not None and room.link is not link:
            room.link.send(REPLACED)
        if timer := self._vanished.pop(room.token, None):
            timer.cancel()
        room.link = link
        model = self.model
        link.send(
            Welcome(
                token=room.token,
                key=room.key,
                resumed=known is not None,
                words=list(model.words),
                threshold=model.threshold,
            )
        )
        room.tell_all()
        return room

    def vanish(self, room: Room, link: Link) -> None:
        """A link was lost: keep the seat for a while, unless another link has taken it already."""
        if room.link is not link:
            return
        room.link = None
        if len(self._vanished) >= MAX_VANISHED:
            self._drop(next(iter(self._vanished)))
        self._vanished[room.token] = self.clock.call_at(
            self.clock.now() + KEPT, partial(self._drop, room.token)
        )

    def stop(self) -> None:
        """Tell everyone that the server goes away, and end all games."""
        for room in self._rooms.values():
            if room.link is not None:
                room.link.send(STOPPING)
            room.link = None
            room.close()

    def _drop(self, token: str) -> None:
        self._vanished.pop(token).cancel()
        self._rooms.pop(token).close()


def _state(game: Game | None, now: float) -> State:
    if game is None:
        return State(stage="home")
    word, strokes = None, []
    if game.turn is not None:
        word, strokes = game.turn.word, game.turn.sheet.to_lists()
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
        strokes=strokes,
        results=game.results,
    )
