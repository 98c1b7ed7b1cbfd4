"""Addresses and paths of options: unusual forms are normalised, invalid ones are refused."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import Mount

from game.application import create_app
from game.operations.addresses import OWN, check_proxies, path_prefix, site_address, web_address
from game.records.http import router
from game.web import screen
from models.command import UserError
from tests.game.fakes import CountsBars
from tests.game.records.making import Opened


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("", ""),
        ("/", ""),
        ("doodle", "/doodle"),
        ("/doodle/", "/doodle"),
        ("//doodle/race//", "/doodle/race"),
    ],
)
def test_a_prefix_has_one_slash_before_it_and_none_after_it(text: str, prefix: str):
    assert path_prefix(text) == prefix


@pytest.mark.parametrize("text", ["https://example.org/doodle", "/a?b", "/a#b", "/a b", '/"a', " "])
def test_what_is_no_path_is_refused(text: str):
    with pytest.raises(UserError, match=r"--root-path is .*Expected a path alone"):
        path_prefix(text)


@pytest.mark.parametrize("text", ["/race", "daily", "/boards/", "//pad", "/gradio_api"])
def test_a_path_of_the_game_itself_is_no_prefix(text: str):
    with pytest.raises(UserError, match=r"path of that name itself.*such as /doodle"):
        path_prefix(text)
    assert path_prefix(f"/doodle/{text.strip('/')}")


async def test_all_paths_of_the_game_and_of_gradio_are_known(tmp_path: Path):
    records = Opened(tmp_path).records
    app = create_app(CountsBars(), storage=records)
    async with app.router.lifespan_context(app):
        page = screen.mount(FastAPI(openapi_url=None)).routes[0]
        assert isinstance(page, Mount)
        stored = router(records).routes
        paths = [getattr(route, "path", None) for route in (*app.routes, *stored, *page.routes)]
        assert {path.split("/")[1] for path in paths if path} - {""} == OWN


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/doodle/", "https://example.org/doodle/"),
        ("HTTP://Example.org:7860", "http://example.org:7860"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:7860/", "http://[::1]:7860/"),
        ("http://my_host.", "http://my_host."),
    ],
)
def test_an_address_is_that_of_browsers(text: str, address: str):
    assert site_address("--public-url", text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "localhost:7860",
        "http://",
        "http://[::1",
        "http://localhost:abc",
        "http://localhost:99999",
        "http://a..b",
        f"http://{'a' * 64}.org",
        "http://ex ample.org",
        "ftp://example.org",
    ],
)
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(UserError, match=r"--url: .* is not an address. Expected one such as"):
        web_address("--url", text)


@pytest.mark.parametrize("text", ["https://a/?b", "https://a/#b", "https://ada:secret@a/"])
def test_the_address_of_a_site_has_nothing_after_its_path(text: str):
    with pytest.raises(UserError, match="has more than host, port and path"):
        site_address("--url", text)


@pytest.mark.parametrize("text", ["", "*", "127.0.0.1,::1", "10.0.0.0/8, 10.0.0.5,", "fe80::/10"])
def test_proxies_are_addresses_and_networks(text: str):
    check_proxies(text)


@pytest.mark.parametrize(
    "text", ["10.0.0.5/8", "[::1]", "nginx", "10.0.0.1 10.0.0.2", "*, 10.0.0.1", "10.0.0"]
)
def test_proxies_that_would_be_trusted_by_nobody_are_refused(text: str):
    with pytest.raises(UserError, match=r"--proxies .* Expected addresses by comma"):
        check_proxies(text)
