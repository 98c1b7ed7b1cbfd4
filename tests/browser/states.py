"""Pictures of every state of the page, on phone and desktop, in light and dark.

python -m tests.browser.states [--only drawing_warm] [--sizes desktop] [--looks dark]

The page is the real one. The server is a puppet that sends exactly what a state needs, so every
picture can be made again. Nothing is checked here: a person has to look at the pictures.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from game.messages import AttemptKept, GameKept, Guesses, Problem, RoundResult, State
from models.command import run
from models.words import CLASSIC
from tests.browser import races
from tests.browser.chromium import launch
from tests.browser.puppet import Puppet, Scene, guesses, serving, strokes

SIZES = {
    "phone": (390, 844),
    "desktop": (1440, 900),
    "big": (1920, 1080),
    "readme": (1200, 750),
    "phone_zoomed": (195, 422),  # the same at 200 % zoom
    "desktop_zoomed": (720, 450),
    "sideways": (844, 390),
    "tablet": (820, 1180),
}
LOOKS = ("light", "dark")


@dataclass(frozen=True)
class Options:
    """Make pictures of the page's states."""

    out: Path = Path("build/states")
    """Folder for the pictures."""
    readme: Path = Path("docs/game.png")
    """File of the thumbnail, which is written when all states are pictured."""
    only: tuple[str, ...] = ()
    """States to picture. Default: all."""
    sizes: tuple[str, ...] = ("phone", "desktop")
    """Names of screens."""
    looks: tuple[str, ...] = LOOKS
    """Colour schemes: light, dark."""
    language: str = "en"
    """Language of the browser."""


def result(word: str, outcome: Any, seconds: float, *seen: tuple[str, float]) -> RoundResult:
    return RoundResult(
        word=word,
        outcome=outcome,
        milliseconds=seconds * 1000,
        points=1 if outcome == "guessed" else 0,
        best=seen[0][1] if seen else 0,
        strokes=strokes(word) if seen else [],
        guesses=guesses(*seen),
    )


DONE = [
    result("house", "guessed", 4.2, ("house", 0.98), ("cake", 0.01), ("car", 0.01)),
    result("fish", "guessed", 3.1, ("fish", 0.97), ("bird", 0.02), ("banana", 0.01)),
    result("bicycle", "skipped", 9.7, ("car", 0.41), ("bicycle", 0.33), ("cat", 0.1)),
    result("sun", "guessed", 2.4, ("sun", 0.99), ("bird", 0.01), ("cat", 0.01)),
    result("cat", "guessed", 8.8, ("cat", 0.93), ("bird", 0.04), ("fish", 0.01)),
    result("tree", "guessed", 5.6, ("tree", 0.95), ("cake", 0.02), ("house", 0.01)),
    result("cake", "guessed", 6.3, ("cake", 0.92), ("house", 0.03), ("car", 0.02)),
    result("car", "bell", 4.9, ("car", 0.52), ("bicycle", 0.3), ("bird", 0.1)),
]
SPRINT = State(
    stage="drawing",
    mode="sprint",
    round=4,
    left=43_500,
    total=60_000,
    points=4,
    worth=2,
    results=DONE[:3],
)
SIX = State(
    stage="reveal", mode="quick_six", round=4, rounds=6, left=2_500, total=2_500, results=DONE[:4]
)


def drawing(word: str, share: float, *seen: tuple[str, float], **changes: Any) -> Scene:
    """The middle of a word of a Sprint."""
    state = SPRINT.model_copy(
        update={"word": word, "strokes": strokes(word, share) if share else [], **changes}
    )
    target = dict(seen).get(word, 0.0)
    said = Guesses(round=4, frame=9, guesses=guesses(*seen), target=target, hold=0)
    return Scene((state, said) if seen else (state,))


def hang_up(page: Page) -> None:
    """Cut the connection for good, as when the server's machine stops."""
    page.evaluate("window.raceSockets.forEach((socket) => socket.close())")


def wait_for_gone(page: Page) -> None:
    hang_up(page)
    page.get_by_role("alertdialog").wait_for(timeout=20_000)


SCENES: dict[str, Scene] = {
    "home": Scene((State(stage="home"),)),
    "countdown": Scene(
        (State(stage="countdown", mode="sprint", round=1, left=2_950, total=3_000),),
        lambda page: page.wait_for_timeout(250),
    ),
    "drawing_empty": drawing("house", 0),
    "drawing_cold": drawing("cat", 0.3, ("sun", 0.24), ("fish", 0.2), ("cat", 0.08)),
    "drawing_warm": drawing("bicycle", 1, ("bicycle", 0.71), ("car", 0.2), left=4_300),
    "guessed": Scene(
        (
            SPRINT.model_copy(
                update={
                    "word": "tree",
                    "results": DONE[:5],
                    "round": 6,
                    "strokes": strokes("tree"),
                }
            ),
            State(
                stage="reveal",
                mode="sprint",
                round=6,
                left=1_200,
                total=1_200,
                results=DONE[:6],
            ),
        )
    ),
    "bell": Scene((SIX.model_copy(update={"results": [*DONE[:3], DONE[7]]}),)),
    "reveal_skipped": Scene((SIX.model_copy(update={"results": DONE[:3], "round": 3}),)),
    "over_sprint": Scene(
        (State(stage="over", mode="sprint", round=8, points=9.8, results=DONE),),
        lambda page: page.wait_for_timeout(200),
    ),
    "over_challenge": Scene(
        (
            State(stage="over", mode="sprint", round=8, points=9.8, results=DONE),
            AttemptKept(round=1, replay="replay0"),
            GameKept(challenge="challenge0"),
        ),
    ),
    "over_nothing": Scene(
        (
            State(
                stage="over",
                mode="quick_six",
                round=6,
                rounds=6,
                results=[result(word, "bell", 20) for word in CLASSIC[:6]],
            ),
        )
    ),
    "practise": Scene(
        (
            State(stage="drawing", mode="practise", round=1, strokes=strokes("bird")),
            Guesses(
                round=1,
                frame=3,
                guesses=guesses(
                    ("bird", 0.914),
                    ("fish", 0.052),
                    ("banana", 0.02),
                    ("cat", 0.01),
                    ("sun", 0.002),
                ),
                target=0,
            ),
        )
    ),
    "how": Scene(
        (State(stage="drawing", mode="practise", round=1, strokes=strokes("fish")),),
        lambda page: page.locator("[data-act=eye]").click(),
    ),
    "reconnecting": Scene(drawing("fish", 0.6, ("fish", 0.4), ("bird", 0.3)).messages, hang_up),
    "gone": Scene(drawing("fish", 0.6, ("fish", 0.4), ("bird", 0.3)).messages, wait_for_gone),
    "stopping": Scene(
        (*drawing("fish", 0.6).messages, Problem(code="stopping", text="", fatal=True)), hang_up
    ),
    **races.SCENES,
}


# Lets a scene cut the connection: the second and later sockets of a page never open.
SOCKETS = """
window.raceSockets = [];
window.WebSocket = class extends WebSocket {
  constructor(url) {
    super(window.raceSockets.length ? String(url).replace("/race", "/nowhere") : url);
    window.raceSockets.push(this);
  }
};
"""


def picture(
    browser: Browser,
    url: str,
    scene: Scene,
    size: str,
    look: str,
    out: Path,
    language: str = "en",
) -> None:
    """Open the page in a fresh context and take one picture."""
    width, height = SIZES[size]
    context = browser.new_context(
        locale=language,
        viewport={"width": width, "height": height},
        color_scheme="dark" if look == "dark" else "light",
        device_scale_factor=1,
        has_touch=size == "phone",
    )
    page = context.new_page()
    page.add_init_script(SOCKETS)
    page.goto(url + scene.query)
    page.locator(f".dr[data-stage={scene.stage}]").wait_for()
    scene.act(page)
    page.wait_for_timeout(260)
    page.screenshot(path=out)
    context.close()


def main(options: Options) -> None:
    """Take all pictures that the options ask for."""
    options.out.mkdir(parents=True, exist_ok=True)
    puppet = Puppet()
    with serving(puppet.app) as url, sync_playwright() as playwright:
        browser = launch(playwright)
        for name in options.only or SCENES:
            puppet.scene = SCENES[name]
            for size in options.sizes:
                for look in options.looks:
                    out = options.out / f"{name}-{size}-{look}.png"
                    picture(browser, url, puppet.scene, size, look, out, options.language)
        if not options.only:
            puppet.scene = SCENES["drawing_warm"]
            picture(browser, url, puppet.scene, "readme", "light", options.readme)
        browser.close()


if __name__ == "__main__":
    run(Options, main)
