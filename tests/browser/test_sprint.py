"""A whole Sprint on the published model, drawn with the mouse by a player who can draw a little."""

from dataclasses import replace

import pytest

from game import rules
from models.shelf import open_model
from tests.browser.conftest import Sit, serving
from tests.browser.drawings import DRAWINGS, dense
from tests.browser.player import Player

DRAWING_TIME = 15_000.0  # ms, for this test's Sprint
PONDER = 1_200  # ms that the model gets for a finished drawing


def play(player: Player) -> tuple[list[str], list[str]]:
    """Draw word after word until the game is over; the words guessed and the words given up."""
    guessed: list[str] = []
    skipped: list[str] = []
    while player.stage != "over":
        if player.stage != "drawing":
            player.page.wait_for_timeout(20)
            continue
        word, round = player.word, player.round
        player.draw([dense(line, 14) for line in DRAWINGS[word]])
        if not player.wait_for_end_of(round, PONDER):
            player.page.keyboard.press("s")
        if not player.wait_for_end_of(round, PONDER):
            continue
        result = player.page.locator("[data-stamp]").get_attribute("class")
        (guessed if result and "guessed" in result else skipped).append(word)
    return guessed, skipped


def test_a_whole_sprint(sit: Sit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(
        rules.MODES, "sprint", replace(rules.MODES["sprint"], game_time=DRAWING_TIME)
    )
    with serving(open_model()) as address:
        player = sit(address).open()
        player.page.locator(".door[data-mode=sprint]").click()
        player.wait_for("countdown")
        player.wait_for("drawing")
        guessed, _ = play(player)
        assert len(guessed) >= 3
        cards = player.page.locator(".gallery li.guessed")
        assert cards.locator(".name").all_inner_texts() == guessed
        assert player.page.locator("[data-score] .number").inner_text() == str(len(guessed))
        assert cards.locator("svg path").count() >= len(guessed)
        player.page.locator(".over [data-act=again]").click()
        player.wait_for("countdown")
        player.page.close()
