"""The page in each language: chosen by the browser or the player, remembered, fit for a phone."""

import pytest

from game.words.languages import languages
from models.shelf import open_model
from tests.browser.conftest import NeverSure, NewPlayer, serving
from tests.browser.texts import TEXTS

PHONE = {"width": 390, "height": 844}
# Elements with text that stand outside the window, or whose text does not fit them.
OVERFLOWING = """() => {
  const shown = [...document.querySelectorAll(".dr :is(button, b, small, h2, p, span, select)")]
    .filter((e) => e.textContent.trim() && e.checkVisibility())
    .filter((e) => !e.closest(".spoken, [aria-hidden]"));
  const outside = shown.filter((e) => {
    const { left, right } = e.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1;
  });
  const narrow = shown.filter((e) => e.tagName === "BUTTON" && e.scrollWidth > e.clientWidth + 1);
  const low = [...document.querySelectorAll(".dr .tools button")].filter((e) =>
    e.checkVisibility() && e.getBoundingClientRect().bottom > innerHeight);
  return [...[...outside, ...narrow, ...low].map((e) => e.textContent.trim()),
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page itself"] : [])];
}"""


@pytest.mark.parametrize("code", languages())
def test_the_browser_s_language_is_spoken_and_fits_a_phone(new_player: NewPlayer, code: str):
    with serving(open_model()) as address:
        player = new_player(address, locale=code, viewport=PHONE, has_touch=True).open()
        page = player.page
        assert page.locator("html").get_attribute("lang") == code
        assert (
            page.locator("[data-mode=sprint] [data-mode-title]").inner_text()
            == TEXTS[code]["modes"]["sprint"]["button"]
        )
        assert page.evaluate(OVERFLOWING) == []
        player.begin("sprint")
        names = {languages()[code].nouns[word].name for word in open_model().words}
        assert page.locator("[data-word]").text_content() in names
        assert page.evaluate(OVERFLOWING) == []
        page.close()
        player = new_player(address, locale=code, viewport=PHONE, has_touch=True).open()
        player.begin("practise")
        assert player.page.evaluate(OVERFLOWING) == []
        player.page.close()


def test_a_language_chosen_on_the_page_is_kept(new_player: NewPlayer):
    with serving(NeverSure()) as address:
        player = new_player(address, locale="pt-BR").open()
        page = player.page
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_label(TEXTS["en"]["language"]).select_option("ja")
        page.locator("[data-mode=sprint] [data-mode-title]").get_by_text(
            TEXTS["ja"]["modes"]["sprint"]["button"]
        ).wait_for()
        assert player.speech == TEXTS["ja"]["hover"]["none"]
        page.reload()
        player.wait()
        assert page.locator("html").get_attribute("lang") == "ja"
        assert page.locator("[data-language]").input_value() == "ja"
        page.close()
