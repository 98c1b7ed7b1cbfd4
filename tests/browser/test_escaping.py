"""A player whose name is markup: every page shows it as text."""

from playwright.sync_api import Page

from game.messages import Board, Message, RaceState, Reveal, RevealedDrawing
from tests.browser.conftest import NewPlayer
from tests.browser.puppet import Puppet, Scene, serving
from tests.browser.races import BOARD, CHALLENGE, HOME, REPLAY, drawing, podium, race, reveal

EVIL = '<img src=x onerror="window.hacked = true">'


def evil(message: Message) -> Message:
    """The message with the evil name for everyone."""
    changes: dict[str, object] = {}
    if isinstance(message, RaceState):
        changes["seats"] = [seat.model_copy(update={"name": EVIL}) for seat in message.seats]
        changes["podium"] = [place.model_copy(update={"name": EVIL}) for place in message.podium]
    elif isinstance(message, Reveal):
        changes["drawings"] = [named(each) for each in message.drawings]
    elif isinstance(message, Board):
        changes["rows"] = [row.model_copy(update={"name": EVIL}) for row in message.rows]
    elif "name" in type(message).model_fields:
        changes["name"] = EVIL
    return message.model_copy(update=changes)


def named(each: RevealedDrawing) -> RevealedDrawing:
    frames = [(frame, at, sure, EVIL) for frame, at, sure, _ in each.frames]
    return each.model_copy(update={"name": EVIL, "frames": frames})


def harmless(page: Page) -> bool:
    return page.evaluate("!window.hacked && !document.querySelector('.dr img')")


def test_names_are_never_markup(new_player: NewPlayer):
    course = (
        race("lobby", 3),
        *drawing(3, "cat", 0.3, 0.2).messages,
        *drawing(3, "cat", 0.3, 0.2, you=None).messages,
        *reveal(3, "cat").messages,
        *podium(4).messages,
    )
    records = {"/replays/replay0": REPLAY, "/boards": BOARD, "/challenges/challenge0": CHALLENGE}
    puppet = Puppet()
    puppet.scene = Scene(tuple(map(evil, course)), records={k: evil(v) for k, v in records.items()})
    with serving(puppet.app) as address:
        page = new_player(address).open().page
        page.locator("[data-steps]").get_by_text(EVIL).first.wait_for()
        assert harmless(page)
        page.locator("[data-wall] .look").first.click()
        page.locator("[data-replay-by]").get_by_text(EVIL).wait_for()
        assert harmless(page)
        puppet.scene = Scene((HOME,), records=puppet.scene.records)
        page.goto(f"{address}/?challenge=challenge0")
        page.locator("[data-challenge-title]").get_by_text(EVIL).wait_for()
        page.locator("[data-act=back]").first.click()
        page.locator(".home [data-act=boards]").click()
        page.locator("[data-ranks]").get_by_text(EVIL).first.wait_for()
        assert harmless(page)
