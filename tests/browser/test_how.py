"""How it works: beside free drawing one sees the bitmap that the AI sees."""

from tests.browser.conftest import NewPlayer, serving
from tests.game.fakes import CountsBars

INK = """() => {
  const canvas = document.querySelector("[data-eye]");
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return { width, height, lit: data.filter((value, i) => i % 4 === 0 && value > 100).length };
}"""


def test_the_drawing_is_seen_as_the_ai_sees_it(new_player: NewPlayer):
    with serving(CountsBars()) as address:
        player = new_player(address).open()
        page = player.page
        page.locator("[data-act=how]").click()
        player.wait_for("drawing")
        assert page.locator(".eye canvas").is_visible()
        player.draw([[(60, 20), (60, 220)], [(120, 20), (120, 220)]])
        page.locator("[data-five] li").first.get_by_text("two").wait_for()
        seen = page.evaluate(INK)
        assert (seen["width"], seen["height"]) == (28, 28)
        assert 40 <= seen["lit"] <= 120  # two bars, some 22 pixels high and one or two wide
        page.keyboard.press("c")
        page.wait_for_function(f"({INK})().lit === 0")
        page.get_by_role("button", name="What the AI sees").click()
        assert page.locator(".eye canvas").is_hidden()
        page.close()


def test_newcomers_are_told_the_game_and_others_are_not(new_player: NewPlayer):
    with serving(CountsBars()) as address:
        player = new_player(address).open()
        page = player.page
        for explained in (True, True, False):
            page.keyboard.press("Enter")
            player.wait_for("countdown")
            assert page.locator("[data-explain]").is_visible() is explained
            player.wait_for("drawing")
            assert page.locator("[data-explain]").is_hidden()
            page.keyboard.press("Escape")
            player.wait_for("home")
        page.close()
