"""Words with thresholds of their own: the flag stands at the threshold of the present word."""

from collections.abc import Generator

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from game.rules.certainty import FLAG
from models import shelf
from tests.browser.conftest import NewPlayer, serving
from tests.browser.player import PATIENCE, Player
from tests.game.fakes import EASY

CARD = shelf.read_card("words-b0")  # each of its words wins at a probability of its own
LOW, HIGH = (choose(CARD.thresholds, key=CARD.thresholds.__getitem__) for choose in (min, max))
BETWEEN = (CARD.thresholds[LOW] + CARD.thresholds[HIGH]) / 2
ENOUGH = (CARD.thresholds[HIGH] + 1) / 2
# How far the mercury's top is below the flag's line, in CSS pixels, on a thermometer that stands.
BELOW = """() => {
  const box = (name) => document.querySelector(`[data-thermo] ${name}`).getBoundingClientRect();
  return box(".heat").top - box(".goal").top;
}"""


class TwoWords:
    """A model of two words, whose probability of the drawn word a test sets."""

    words = (LOW, HIGH)
    difficulty = EASY

    def __init__(self) -> None:
        self.thresholds = {word: CARD.thresholds[word] for word in self.words}
        self.word, self.probability = LOW, BETWEEN

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities (N, 2) of bitmaps (N, 28, 28), all the same; the rest is other words'."""
        other = (1 - self.probability) / 2
        row = [self.probability if word == self.word else other for word in self.words]
        return np.tile(np.array(row, np.float32), (len(bitmaps), 1))


@pytest.fixture
def model() -> TwoWords:
    return TwoWords()


@pytest.fixture
def address(model: TwoWords) -> Generator[str]:
    with serving(model) as address:
        yield address


def heat(page: Page) -> float:
    thermo = page.locator("[data-thermo]")
    return float(thermo.evaluate("it => it.style.getPropertyValue('--heat')"))


def some_ink(player: Player, upright: bool = False) -> None:
    """A few lines, one after the other, so that several frames are judged."""
    for step in range(4):
        line = [(30.0, 40.0 + 50 * step), (220.0, 60.0 + 50 * step)]
        player.try_to_draw([[(y, x) for x, y in line] if upright else line])


def test_the_same_certainty_wins_one_word_and_stays_below_the_flag_of_another(
    new_player: NewPlayer, address: str, model: TwoWords
):
    assert CARD.thresholds[LOW] + 0.1 < BETWEEN < CARD.thresholds[HIGH] - 0.1
    player = new_player(address, viewport={"width": 1280, "height": 800}).open()
    player.begin("sprint")
    now = player.look()
    seen: set[str] = set()
    for _ in range(2):
        model.word, model.probability = now.word, BETWEEN
        seen.add(now.word)
        some_ink(player)
        if now.word == HIGH:
            player.page.locator("[data-speech][data-frame]").wait_for()
            player.painted()
            assert player.look() == now, "it is not won"
            assert 0 < heat(player.page) < FLAG - 0.05
            assert player.page.evaluate(BELOW) > 0
            model.probability = ENOUGH
            some_ink(player, upright=True)
        assert player.wait_for_end_of(now.round, PATIENCE)
        now = player.next_word(now.round)
    assert seen == {LOW, HIGH}
    assert player.guessed == 2
