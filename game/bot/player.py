"""The bot: an ordinary client of the protocol in `game.messages`, and its command line.

python -m game.bot                              waits for a stranger in a quick match
python -m game.bot --room K7QX3M --players 3    lets three bots join your room
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    ConnectionClosedError,
    InvalidHandshake,
    InvalidURI,
)

from game.bot.artist import Artist, thinned
from game.bot.options import Options
from game.messages import (
    Begin,
    Clear,
    Configure,
    Echo,
    Hello,
    Ink,
    Join,
    Message,
    Open,
    Point,
    Probe,
    Problem,
    Quick,
    RaceState,
    Ready,
    RoomSettings,
    ServerMessage,
    Strokes,
    server_message,
)
from game.operations.addresses import web_address
from models.command import UserError

NAMES = ("Ada", "Bo", "Cleo", "Dot", "Edi", "Fay", "Gus", "Hedy", "Ivo", "Jo", "Kit", "Lou")
REST = 1.0  # seconds between a finished drawing that was not guessed and the next one
MAX_MESSAGE = 2**24  # bytes; large, because a reveal holds all drawings of a round

Listener = Callable[[ServerMessage], None]
Speaker = Callable[[Message], None]


class Bot:
    """One bot.

    Attributes:
        race: the last state of the room; None before the first.
        races: number of races that it has played to their end.
    """

    def __init__(
        self,
        server: str,
        artist: Artist,
        enter: Message,
        *,
        begins_with: int | None = None,
        settings: RoomSettings | None = None,
        points: float = 60.0,
        heard: Listener = lambda message: None,
        said: Speaker = lambda message: None,
    ) -> None:
        """Make a bot that has yet to `play`.

        Args:
            server: address of the game.
            artist: source of its drawings.
            enter: the message with which it takes a seat.
            begins_with: as a host, it starts races when this many players are there; None for
                never.
            settings: its choice as a host; None to leave the settings as they are.
            points: points that it sends per second.
            heard: called with every message from the server.
            said: called with every message to the server, after it was sent.
        """
        self.race: RaceState | None = None
        self.races = 0
        self._url = websocket_url(server)
        self._artist, self._enter, self._begins_with = artist, enter, begins_with
        self._settings = settings
        self._gap = 1000 / points
        self._heard, self._said = heard, said
        self._socket: ClientConnection
        self._drawing: asyncio.Task[None] | None = None
        self._drawn = 0  # the round last drawn

    async def play(self, races: int = 1) -> None:
        """Play a number of races, 0 for no end.

        Raises:
            UserError: the server cannot be reached, refuses, or closes the connection.
        """
        try:
            async with connect(self._url, compression=None, max_size=MAX_MESSAGE) as self._socket:
                await self._say(Hello())
                await self._say(self._enter)
                async for text in self._socket:
                    await self._hear(server_message.validate_json(text))
                    if races and self.races >= races:
                        return
        except ConnectionClosedError:
            pass  # the server ended without a closing message, as when it was killed
        except (OSError, InvalidHandshake, InvalidURI) as error:
            raise UserError(f"cannot reach {self._url}: {error}", "Is the game running?") from error
        finally:
            self._rest()
        raise UserError("the server has closed the connection", "Try again in a while")

    async def _say(self, message: Message) -> None:
        with suppress(ConnectionClosed):  # the reader in `play` notices it too, and reports it
            await self._socket.send(message.model_dump_json())
            self._said(message)

    async def _hear(self, message: ServerMessage) -> None:
        self._heard(message)
        match message:
            case Probe():
                await self._say(Echo(number=message.number))
            case RaceState():
                await self._follow(message)
            case Problem() if self.race is None or message.fatal:
                raise UserError(
                    f"the server says: {message.text.rstrip('.')}", "Try again in a while"
                )
            case _:
                pass

    async def _follow(self, race: RaceState) -> None:
        before, self.race = self.race, race
        if race.stage == "drawing":
            self._draw(race)
        else:
            self._rest()
        if race.stage == "over" and before and before.stage != "over":
            self.races += 1
            if race.kind == "quick":
                await self._say(Ready())
        if race.stage in ("lobby", "over"):
            await self._begin(race)

    async def _begin(self, race: RaceState) -> None:
        host = any(seat.host and seat.seat == race.you for seat in race.seats)
        here = sum(seat.connected for seat in race.seats)
        if not host or self._begins_with is None:
            return
        if self._settings is not None and self._settings != race.settings:
            await self._say(Configure(settings=self._settings))  # answered with a new state
        elif here >= self._begins_with:
            await self._say(Begin())

    # -- drawing -----------------------------------------------------------------------------------

    def _draw(self, race: RaceState) -> None:
        """Start drawing the word of a new round; stop once it is guessed."""
        own = next((seat for seat in race.seats if seat.seat == race.you), None)
        if own is None or own.joins or race.word is None:
            return
        if own.milliseconds is not None:
            self._rest()
        elif race.round != self._drawn:
            self._rest()
            self._drawn = race.round
            passed = (race.total or 0) - (race.left or 0)
            self._drawing = asyncio.create_task(self._try(race.round, race.word, passed))

    def _rest(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None

    async def _try(self, round: int, word: str, passed: float) -> None:
        """Draw the word repeatedly until cancelled; `passed` ms of the round are over."""
        loop = asyncio.get_running_loop()
        began = loop.time() - passed / 1000
        while True:
            start = (loop.time() - began) * 1000
            for at, ink in inks(thinned(self._artist.draw(word), self._gap), round, start):
                await asyncio.sleep(began + at / 1000 - loop.time())
                await self._say(ink)
            await asyncio.sleep(REST)
            await self._say(Clear(round=round))


def inks(strokes: Strokes, round: int, start: float) -> Iterator[tuple[float, Ink]]:
    """Each point as (time, message), in ms of the round; the drawing begins at `start`."""
    for number, stroke in enumerate(strokes):
        for x, y, t in zip(*stroke, strict=True):
            point: Point = (x, y, start + t)
            yield start + t, Ink(round=round, stroke=number, points=[point])


def websocket_url(server: str) -> str:
    """The address of the game's WebSocket, given the address for the browser.

    Raises:
        UserError: `server` is not a valid address.
    """
    url = web_address("--server", server if "//" in server else f"http://{server}")
    scheme = "wss" if url.scheme == "https" else "ws"
    return str(
        url.copy_with(scheme=scheme, path=f"{url.path.rstrip('/')}/race", query=None, fragment=None)
    )


async def play(options: Options) -> None:
    """Let all bots play to the end.

    Raises:
        UserError: a bot cannot play.
    """
    artist = Artist(options.data_dir, Random(options.seed))
    code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def tell(message: ServerMessage) -> None:
        if isinstance(message, RaceState) and not code.done():
            print(f"room {message.code}: {options.server}/?room={message.code}", flush=True)
            code.set_result(message.code)

    async def one(number: int) -> None:
        bot = Bot(
            options.server,
            artist,
            await _entrance(options, number, code),
            begins_with=max(options.players, 2) if options.open and number == 0 else None,
            points=options.points,
            heard=tell,
        )
        await bot.play(options.races)
        _print_podium(bot, number)

    async with asyncio.TaskGroup() as group:
        for number in range(options.players):
            group.create_task(one(number))


async def _entrance(options: Options, number: int, code: asyncio.Future[str]) -> Message:
    """The message with which a bot takes a seat; all join one room if one is named or opened."""
    name = NAMES[number % len(NAMES)]
    if options.open and number == 0:
        return Open(name=name, colour=number % 8)
    if options.open:
        return Join(code=await asyncio.shield(code), name=name)
    if options.room is not None:
        return Join(code=options.room, name=name)
    return Quick(name=name)


def _print_podium(bot: Bot, number: int) -> None:
    if number == 0 and bot.race is not None:
        for place in bot.race.podium:
            print(f"{place.place}. {place.name}: {place.points:g} points")
