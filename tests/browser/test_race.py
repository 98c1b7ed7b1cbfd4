"""Pages that race each other in a room: to the podium, on a phone, with a lost connection."""

from collections.abc import Generator

import pytest

from game.rules import race
from game.rules.sketches import DRAWINGS
from models.shelf import open_model
from tests.browser.conftest import NewPlayer, serving
from tests.browser.racing import (
    PHONE,
    done,
    draw,
    guest,
    host,
    join_by_code,
    lines,
    party,
    places,
    revealed,
    start_race,
)
from tests.browser.scissors import SCISSORS
from tests.game.fakes import CountsBars

TRIES = 4  # to connect in vain, while there is no network


@pytest.fixture(autouse=True)
def shorter_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    monkeypatch.setattr(race, "REVEAL", 1_500.0)


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    with serving(CountsBars()) as address:
        yield address


def test_two_race_to_the_podium_on_the_published_model(new_player: NewPlayer):
    with serving(open_model()) as address:
        anna, ben = players = party(new_player, address, "Anna", "Ben")
        anna.page.locator("[data-races] input[value='3']").check()
        ben.page.locator("[data-races] input[value='3']:checked").wait_for(state="attached")
        start_race(players)
        for number in (1, 2, 3):
            for player in players:
                player.page.locator(f".dr[data-stage=drawing][data-round='{number}']").wait_for()
            word = anna.word
            assert ben.word == word
            draw(anna, DRAWINGS[word])
            ben.page.locator(
                "[data-opponents] li.done"
            ).wait_for()  # checks that it is there, not how it looks
            assert not ben.page.locator("[data-drawings] .picture:visible").count()
            assert ben.page.locator(".tools [data-reactions]").is_hidden()
            anna.page.locator(".tools").get_by_role("button", name="laughter").click()
            ben.page.locator("[data-opponents] .felt").wait_for()
            anna.page.locator(".tools [data-reactions] .felt").wait_for()
            draw(ben, DRAWINGS[word])
            for player in players:
                revealed(player, word)
                assert player.page.locator("[data-drawings] svg.picture").count() == 2
                assert player.page.locator("[data-drawings] .timeline").count() == 2
        for player in players:
            player.wait_for("over")
            assert places(player) == ["Anna", "Ben"]
        assert anna.page.locator("[data-podium-title]").inner_text() == "You won!"
        assert ben.page.locator("[data-podium-title]").inner_text() == "Anna wins!"
        ben.page.get_by_role("button", name="applause").click()
        anna.page.locator("[data-steps] .felt").wait_for()
        for player in players:
            assert player.page.locator("[data-series]").inner_text() == "Race 1 of 3"
        anna.page.get_by_role("button", name="Next race").click()
        ben.wait_for("drawing")
        for player in players:
            player.page.close()


def test_three_race_one_on_a_phone_one_losing_its_network(new_player: NewPlayer, address: str):
    anna, phone, lost = new_player(address), new_player(address, **PHONE), new_player(address)
    code = host(anna, "Anna")
    guest(phone, code, "Phone")
    lost.page.add_init_script(SCISSORS)
    guest(lost, code, "Lost")
    start_race([anna, phone, lost])
    word = anna.word
    assert phone.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for line in lines(word):
        phone.touch(line)
    done(phone)
    lost.draw([[(230.0, 100.0), (240.0, 130.0)]])
    sheet = lost.sheet()
    lost.page.evaluate("cut()")
    away = anna.page.locator("[data-opponents] li.away").get_by_text("Lost")
    away.wait_for()
    lost.page.wait_for_function("(tries) => window.tries >= tries", arg=TRIES)
    lost.page.evaluate("mend()")
    away.wait_for(state="detached")
    assert lost.stage == "drawing"
    assert lost.sheet() == sheet
    lost.page.locator("[data-act=undo]").click()
    draw(lost, lines(word))
    draw(anna, lines(word))
    revealed(anna, word)
    cards = anna.page.locator("[data-drawings] li")
    assert cards.locator(".who").all_inner_texts() == ["Phone", "Lost", "Anna"]
    assert cards.locator(".gain").all_inner_texts() == ["+5", "+3", "+2"]


def test_a_reload_keeps_seat_and_ink(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    start_race([anna, ben])
    ben.draw([[(30.0, 30.0), (60.0, 60.0)]])
    ben.page.locator("[data-speech][data-frame]").wait_for()
    sheet = ben.sheet()
    ben.page.reload()
    ben.wait_for("drawing")
    ben.wait_for_sheet(sheet)
    assert anna.page.locator("[data-opponents] li").count() == 1


def test_a_late_player_watches_and_joins_at_the_next_word(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    code = anna.page.locator("[data-code]").inner_text()
    late, screen = new_player(address).open(), new_player(address)
    start_race([anna, ben])
    word = anna.word
    join_by_code(late, code)
    late.page.locator("[data-watch-says]").get_by_text("You join with the next word").wait_for()
    screen.page.goto(f"{address}/?watch={code}")
    screen.page.locator("[data-watch-word]").get_by_text(word).wait_for()
    for player in (anna, ben):
        draw(player, lines(word))
    revealed(screen, word)
    late.page.locator(".dr[data-screen=play][data-stage=drawing]").wait_for()
    assert late.word == anna.word
    assert screen.page.locator(".dr[data-screen=watch]").count() == 1


def test_what_stands_in_the_way(new_player: NewPlayer, address: str):
    stray = new_player(address)
    stray.page.goto(f"{address}/?room=ZZZZZZ")
    stray.page.get_by_role("alertdialog").get_by_text("No room with this code").wait_for()
    stray.page.get_by_role("button", name="Try another code").click()
    anna, ben = party(new_player, address, "Anna", "Ben")
    anna.page.get_by_role("button", name="Remove Ben from the room").click()
    ben.page.get_by_role("alertdialog").get_by_text("The host removed you").wait_for()
    ben.page.get_by_role("button", name="Home").click()
    ben.page.locator(".dr[data-screen=home]").wait_for()
    stray.page.locator("[data-typed-code]").fill(
        anna.page.locator("[data-code]").inner_text().lower()
    )
    stray.page.get_by_role("button", name="Join").click()
    stray.wait_for("lobby")
    start_race([anna, stray])
    stray.page.keyboard.press("Escape")
    stray.page.get_by_role("button", name="Leave").click()
    stray.page.locator(".dr[data-screen=home]").wait_for()


def test_a_lobby_by_keyboard(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    keyboard = anna.page.keyboard
    anna.page.locator("[name=rounds]:checked").focus()
    keyboard.press("ArrowRight")
    ben.page.locator("[name=rounds][value='5']:checked").wait_for(state="attached")
    ben.page.locator("[data-lobby-name]").fill("zebra crossing")
    ben.page.keyboard.press("Enter")
    anna.page.locator(".seats").get_by_text("zebra crossing").wait_for()
    assert ben.stage == "lobby"
    ben.page.locator("[data-ready]").focus()
    ben.page.keyboard.press("Enter")
    anna.page.locator(".seats li.ready").wait_for()
    anna.page.locator("[data-start]").focus()
    keyboard.press("Enter")
    ben.wait_for("drawing")
