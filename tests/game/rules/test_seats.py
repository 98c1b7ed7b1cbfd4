"""Seats: numbers, colours and the host."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from game.messages import CLASS_SEATS, COLOURS, MAX_SEATS
from game.rules.seats import RoomFull, Seats


def seats_of(players: int) -> Seats:
    seats = Seats()
    for _ in range(players):
        seats.sit()
    return seats


def test_the_first_is_host_and_names_are_given():
    seats = seats_of(2)
    assert [seat.name for seat in seats] == ["Artist 1", "Artist 2"]
    assert seats.host == 0


def test_a_taken_colour_becomes_the_next_free():
    seats = Seats()
    colours = [seats.sit(colour=7).colour for _ in range(COLOURS)]
    assert colours == [7, 0, 1, 2, 3, 4, 5, 6]


def test_a_class_shares_the_colours_evenly():
    seats = Seats()
    seats.limit = CLASS_SEATS
    for _ in range(CLASS_SEATS):
        seats.sit(colour=3)
    used = Counter(seat.colour for seat in seats)
    assert len(used) == COLOURS
    assert max(used.values()) - min(used.values()) <= 1
    with pytest.raises(RoomFull):
        seats.sit()


def test_nobody_loses_a_seat_when_there_are_fewer():
    seats = Seats()
    seats.limit = CLASS_SEATS
    for _ in range(MAX_SEATS + 2):
        seats.sit()
    seats.limit = MAX_SEATS
    assert (len(seats), seats.full) == (MAX_SEATS + 2, True)


def test_a_colour_can_be_changed_to_a_free_one_only():
    seats = seats_of(2)
    seats.recolour(1, 0)
    assert seats[1].colour == 1
    seats.recolour(1, 5)
    assert seats[1].colour == 5


def test_a_full_room_refuses_players():
    seats = seats_of(MAX_SEATS)
    with pytest.raises(RoomFull):
        seats.sit()
    seats.leave(3)
    assert seats.sit().number == MAX_SEATS  # a number is never given again


def test_the_host_passes_on_when_leaving_or_vanishing():
    seats = seats_of(3)
    seats.leave(0)
    assert seats.host == 1
    seats.connect(1, False)
    assert seats.host == 2
    seats.connect(1, True)
    assert seats.host == 2


def test_a_host_who_vanished_alone_stays_host():
    seats = seats_of(2)
    seats.connect(1, False)
    seats.connect(0, False)
    assert seats.host == 0
    seats.leave(0)
    assert seats.host is None
    seats.connect(1, True)
    assert seats.host == 1


def test_a_ghost_is_never_host():
    seats = Seats()
    seats.sit(ghost=True)
    assert seats.host is None
    seats.sit()
    assert seats.host == 1


EVENTS = some.lists(
    some.tuples(some.sampled_from(["sit", "ghost", "leave", "away", "back"]), some.integers(0, 9))
)


@given(EVENTS)
def test_whatever_happens_seats_and_colours_are_unique_and_the_host_is_there(
    events: list[tuple[str, int]],
):
    seats, given_numbers = Seats(), list[int]()
    for event, number in events:
        if event in ("sit", "ghost") and len(seats) < MAX_SEATS:
            given_numbers.append(seats.sit(colour=number % 8, ghost=event == "ghost").number)
        elif event == "leave" and number in seats:
            seats.leave(number)
        elif event in ("away", "back") and number in seats and not seats[number].ghost:
            seats.connect(number, event == "back")
        assert len(set(given_numbers)) == len(given_numbers)
        assert len({seat.colour for seat in seats}) == len(seats) <= MAX_SEATS
        if seats.players:
            assert seats.host in [seat.number for seat in seats.players]
        elif seats.host is not None:
            assert seats.host in seats
