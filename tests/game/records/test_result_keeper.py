"""Results that cannot be stored at once: they wait, players are told, and each is stored once."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from game import meters
from game.background import Work
from game.clock import LoopClock
from game.guests.guest import Guest
from game.messages import Message, Saving
from game.records import result_keeper
from game.records.journal import Journal, WaitingResult
from game.records.replays import hashed
from game.records.result_keeper import ResultKeeper
from game.records.result_writer import ResultWriter
from game.records.storage import AttemptRecord
from tests.game.memory import Memory
from tests.game.records.keeping import KINDS, Kind, kill_many
from tests.game.records.making import ANNA, BEN, Opened, game, replay
from tests.game.waiting import until

KILLS = 3  # servers of each kind; `python -m benchmarks.kills` kills 100


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_keeper, "AGAIN", (0.01, 0.02))
    monkeypatch.setattr(result_keeper, "PROMPT", 0.05)
    monkeypatch.setattr(result_keeper, "WRITING", 60.0)  # no disk hangs here, but some are slow


def attempt() -> AttemptRecord:
    return AttemptRecord(ANNA, replay())


class Heard:
    """A result writer of a game of Anna, and the messages to her."""

    def __init__(self, memory: Memory, keeper: ResultKeeper, guest: Guest | None = None) -> None:
        self.said: list[str] = []
        self.guest = guest or Guest(ANNA)
        self.guest.link = self
        self.ids: list[str | None] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.writer = ResultWriter(memory, self._spawn, keeper, lambda: [self.guest], LoopClock())

    def _spawn(self, work: Work) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    def send(self, message: Message) -> None:
        assert isinstance(message, Saving)
        self.said.append(message.state)

    async def keep(self) -> None:
        self.writer.keep([attempt()], self.ids.extend)
        await asyncio.gather(*self.tasks)


async def test_what_is_kept_at_once_is_not_talked_about(tmp_path: Path):
    heard = Heard(memory := Memory(), ResultKeeper(memory, Journal([tmp_path / "journal"])))
    await heard.keep()
    assert (heard.said, heard.ids, len(memory.attempts)) == ([], ["replay-0"], 1)
    assert not (tmp_path / "journal").exists()


@pytest.mark.parametrize("trouble", ["broken", "slow"])
async def test_a_result_waits_in_a_journal_and_is_kept_once(tmp_path: Path, trouble: str):
    memory, folder = Memory(), tmp_path / "journal"
    keeper = ResultKeeper(memory, Journal([folder]))
    heard = Heard(memory, keeper)
    memory.broken = trouble == "broken"
    memory.gate = asyncio.Event() if trouble == "slow" else None
    keeping = asyncio.create_task(heard.keep())
    await until(lambda: heard.said)
    (file,) = folder.glob("*.json")  # written down before she hears of it
    assert (heard.said, await keeper.on_time()) == (["saving"], False)
    assert meters.RESULTS_DELAYED._value.get() == 1
    assert ANNA not in file.read_text()  # a private key is not written down
    memory.broken = False
    if memory.gate:
        memory.gate.set()
    await keeping
    assert (heard.said, heard.ids) == (["saving", "saved"], ["replay-0"])
    assert (len(memory.attempts), [*folder.iterdir()]) == (1, [])
    assert await keeper.on_time()
    assert meters.RESULTS_DELAYED._value.get() == 0


async def test_a_player_hears_of_the_results_of_all_games_when_the_last_is_kept():
    first, second = Memory(), Memory()
    first.broken = second.broken = True
    one = Heard(first, ResultKeeper(first))
    two = Heard(second, ResultKeeper(second), one.guest)
    keeping = [asyncio.create_task(each.keep()) for each in (one, two)]
    await until(lambda: two.said == ["saving"] * 2)
    first.broken = False
    await keeping[0]
    assert two.said == ["saving"] * 2
    second.broken = False
    await keeping[1]
    assert two.said == ["saving"] * 2 + ["saved"]


async def test_a_result_that_cannot_be_stored_is_reported_and_waits_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(result_keeper, "WITHIN", 0.05)
    memory, journal = Memory(), Journal([tmp_path / "journal"])
    memory.broken = True
    heard = Heard(memory, ResultKeeper(memory, journal))
    await heard.keep()
    assert (heard.said, heard.ids) == (["saving", "not_saved"], [None])
    memory.broken = False
    await ResultKeeper(memory, journal).keep_journal()
    await ResultKeeper(memory, journal).keep_journal()
    assert len(memory.attempts) == 1


def waiting(*keys: str) -> list[AttemptRecord]:
    return [AttemptRecord(key, replay(), key[0] * 22) for key in keys]


async def forgotten(memory: Memory, keeper: ResultKeeper) -> Heard:
    """A round of Anna and Ben, of which Anna had hers deleted while it waited."""
    heard, memory.broken = Heard(memory, keeper), True
    heard.writer.keep(waiting(ANNA, BEN), heard.ids.extend)
    await until(lambda: keeper.delayed)
    await keeper.forget(ANNA)
    memory.broken = False
    await asyncio.gather(*heard.tasks)
    return heard


async def test_what_a_player_deletes_while_it_waits_is_never_stored(tmp_path: Path):
    memory, journal = Memory(), Journal([tmp_path / "journal"])
    heard = await forgotten(memory, ResultKeeper(memory, journal))
    assert [each.key for each in memory.attempts] == [BEN]
    assert (heard.said, heard.ids) == (["saving", "deleted"], [None, "replay-0"])
    games = {seat: game(key, [None], ("one",)) for seat, key in enumerate((ANNA, BEN))}
    heard.writer.close(lambda: games, lambda seat, told: None)
    await asyncio.gather(*heard.tasks)
    assert [each.key for each in memory.games] == [BEN]  # not a game with her name


async def test_a_result_that_an_earlier_version_wrote_down_is_kept(tmp_path: Path):
    memory, journal = Memory(), Journal([tmp_path / "journal"])
    file = journal.add(WaitingResult(attempts=(attempt(),)))
    assert file is not None
    file.write_text(file.read_text().replace('"frames":', '"looks":'))
    await ResultKeeper(memory, journal).keep_journal()
    assert [each.replay for each in memory.attempts] == [replay()]
    assert not file.exists()


async def test_what_a_player_deletes_is_not_in_the_journal_at_the_next_start(tmp_path: Path):
    memory, journal = Memory(), Journal([tmp_path / "journal"])
    journal.add(WaitingResult(attempts=(*waiting(ANNA, BEN),)))
    journal.add(WaitingResult(game=game(ANNA, [None], ("one",))))
    await ResultKeeper(memory, journal).forget(ANNA)
    assert len([*journal.entries()]) == 1
    await ResultKeeper(memory, journal).keep_journal()
    assert [each.key for each in memory.attempts] == [hashed(BEN)]
    assert memory.games == []


async def test_what_a_player_deletes_while_the_journal_is_stored_stays_away(tmp_path: Path):
    memory, journal = Memory(), Journal([tmp_path / "journal"])
    journal.add(WaitingResult(attempts=(*waiting(BEN),)))
    journal.add(WaitingResult(game=game(ANNA, [None], ("one",))))
    keeper, memory.broken = ResultKeeper(memory, journal), True
    keeping = asyncio.create_task(keeper.keep_journal())
    await until(lambda: keeper.delayed)
    await keeper.forget(ANNA)
    memory.broken = False
    await keeping
    assert (len(memory.attempts), memory.games) == (1, [])


async def test_what_a_player_deletes_while_it_is_written_down_is_not_left_in_the_journal(
    tmp_path: Path,
):
    slow, written = asyncio.Event(), threading.Event()

    class SlowJournal(Journal):
        def add(self, result: WaitingResult) -> Path | None:
            loop.call_soon_threadsafe(slow.set)
            written.wait(60)
            return super().add(result)

    loop = asyncio.get_running_loop()
    memory, journal = Memory(), SlowJournal([tmp_path / "journal"])
    memory.broken = True
    keeper = ResultKeeper(memory, journal)
    heard = Heard(memory, keeper)
    heard.writer.keep(waiting(ANNA, BEN), heard.ids.extend)
    await slow.wait()
    await keeper.forget(ANNA)
    written.set()
    await until(lambda: heard.said)
    [(_, left)] = journal.entries()
    assert [each.key for each in left.attempts] == [hashed(BEN)]
    memory.broken = False
    await asyncio.gather(*heard.tasks)


async def test_the_time_between_two_tries_grows_to_a_limit(monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []

    async def slept(seconds: float) -> None:
        waits.append(seconds)
        memory.broken = len(waits) < 5
        await sleep(0)

    memory, sleep = Memory(), asyncio.sleep
    memory.broken = True
    monkeypatch.setattr(asyncio, "sleep", slept)
    await Heard(memory, ResultKeeper(memory)).keep()
    assert waits == [0.01, 0.02, 0.02, 0.02, 0.02]


async def test_deleting_waits_for_a_try_that_runs(tmp_path: Path):
    memory = Memory()
    memory.gate = asyncio.Event()
    keeper = ResultKeeper(memory, Journal([tmp_path / "journal"]))
    heard = Heard(memory, keeper)
    keeping = asyncio.create_task(heard.keep())
    await until(lambda: keeper.delayed)
    deleting = asyncio.create_task(keeper.forget(ANNA))
    done, _ = await asyncio.wait([deleting], timeout=0.05)
    assert not done
    memory.gate.set()
    await deleting
    assert len(memory.attempts) == 1  # and is deleted there next
    await keeping
    assert (heard.said, heard.ids) == (["saving", "deleted"], [None])


async def test_a_full_disk_leaves_the_memory_and_another_disk(tmp_path: Path):
    (tmp_path / "file").write_text("no folder can be made here")
    memory = Memory()
    memory.broken = True
    keeper = ResultKeeper(memory, Journal([tmp_path / "file" / "x", tmp_path / "other"]))
    keeping = asyncio.create_task(Heard(memory, keeper).keep())
    await until(lambda: [*tmp_path.glob("other/*.json")])
    memory.broken = False
    await keeping
    alone = ResultKeeper(memory, Journal([tmp_path / "file" / "x"]))
    memory.broken = True
    keeping = asyncio.create_task(Heard(memory, alone).keep())
    await until(lambda: alone.delayed)
    memory.broken = False
    await keeping
    assert len(memory.attempts) == 2


async def test_a_full_disk_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    keeper = ResultKeeper(Memory(), Journal([tmp_path / "journal"]))
    assert await keeper.has_room()
    monkeypatch.setattr("game.records.journal.LEAST_FREE", 1 << 62)
    assert not await keeper.has_room()


async def test_a_locked_database_takes_a_daily_in_the_end(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    plan = await opened.records.daily(ANNA, ("one",))
    keeper = ResultKeeper(opened.records, opened.records.journal)
    (id,) = await keeper.keep([AttemptRecord(ANNA, replay(mode="daily"))], lambda: None)
    played = game(ANNA, [id], ("one",), mode="daily", source=plan.id)
    with closing(sqlite3.connect(opened.folder / "records.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        keeping = asyncio.create_task(keeper.keep_game(played, lambda: None))
        await until(lambda: keeper.delayed)
        assert not (await opened.records.daily_info(ANNA)).done
        other.execute("ROLLBACK")
    done = await keeping
    assert done
    assert done.rank == 1
    assert (await opened.records.daily_info(ANNA)).done


@pytest.mark.parametrize("kind", KINDS)
def test_killed_servers_lose_nothing_that_was_told_and_keep_nothing_twice(
    tmp_path: Path, kind: Kind
):
    found = kill_many(tmp_path / kind, kind, KILLS, Random(1))
    assert found.saved > 0
    assert found.late > 0 or kind == "well"
    assert (found.found, found.doubled) == (found.saved, 0)
    assert found.waiting_found == found.waiting  # "saving…" is shown once it is written down
