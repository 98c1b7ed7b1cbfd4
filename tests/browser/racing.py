"""Several players at their pages, racing each other."""

from collections.abc import Sequence

from game.rules.sketches import SketchLine
from tests.browser.conftest import NewPlayer
from tests.browser.player import Player
from tests.game.fakes import bars

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NAMED = "(name) => localStorage.setItem('doodle-race-name', name)"


def lines(word: str) -> list[SketchLine]:
    """The bars that `CountsBars` takes for a word."""
    return [[(x, y) for x, y, _ in (bar[0], bar[-1])] for bar in bars(word)]


def host(player: Player, name: str) -> str:
    """Open a room from the start page; return its code."""
    page = player.open().page
    page.locator(".home [data-act=meet]").click()
    page.locator(".meet [data-own-name]").fill(name)
    page.locator("[data-act=open-room]").click()
    player.wait_for("lobby")
    page.locator("[data-seconds-choice]").focus()
    page.keyboard.press("End")  # the longest rounds: a round ends when everyone is done
    page.locator("[data-seconds-shown]").get_by_text("60 s").wait_for()
    return page.locator("[data-code]").inner_text()


def known_as(player: Player, name: str) -> Player:
    """Let the browser have a name stored from an earlier visit."""
    player.page.add_init_script(f"({NAMED})({name!r})")
    return player


def guest(player: Player, code: str, name: str) -> Player:
    """Join a room by its link."""
    known_as(player, name).page.goto(f"{player.address}/?room={code}")
    player.wait_for("lobby")
    return player


def join_by_code(player: Player, code: str) -> None:
    """Join a room by typing its code, also during a race; the page is open."""
    page = player.page
    page.locator(".home [data-act=meet]").click()
    page.locator("[data-typed-code]").fill(code.lower())
    page.get_by_role("button", name="Join").click()


def party(new_player: NewPlayer, address: str, *names: str) -> list[Player]:
    """A room with all players, of whom the first is the host."""
    first, *others = [new_player(address) for _ in names]
    code = host(first, names[0])
    for player, name in zip(others, names[1:], strict=True):
        guest(player, code, name)
    first.page.locator(f".seats li:not(.free):nth-child({len(names)})").wait_for()
    return [first, *others]


def start_race(players: Sequence[Player]) -> None:
    """The first of the players starts the race."""
    players[0].page.locator("[data-start]").click()
    for player in players:
        player.wait_for("drawing")


def draw(player: Player, word_lines: Sequence[SketchLine]) -> None:
    """Draw until the AI has guessed the drawing, which may end the round."""
    over = f".dr:not([data-stage=drawing][data-round='{player.round}'])"
    guessed = player.page.locator(f"{over}, [data-stamp].guessed:visible")
    for line in word_lines:
        if guessed.count() or not player.try_to_draw([line]):
            break
    guessed.first.wait_for()


def done(player: Player) -> None:
    """Wait until the own drawing was guessed."""
    player.page.locator("[data-stamp].guessed:visible").wait_for()


def revealed(player: Player, word: str) -> None:
    """Wait until a word's drawings have been shown; on a busy machine they may be hidden again."""
    shown = player.page.locator("[data-reveal-word]", has_text=word)
    shown.wait_for(state="attached")


def places(player: Player) -> list[str]:
    """The names on the podium, best first."""
    steps = player.page.locator("[data-steps] li .who").all_inner_texts()
    return steps + player.page.locator("[data-rest] .who").all_inner_texts()
