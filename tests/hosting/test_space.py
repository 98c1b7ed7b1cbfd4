"""The game in a replica of a Hugging Face Space.

It runs `app.py` and the files that `game.spaces.deploy` sends, with only the packages of
requirements.txt and the variables of a Space, in a frame on a page of another site. The Hub's proxy
and container are missing; the frame and the variables imitate them.
"""

from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from game.rules.sketches import DRAWINGS, SketchLine
from game.spaces import space
from tests.browser.chromium import launch
from tests.browser.texts import word_shown
from tests.hosting import dockerfile
from tests.hosting.conftest import Image, started

PAD = 256  # units of a drawing across the pad
SLOW = 120_000  # ms for the page to show something, on a busy machine
PONDER = 4_000  # ms that the model gets for a finished drawing
VARIABLES = {
    "SYSTEM": "spaces",
    "SPACE_ID": "ada/doodle-race",
    "SPACE_AUTHOR_NAME": "ada",
    "SPACE_REPO_NAME": "doodle-race",
    "SPACE_TITLE": "Doodle Race",
    "SPACE_HOST": "ada-doodle-race.hf.space",
    "GRADIO_SERVER_NAME": "0.0.0.0",
    "GRADIO_ALLOW_FLAGGING": "never",
    "GRADIO_NUM_PORTS": "1",
    "GRADIO_THEME": "huggingface",
    "GRADIO_SSR_MODE": "True",
    "PYTHONUNBUFFERED": "1",
    "CPU_CORES": "2",
    "MEMORY": "16Gi",
}
FRAME = """<!doctype html><title>Spaces</title><link rel="icon" href="data:,">
<iframe name="space" src="http://127.0.0.1:{port}/?__theme=light" width="1180" height="760"
  allow="autoplay; clipboard-read; clipboard-write; fullscreen; gamepad; microphone; web-share"
  sandbox="allow-downloads allow-forms allow-modals allow-pointer-lock allow-popups
    allow-popups-to-escape-sandbox allow-same-origin allow-scripts
    allow-storage-access-by-user-activation"></iframe>"""


@pytest.fixture(scope="module")
def port(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Generator[int]:
    """The port of a running Space that listens on all addresses."""
    home = tmp_path_factory.mktemp("home")
    app = home / "app"
    for name in space.select().files:
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes((space.ROOT / name).read_bytes())
    own = {"HOME": str(home), "PYTHONPATH": str(app), "PATH": dockerfile.path_with(image.python)}
    with started(["python", "app.py"], app, VARIABLES | own | {"PORT": "0"}) as server:
        yield server.port


@pytest.fixture
def page() -> Generator[Page]:
    with sync_playwright() as playwright:
        browser: Browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1220, "height": 800})
        page.set_default_timeout(SLOW)
        yield page
        browser.close()


@pytest.fixture
def site(port: int) -> Generator[str]:
    """A page of another site that frames the Space, as the Hub's page of a Space does."""
    markup = FRAME.format(port=port).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(markup)

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"  # to a browser, not 127.0.0.1's site
        server.shutdown()
        thread.join()


def draw(page: Page, frame: Frame, lines: list[SketchLine]) -> None:
    """Draw on the framed pad with the mouse."""
    box = frame.locator("[data-pad]").bounding_box()
    assert box is not None
    unit = box["width"] / PAD
    for line in lines:
        spots = [(box["x"] + x * unit, box["y"] + y * unit) for x, y in line]
        page.mouse.move(*spots[0])
        page.mouse.down()
        for spot in spots[1:]:
            page.mouse.move(*spot)
        page.mouse.up()


def ended(frame: Frame, round: str | None) -> bool:
    """Whether the round ends within a short time."""
    return frame.evaluate(
        """async ([round, within]) => {
          const { dataset } = document.querySelector(".dr");
          const over = () => dataset.stage !== "drawing" || dataset.round !== round;
          const end = performance.now() + within;
          while (performance.now() < end && !over())
            await new Promise((done) => setTimeout(done, 20));
          return over();
        }""",
        [round, PONDER],
    )


def play(page: Page, frame: Frame) -> str:
    """Draw the words of a Sprint one after the other until one is guessed; return that word."""
    game = frame.locator(".dr")
    while game.get_attribute("data-stage") != "over":
        frame.locator(".dr[data-stage=drawing], .dr[data-stage=over]").wait_for()
        word = word_shown(frame.locator("[data-word]").inner_text())
        round = game.get_attribute("data-round")
        draw(page, frame, DRAWINGS[word])
        if ended(frame, round) and frame.locator("[data-marks] .guessed b").inner_text() != "0":
            return word
        page.keyboard.press("s")
        ended(frame, round)
    raise AssertionError("a whole Sprint, and not one word was guessed")


def test_a_round_in_the_frame_of_another_site(page: Page, site: str):
    """The frame may store nothing, gets no cookies, and sends no requests to other servers."""
    complaints: list[str] = []
    asked: set[str | None] = set()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.goto(site)
    frame = page.frame("space")
    assert frame is not None
    frame.locator(".home [data-mode=sprint]").click()
    assert play(page, frame) in DRAWINGS
    assert page.context.cookies() == []
    assert asked <= {"localhost", "127.0.0.1", None}
    assert complaints == []


def test_the_space_lets_nobody_in_by_other_doors(page: Page, port: int):
    """Gradio's programming interface and stored files are not reachable."""
    address = f"http://127.0.0.1:{port}"
    assert page.request.get(f"{address}/healthz").json() == {"status": "ok"}
    doors = page.request.get(f"{address}/gradio_api/info").json()
    assert doors == {"named_endpoints": {}, "unnamed_endpoints": {}}
    assert page.request.get(f"{address}/config").json()["dependencies"] == []
    assert page.request.post(f"{address}/gradio_api/upload", data=b"a").status == 403
