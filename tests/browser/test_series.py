"""A whole series: standings add up, the last race names the winner, and a new one starts."""

from collections.abc import Generator, Sequence

import pytest
from playwright.sync_api import Page, expect

from game.rules import race
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.racing import draw, lines, party, places, start_race
from tests.game.fakes import CountsBars

RACES = 3
ROUNDS = 3
FIRST, SECOND = 5 * ROUNDS, 3 * ROUNDS  # points of a race in which the same player is always first


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 300.0)
    monkeypatch.setattr(race, "REVEAL", 500.0)
    with serving(CountsBars()) as address:
        yield address


def race_through(players: Sequence[Player], begun: int) -> None:
    """Play a race whose words the players finish in this order; `begun` rounds are over."""
    for number in range(begun + 1, begun + ROUNDS + 1):
        for player in players:
            player.page.locator(f".dr[data-stage=drawing][data-round='{number}']").wait_for()
        word = players[0].word
        for player in players:
            draw(player, lines(word))
    for player in players:
        player.wait_for("over")


def scores(page: Page, place: str) -> list[tuple[str, int]]:
    """Names and points in a list of the podium, from top to bottom."""
    rows = page.locator(f"{place} li").all()
    return [
        (row.locator(".who").inner_text(), int(row.locator(".score").inner_text().split()[0]))
        for row in rows
    ]


def title(player: Player) -> str:
    return player.page.locator("[data-podium-title]").inner_text()


def test_a_series_from_its_first_race_to_the_next_series(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    anna.page.locator(f"[data-races] input[value='{RACES}']").check()
    ben.page.locator(f"[data-races] input[value='{RACES}']:checked").wait_for(state="attached")
    of = ben.page.locator("[data-series]")
    standings = ben.page.locator("[data-standings]")
    start_race([anna, ben])

    race_through([anna, ben], 0)
    expect(of).to_have_text(f"Race 1 of {RACES}")
    assert (title(anna), title(ben)) == ("You won!", "Anna wins!")
    expect(standings).to_be_hidden()
    assert scores(ben.page, "[data-steps]") == [("Anna", FIRST), ("Ben", SECOND)]

    anna.page.get_by_role("button", name="Next race").click()
    race_through([ben, anna], ROUNDS)
    expect(of).to_have_text(f"Race 2 of {RACES}")
    assert title(ben) == "You won!"
    assert sorted(scores(ben.page, "[data-standings]")) == [
        ("Anna", FIRST + SECOND),
        ("Ben", SECOND + FIRST),
    ]

    anna.page.get_by_role("button", name="Next race").click()
    race_through([ben, anna], 2 * ROUNDS)
    expect(of).to_have_text(f"Race {RACES} of {RACES}")
    assert (title(ben), title(anna)) == ("You won the series!", "Ben wins the series!")
    expect(standings).to_be_hidden()
    assert scores(anna.page, "[data-steps]") == [
        ("Ben", SECOND + 2 * FIRST),
        ("Anna", FIRST + 2 * SECOND),
    ]

    anna.page.get_by_role("button", name="New series").click()
    race_through([anna, ben], 3 * ROUNDS)
    expect(of).to_have_text(f"Race 1 of {RACES}")
    expect(standings).to_be_hidden()
    assert places(ben) == ["Anna", "Ben"]
    assert scores(ben.page, "[data-steps]") == [("Anna", FIRST), ("Ben", SECOND)]
