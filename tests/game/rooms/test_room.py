"""Rooms: who comes and goes, who may do what, the life of a race, and what nobody may see."""

import asyncio

import pytest

from game.judging.pad_judging import SLACK
from game.messages import (
    MAX_SEATS,
    Begin,
    Clear,
    Configure,
    Echo,
    Finished,
    Guesses,
    Hidden,
    Join,
    Kick,
    Leave,
    Message,
    Open,
    Probe,
    Profile,
    Progress,
    RaceState,
    React,
    Reaction,
    Ready,
    Report,
    Reveal,
    Settings,
    Skip,
    Start,
    State,
)
from game.rooms.codes import ALPHABET, LENGTH, new_code
from game.rooms.delays import PROBE_GAP
from game.rooms.hub import REPORTS
from game.rooms.lobby import OPENS, TRIES
from game.rooms.members import SEAT_KEPT
from game.rooms.race_session import PROGRESS_GAP
from game.rooms.room import MAX_WATCHERS
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import LATE, REVEAL, STORE_WITHIN
from game.services import Background, Work
from tests.game.fakes import WORDS, row
from tests.game.house import House
from tests.game.memory import at_once

LENGTH_OF_ROUND = 20 * SECOND
PATIENCE = 20.0  # seconds
TO_REVEAL = LENGTH_OF_ROUND + LATE + 2 * SLACK


@pytest.fixture
def house() -> House:
    return House()


# -- coming in -------------------------------------------------------------------------------------


def test_a_room_is_opened_and_joined_by_its_code(house: House):
    host, guest = house.room_of(2)
    state = guest.race
    assert (state.kind, state.stage, state.code) == ("room", "lobby", host.race.code)
    assert [(s.name, s.colour, s.host) for s in state.seats] == [
        ("Host", 0, True),
        ("Guest 1", 1, False),
    ]
    assert (host.seat, guest.seat) == (0, 1)
    assert [s.name for s in host.race.seats] == ["Host", "Guest 1"]


def test_a_code_may_be_typed_in_any_case_and_with_spaces(house: House):
    host, late = house.player(), house.player()
    host.do(Open())
    code = host.race.code
    late.do(Join(code=f" {code[:3].lower()} {code[3:]}"))
    assert late.race.code == code


def test_codes_are_long_and_unlike(house: House):
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert len(ALPHABET) ** LENGTH > 500_000_000


def test_an_unknown_code_is_refused_and_the_own_place_kept(house: House):
    host, other = house.room_of(2)
    other.do(Join(code="AAAAAA"))
    assert other.problem == "unknown_room"
    other.do(Ready())
    assert host.race.seats[1].ready


def test_codes_cannot_be_tried_for_long(house: House):
    host, thief, other = house.player(), house.player(address="10.0.0.1"), house.player()
    host.do(Open())
    for number in range(int(TRIES[1]) + 5):
        house.clock.pass_(250)  # slower than the limit on messages
        thief.do(Join(code=f"AAAA{number:02}"))
    assert thief.problem == "too_many_tries"
    sibling = house.player(address="10.0.0.1")
    sibling.do(Join(code=host.race.code))
    assert sibling.problem == "too_many_tries"
    other.do(Join(code=host.race.code))
    assert len(host.race.seats) == 2
    house.clock.pass_(1_000 / TRIES[0])
    sibling.do(Join(code=host.race.code))
    assert len(host.race.seats) == 3


def test_an_address_opens_only_so_many_rooms(house: House):
    for _ in range(int(OPENS[1])):
        house.player(address="10.0.0.1").do(Open())
    greedy, other = house.player(address="10.0.0.1"), house.player()
    greedy.do(Open())
    other.do(Open())
    assert (greedy.problem, len(house.rooms)) == ("too_fast", OPENS[1] + 1)


def test_a_full_room_takes_no_more_but_watchers(house: House):
    host, *_ = house.room_of(MAX_SEATS)
    ninth = house.player()
    ninth.do(Join(code=host.race.code))
    assert ninth.problem == "room_full"
    ninth.do(Join(code=host.race.code, watch=True))
    assert (ninth.race.you, host.race.watchers) == (None, 1)


def test_watchers_are_bounded(house: House):
    host = house.player()
    host.do(Open())
    for _ in range(MAX_WATCHERS):
        house.player().do(Join(code=host.race.code, watch=True))
    last = house.player()
    last.do(Join(code=host.race.code, watch=True))
    assert (last.problem, host.race.watchers) == ("room_full", MAX_WATCHERS)


def test_a_watcher_may_take_a_seat_and_stand_up_again(house: House):
    host, watcher = house.room_of(1)[0], house.player()
    watcher.do(Join(code=host.race.code, watch=True))
    watcher.do(Join(code=host.race.code))
    assert (watcher.race.you, host.race.watchers) == (1, 0)
    watcher.do(Join(code=host.race.code))
    assert len(host.race.seats) == 2
    watcher.do(Join(code=host.race.code, watch=True))
    assert (watcher.race.you, len(host.race.seats)) == (None, 1)


@pytest.mark.parametrize("message", [Ready(), Begin(), React(reaction="wow"), Clear(round=1)])
def test_watchers_only_watch(house: House, message: Message):
    host, watcher = house.room_of(1)[0], house.player()
    watcher.do(Join(code=host.race.code, watch=True))
    watcher.do(message)
    assert watcher.problem == "watching"


def test_another_room_or_game_gives_the_seat_up(house: House):
    host, guest = house.room_of(2)
    guest.do(Start(mode="practise"))
    assert [s.name for s in host.race.seats] == ["Host"]
    guest.do(Join(code=host.race.code))
    assert len(host.race.seats) == 2
    guest.do(Open())
    assert guest.race.code != host.race.code
    assert len(house.rooms) == 2


def test_an_empty_room_is_gone(house: House):
    host, guest = house.room_of(2)
    code = host.race.code
    for player in (host, guest):
        player.do(Leave())
        assert player.heard(State)[-1].stage == "home"
    assert (len(house.rooms), house.clock.waiting) == (0, 0)
    guest.do(Join(code=code))
    assert guest.problem == "unknown_room"


# -- names -----------------------------------------------------------------------------------------


def test_names_are_cleaned_and_bad_ones_replaced(house: House):
    host, rude = house.player(), house.player()
    host.do(Open(name="  <b>Ada\u202e</b>  "))
    assert host.race.seats[0].name == "<b>Ada</b>"
    rude.do(Join(code=host.race.code, name="fuck"))
    assert rude.problem == "bad_name"
    assert [s.name for s in host.race.seats] == ["<b>Ada</b>", "Artist 2"]


def test_joining_again_under_another_name_only_renames(house: House):
    host, guest = house.room_of(2)
    guest.do(Join(code=host.race.code, name="Grace"))
    assert [(s.seat, s.name) for s in host.race.seats] == [(0, "Host"), (1, "Grace")]


def test_name_and_colour_can_be_changed(house: House):
    host, guest = house.room_of(2)
    guest.do(Profile(name="Grace", colour=5))
    assert [(s.name, s.colour) for s in host.race.seats][1] == ("Grace", 5)
    guest.do(Profile(colour=0))  # the host's
    guest.do(Profile(name="x"))
    assert guest.problem == "bad_name"
    assert [(s.name, s.colour) for s in host.race.seats][1] == ("Grace", 5)


# -- the host --------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", [Begin(), Configure(settings=Settings(rounds=5)), Kick(seat=0)])
def test_only_the_host_may(house: House, message: Message):
    _, guest = house.room_of(2)
    guest.do(message)
    assert (guest.problem, guest.race.stage) == ("not_host", "lobby")


def test_a_race_needs_two(house: House):
    host = house.player()
    host.do(Open())
    host.do(Begin())
    assert (host.problem, host.race.stage) == ("too_few", "lobby")


def test_the_host_chooses_and_the_race_follows(house: House):
    host, guest = house.room_of(2)
    host.do(Configure(settings=Settings(rounds=5, seconds=10)))
    assert guest.race.settings == Settings(rounds=5, seconds=10)
    host.do(Begin())
    state = guest.race
    assert (state.stage, state.rounds, state.left, state.word) == ("countdown", 5, COUNTDOWN, None)
    house.clock.pass_(COUNTDOWN + SLACK)
    assert (guest.race.stage, guest.race.total) == ("drawing", 10 * SECOND)
    host.do(Configure(settings=Settings()))
    host.do(Begin())
    assert host.problem == "not_now"


def test_who_was_kicked_cannot_come_back(house: House):
    host, guest = house.room_of(2)
    code = host.race.code
    host.do(Kick(seat=guest.seat))
    assert guest.problem == "kicked"
    assert guest.heard(State)[-1].stage == "home"
    assert len(host.race.seats) == 1
    for watch in (False, True):
        guest.do(Join(code=code, watch=watch))
        assert len(host.race.seats) == 1
    again = house.player(key=guest.guest.key)
    again.do(Join(code=code))
    assert (again.problem, host.race.watchers) == ("kicked", 0)


@pytest.mark.parametrize("seat", [0, 7, -1])
def test_only_others_can_be_kicked(house: House, seat: int):
    host, _ = house.room_of(2)
    host.do(Kick(seat=seat))
    assert (host.problem, len(host.race.seats)) == ("not_now", 2)


def test_the_host_passes_on(house: House):
    host, second, third = house.room_of(3)
    host.do(Leave())
    assert [s.seat for s in third.race.seats if s.host] == [second.seat]
    second.vanish()
    assert [s.seat for s in third.race.seats if s.host] == [third.seat]


# -- the life of a race ----------------------------------------------------------------------------


def test_all_draw_the_same_word_and_the_first_guess_wins(house: House):
    host, guest = house.race_of(2)
    assert host.race.word == guest.race.word in WORDS
    assert host.race.left == pytest.approx(LENGTH_OF_ROUND, abs=2)
    guest.win()
    assert guest.race.seats[1].milliseconds == pytest.approx(252, abs=3)
    assert host.race.stage == "drawing"
    host.win()
    reveal, state = host.heard(Reveal)[-1], host.race
    assert (state.stage, reveal.winner, reveal.word) == ("reveal", guest.seat, state.word)
    assert [(d.seat, d.points, d.place, d.outcome) for d in reveal.drawings] == [
        (1, 5, 1, "guessed"),
        (0, 3, 2, "guessed"),
    ]
    assert [s.points for s in state.seats] == [3, 5]
    assert state.left == REVEAL
    assert state.results[-1].points == {0: 3, 1: 5}


def test_the_reveal_comes_before_its_state_and_after_the_records(house: House):
    host, guest = house.race_of(2)
    host.ink()
    guest.notes.take()
    house.clock.pass_(TO_REVEAL)
    told = [m for m in guest.notes.sent if isinstance(m, Reveal | RaceState)]
    assert [m.stage if isinstance(m, RaceState) else "told" for m in told][-2:] == [
        "told",
        "reveal",
    ]
    assert [t.replay.strokes for t in house.archive.tries] == [[[[0, 100], [0, 0], [0, 30]]]]
    assert [d.replay for d in guest.heard(Reveal)[0].drawings] == ["replay-0", None]


def test_a_race_goes_to_its_podium_by_itself(house: House):
    _, guest = house.race_of(2)
    for round in (1, 2, 3):
        assert (guest.race.round, guest.race.number, guest.race.stage) == (round, round, "drawing")
        guest.win()
        house.clock.pass_(TO_REVEAL)
        assert guest.race.stage == "reveal"
        house.clock.pass_(REVEAL + SLACK)
    state = guest.race
    assert (state.stage, state.left, state.word) == ("over", None, None)
    assert [(p.place, p.name, p.points) for p in state.podium] == [
        (1, "Guest 1", 15),
        (2, "Host", 0),
    ]
    assert [f.challenge for f in guest.heard(Finished)] == ["challenge-0"]
    game = house.archive.games[0]
    assert (game.key, game.points, game.place, game.racers) == (guest.guest.key, 15, 1, 2)
    assert game.replays == ("replay-0", "replay-1", "replay-2")
    assert game.words == tuple(t.replay.word for t in house.archive.tries)


def test_a_rematch_counts_rounds_on_and_points_anew(house: House):
    host, guest = house.race_of(2)
    guest.win()
    house.clock.pass_(200 * SECOND)
    assert host.race.stage == "over"
    guest.do(Ready())
    assert [s.ready for s in host.race.seats] == [False, True]
    host.do(Begin())
    state = guest.race
    assert (state.stage, state.round, state.number) == ("countdown", 4, 1)
    assert ([s.points for s in state.seats], state.results) == ([0, 0], [])
    house.clock.pass_(COUNTDOWN + SLACK)
    guest.win()
    assert guest.race.seats[1].milliseconds is not None


def test_the_bell_gives_half_the_points_to_the_best(house: House):
    host, guest = house.race_of(2)
    for player, share in ((host, 0.3), (guest, 0.5)):
        player.ink()
        house.judge.answer(row(player.race.word or "", share))
    house.clock.pass_(TO_REVEAL)
    assert host.race.results[-1].points == {1: 2.5, 0: 0}


def test_opponents_see_progress_but_no_drawing_until_the_reveal(house: House):
    host, guest = house.race_of(2)
    watcher = house.player()
    watcher.do(Join(code=host.race.code, watch=True))
    host.ink()
    house.judge.answer(row(host.race.word or "", 0.4))
    house.clock.pass_(PROGRESS_GAP + SLACK)
    for other in (guest, watcher):
        seats = {seat.seat: seat.target for seat in other.heard(Progress)[-1].seats}
        assert seats == {0: pytest.approx(0.4), 1: 0}
        assert other.heard(Guesses) == []
        assert all(state.strokes == [] for state in other.heard(RaceState))
        assert other.heard(Reveal) == []
    host.do(Profile(colour=4))
    assert (len(host.race.strokes), guest.race.strokes) == (1, [])


def test_progress_is_told_only_so_often(house: House):
    host, guest = house.race_of(2)
    for number in range(20):
        host.do(Clear(round=1))
        host.ink()
        house.judge.answer(row(host.race.word or "", 0.1 + 0.01 * number))
        house.clock.pass_(20)
    assert 1 <= len(guest.heard(Progress)) <= 400 / PROGRESS_GAP


def test_a_late_arrival_joins_at_the_next_round(house: House):
    host, guest = house.race_of(2)
    late = house.player()
    late.do(Join(code=host.race.code))
    assert (late.race.you, late.race.seats[2].joins) == (2, True)
    late.ink()
    assert late.problem == "not_now"
    guest.win()
    house.clock.pass_(TO_REVEAL + REVEAL + SLACK)
    assert (late.race.round, late.race.seats[2].joins) == (2, False)
    late.win()
    assert late.race.seats[2].milliseconds is not None


def test_who_leaves_a_race_leaves_the_others_racing(house: House):
    host, guest, third = house.race_of(3)
    third.do(Leave())
    host.win()
    assert guest.race.stage == "drawing"
    guest.win()
    assert guest.race.stage == "reveal"
    house.clock.pass_(300 * SECOND)
    assert [p.name for p in guest.race.podium] == ["Host", "Guest 1", "Guest 2"]
    assert len(house.archive.games) == 2


def test_reactions_are_for_all(house: House):
    host, guest = house.room_of(2)
    guest.do(React(reaction="fire"))
    assert host.heard(Reaction) == [Reaction(seat=1, reaction="fire")]


def test_too_many_commands_are_dropped(house: House):
    host, guest = house.room_of(2)
    for _ in range(100):
        guest.do(React(reaction="fire"))
    assert guest.problem == "too_fast"
    assert len(host.heard(Reaction)) < 40


# -- the records -----------------------------------------------------------------------------------


def test_records_that_fail_do_not_stop_the_race(house: House):
    house.archive.broken = True
    host, guest = house.race_of(2)
    guest.win()
    host.win()
    assert guest.race.stage == "reveal"
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == [None, None]
    house.clock.pass_(300 * SECOND)
    assert (guest.race.stage, guest.heard(Finished)) == ("over", [])


async def test_nothing_is_told_before_it_is_on_disk():
    background = Background()
    house = House(background)
    house.archive.gate = asyncio.Event()
    host, guest = house.race_of(2)
    guest.win()
    host.win()
    await asyncio.sleep(0)
    assert (guest.race.stage, guest.heard(Reveal), guest.race.results) == ("settling", [], [])
    assert [seat.points for seat in guest.race.seats] == [0, 0]
    house.archive.gate.set()
    await background.finish(PATIENCE)
    assert (guest.race.stage, len(guest.race.results)) == ("reveal", 1)
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == ["replay-0", "replay-1"]


def test_a_disk_that_hangs_holds_up_the_race_for_a_while_only():
    held: list[Work] = []
    house = House(held.append)
    host, guest = house.race_of(2)
    guest.win()
    host.win()
    assert guest.race.stage == "settling"
    house.clock.pass_(STORE_WITHIN + SLACK)
    assert guest.race.stage == "reveal"
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == [None, None]
    at_once(held[0])  # the disk is back
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == ["replay-0", "replay-1"]


def test_a_report_hides_a_drawing_from_all_at_once(house: House):
    host, guest = house.race_of(2)
    host.win()
    guest.win()
    outsider = house.player()
    guest.do(Report(replay="replay-0"))
    for player in (host, guest, outsider):
        assert player.heard(Hidden) == [Hidden(replay="replay-0")]
    assert house.archive.hidden == {"replay-0"}
    host.vanish()
    host.back()
    drawings = host.heard(Reveal)[-1].drawings
    assert [(d.hidden, d.strokes == []) for d in drawings] == [(True, True), (False, False)]


def test_reports_are_bounded_and_of_known_drawings_only(house: House):
    player = house.player()
    player.do(Report(replay="nothing"))
    assert player.problem == "unknown"
    for _ in range(int(REPORTS[1])):
        player.do(Report(replay="nothing"))
    assert player.problem == "too_fast"


# -- losing and finding the connection -------------------------------------------------------------


def test_a_lost_player_comes_back_to_the_same_seat_and_ink(house: House):
    host, guest = house.race_of(2)
    guest.ink()
    house.judge.answer(row("one", 0.2))
    guest.vanish()
    assert not host.race.seats[1].connected
    house.clock.pass_(10 * SECOND)
    guest.back()
    state = guest.race
    assert (state.you, state.round, len(state.strokes)) == (1, 1, 1)
    assert state.left == pytest.approx(10 * SECOND, abs=5)
    assert isinstance(guest.notes.sent[-1], Guesses)
    assert host.race.seats[1].connected
    guest.ink(stroke=0)
    house.judge.answer(row(guest.race.word or ""))


def test_a_vanished_player_stalls_nobody(house: House):
    host, guest, third = house.race_of(3)
    third.vanish()
    host.win()
    guest.win()
    assert host.race.stage == "reveal"


def test_a_seat_is_kept_for_thirty_seconds(house: House):
    host, guest = house.room_of(2)
    guest.vanish()
    house.clock.pass_(SEAT_KEPT - SLACK)
    assert len(host.race.seats) == 2
    house.clock.pass_(2 * SLACK)
    assert len(host.race.seats) == 1
    guest.back()
    assert guest.heard(State)[-1].stage == "home"


def test_a_room_that_all_vanished_from_is_gone(house: House):
    players = house.race_of(3)
    for player in players:
        player.vanish()
    house.clock.pass_(SEAT_KEPT + SLACK)
    assert len(house.rooms) == 0


def test_who_comes_back_late_is_told_what_was_revealed(house: House):
    host, guest = house.race_of(2)
    guest.vanish()
    host.win()
    assert host.race.stage == "reveal"
    guest.back()
    kinds = [type(m) for m in guest.notes.sent if isinstance(m, Reveal | RaceState)]
    assert kinds[-2:] == [Reveal, RaceState]


# -- link delay ------------------------------------------------------------------------------------


def test_the_link_delay_is_measured_and_told_and_given_back(house: House):
    host, guest = house.room_of(2)
    house.clock.pass_(80)
    guest.do(Echo(number=guest.heard(Probe)[-1].number))
    assert host.race.seats[1].delay == 80
    house.clock.pass_(PROBE_GAP)
    host.do(Begin())
    house.clock.pass_(COUNTDOWN + SLACK)
    guest.win()
    host.win()
    drawing = next(d for d in host.heard(Reveal)[-1].drawings if d.seat == 1)
    assert (drawing.delay, drawing.compensated) == (80, 80)
    assert drawing.milliseconds == pytest.approx(252 - 80, abs=3)


def test_probes_go_on(house: House):
    host, _ = house.room_of(2)
    before = len(host.heard(Probe))
    house.clock.pass_(10 * PROBE_GAP)
    assert len(host.heard(Probe)) - before == 10


# -- the pad ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", [Skip(round=1), Clear(round=9), Clear(round=1)])
def test_what_has_no_place_is_answered(house: House, message: Message):
    host, _ = house.room_of(2)
    host.do(message)
    assert host.problem == "not_now"


def test_stopping_ends_all_rooms(house: House):
    house.race_of(3)
    house.rooms.stop()
    assert (len(house.rooms), house.clock.waiting) == (0, 0)
