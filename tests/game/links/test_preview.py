"""Previews of links: each has its own title, text and picture, and no other tags."""

from collections.abc import AsyncGenerator, Generator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from PIL import Image

from game.links.page_head import PageHead, with_head
from game.links.picture import default_picture
from game.links.preview import HOME, Lookup
from game.messages import ChallengeInfo, DailyInfo, Replay
from game.records import Records
from game.records.http import router
from game.web.first_paint import game_first
from tests.game.records.making import ANNA, Opened, game, replay

GRADIO = """<!doctype html><html><head>
<meta charset="utf-8" />
<base href="./" />
<meta
  property="og:title" content="Gradio" />
<meta name="twitter:card" content="summary" /><meta name="description" content="Gradio">
<title>Gradio</title>
</head><body><meta property="og:title" content="kept"></body></html>"""
NEEDED = ("og:title", "og:description", "og:url", "og:image", "twitter:card", "description")


class Tags(HTMLParser):
    """The tags that a crawler reads from the head: the first of each name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.number = 0
        self.feed(page.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("property") or given.get("name")
        if tag == "meta" and name:
            self.number += 1
            self.found.setdefault(name, given["content"] or "")


class Broken(Lookup):
    async def replay(self, id: str) -> Replay | None:
        raise OSError("the disk")

    async def challenge_info(self, id: str) -> ChallengeInfo | None:
        return None

    async def daily_info(self, key: str | None) -> DailyInfo:
        raise OSError("the disk")


def client_of(
    records: Lookup | None, prefix: str = "", html: str = GRADIO, change: Any = None
) -> httpx.AsyncClient:
    page = FastAPI(openapi_url=None)
    app = FastAPI(openapi_url=None)
    app.state.root_path = prefix
    for path in ("/", "/page.html"):
        page.get(path)(lambda: HTMLResponse(html))
    page.get("/theme.css")(lambda: {"left": "as it is"})
    if isinstance(records, Records):
        app.include_router(router(records))
    app.mount("/", PageHead(page, records, prefix, None, change))
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="https://example.org")


@pytest.fixture
def opened(tmp_path: Path) -> Generator[Opened]:
    made = Opened(tmp_path)
    yield made
    made.records.close()


@pytest.fixture
async def client(opened: Opened) -> AsyncGenerator[httpx.AsyncClient]:
    async with client_of(opened.records) as made:
        yield made


async def tags(client: httpx.AsyncClient, link: str) -> dict[str, str]:
    answer = await client.get(f"/{link}")
    assert answer.headers["content-length"] == str(answer.num_bytes_downloaded)
    found = Tags(answer.text)
    assert found.number == len(found.found), "a tag stands there twice"
    assert set(NEEDED) <= set(found.found)
    assert found.found["twitter:card"] == "summary_large_image"
    return found.found


@pytest.mark.parametrize(
    ("link", "title", "url"),
    [
        ("", "Doodle Race", ""),
        ("?room=ABCDEF", "Race me in room ABCDEF · Doodle Race", "?room=ABCDEF"),
        ("?room=abc%20def&utm=x", "Race me in room ABCDEF · Doodle Race", "?room=ABCDEF"),
        ("?watch=ABCDEF", "Watch room ABCDEF · Doodle Race", "?watch=ABCDEF"),
        ("?room=%22%3E%3Cscript%3E", "Doodle Race", ""),
        ("?challenge=nobody", "Doodle Race", ""),
        ("?replay=nobody", "Doodle Race", ""),
        ("?daily", "The daily of 2026-11-18 · Doodle Race", "?daily"),
    ],
)
async def test_a_link_has_its_own_tags(client: httpx.AsyncClient, link: str, title: str, url: str):
    found = await tags(client, link)
    assert found["og:title"] == title
    assert found["og:url"] == f"https://example.org/{url}"
    assert found["og:image"] == "https://example.org/preview.png"


async def test_a_replay_and_a_challenge_show_their_cards(client: httpx.AsyncClient, opened: Opened):
    (id,) = await opened.keep(ANNA, replay(name="<b>Anna"))
    kept = await opened.keep_game(game(ANNA, [id], ("one",), name="<b>Anna"))
    for link, title in [
        (f"?replay={id}", "one, guessed in 2.0 s · Doodle Race"),
        (f"?challenge={kept.challenge}", "<b>Anna challenges you: 1 word · Doodle Race"),
    ]:
        found = await tags(client, link)
        assert (found["og:title"], found["og:url"]) == (title, f"https://example.org/{link}")
        picture = await client.get(found["og:image"])
        assert Image.open(BytesIO(picture.content)).size == (1200, 630)
        etag = {"if-none-match": picture.headers["etag"]}
        assert (await client.get(found["og:image"], headers=etag)).status_code == 304
    await opened.records.hide(id)
    assert (await tags(client, f"?replay={id}"))["og:title"] == "Doodle Race"
    assert (await client.get(found["og:image"])).status_code == 404


@pytest.mark.parametrize("records", [None, Broken()])
@pytest.mark.parametrize("link", ["?replay=x", "?daily"])
async def test_without_records_a_link_shows_the_game(records: Lookup | None, link: str):
    async with client_of(records) as client:
        assert (await tags(client, link))["og:title"] == "Doodle Race"


async def test_under_a_prefix_addresses_are_the_prefixs_with_and_without_the_last_slash():
    async with client_of(None, "/doodle") as client:
        page = (await client.get("/")).text
        assert page.count("<base ") == 1
        assert '<base href="/doodle/">' in page
        assert Tags(page).found["og:url"] == "https://example.org/doodle/"


async def test_what_is_no_page_is_left_alone():
    async with client_of(None) as client:
        assert (await client.get("/theme.css")).json() == {"left": "as it is"}
        assert (await client.head("/")).status_code in (200, 405)
        assert (await client.get("/nothing")).status_code == 404
    assert with_head("no page", HOME.tags(None)) == "no page"


@pytest.mark.parametrize(
    "accept", ["text/html", "text/*", "TEXT/HTML", "application/xml;q=0.9", "image/*", ""]
)
@pytest.mark.parametrize("path", ["/", "/page.html"])
async def test_the_page_has_its_preview_whatever_a_crawler_accepts(path: str, accept: str):
    async with client_of(None) as client:
        answer = await client.get(f"{path}?room=ABCDEF", headers={"accept": accept})
    assert answer.status_code == 200
    assert Tags(answer.text).found["og:title"] == "Race me in room ABCDEF · Doodle Race"


async def test_the_page_is_compressed_for_those_who_unpack_it():
    async with client_of(None) as client:
        plain = await client.get("/", headers={"accept-encoding": "gzip;q=0"})
        assert "content-encoding" not in plain.headers
        packed = await client.get("/", headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.text == plain.text
        assert packed.num_bytes_downloaded < plain.num_bytes_downloaded


async def test_the_game_stands_in_the_page_before_gradios_scripts_run():
    async with client_of(None, change=game_first()) as client:
        text = (await client.get("/")).text
    head, body = text.split("</head>")
    assert '<link rel="stylesheet" href="pad/' in head
    assert body.startswith('<body>\n<main id="first">')
    assert 'class="dr"' in body


def test_gradios_files_are_loaded_by_the_game():
    module = '<script type="module" crossorigin src="./assets/index-1.js"></script>'
    style = '<link rel="stylesheet" crossorigin href="./assets/index-2.css">'
    html, _ = game_first()(f"<html><head>{module}{style}</head><body></body></html>")
    head, body = html.split("</head>")
    assert "assets" not in head
    assert '"src": "./assets/index-1.js"' in body
    assert '"href": "./assets/index-2.css"' in body


def test_icon_and_colours_do_not_wait_for_gradio_and_its_ban_on_zooming_is_gone():
    viewport = '<meta\n  name="viewport"\n  content="width=device-width, maximum-scale=1"\n/>'
    html, tags = game_first()(f"<html><head>{viewport}</head><body></body></html>")
    assert "viewport" not in html
    assert 'name="viewport" content="width=device-width, initial-scale=1' in tags
    assert "maximum-scale" not in tags
    assert 'name="theme-color"' in tags
    assert 'rel="icon"' in tags


async def test_the_pages_own_body_is_left_alone():
    assert '<meta property="og:title" content="kept">' in with_head(GRADIO, "")


def test_the_picture_of_every_other_link_is_of_the_games_own_look():
    image: Any = Image.open(BytesIO(default_picture()))
    assert (image.size, image.format) == ((1200, 630), "PNG")
    assert len(image.convert("RGB").getcolors(1 << 20)) > 50


def test_a_site_that_does_not_know_its_address_names_a_picture_beside_the_page():
    found = Tags(f"{HOME.tags(None)}</head>").found
    assert found["og:image"] == "preview.png"
    assert "og:url" not in found
