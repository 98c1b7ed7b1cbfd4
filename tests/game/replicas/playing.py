"""Players of a room that several replicas share, and checks of all their messages."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

import httpx
from sqlalchemy import NullPool, create_engine, text

from game.messages import (
    Begin,
    Clear,
    GameKept,
    Join,
    Open,
    Problem,
    RaceStage,
    RaceState,
    Reveal,
    ServerMessage,
)
from tests.game.replicas.machines import Replica
from tests.game.serving import PATIENCE, Client
from tests.servers import Postgres

BADGE = "AA__.A__A"  # the host's: a cross


class Player(Client):
    """A player's connection that keeps all messages.

    Attributes:
        received: all messages so far, including those on the connection `before`.
        race: the last state of the race.
    """

    patience = PATIENCE  # seconds: a round may have to end with its bell
    race: RaceState

    def __init__(self, replica: Replica, before: "Player | None" = None) -> None:
        super().__init__(replica.address, before.welcome.token if before else None)
        self.received: list[ServerMessage] = before.received if before else []

    async def receive(self) -> ServerMessage:
        message = await super().receive()
        self.received.append(message)
        if isinstance(message, RaceState):
            self.race = message
        return message

    async def draw_it(self) -> None:
        """Draw the word of the running round."""
        await self.draw(self.race.round, self.race.word or "")


async def stage(player: Player, stage: RaceStage, round: int = 1) -> RaceState:
    return await player.hear(RaceState, lambda s: s.stage == stage and s.round >= round)


@asynccontextmanager
async def racing(*replicas: Replica) -> AsyncGenerator[list[Player]]:
    """Players at replicas, the host first, at the start of a race's first word."""
    async with AsyncExitStack() as stack:
        players = [await stack.enter_async_context(Player(replica)) for replica in replicas]
        await meet(*players)
        await players[0].send(Begin())
        await asyncio.gather(*(stage(player, "drawing") for player in players))
        yield players


async def meet(host: Player, *others: Player) -> None:
    """Take a seat in a room."""
    await host.send(Open(name="Host", badge=BADGE))
    code = (await host.hear(RaceState)).code
    for number, other in enumerate(others, 1):
        await other.send(Join(code=code, name=f"Guest {number}"))
        await other.hear(RaceState)
    await host.hear(RaceState, lambda s: len(s.seats) == 1 + len(others))


async def draw(player: Player, round: int) -> Reveal:
    """Draw a round's word, and return its reveal."""
    if player.race.stage != "drawing" or player.race.round < round:
        await stage(player, "drawing", round)
    await player.draw_it()
    return await player.hear(Reveal, lambda r: r.round == round)


async def draw_all(players: Sequence[Player], round: int) -> list[Reveal]:
    return await asyncio.gather(*(draw(player, round) for player in players))


async def finish(player: Player, first: int) -> GameKept:
    """Draw every word from the given round on."""
    for round in range(first, 4):
        await draw(player, round)
    return await player.hear(GameKept)


async def finish_what_is_left(player: Player) -> GameKept:
    """Draw every word that comes, from the present one on."""
    drawn = 0
    async with asyncio.timeout(PATIENCE):
        while True:
            match message := await player.receive():
                case RaceState(stage="drawing") if message.round > drawn:
                    drawn = message.round
                    await player.send(Clear(round=drawn))
                    await player.draw_it()
                case GameKept():
                    return message
                case _:
                    pass


class StoredResults:
    """The results in the records, by their ids."""

    def __init__(self, postgres: Postgres) -> None:
        self._engine = create_engine(postgres.url, poolclass=NullPool)
        self._before = (0, 0)
        self._before = self()

    def __call__(self) -> tuple[int, int]:
        """Numbers of attempts and games stored since the test began."""
        attempts, games = (len(self.ids(table)) for table in ("replays", "games"))
        return attempts - self._before[0], games - self._before[1]

    def ids(self, table: str) -> set[str]:
        with self._engine.connect() as connection:
            if not connection.dialect.has_table(connection, table):
                return set()
            return {*connection.scalars(text(f"SELECT id FROM {table}"))}

    @contextmanager
    def closed(self) -> Generator[None]:
        """Block writes of attempts while the context is open."""
        with self._engine.begin() as connection:
            connection.execute(text("LOCK TABLE replays"))
            yield

    @contextmanager
    def refusing(self) -> Generator[None]:
        """Let each write of an attempt fail while the context is open."""
        self._do(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'refused by a test'; END $$"
        )
        self._do("CREATE TRIGGER refuse BEFORE INSERT ON replays EXECUTE FUNCTION refuse()")
        try:
            yield
        finally:
            self._do("DROP FUNCTION refuse CASCADE")

    def _do(self, statement: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement))

    async def all_finish(self, *players: Player, first: int | None = None) -> None:
        """Let the players draw to the end of the race, and check what they were told.

        They draw every round from `first` on; with None, the rounds that are left. The checks are
        those of `agrees_with`.
        """
        games = await asyncio.gather(
            *(finish(p, first) if first else finish_what_is_left(p) for p in players)
        )
        assert all(game.challenge for game in games)
        self.agrees_with(players)

    def agrees_with(self, players: Sequence[Player]) -> None:
        """Check that results shown to players are stored, and no round was revealed twice."""
        received = [message for player in players for message in player.received]
        replays: defaultdict[Any, set[str]] = defaultdict(set)
        for reveal in (message for message in received if isinstance(message, Reveal)):
            for drawing in reveal.drawings:
                if drawing.replay:
                    replays[reveal.round, drawing.seat].add(drawing.replay)
        assert all(len(ids) == 1 for ids in replays.values()), "an attempt was stored twice"
        assert set[str]().union(*replays.values()) <= self.ids("replays"), "an attempt was lost"
        games = {m.challenge for m in received if isinstance(m, GameKept) and m.challenge}
        assert games <= self.ids("games"), "a game was lost"
        results: defaultdict[int, set[str]] = defaultdict(set)
        for state in (message for message in received if isinstance(message, RaceState)):
            for result in state.results:
                results[result.round].add(result.model_dump_json())
            rounds = [result.round for result in state.results]
            assert len(rounds) == len({*rounds}), "a round stands twice"
        assert all(len(each) == 1 for each in results.values()), "a round was scored twice"


async def readiness(replica: Replica) -> dict[str, bool]:
    """The results of a replica's readiness checks."""
    async with httpx.AsyncClient(base_url=f"http://{replica.address}", timeout=PATIENCE) as client:
        return (await client.get("/readyz")).json()["checks"]


async def ready(replica: Replica, check: str, holds: bool) -> None:
    """Wait until a readiness check of a replica has a result."""
    async with asyncio.timeout(PATIENCE):
        while (await readiness(replica))[check] is not holds:
            await asyncio.sleep(0.2)


async def all_stored(players: Sequence[Player]) -> None:
    """Wait until all players see a round that is stored."""
    for player in players:
        await player.hear(Reveal, lambda r: all(drawing.replay for drawing in r.drawings))


async def moved(player: Player) -> None:
    """Wait for the message that the race has moved to another replica."""
    problem = await player.hear(Problem)
    assert (problem.code, problem.fatal) == ("waiting", False)
