"""Voice, thermometer and flag agree, on a page that is told what to show."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Page, expect

from game.rules.certainty import CLOSE_HELD, FLAG
from tests.browser.conftest import NewPlayer
from tests.browser.puppet import THRESHOLD, Puppet, serving
from tests.browser.races import drawing

ALMOST = "Almost! One more line."


@pytest.fixture(scope="module")
def puppet() -> Puppet:
    return Puppet()


@pytest.fixture(scope="module")
def address(puppet: Puppet) -> Generator[str]:
    with serving(puppet.app) as address:
        yield address


def page_with_guess(
    new_player: NewPlayer, address: str, puppet: Puppet, probability: float
) -> Page:
    """A page that shows a guess of the player's cat; tests move its clock."""
    puppet.scene = drawing(3, "cat", 1, probability)
    player = new_player(address)
    player.page.clock.install()
    return player.open().page


def heat(page: Page) -> float:
    return float(
        page.locator("[data-thermo]").evaluate("it => it.style.getPropertyValue('--heat')")
    )


def test_the_guesser_is_certain_only_where_the_flag_stands(
    new_player: NewPlayer, address: str, puppet: Puppet
):
    speech = "[data-speech]"
    unsure = page_with_guess(new_player, address, puppet, 0.8)
    expect(unsure.locator(speech)).to_contain_text("a cat?")
    assert heat(unsure) < FLAG - 0.2
    certain = page_with_guess(new_player, address, puppet, THRESHOLD)
    expect(certain.locator(speech)).to_have_text("a cat!")
    assert heat(certain) == pytest.approx(FLAG, abs=0.001)


def test_a_guess_that_stays_close_gets_some_encouragement(
    new_player: NewPlayer, address: str, puppet: Puppet
):
    page = page_with_guess(new_player, address, puppet, 0.95)
    speech = page.locator("[data-speech]")
    page.clock.run_for(int(CLOSE_HELD) + 100)
    expect(speech).to_have_text(ALMOST)
