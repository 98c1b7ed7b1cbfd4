"""The host's choices in the lobby, and what the guests see of them."""

from collections.abc import Generator

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from game.words.packs import PACKS
from tests.browser.conftest import NeverSure, NewPlayer, serving
from tests.browser.racing import party, start_race

FOOD = PACKS["food"][:7]
ANIMALS = PACKS["animals"][:9]


class KnowsSome(NeverSure):
    """A model that knows enough food and animals for two packs, and too little of the rest."""

    words = (*FOOD, *ANIMALS, "sun", "moon")

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.full((len(bitmaps), len(self.words)), 1 / len(self.words), np.float32)


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    with serving(KnowsSome()) as address:
        yield address


def test_a_host_chooses_packs_and_the_guests_see_them(new_player: NewPlayer, address: str):
    anna, ben = party(new_player, address, "Anna", "Ben")
    chips = anna.page.locator("[data-packs] label")
    assert chips.locator("span").all_inner_texts() == [
        *("Everything", "Animals", "Food", "Your own words")
    ]
    expect(anna.page.get_by_label("Everything")).to_be_checked()
    anna.page.get_by_label("Food").check()
    expect(anna.page.get_by_label("Everything")).not_to_be_checked()
    chosen = ben.page.locator("[data-packs] label:visible span")
    expect(chosen).to_have_text(["Food"])
    expect(ben.page.get_by_label("Food")).to_be_disabled()
    anna.page.locator("[name=rounds][value='5']").check(force=True)
    expect(ben.page.locator("[name=rounds][value='5']")).to_be_checked()
    expect(chosen).to_have_text(["Food"])
    start_race([anna, ben])
    assert anna.word in FOOD


def test_own_words_are_read_and_unknown_ones_refused_in_a_sentence(
    new_player: NewPlayer, address: str
):
    anna, ben = party(new_player, address, "Anna", "Ben")
    anna.page.get_by_label("Your own words").first.check()
    text, says = anna.page.locator("[data-own-text]"), anna.page.locator("[data-own-says]")
    text.fill("sun, mooon")
    anna.page.get_by_role("button", name="Use these words").click()
    expect(says).to_contain_text("A race needs at least 3 words that I know.")
    expect(says).to_contain_text("I don’t know “mooon”. The nearest I know is “moon”.")
    text.fill("a sun; Moon, apple, unicorn")
    anna.page.get_by_role("button", name="Use these words").click()
    expect(says).to_contain_text("The race asks these 3 words.")
    expect(says).to_contain_text("I don’t know “unicorn”.")
    expect(ben.page.locator("[data-own-list]")).to_have_text("sun, moon, apple")
    anna.page.locator("[data-seconds-choice]").press("ArrowLeft")
    expect(ben.page.locator("[data-seconds-shown]")).to_have_text("55 s")
    start_race([anna, ben])
    assert anna.word in ("sun", "moon", "apple")
