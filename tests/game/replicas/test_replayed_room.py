"""Replayed rooms: the same log makes the same room, and no event counts twice."""

import json
from random import Random
from typing import Any

import pytest

from game import meters
from game.background import Background
from game.clock import LoopClock
from game.messages import (
    AddBot,
    Begin,
    ClientMessage,
    GameKept,
    Ink,
    LiveInk,
    OwnWords,
    OwnWordsRead,
    RaceState,
    Reaction,
    Reveal,
    Saving,
    State,
)
from game.records.storage import GameRecord, Ghost, RacePlan
from game.replicas import room_owner
from game.replicas.events import (
    AnyEvent,
    AttemptsStored,
    Back,
    Came,
    Claimed,
    GameStored,
    GatewayLost,
    Judged,
    Left,
    Opened,
    Renamed,
    ResultDelayed,
    ResultLost,
    Said,
    Ticked,
    Unreadable,
    Vanished,
    read_event,
)
from game.replicas.log_clock import LogClock
from game.replicas.member import Notice, unpacked
from game.replicas.member import packed as packed_news
from game.replicas.replayed_room import ReplayedRoom, packed
from game.replicas.room_owner import RoomOwner, result_id
from game.replicas.store import LoggedEvent
from game.rules.attempt import VERDICT_GAP
from game.rules.delayed_ink import DELAY
from game.services import Services
from tests.game.fakes import CountsBars, ManualClock, ManualJudge, bars, row
from tests.game.memory import Memory, at_once
from tests.game.records.making import replay
from tests.game.waiting import until

START = 1_700_000_000_000.0
OPENED = Opened(owner="a", code="ABCDEF", kind="room", secret="secret", model="bars")


class Log:
    """A log that a test writes, and its replayed room."""

    def __init__(self) -> None:
        self.now = START
        self.events: list[tuple[float, AnyEvent]] = []
        self.replayed = replayed()
        self.notices: list[Notice] = []
        self.numbers: dict[str, int] = {}

    def add(self, event: AnyEvent, later: float = 10.0) -> None:
        self.now += later
        back = read_event(event.model_dump_json())  # as it comes from Redis
        assert not isinstance(back, Unreadable)
        self.events.append((self.now, back))
        self.replayed.take(back, self.now)
        for told in self.replayed.notices:
            assert unpacked(told.gateway, packed_news([told])) == [told]
        self.notices += self.replayed.notices
        self.replayed.notices = []

    def gateway(self, kind: type[Any], token: str, later: float = 10.0, **fields: Any) -> None:
        gateway = "a" if token == "host" else "b"
        self.numbers[gateway] = self.numbers.get(gateway, 0) + 1
        self.add(kind(gateway=gateway, number=self.numbers[gateway], token=token, **fields), later)

    def say(self, token: str, message: ClientMessage, later: float = 10.0) -> None:
        self.gateway(Said, token, later, message=message)

    def come(self, token: str) -> None:
        self.gateway(Came, token, key=token * 8, name=token)

    def state(self, token: str) -> RaceState:
        return [
            each.news
            for each in self.notices
            if each.token == token and isinstance(each.news, RaceState)
        ][-1]

    def draw(self, token: str) -> None:
        """Draw the word, and have it guessed."""
        state = self.state(token)
        for stroke, points in enumerate(bars(state.word or "")):
            self.say(token, Ink(round=state.round, stroke=stroke, points=points), 150.0)
        for _ in range(2):
            self.judge()
            self.add(Ticked(), VERDICT_GAP + 50.0)

    def judge(self) -> None:
        pads = self.replayed.pads
        for number in sorted(pads.wanting):
            pad = pads[number]
            frame = pad.take_frame() if pad else None
            if frame is not None:
                answer = Judged(
                    pad=number,
                    round=frame.attempt.round,
                    at=frame.at,
                    erased=frame.erased,
                    points=frame.drawing.points,
                    row=packed(row(frame.attempt.word or "")),
                )
                self.add(answer)

    def keep(self) -> None:
        """Answer the requests to store results."""
        for ask, what in [*self.replayed.effects.waiting.items()]:
            if isinstance(what, GameRecord):
                self.add(GameStored(ask=ask, finished=GameKept(challenge=f"game-{ask}")))
            else:
                self.add(
                    AttemptsStored(ask=ask, ids=[f"replay-{ask}-{n}" for n, _ in enumerate(what)])
                )

    def race(self) -> None:
        """Play a race of two players to its end."""
        self.come("host")
        self.come("guest")
        self.say("host", Begin())
        self.add(Ticked(), 4_000.0)
        for _ in range(3):
            self.draw("host")
            self.add(Ticked(), 25_000.0)
            self.keep()
            self.add(Ticked(), 4_500.0)
        self.keep()


def replayed(asked: str | None = None) -> ReplayedRoom:
    """An empty replayed room, on a replica whose players were just asked the word `asked`."""
    services = Services(
        CountsBars(), ManualJudge(), ManualClock(), Memory(), "bars", Random(1), at_once
    )
    if asked is not None:
        services.memory.note(["host" * 8, "guest" * 8], asked, START)
    return ReplayedRoom(services, OPENED, START)


def view(room: ReplayedRoom) -> str:
    """Everything that a member sees."""
    room.notices = []
    for number, token in enumerate(("host", "guest"), 1):
        room.take(Back(gateway="view", number=number, token=token), room.clock.now())
    return "\n".join(
        each.news if isinstance(each.news, str) else each.news.model_dump_json()
        for each in room.notices
    )


def assert_replayed_alike(log: Log) -> None:
    """Another replica that reads the log has the same room."""
    again = replayed()
    for at, event in log.events:
        again.take(event, at)
    assert view(again) == view(log.replayed)


def test_a_race_is_computed_from_its_log():
    log = Log()
    log.race()
    state = log.state("guest")
    assert (state.stage, len(state.results)) == ("over", 3)
    assert {result.winner for result in state.results} == {0}
    assert state.podium[0].points == 15
    assert any(isinstance(each.news, GameKept) for each in log.notices)


def test_the_same_log_makes_the_same_room():
    log = Log()
    log.race()
    again = replayed()
    for at, event in log.events:
        again.take(event, at)
    assert again.effects.waiting == log.replayed.effects.waiting
    assert view(again) == view(log.replayed)


def test_own_words_and_a_bots_drawing_are_the_same_on_every_replica():
    log = Log()
    log.come("host")
    log.say("host", OwnWords(text="two, three, four, seven"))
    log.say("host", AddBot(strength="strong"))
    log.say("host", Begin())
    log.add(Ticked(), 4_000.0)
    for _ in range(40):
        log.add(Ticked(), 100.0)
    read = [each.news for each in log.notices if isinstance(each.news, OwnWordsRead)]
    assert [word.typed for word in read[-1].refused] == ["seven"]
    assert log.state("host").settings.own == ("two", "three", "four")
    assert log.state("host").word in ("two", "three", "four")
    again = replayed()
    for at, event in log.events:
        again.take(event, at)
    drawn = [
        session.race.runners[1].attempt.sheet.to_lists()
        for session in (log.replayed.room.session, again.room.session)
        if session and session.race.runners[1].attempt
    ]
    assert len(drawn) == 2
    assert drawn[0] == drawn[1] != []


def test_words_do_not_depend_on_what_a_replica_remembers():
    log = Log()
    log.race()
    (first, *_) = log.state("host").results
    again = replayed(first.word)
    for at, event in log.events:
        again.take(event, at)
    assert view(again) == view(log.replayed)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 0.9])
def test_a_new_owner_continues_after_the_last_entry(share: float):
    log = Log()
    log.race()
    cut = int(len(log.events) * share)
    new_owner = replayed()
    for at, event in log.events[:cut]:
        new_owner.take(event, at)
    new_owner.take(Claimed(owner="b", fence=2), log.events[cut - 1][0])
    assert (new_owner.owner, new_owner.fence) == ("b", 2)
    assert {each.token for each in new_owner.notices} == {"host", "guest"}
    for at, event in log.events[cut:]:
        new_owner.take(event, at)
    assert view(new_owner) == view(log.replayed)


def test_an_entry_that_was_sent_twice_counts_once():
    once, twice = replayed(), replayed()
    log = Log()
    log.race()
    for at, event in log.events:
        once.take(event, at)
        for _ in range(2):
            twice.take(event, at)
    results = [s.room.session.race.results for s in (once, twice) if s.room.session]
    assert [[r.winner for r in each] for each in results] == [[0, 0, 0]] * 2
    points = [s.room.session.race.points(0) for s in (once, twice) if s.room.session]
    assert points == [15, 15]
    strokes = [[r.scored[0].result.strokes for r in each] for each in results]
    assert strokes[0] == strokes[1]


def test_players_of_a_lost_gateway_are_disconnected():
    log = Log()
    log.come("host")
    log.come("guest")
    log.add(GatewayLost(gateway="b"))
    assert [seat.connected for seat in log.state("host").seats] == [True, False]
    log.gateway(Back, "guest")
    assert [seat.connected for seat in log.state("host").seats] == [True, True]


def test_a_watcher_on_another_replica_gets_the_ink_late():
    log = Log()
    log.come("host")
    log.come("guest")
    log.gateway(Came, "watcher", key="w" * 8, name="Screen", watch=True)
    log.say("host", Begin())
    log.add(Ticked(), 4_000.0)
    log.say("host", Ink(round=1, stroke=0, points=[(0, 0, 0), (9, 9, 40)]), 200.0)
    log.add(Ticked(), DELAY - 1)
    assert not any(isinstance(each.news, LiveInk) for each in log.notices)
    log.add(Ticked(), 1.0)
    notices = [each for each in log.notices if isinstance(each.news, LiveInk)]
    assert [(each.gateway, each.token) for each in notices] == [("b", "watcher")]
    assert unpacked("b", packed_news(notices)) == notices
    assert log.replayed.clock.due is not None, "the race's own timer is still set"


def test_badges_are_the_same_on_every_replica():
    log = Log()
    log.gateway(Came, "host", key="h" * 32, name="host", badge="AA__.A__A")
    log.come("guest")
    log.gateway(Renamed, "guest", name="guest", colour=None, badge="AAAA")
    assert [seat.badge for seat in log.state("host").seats] == ["AA__.A__A", "AAAA"]
    assert_replayed_alike(log)


def test_absent_members_are_removed_and_the_last_one_closes_the_room():
    log = Log()
    log.come("host")
    log.come("guest")
    log.gateway(Left, "guest")
    log.gateway(Back, "guest")
    assert isinstance(log.notices[-1].news, State)
    assert not log.replayed.closed
    log.gateway(Left, "host")
    assert log.replayed.closed


def test_a_reveal_waits_for_the_records():
    log = Log()
    log.come("host")
    log.come("guest")
    log.say("host", Begin())
    log.add(Ticked(), 4_000.0)
    log.draw("host")
    log.add(Ticked(), 25_000.0)
    reveals = [each.news for each in log.notices if isinstance(each.news, Reveal)]
    assert all(d.replay is None for reveal in reveals for d in reveal.drawings)
    log.keep()
    reveal = [each.news for each in log.notices if isinstance(each.news, Reveal)][-1]
    assert reveal.drawings[0].replay == "replay-1-0"


def saving(log: Log, token: str) -> list[str]:
    """What a player heard of results that wait."""
    news = [each.news for each in log.notices if each.token == token]
    return [each.state for each in news if isinstance(each, Saving)]


def drawn() -> Log:
    """A race whose first round, drawn by its host, waits to be stored."""
    log = Log()
    log.come("host")
    log.come("guest")
    log.say("host", Begin())
    log.add(Ticked(), 4_000.0)
    log.draw("host")
    log.add(Ticked(), 25_000.0)
    assert [*log.replayed.effects.waiting] == [1]
    return log


def test_a_player_hears_that_a_result_waits_and_that_it_is_lost():
    log = drawn()
    for _ in range(2):  # a second one, of a new owner, changes nothing
        log.add(ResultDelayed(ask=1))
    assert (saving(log, "host"), saving(log, "guest")) == (["saving"], [])
    log.gateway(Vanished, "host")
    log.gateway(Back, "host")
    assert saving(log, "host") == ["saving", "saving"]
    log.gateway(Vanished, "host")
    log.add(ResultLost(ask=1))
    assert log.replayed.effects.waiting == {}
    for _ in range(2):
        log.gateway(Back, "host")
    assert saving(log, "host") == ["saving", "saving", "not_saved"]
    assert_replayed_alike(log)


def test_a_player_who_has_left_hears_how_it_ended():
    log = drawn()
    log.add(ResultDelayed(ask=1))
    log.gateway(Left, "host")
    log.keep()
    assert saving(log, "host") == ["saving", "saved"]


class Owner:
    """An owner whose log is in memory, and whose storage fails."""

    def __init__(self, log: Log) -> None:
        self.notices: list[Notice] = []
        self.number = 0
        self.storage = Memory()
        self.storage.broken = True
        services = Services(
            CountsBars(), ManualJudge(), LoopClock(), self.storage, "bars", Random(1), Background()
        )
        store: Any = self  # the parts of a store and a relay that it needs
        self.rooms = RoomOwner(
            services, "a", store, store, lambda code, fence, notices: self.notices.extend(notices)
        )
        for self.now, event in [(START, OPENED), *log.events]:
            self.write(OPENED.code, event)

    def write(self, code: str, event: AnyEvent, fence: int = 1) -> None:
        self.number += 1
        self.rooms.hear(code, LoggedEvent(self.number, str(self.now), event))

    async def remove(self, code: str, owner: str, fence: int) -> None: ...


def test_an_event_of_an_earlier_version_is_read():
    plan = RacePlan("challenge:x", ("two",), (Ghost("Anna", 2, (replay("two"),)),))
    opened = OPENED.model_copy(update={"plan": plan})
    earlier = opened.model_dump_json().replace('"frames":', '"looks":')
    assert "looks" in earlier
    assert read_event(earlier) == opened


def test_messages_of_a_newer_version_arrive_as_far_as_they_are_known(
    caplog: pytest.LogCaptureFixture,
):
    reaction = Reaction(seat=0, reaction="clap")
    newer = [
        ["guest", {**reaction.model_dump(), "loudness": 3}],
        ["guest", {"type": "confetti"}],
        ["host", "admitted"],
    ]
    expected = [Notice("b", "guest", reaction), Notice("b", "host", "admitted")]
    assert unpacked("b", json.dumps(newer)) == expected
    assert caplog.text.count("is left out") == 1


def test_an_event_of_a_newer_version_is_skipped(caplog: pytest.LogCaptureFixture):
    log = drawn()
    before = log.state("host")
    for text in ('{"type": "danced"}', '{"type": "ticked", "speed": 2}'):
        event = read_event(text)
        assert isinstance(event, Unreadable)
        log.replayed.take(event, log.now)
    assert caplog.text.count("is skipped") == 2
    assert log.replayed.notices == []
    log.gateway(Back, "host")
    assert log.state("host").round == before.round


async def test_the_owner_tells_of_a_result_that_waits_and_gives_it_up(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(room_owner, "PROMPT", 0.02)
    monkeypatch.setattr(room_owner, "KEEP_AGAIN", (0.01, 0.02))
    monkeypatch.setattr(room_owner, "KEEP_WITHIN", 0.1)
    log, lost = drawn(), meters.RESULTS_LOST._value.get()
    delayed = meters.RESULTS_DELAYED._value.get()
    for token in ("host", "guest"):
        log.gateway(Left, token)
    owner = Owner(log)
    assert len(owner.rooms) == 1  # it waits for the result
    assert await owner.rooms.on_time()
    await until(lambda: meters.RESULTS_DELAYED._value.get() == delayed + 1)
    assert not await owner.rooms.on_time()
    await until(lambda: len(owner.rooms) == 0)
    assert await owner.rooms.on_time()
    assert meters.RESULTS_DELAYED._value.get() == delayed
    states = [each.news.state for each in owner.notices if isinstance(each.news, Saving)]
    assert states == ["saving", "not_saved"]
    assert meters.RESULTS_LOST._value.get() == lost + 1


def test_ids_of_results_are_the_same_each_time_and_differ():
    ids = {result_id("secret", ask, place) for ask in range(9) for place in range(9)}
    assert len(ids) == 81
    assert {len(id) for id in ids} == {22}
    assert result_id("secret", 1, 1) in ids
    assert result_id("other", 1, 1) not in ids


def test_the_clock_rings_in_order_at_the_moment_that_was_due():
    clock, rung = LogClock(0.0), list[tuple[str, float]]()
    clock.call_at(20, lambda: rung.append(("b", clock.now())))
    clock.call_at(10, lambda: rung.append(("a", clock.now())))
    clock.call_at(15, lambda: rung.append(("never", clock.now()))).cancel()
    assert clock.due == 10
    clock.pass_to(30)
    assert rung == [("a", 10), ("b", 20)]
    assert (clock.now(), clock.due) == (30, None)
