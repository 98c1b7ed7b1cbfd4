"""A whole Sprint on the published model, drawn with the mouse."""

from dataclasses import replace
from json import dumps, loads

import pytest

from game.rules import modes
from game.rules.sketches import DRAWINGS
from models.shelf import open_model
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player
from tests.browser.texts import word_shown

QUICKER = {"game_time": 40_000.0, "reveal": 400.0}  # this test's Sprint, in ms
ENOUGH = 3  # guessed words; the others are skipped, which uses up the time
PONDER = 2_000  # ms that the model gets for a finished drawing

STORED = "doodle-race-statistics"
BEFORE = {
    "words": {},
    "modes": {"sprint": {"games": 2, "best": 0.5, "last": "2026-01-01"}},
    "day": "2026-01-01",
    "days": 1,
}


def play(player: Player) -> list[str]:
    """Draw all words until the game is over; return them."""
    asked: list[str] = []
    while (now := player.next_word(len(asked))).stage != "over":
        asked.append(now.word)
        if player.guessed < ENOUGH:
            player.try_to_draw(DRAWINGS[now.word])
            if player.wait_for_end_of(now.round, PONDER):
                continue
        player.skip(now.round)
    return asked


def test_a_whole_sprint(new_player: NewPlayer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(modes.MODES, "sprint", replace(modes.MODES["sprint"], **QUICKER))
    with serving(open_model()) as address:
        player = new_player(address)
        player.page.add_init_script(f"localStorage.setItem({STORED!r}, {dumps(BEFORE)!r})")
        player.open()
        player.page.locator(".action[data-mode=sprint]").click()
        player.wait_for("countdown")
        player.wait_for("drawing")
        asked = play(player)
        cards = player.page.locator(".gallery li")
        names = cards.locator(".name").all_inner_texts()
        assert [word_shown(name) for name in names] == asked
        guessed = player.page.locator(".gallery li.guessed")
        assert guessed.count() >= ENOUGH
        drawn = guessed.locator("svg.picture")
        assert drawn.count() == drawn.locator(":scope:has(path)").count() == guessed.count()
        score = float(player.page.locator("[data-score] .number").inner_text())
        assert guessed.count() <= score <= 3 * len(asked)
        summary = player.page.locator("[data-summary]").inner_text()
        assert summary.startswith(f"{guessed.count()} word")
        page = player.page
        page.locator(".over [data-news]").get_by_text("Your best Sprint so far!").wait_for()
        page.get_by_role("button", name="Next: race somebody").click()
        page.locator(".dr[data-screen=meet]").wait_for()
        page.locator(".backward").click()
        player.page.locator(".over [data-act=again]").click()
        player.wait_for("countdown")
        counted = loads(page.evaluate(f"localStorage.getItem({STORED!r})"))
        assert counted["modes"]["sprint"]["games"] == 3
        assert sum(word["asked"] for word in counted["words"].values()) == len(asked)
        player.page.close()
