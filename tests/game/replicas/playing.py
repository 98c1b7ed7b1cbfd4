"""Players of a room that several replicas share, and what must hold of all that they were told."""

import asyncio
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import NullPool, create_engine, text

from game.messages import (
    Clear,
    Finished,
    Join,
    Open,
    RaceStage,
    RaceState,
    Reveal,
    ServerMessage,
)
from tests.game.replicas.machines import Postgres, Replica
from tests.game.serving import Client


class Player(Client):
    """A connection whose holder forgets nothing.

    Attributes:
        told: all messages so far, also those on the connection `before`.
    """

    def __init__(self, replica: Replica, before: "Player | None" = None) -> None:
        super().__init__(replica.address, before.welcome.token if before else None)
        self.told: list[ServerMessage] = before.told if before else []

    async def receive(self) -> ServerMessage:
        message = await super().receive()
        self.told.append(message)
        return message


async def stage(player: Player, stage: RaceStage, round: int = 1) -> RaceState:
    return await player.hear(RaceState, lambda s: s.stage == stage and s.round >= round)


async def meet(host: Player, *others: Player) -> str:
    """Sit down in a room."""
    await host.send(Open(name="Host"))
    code = (await host.hear(RaceState)).code
    for number, other in enumerate(others, 1):
        await other.send(Join(code=code, name=f"Guest {number}"))
        await other.hear(RaceState)
    await host.hear(RaceState, lambda s: len(s.seats) == 1 + len(others))
    return code


async def draw(player: Player, round: int) -> Reveal:
    """Draw a round's word; what is revealed then."""
    state = await stage(player, "drawing", round)
    await player.draw(state.round, state.word or "")
    return await player.hear(Reveal, lambda r: r.round == round)


async def finish(player: Player, first: int = 1) -> Finished:
    """Draw every word."""
    for round in range(first, 4):
        await draw(player, round)
    return await player.hear(Finished)


async def finish_what_is_left(player: Player) -> Finished:
    """Draw every word that comes, from wherever the race stands."""
    drawn = 0
    async with asyncio.timeout(60):
        while True:
            match message := await player.receive():
                case RaceState(stage="drawing") if message.round > drawn:
                    drawn = message.round
                    await player.send(Clear(round=drawn))
                    await player.draw(drawn, message.word or "")
                case Finished():
                    return message
                case _:
                    pass


class Kept:
    """What the records have."""

    def __init__(self, postgres: Postgres) -> None:
        self._engine = create_engine(postgres.url, poolclass=NullPool)
        self._before = (0, 0)
        self._before = self()

    def __call__(self) -> tuple[int, int]:
        """How many tries and games came since the test began."""
        tries, games = (len(self.ids(table)) for table in ("replays", "games"))
        return tries - self._before[0], games - self._before[1]

    def ids(self, table: str) -> set[str]:
        with self._engine.connect() as connection:
            if not connection.dialect.has_table(connection, table):
                return set()
            return {*connection.scalars(text(f"SELECT id FROM {table}"))}

    @contextmanager
    def closed(self) -> Generator[None]:
        """Let whoever writes tries wait."""
        with self._engine.begin() as connection:
            connection.execute(text("LOCK TABLE replays"))
            yield

    def agrees_with(self, players: Sequence[Player]) -> None:
        """Check that nothing players were told is missing, and that no round came out twice."""
        told = [message for player in players for message in player.told]
        replays: defaultdict[Any, set[str]] = defaultdict(set)
        for reveal in (message for message in told if isinstance(message, Reveal)):
            for drawing in reveal.drawings:
                if drawing.replay:
                    replays[reveal.round, drawing.seat].add(drawing.replay)
        assert all(len(ids) == 1 for ids in replays.values()), "a try was kept twice"
        assert set[str]().union(*replays.values()) <= self.ids("replays"), "a try was lost"
        games = {m.challenge for m in told if isinstance(m, Finished) and m.challenge}
        assert games <= self.ids("games"), "a game was lost"
        results: defaultdict[int, set[str]] = defaultdict(set)
        for state in (message for message in told if isinstance(message, RaceState)):
            for result in state.results:
                results[result.round].add(result.model_dump_json())
            rounds = [result.round for result in state.results]
            assert len(rounds) == len({*rounds}), "a round stands twice"
        assert all(len(each) == 1 for each in results.values()), "a round was scored twice"


async def readiness(replica: Replica) -> dict[str, bool]:
    """Which of a replica's checks hold."""
    async with httpx.AsyncClient(base_url=f"http://{replica.address}") as client:
        return (await client.get("/readyz")).json()["checks"]


async def ready(replica: Replica, check: str, holds: bool) -> None:
    """Wait until a check of a replica holds, or does not."""
    async with asyncio.timeout(20):
        while (await readiness(replica))[check] is not holds:
            await asyncio.sleep(0.2)
