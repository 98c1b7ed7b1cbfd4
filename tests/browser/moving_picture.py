"""The README's moving picture: a round of a race against the ghost that ships with the game.

python -m tests.browser.moving_picture

Server, model and ghost are the real ones. The drawing is a sample of `models.samples`, drawn with
the mouse at the speed of a hand. The round is shown at half its speed.
"""

import time
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import ceil, hypot
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from game.messages import PAD
from game.records import open_records
from game.rules.sketches import SketchLine
from models.command import UserError, run, whole_file
from models.defaults import SERVED
from models.drawing import read_ndjson
from models.samples import FOLDER
from models.shelf import open_model
from tests.browser.chromium import launch
from tests.browser.conftest import serving
from tests.browser.player import Player

SCREEN = (1080, 720)  # CSS pixels
SPEED = 700.0  # pad units per second of the drawing hand
LIFTED = 0.05  # seconds between two strokes
READS = 0.5  # seconds to read the word
GAP = 0.06  # seconds from a picture to the next, at least
REVEALED = 1.5  # seconds for which the end of the round is shown
SLOWER = 2  # times as long as in play, so that the guesses can be read
LAST = 2_000  # ms for which the last picture is shown
WON = "You were first"
LARGEST = 400_000  # bytes
WORDS = ("house", "sun")  # words of the ghost of which there are samples

Shot = tuple[float, bytes]  # seconds on a clock that never runs backwards, and a picture in PNG


class Point(NamedTuple):
    """A point of a drawing.

    Attributes:
        at: seconds since the first point.
        begins: whether a stroke begins here.
        corner: whether the line may turn here.
    """

    at: float
    x: float
    y: float
    begins: bool = False
    corner: bool = False


@dataclass(frozen=True)
class Options:
    """Make the README's moving picture."""

    out: Path = Path("docs/race.webp")
    """File of the picture."""
    word: str = WORDS[0]
    """Word of the round."""
    width: int = 720
    """Width of the picture in pixels."""


def sample(word: str) -> list[SketchLine]:
    """The lines of the first sample drawing of a word, in pad units."""
    drawing = next(iter(read_ndjson(FOLDER / f"{word}.ndjson")))
    return [[(float(x), float(y)) for x, y in stroke.xy] for stroke in drawing.strokes]


def timed(lines: list[SketchLine], step: float = 10.0) -> list[Point]:
    """Points at most `step` pad units apart, with the times of an even hand."""
    points: list[Point] = []
    at = 0.0
    for line in lines:
        points.append(Point(at, *line[0], begins=True))
        for (x, y), (to_x, to_y) in pairwise(line):
            length = hypot(to_x - x, to_y - y)
            for part in range(1, (parts := ceil(length / step)) + 1):
                at += length / parts / SPEED
                share = part / parts
                spot = (x + (to_x - x) * share, y + (to_y - y) * share)
                points.append(Point(at, *spot, corner=part == parts))
        at += LIFTED
    return points


class Camera:
    """Takes pictures of a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._complete = 0.0
        self.shots: list[Shot] = []

    @property
    def age(self) -> float:
        """Seconds since the last picture was complete."""
        return time.monotonic() - self._complete

    def shoot(self) -> None:
        self.shots.append((time.monotonic(), self._page.screenshot()))
        self._complete = time.monotonic()

    def film(self, seconds: float) -> None:
        """Take pictures for some time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.shoot()
            time.sleep(max(0.0, GAP - self.age))


def race(player: Player) -> None:
    """Begin a race against the shipped ghost, and wait for its first round."""
    page = player.open().page
    page.locator(".home [data-act=meet]").click()
    page.locator(".meet [data-act=ghost-hand]").click()
    player.wait_for("drawing")


def go_to(player: Player, word: str) -> None:
    """Wait for the round with a word.

    Raises:
        UserError: the race has no such round.
    """
    look = player.look()
    while look.word != word:
        look = player.next_word(look.round)
        if look.stage == "over":
            raise UserError(f"the ghost has not drawn {word!r}", f"Choose one of {WORDS}")


def draw(player: Player, camera: Camera, points: list[Point]) -> None:
    """Draw until the drawing is guessed, with pictures.

    After a slow picture the hand is late. It then leaves out points between two corners.
    """
    box = player.page.locator("[data-pad]").bounding_box()
    assert box, "the pad is not on the page"
    mouse, side = player.page.mouse, box["width"] / PAD
    began = time.monotonic()
    for point, following in pairwise([*points, points[-1]]):
        if not (point.begins or point.corner) and following.at <= time.monotonic() - began:
            continue
        time.sleep(max(0.0, point.at - (time.monotonic() - began)))
        if point.begins:
            mouse.up()
        mouse.move(box["x"] + point.x * side, box["y"] + point.y * side)
        if point.begins:
            mouse.down()
        if camera.age > GAP:
            camera.shoot()
            if guessed(player):
                return


def guessed(player: Player) -> bool:
    """Whether the drawing was guessed, which may also have ended the round."""
    stamped = player.page.locator("[data-stamp].guessed:visible").count() > 0
    return stamped or player.stage != "drawing"


def filmed(address: str, word: str) -> list[Shot]:
    """Pictures of a round, from its word to its end.

    Raises:
        UserError: the round was not won.
    """
    with sync_playwright() as playwright:
        browser = launch(playwright)
        width, height = SCREEN
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        player, camera = Player(page, address), Camera(page)
        race(player)
        go_to(player, word)
        camera.film(READS)
        draw(player, camera, timed(sample(word)))
        camera.film(REVEALED)
        won = WON in page.locator("[data-reveal-says]").inner_text()
        browser.close()
    if not won:
        raise UserError("the ghost was faster", "Run the command again while the machine is idle")
    return camera.shots


def animated(shots: list[Shot], width: int) -> bytes:
    """An animated WebP of pictures, each shown `SLOWER` times as long as in play."""
    frames = [Image.open(BytesIO(png)).convert("RGB") for _, png in shots]
    size = (width, round(width * frames[0].height / frames[0].width))
    first, *others = [frame.resize(size, Image.Resampling.LANCZOS) for frame in frames]
    shown = [round(1000 * SLOWER * (after - at)) for (at, _), (after, _) in pairwise(shots)]
    file = BytesIO()
    first.save(
        file,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=[*shown, LAST],
        loop=0,
        quality=75,
    )
    return file.getvalue()


def main(options: Options) -> None:
    """Play a round, and write its picture.

    Raises:
        UserError: the round was not won, or the picture is too large for a README.
    """
    with TemporaryDirectory() as folder:
        model = open_model(SERVED)
        records = open_records(f"sqlite:///{folder}/records.sqlite3", model, SERVED, Path(folder))
        with serving(model, storage=records) as address:
            shots = filmed(address, options.word)
        records.close()
    picture = animated(shots, options.width)
    if len(picture) > LARGEST:
        raise UserError(f"the picture has {len(picture):,} bytes", f"Expected {LARGEST:,} at most")
    with whole_file(options.out) as file:
        file.write(picture)


if __name__ == "__main__":
    run(Options, main)
