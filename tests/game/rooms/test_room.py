"""Rooms: members, their rights, the stages of a race, and what stays secret."""

import asyncio

import pytest

from game.background import Background, Work
from game.clock import SLACK
from game.judging.load import WAITS
from game.messages import (
    CLASS_SEATS,
    MAX_MESSAGE_BYTES,
    MAX_SEATS,
    AbuseReport,
    Begin,
    Clear,
    Configure,
    Echo,
    GameKept,
    Guesses,
    Hidden,
    Join,
    Kick,
    Leave,
    Message,
    Open,
    OwnWords,
    OwnWordsRead,
    Probe,
    Profile,
    RaceProgress,
    RaceState,
    React,
    Reaction,
    Ready,
    Reveal,
    RoomSettings,
    Skip,
    Start,
    State,
)
from game.rooms.codes import ALPHABET, LENGTH, new_code
from game.rooms.delays import PROBE_GAP
from game.rooms.hub import REPORTS
from game.rooms.lobby import OPENS, TRIES
from game.rooms.members import SEAT_KEPT
from game.rooms.room import MAX_WATCHERS
from game.rules import badges
from game.rules.attempt import VERDICT_GAP
from game.rules.modes import COUNTDOWN, SECOND
from game.rules.race import LATE, PROGRESS_GAP, REVEAL, STORE_WITHIN
from tests.game.fakes import WORDS, row
from tests.game.memory import at_once
from tests.game.world import Player, World

LENGTH_OF_ROUND = 20 * SECOND
PATIENCE = 20.0  # seconds
CROSS = "AA__.A__A"
LARGEST = ("AA." * badges.MAX_STROKES)[:-1] + "__" * (badges.MAX_POINTS - badges.MAX_STROKES)
TO_REVEAL = LENGTH_OF_ROUND + LATE + 2 * SLACK


@pytest.fixture
def world() -> World:
    return World()


# -- coming in -------------------------------------------------------------------------------------


def test_a_room_is_opened_and_joined_by_its_code(world: World):
    host, guest = world.room_of(2)
    state = guest.race
    assert (state.kind, state.stage, state.code) == ("room", "lobby", host.race.code)
    assert [(s.name, s.colour, s.host) for s in state.seats] == [
        ("Host", 0, True),
        ("Guest 1", 1, False),
    ]
    assert (host.seat, guest.seat) == (0, 1)
    assert [s.name for s in host.race.seats] == ["Host", "Guest 1"]


def test_a_code_may_be_typed_in_any_case_and_with_spaces(world: World):
    host, late = world.player(), world.player()
    host.do(Open())
    code = host.race.code
    late.do(Join(code=f" {code[:3].lower()} {code[3:]}"))
    assert late.race.code == code


def test_codes_are_long_and_unlike(world: World):
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert len(ALPHABET) ** LENGTH > 500_000_000


def test_an_unknown_code_is_refused_and_the_own_place_kept(world: World):
    host, other = world.room_of(2)
    other.do(Join(code="AAAAAA"))
    assert other.problem == "unknown_room"
    other.do(Ready())
    assert host.race.seats[1].ready


def test_codes_cannot_be_tried_for_long(world: World):
    host, thief, other = world.player(), world.player(address="10.0.0.1"), world.player()
    host.do(Open())
    for number in range(int(TRIES[1]) + 5):
        world.clock.pass_(250)  # slower than the limit on messages
        thief.do(Join(code=f"AAAA{number:02}"))
    assert thief.problem == "too_many_tries"
    sibling = world.player(address="10.0.0.1")
    sibling.do(Join(code=host.race.code))
    assert sibling.problem == "too_many_tries"
    other.do(Join(code=host.race.code))
    assert len(host.race.seats) == 2
    world.clock.pass_(1_000 / TRIES[0])
    sibling.do(Join(code=host.race.code))
    assert len(host.race.seats) == 3


def test_a_busy_server_opens_no_rooms_but_lets_players_into_those_there_are(world: World):
    host, late = world.player(), world.player()
    host.do(Open())
    world.judge.busy = True
    late.do(Open())
    assert late.problem == "too_many"
    assert len(world.hub) == 1
    late.do(Join(code=host.race.code))
    assert len(host.race.seats) == 2
    world.judge.busy = False
    other = world.player()
    other.do(Open())
    assert len(world.hub) == 2


def test_an_address_opens_only_so_many_rooms(world: World):
    for _ in range(int(OPENS[1])):
        world.player(address="10.0.0.1").do(Open())
    greedy, other = world.player(address="10.0.0.1"), world.player()
    greedy.do(Open())
    other.do(Open())
    assert (greedy.problem, len(world.hub)) == ("too_fast", OPENS[1] + 1)


def test_a_full_room_takes_no_more_but_watchers(world: World):
    host, *_ = world.room_of(MAX_SEATS)
    ninth = world.player()
    ninth.do(Join(code=host.race.code))
    assert ninth.problem == "room_full"
    ninth.do(Join(code=host.race.code, watch=True))
    assert (ninth.race.you, host.race.watchers) == (None, 1)


def test_a_host_makes_room_for_a_class(world: World):
    host, *_ = world.room_of(MAX_SEATS)
    host.do(Configure(settings=RoomSettings(seats=CLASS_SEATS)))
    for _ in range(CLASS_SEATS - MAX_SEATS):
        world.player().do(Join(code=host.race.code))
    assert len(host.race.seats) == CLASS_SEATS
    late = world.player()
    late.do(Join(code=host.race.code))
    assert late.problem == "room_full"
    host.do(Begin())
    world.clock.pass_(COUNTDOWN + SLACK)
    assert (host.race.stage, len(host.race.seats)) == ("drawing", CLASS_SEATS)


def test_watchers_are_bounded(world: World):
    host = world.player()
    host.do(Open())
    for _ in range(MAX_WATCHERS):
        world.player().do(Join(code=host.race.code, watch=True))
    last = world.player()
    last.do(Join(code=host.race.code, watch=True))
    assert (last.problem, host.race.watchers) == ("room_full", MAX_WATCHERS)


def test_a_watcher_may_take_a_seat_and_stand_up_again(world: World):
    host, watcher = world.room_of(1)[0], world.player()
    watcher.do(Join(code=host.race.code, watch=True))
    watcher.do(Join(code=host.race.code))
    assert (watcher.race.you, host.race.watchers) == (1, 0)
    watcher.do(Join(code=host.race.code))
    assert len(host.race.seats) == 2
    watcher.do(Join(code=host.race.code, watch=True))
    assert (watcher.race.you, len(host.race.seats)) == (None, 1)


@pytest.mark.parametrize("message", [Ready(), Begin(), React(reaction="wow"), Clear(round=1)])
def test_watchers_only_watch(world: World, message: Message):
    host, watcher = world.room_of(1)[0], world.player()
    watcher.do(Join(code=host.race.code, watch=True))
    watcher.do(message)
    assert watcher.problem == "watching"


def test_another_room_or_game_gives_the_seat_up(world: World):
    host, guest = world.room_of(2)
    guest.do(Start(mode="practise"))
    assert [s.name for s in host.race.seats] == ["Host"]
    guest.do(Join(code=host.race.code))
    assert len(host.race.seats) == 2
    guest.do(Open())
    assert guest.race.code != host.race.code
    assert len(world.hub) == 2


def test_an_empty_room_is_gone(world: World):
    host, guest = world.room_of(2)
    code = host.race.code
    for player in (host, guest):
        player.do(Leave())
        assert player.heard(State)[-1].stage == "home"
    assert (len(world.hub), world.clock.waiting) == (0, 0)
    guest.do(Join(code=code))
    assert guest.problem == "unknown_room"


# -- names -----------------------------------------------------------------------------------------


def test_names_are_cleaned_and_bad_ones_replaced(world: World):
    host, rude = world.player(), world.player()
    host.do(Open(name="  <b>Ada\u202e</b>  "))
    assert host.race.seats[0].name == "<b>Ada</b>"
    rude.do(Join(code=host.race.code, name="fuck"))
    assert rude.problem == "bad_name"
    assert [s.name for s in host.race.seats] == ["<b>Ada</b>", "Artist 2"]


def test_joining_again_under_another_name_only_renames(world: World):
    host, guest = world.room_of(2)
    guest.do(Join(code=host.race.code, name="Grace"))
    assert [(s.seat, s.name) for s in host.race.seats] == [(0, "Host"), (1, "Grace")]


def test_name_and_colour_can_be_changed(world: World):
    host, guest = world.room_of(2)
    guest.do(Profile(name="Grace", colour=5))
    assert [(s.name, s.colour) for s in host.race.seats][1] == ("Grace", 5)
    guest.do(Profile(colour=0))  # the host's
    guest.do(Profile(name="x"))
    assert guest.problem == "bad_name"
    assert [(s.name, s.colour) for s in host.race.seats][1] == ("Grace", 5)


def test_a_badge_is_seen_by_all_and_an_odd_one_is_left_out(world: World):
    host, guest = world.player(), world.player()
    host.do(Open(badge=CROSS))
    guest.do(Join(code=host.race.code, badge="<svg>"))
    assert guest.problem == "bad_badge"
    assert [s.badge for s in guest.race.seats] == [CROSS, None]
    guest.do(Profile(badge="AAAA"))
    guest.do(Profile(name="Grace"))  # leaves the badge as it is
    guest.do(Profile(badge="A"))
    assert [s.badge for s in host.race.seats] == [CROSS, "AAAA"]
    guest.do(Profile(badge=""))
    assert [s.badge for s in host.race.seats] == [CROSS, None]


def test_the_badges_of_a_class_are_a_small_part_of_what_is_told(world: World):
    host = world.player()
    host.do(Open(badge=LARGEST))
    host.do(Configure(settings=RoomSettings(seats=CLASS_SEATS)))
    for _ in range(CLASS_SEATS - 1):
        world.player().do(Join(code=host.race.code, badge=LARGEST))
    assert [s.badge for s in host.race.seats] == [LARGEST] * CLASS_SEATS
    assert len(host.race.model_dump_json()) < MAX_MESSAGE_BYTES / 3


# -- the host --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        Begin(),
        Configure(settings=RoomSettings(rounds=5)),
        OwnWords(text="one, two, three"),
        Kick(seat=0),
    ],
)
def test_only_the_host_may(world: World, message: Message):
    _, guest = world.room_of(2)
    guest.do(message)
    assert (guest.problem, guest.race.stage) == ("not_host", "lobby")


def test_a_race_needs_two(world: World):
    host = world.player()
    host.do(Open())
    host.do(Begin())
    assert (host.problem, host.race.stage) == ("too_few", "lobby")


def test_the_host_chooses_and_the_race_follows(world: World):
    host, guest = world.room_of(2)
    host.do(Configure(settings=RoomSettings(rounds=5, seconds=10)))
    assert guest.race.settings == RoomSettings(rounds=5, seconds=10)
    host.do(Begin())
    state = guest.race
    assert (state.stage, state.rounds, state.left, state.word) == ("countdown", 5, COUNTDOWN, None)
    world.clock.pass_(COUNTDOWN + SLACK)
    assert (guest.race.stage, guest.race.total) == ("drawing", 10 * SECOND)
    host.do(Configure(settings=RoomSettings()))
    host.do(Begin())
    assert host.problem == "not_now"


def words_of_a_race(world: World, host: Player) -> list[str]:
    """Play a race to its end, and give its words."""
    host.do(Begin())
    world.clock.pass_(COUNTDOWN + SLACK)
    for _ in range(host.race.rounds):
        world.clock.pass_(TO_REVEAL)
        world.clock.pass_(REVEAL + SLACK)
    assert host.race.stage == "over"
    return [result.word for result in host.race.results]


def test_own_words_are_asked_and_kept_for_the_rematch(world: World):
    host, guest = world.room_of(2)
    host.do(OwnWords(text="two, Four, seven\nfive"))
    answer = host.heard(OwnWordsRead)[-1]
    assert (answer.words, answer.used) == (["two", "four", "five"], True)
    assert [word.typed for word in answer.refused] == ["seven"]
    assert not guest.heard(OwnWordsRead)
    assert guest.race.settings.own == ("two", "four", "five")
    for _ in range(2):
        assert sorted(words_of_a_race(world, host)) == ["five", "four", "two"]


def test_own_words_end_with_an_empty_list_or_a_pack(world: World):
    host, guest = world.room_of(2)
    for end in (OwnWords(text=" "), Configure(settings=RoomSettings(packs=("everything",)))):
        host.do(OwnWords(text="two, four, five"))
        assert guest.race.settings.own
        host.do(end)
        assert guest.race.settings == RoomSettings()


def test_too_few_own_words_change_nothing(world: World):
    host, guest = world.room_of(2)
    host.do(OwnWords(text="two, four, five"))
    host.do(OwnWords(text="two, four"))
    assert not host.heard(OwnWordsRead)[-1].used
    assert guest.race.settings.own == ("two", "four", "five")


def test_a_rematch_with_the_same_words_goes_on_with_the_deck(world: World):
    host, _ = world.room_of(2)
    host.do(Configure(settings=RoomSettings(own=WORDS[:4])))
    first = words_of_a_race(world, host)
    assert {*WORDS[:4]} - {*first} == {words_of_a_race(world, host)[0]}


def test_a_kicked_player_cannot_come_back(world: World):
    host, guest = world.room_of(2)
    code = host.race.code
    host.do(Kick(seat=guest.seat))
    assert guest.problem == "kicked"
    assert guest.heard(State)[-1].stage == "home"
    assert len(host.race.seats) == 1
    for watch in (False, True):
        guest.do(Join(code=code, watch=watch))
        assert len(host.race.seats) == 1
    again = world.player(key=guest.guest.key)
    again.do(Join(code=code))
    assert (again.problem, host.race.watchers) == ("kicked", 0)


@pytest.mark.parametrize("seat", [0, 7, -1])
def test_only_others_can_be_kicked(world: World, seat: int):
    host, _ = world.room_of(2)
    host.do(Kick(seat=seat))
    assert (host.problem, len(host.race.seats)) == ("not_now", 2)


def test_the_host_passes_on(world: World):
    host, second, third = world.room_of(3)
    host.do(Leave())
    assert [s.seat for s in third.race.seats if s.host] == [second.seat]
    second.vanish()
    assert [s.seat for s in third.race.seats if s.host] == [third.seat]


# -- the life of a race ----------------------------------------------------------------------------


def test_all_draw_the_same_word_and_the_first_guess_wins(world: World):
    host, guest = world.race_of(2)
    assert host.race.word == guest.race.word in WORDS
    assert host.race.left == pytest.approx(LENGTH_OF_ROUND, abs=2)
    guest.win()
    assert guest.race.seats[1].milliseconds == pytest.approx(VERDICT_GAP + 152, abs=3)
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


def test_the_reveal_comes_before_its_state_and_after_the_records(world: World):
    host, guest = world.race_of(2)
    host.ink()
    guest.notes.take()
    world.clock.pass_(TO_REVEAL)
    told = [m for m in guest.notes.sent if isinstance(m, Reveal | RaceState)]
    assert [m.stage if isinstance(m, RaceState) else "told" for m in told][-2:] == [
        "told",
        "reveal",
    ]
    assert [t.replay.strokes for t in world.storage.attempts] == [[[[0, 100], [0, 0], [0, 30]]]]
    assert [d.replay for d in guest.heard(Reveal)[0].drawings] == ["replay-0", None]


def test_a_race_goes_to_its_podium_by_itself(world: World):
    _, guest = world.race_of(2)
    for round in (1, 2, 3):
        assert (guest.race.round, guest.race.number, guest.race.stage) == (round, round, "drawing")
        guest.win()
        world.clock.pass_(TO_REVEAL)
        assert guest.race.stage == "reveal"
        world.clock.pass_(REVEAL + SLACK)
    state = guest.race
    assert (state.stage, state.left, state.word) == ("over", None, None)
    assert [(p.place, p.name, p.points) for p in state.podium] == [
        (1, "Guest 1", 15),
        (2, "Host", 0),
    ]
    assert [f.challenge for f in guest.heard(GameKept)] == ["challenge-0"]
    game = world.storage.games[0]
    assert (game.key, game.points, game.place, game.racers) == (guest.guest.key, 15, 1, 2)
    assert game.replays == ("replay-0", "replay-1", "replay-2")
    assert game.words == tuple(t.replay.word for t in world.storage.attempts)


def test_a_series_has_standings_over_its_races_and_the_next_one_begins_anew(world: World):
    host, guest = world.room_of(2)
    host.do(Configure(settings=RoomSettings(races=3)))
    seen: list[tuple[int, int, list[float]]] = []
    for _ in range(4):
        host.do(Begin())
        world.clock.pass_(COUNTDOWN + SLACK)
        guest.win()
        assert guest.race.series is not None
        running = guest.race.series
        world.clock.pass_(300 * SECOND)
        assert guest.race.stage == "over"
        assert guest.race.series is not None
        told = guest.race.series
        seen.append((running.race, told.race, [each.points for each in told.standings]))
        assert told.standings[0].name == "Guest 1"
    points = seen[0][2]
    assert points[0] > 0
    assert seen == [(n, n, [n * p for p in points]) for n in (1, 2, 3)] + [(1, 1, points)]


def test_who_leaves_and_comes_back_stands_once_in_the_standings(world: World):
    host, guest = world.room_of(2)
    host.do(Configure(settings=RoomSettings(races=3)))
    for _ in range(2):
        host.do(Begin())
        world.clock.pass_(COUNTDOWN + SLACK)
        guest.win()
        world.clock.pass_(300 * SECOND)
        guest.do(Leave())
        guest.do(Join(code=host.race.code))
    assert guest.race.series is not None
    standings = guest.race.series.standings
    assert [each.name for each in standings] == ["Guest 1", "Host"]
    assert standings[0].seat == guest.race.you


def test_a_team_keeps_in_a_series_what_a_player_who_left_had_won(world: World):
    host, guest, third = world.room_of(3)
    host.do(Configure(settings=RoomSettings(races=3, teams=True)))
    for winner in (guest, third):
        host.do(Begin())
        world.clock.pass_(COUNTDOWN + SLACK)
        winner.win()
        world.clock.pass_(300 * SECOND)
        guest.do(Leave())
    assert host.race.series is not None
    assert host.race.series.team_points == (5.0, 5.0)


def test_a_single_race_has_no_standings(world: World):
    host, _ = world.race_of(2)
    world.clock.pass_(300 * SECOND)
    assert (host.race.stage, host.race.series) == ("over", None)


def test_another_length_begins_another_series(world: World):
    host, guest = world.room_of(2)
    for races in (3, 5):
        host.do(Configure(settings=RoomSettings(races=races)))
        host.do(Begin())
        world.clock.pass_(COUNTDOWN + SLACK)
        guest.win()
        world.clock.pass_(300 * SECOND)
    assert guest.race.series is not None
    assert (guest.race.series.race, guest.race.series.races) == (1, 5)


def test_a_rematch_continues_round_numbers_and_resets_points(world: World):
    host, guest = world.race_of(2)
    guest.win()
    world.clock.pass_(200 * SECOND)
    assert host.race.stage == "over"
    guest.do(Ready())
    assert [s.ready for s in host.race.seats] == [False, True]
    host.do(Begin())
    state = guest.race
    assert (state.stage, state.round, state.number) == ("countdown", 4, 1)
    assert ([s.points for s in state.seats], state.results) == ([0, 0], [])
    world.clock.pass_(COUNTDOWN + SLACK)
    guest.win()
    assert guest.race.seats[1].milliseconds is not None


def test_the_bell_gives_half_the_points_to_the_best(world: World):
    host, guest = world.race_of(2)
    for player, share in ((host, 0.3), (guest, 0.5)):
        player.ink()
        world.judge.answer(row(player.race.word or "", share))
    world.clock.pass_(TO_REVEAL)
    assert host.race.results[-1].points == {1: 2.5, 0: 0}


def test_opponents_see_progress_but_no_drawing_until_the_reveal(world: World):
    host, guest = world.race_of(2)
    watcher = world.player()
    watcher.do(Join(code=host.race.code, watch=True))
    host.ink()
    world.judge.answer(row(host.race.word or "", 0.4))
    world.clock.pass_(PROGRESS_GAP + SLACK)
    for other in (guest, watcher):
        seats = {seat.seat: seat.target for seat in other.heard(RaceProgress)[-1].seats}
        assert seats == {0: pytest.approx(0.4), 1: 0}
        assert other.heard(Guesses) == []
        assert all(state.strokes == [] for state in other.heard(RaceState))
        assert other.heard(Reveal) == []
    host.do(Profile(colour=4))
    assert (len(host.race.strokes), guest.race.strokes) == (1, [])


def test_progress_is_sent_at_a_limited_rate(world: World):
    host, guest = world.race_of(2)
    for number in range(20):
        host.do(Clear(round=1))
        host.ink()
        world.judge.answer(row(host.race.word or "", 0.1 + 0.01 * number))
        world.clock.pass_(20)
    assert 1 <= len(guest.heard(RaceProgress)) <= 400 / PROGRESS_GAP


@pytest.mark.parametrize(("wait", "gap"), [(0.01, PROGRESS_GAP), (0.4, WAITS * 400)])
def test_progress_is_sent_less_often_while_guesses_take_long(world: World, wait: float, gap: float):
    host, guest = world.race_of(2)
    world.judge.wait = wait
    for number in range(150):
        host.do(Clear(round=1))
        host.ink()
        world.judge.answer(row(host.race.word or "", 0.1 + 0.001 * number))
        world.clock.pass_(20)
    assert len(guest.heard(RaceProgress)) == pytest.approx(3_000 / gap, abs=1)


def test_a_late_arrival_joins_at_the_next_round(world: World):
    host, guest = world.race_of(2)
    late = world.player()
    late.do(Join(code=host.race.code))
    assert (late.race.you, late.race.seats[2].joins) == (2, True)
    late.ink()
    assert late.problem == "not_now"
    guest.win()
    world.clock.pass_(TO_REVEAL + REVEAL + SLACK)
    assert (late.race.round, late.race.seats[2].joins) == (2, False)
    late.win()
    assert late.race.seats[2].milliseconds is not None


def test_a_race_goes_on_when_a_player_leaves(world: World):
    host, guest, third = world.race_of(3)
    third.do(Leave())
    host.win()
    assert guest.race.stage == "drawing"
    guest.win()
    assert guest.race.stage == "reveal"
    world.clock.pass_(300 * SECOND)
    assert [p.name for p in guest.race.podium] == ["Host", "Guest 1", "Guest 2"]
    assert len(world.storage.games) == 2


def test_reactions_are_for_all(world: World):
    host, guest = world.room_of(2)
    guest.do(React(reaction="fire"))
    assert host.heard(Reaction) == [Reaction(seat=1, reaction="fire")]


def test_too_many_commands_are_dropped(world: World):
    host, guest = world.room_of(2)
    for _ in range(100):
        guest.do(React(reaction="fire"))
    assert guest.problem == "too_fast"
    assert len(host.heard(Reaction)) < 40


# -- the records -----------------------------------------------------------------------------------


def test_records_that_fail_do_not_stop_the_race(world: World):
    world.storage.broken = True
    host, guest = world.race_of(2)
    guest.win()
    host.win()
    assert guest.race.stage == "reveal"
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == [None, None]
    world.clock.pass_(300 * SECOND)
    assert (guest.race.stage, guest.heard(GameKept)) == ("over", [])


async def test_nothing_is_confirmed_before_it_is_on_disk():
    background = Background()
    world = World(background)
    world.storage.gate = asyncio.Event()
    host, guest = world.race_of(2)
    guest.win()
    host.win()
    await asyncio.sleep(0)
    assert (guest.race.stage, guest.heard(Reveal), guest.race.results) == ("settling", [], [])
    assert [seat.points for seat in guest.race.seats] == [0, 0]
    world.storage.gate.set()
    await background.finish(PATIENCE)
    assert (guest.race.stage, len(guest.race.results)) == ("reveal", 1)
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == ["replay-0", "replay-1"]


def test_a_disk_that_hangs_holds_up_the_race_for_a_while_only():
    held: list[Work] = []
    world = World(held.append)
    host, guest = world.race_of(2)
    guest.win()
    host.win()
    assert guest.race.stage == "settling"
    world.clock.pass_(STORE_WITHIN + SLACK)
    assert guest.race.stage == "reveal"
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == [None, None]
    at_once(held[0])  # the storage works again
    assert [d.replay for d in guest.heard(Reveal)[-1].drawings] == ["replay-0", "replay-1"]


def test_a_report_hides_a_drawing_from_all_at_once(world: World):
    host, guest = world.race_of(2)
    host.win()
    guest.win()
    outsider = world.player()
    guest.do(AbuseReport(replay="replay-0"))
    for player in (host, guest, outsider):
        assert player.heard(Hidden) == [Hidden(replay="replay-0")]
    assert world.storage.hidden == {"replay-0"}
    host.vanish()
    host.back()
    drawings = host.heard(Reveal)[-1].drawings
    assert [(d.hidden, d.strokes == []) for d in drawings] == [(True, True), (False, False)]


def test_a_report_takes_the_badge_off_who_drew_it_and_off_nobody_else(world: World):
    host, guest = world.race_of(2)
    for player in (host, guest):
        player.do(Profile(badge=CROSS))
    host.win()
    guest.win()
    guest.do(AbuseReport(replay="replay-0"))
    host.do(Profile(badge="AAAA"))  # the next one may be no better
    assert [s.badge for s in guest.race.seats] == [None, CROSS]
    host.do(Leave())
    host.do(Join(code=guest.race.code))
    assert [s.badge for s in guest.race.seats] == [CROSS, None]


def test_reports_are_bounded_and_of_known_drawings_only(world: World):
    player = world.player()
    player.do(AbuseReport(replay="nothing"))
    assert player.problem == "unknown"
    for _ in range(int(REPORTS[1])):
        player.do(AbuseReport(replay="nothing"))
    assert player.problem == "too_fast"


# -- losing and finding the connection -------------------------------------------------------------


def test_a_lost_player_comes_back_to_the_same_seat_and_ink(world: World):
    host, guest = world.race_of(2)
    guest.ink()
    world.judge.answer(row("one", 0.2))
    guest.vanish()
    assert not host.race.seats[1].connected
    world.clock.pass_(10 * SECOND)
    guest.back()
    state = guest.race
    assert (state.you, state.round, len(state.strokes)) == (1, 1, 1)
    assert state.left == pytest.approx(10 * SECOND, abs=5)
    assert isinstance(guest.notes.sent[-1], Guesses)
    assert host.race.seats[1].connected
    guest.ink(stroke=0)
    world.judge.answer(row(guest.race.word or ""))


def test_a_vanished_player_does_not_delay_the_others(world: World):
    host, guest, third = world.race_of(3)
    third.vanish()
    host.win()
    guest.win()
    assert host.race.stage == "reveal"


def test_a_seat_is_kept_for_thirty_seconds(world: World):
    host, guest = world.room_of(2)
    guest.vanish()
    world.clock.pass_(SEAT_KEPT - SLACK)
    assert len(host.race.seats) == 2
    world.clock.pass_(2 * SLACK)
    assert len(host.race.seats) == 1
    guest.back()
    assert guest.heard(State)[-1].stage == "home"


def test_a_room_that_all_vanished_from_is_gone(world: World):
    players = world.race_of(3)
    for player in players:
        player.vanish()
    world.clock.pass_(SEAT_KEPT + SLACK)
    assert len(world.hub) == 0


def test_a_player_who_comes_back_late_gets_the_reveals(world: World):
    host, guest = world.race_of(2)
    guest.vanish()
    host.win()
    assert host.race.stage == "reveal"
    guest.back()
    kinds = [type(m) for m in guest.notes.sent if isinstance(m, Reveal | RaceState)]
    assert kinds[-2:] == [Reveal, RaceState]


# -- link delay ------------------------------------------------------------------------------------


def test_the_link_delay_is_measured_and_told_and_given_back(world: World):
    host, guest = world.room_of(2)
    world.clock.pass_(80)
    guest.do(Echo(number=guest.heard(Probe)[-1].number))
    assert host.race.seats[1].delay == 80
    world.clock.pass_(PROBE_GAP)
    host.do(Begin())
    world.clock.pass_(COUNTDOWN + SLACK)
    guest.win()
    host.win()
    drawing = next(d for d in host.heard(Reveal)[-1].drawings if d.seat == 1)
    assert (drawing.delay, drawing.compensated) == (80, 80)
    assert drawing.milliseconds == pytest.approx(VERDICT_GAP + 152 - 80, abs=3)


def test_probes_go_on(world: World):
    host, _ = world.room_of(2)
    before = len(host.heard(Probe))
    world.clock.pass_(10 * PROBE_GAP)
    assert len(host.heard(Probe)) - before == 10


# -- the pad ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", [Skip(round=1), Clear(round=9), Clear(round=1)])
def test_what_has_no_place_is_answered(world: World, message: Message):
    host, _ = world.room_of(2)
    host.do(message)
    assert host.problem == "not_now"


def test_stopping_ends_all_rooms(world: World):
    world.race_of(3)
    world.hub.stop()
    assert (len(world.hub), world.clock.waiting) == (0, 0)
