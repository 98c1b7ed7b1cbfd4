"""A player at a page: actions with mouse, finger and keys, and the visible state."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from time import sleep
from typing import NamedTuple

from playwright.sync_api import ConsoleMessage, Locator, Page

from game.messages import PAD
from game.rules.sketches import SketchLine
from tests.browser.chromium import PATIENCE
from tests.browser.texts import word_shown

SHEET = "[...document.querySelectorAll('.sheet canvas')].map((c) => c.toDataURL()).join()"
SPEED = 2_000  # pad units per second of the drawing hand


class Look(NamedTuple):
    """The visible state of the page at one moment; `word` is as in Quick, Draw!."""

    stage: str
    round: int
    word: str


class Player:
    """Plays on a page that shows the game.

    Attributes:
        errors: the error messages of the browser's console.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_default_timeout(PATIENCE)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(f"{said.text} {said.location['url']}")

    def open(self) -> "Player":
        """Open the page and wait until it can be played and Gradio's page, if any, has come."""
        self.page.goto(self.address)
        return self.wait()

    def wait(self) -> "Player":
        """Wait until a page that was just opened can be played; see `open`."""
        self.dr.wait_for()
        self.page.wait_for_function(
            """() => document.querySelector("[data-place]") || !document.querySelector("#first")"""
        )
        return self

    @property
    def dr(self) -> Locator:
        return self.page.locator(".dr")

    def look(self) -> Look:
        """Read the page at one moment."""
        stage, round, word = self.page.evaluate(
            """() => {
              const { stage, round } = document.querySelector(".dr").dataset;
              return [stage, Number(round), document.querySelector("[data-word]").textContent];
            }"""
        )
        return Look(stage, round, word_shown(word))

    @property
    def stage(self) -> str:
        return self.look().stage

    @property
    def round(self) -> int:
        return self.look().round

    @property
    def word(self) -> str:
        return self.look().word

    @property
    def guessed(self) -> int:
        """The number of guessed words of the running Sprint."""
        return int(self.page.locator("[data-marks] .guessed b").inner_text())

    def wait_for_guessed(self, number: int) -> None:
        """Wait until so many words of the running Sprint are guessed, however soon it goes on."""
        guessed = self.page.locator("[data-marks] .guessed b")
        guessed.get_by_text(str(number), exact=True).wait_for()

    @property
    def speech(self) -> str:
        return self.page.locator("[data-speech]").inner_text()

    def wait_for(self, stage: str) -> None:
        self.page.locator(f".dr[data-stage={stage}]").wait_for()

    def wait_for_end_of(self, round: int, within: float) -> bool:
        """Whether the round ends within a number of milliseconds."""
        return self._soon(
            "round => { const { stage, round: now } = document.querySelector('.dr').dataset;"
            " return stage !== 'drawing' || Number(now) !== round; }",
            round,
            within,
        )

    def next_word(self, after: int) -> Look:
        """Wait for a word of a later round than `after`, or for the end of the game."""
        found = self.page.wait_for_function(
            """(after) => {
              const { stage, round } = document.querySelector(".dr").dataset;
              const word = document.querySelector("[data-word]").textContent;
              const there = stage === "over" || (stage === "drawing" && Number(round) > after);
              return there && [stage, Number(round), word];
            }""",
            arg=after,
        )
        stage, round, word = found.json_value()
        return Look(stage, round, word_shown(word))

    def skip(self, round: int) -> None:
        """Press the key that skips the word of a round, unless the round has ended meanwhile."""
        self.page.evaluate(
            """(round) => {
              const { stage, round: now } = document.querySelector(".dr").dataset;
              if (stage === "drawing" && Number(now) === round)
                dispatchEvent(new KeyboardEvent("keydown", { key: "s" }));
            }""",
            round,
        )

    def painted(self) -> None:
        """Wait until the page has shown what it did so far."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def begin(self, mode: str) -> None:
        """Choose a mode and wait for the first word."""
        self.page.locator(f".home [data-mode={mode}]").click()
        self.wait_for("drawing")

    def draw(self, lines: Sequence[SketchLine]) -> None:
        """Draw with the mouse, no faster than a hand; points in pad units."""
        assert self.try_to_draw(lines), "the pad is not on the page"

    def try_to_draw(self, lines: Sequence[SketchLine]) -> bool:
        """Draw unless the pad is hidden, as after a round's end; whether it was shown.

        Only this may follow a look at the page that shows a running round: the round may have
        ended since. A pad that is hidden while the mouse moves takes no more ink.
        """
        box = self._box()
        if box is None:
            return False
        left, top, side = box
        mouse = self.page.mouse
        for line in lines:
            mouse.move(left + line[0][0] * side / PAD, top + line[0][1] * side / PAD)
            mouse.down()
            for (x, y), spot in pairwise(line):
                sleep(hypot(spot[0] - x, spot[1] - y) / SPEED)
                mouse.move(left + spot[0] * side / PAD, top + spot[1] * side / PAD)
            mouse.up()
        return True

    def touch(self, line: SketchLine) -> None:
        """Draw a line with a finger, no faster than a hand; points in pad units."""
        x, y, side = self._pad()
        sleep(sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)) / SPEED)
        self.drag([(x + a * side / PAD, y + b * side / PAD) for a, b in line])

    def drag(self, spots: SketchLine) -> None:
        """Drag a finger over the page; points in CSS pixels."""
        session = self.page.context.new_cdp_session(self.page)
        for index, (x, y) in enumerate(spots):
            kind = "touchMove" if index else "touchStart"
            session.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            )
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        session.detach()

    def ink_at(self, x: float, y: float) -> bool:
        """Whether there is ink on the pad at a point in pad units."""
        return self.page.evaluate(
            """([x, y]) => ["pad", "wet"].some((name) => {
              const canvas = document.querySelector(`canvas.${name}`);
              const [left, top] = [x, y].map((part) => Math.round((part / 256) * canvas.width));
              return canvas.getContext("2d").getImageData(left, top, 1, 1).data[3] > 0;
            })""",
            [x, y],
        )

    def sheet(self) -> str:
        """The whole drawing as an image, to compare it."""
        return self.page.evaluate(SHEET)

    def wait_for_sheet(self, sheet: str) -> None:
        """Wait until the drawing is shown that `sheet` returned."""
        self.page.wait_for_function(f"(sheet) => {SHEET} === sheet", arg=sheet)

    def _pad(self) -> tuple[float, float, float]:
        box = self._box()
        assert box, "the pad is not on the page"
        return box

    def _box(self) -> tuple[float, float, float] | None:
        """Left, top and side of the pad in CSS pixels; None while it is hidden."""
        box = self.page.locator("[data-pad]").bounding_box()
        return (box["x"], box["y"], box["width"]) if box else None

    def _soon(self, condition: str, value: int, within: float) -> bool:
        return self.page.evaluate(
            f"""async ([value, within]) => {{
              const holds = {condition};
              const end = performance.now() + within;
              while (performance.now() < end && !holds(value))
                await new Promise((done) => setTimeout(done, 15));
              return holds(value);
            }}""",
            [value, within],
        )
