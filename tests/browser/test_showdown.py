"""The showdown of the published models, drawn with the mouse."""

from playwright.sync_api import Locator, TimeoutError

from game.rooms.showdown import open_rivals
from game.rules.sketches import DRAWINGS
from models.shelf import DEFAULT, open_model
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import Player

WORDS = 5  # tries, as a model may miss a word
PONDER = 8_000  # ms that the slower ones get


def guessed_by_all(player: Player, last: Locator) -> bool:
    """Draw the word; return whether all models have guessed it."""
    asked = player.look()
    player.draw(DRAWINGS[asked.word])
    try:
        last.wait_for(timeout=PONDER)
    except TimeoutError:
        player.page.keyboard.press("s")
        assert player.wait_for_end_of(asked.round, PONDER)
        player.wait_for("drawing")
        return False
    return True


def test_all_published_models_guess_the_same_drawing(new_player: NewPlayer):
    model = open_model()
    rivals = open_rivals(DEFAULT, model.words)
    names = [DEFAULT, *rivals]
    assert len(names) > 1
    with serving(model, model_name=DEFAULT, rivals=rivals) as address:
        player = new_player(address).open()
        player.begin("showdown")
        rows = player.page.locator("[data-showdown-list] li")
        assert rows.locator("b").all_inner_texts() == names
        done = player.page.locator("[data-showdown-list] li.done")
        assert any(guessed_by_all(player, done.nth(len(rivals))) for _ in range(WORDS))
        first = done.locator(":scope.first .when").all_inner_texts()
        assert first
        assert all("first" in time for time in first)
        seconds = [float(time.split()[0]) for time in done.locator(".when").all_inner_texts()]
        assert {float(time.split()[0]) for time in first} == {min(seconds)}
        player.page.close()
