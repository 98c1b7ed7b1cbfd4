"""Headers of proxies: only those of trusted proxies count, in both formats."""

import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.datastructures import Headers

from game.guests import forwarding
from game.guests.forwarding import Authority, Forwarded, ProxyHeaders, UncutPrefix
from game.guests.origin import public_base

TRUSTED = "10.0.0.1"


def application(root_path: str = "", public_url: str | None = None) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.state.root_path = root_path

    @app.get("/{path:path}")
    def asked(path: str, request: Request) -> dict[str, Any]:
        client = request.client.host if request.client else None
        base = public_base(request, public_url)
        return {"client": client, "base": base, "path": request.scope["path"]}

    return app


async def ask(app: Any, path: str = "/", peer: str = TRUSTED, **headers: str) -> dict[str, Any]:
    transport = httpx.ASGITransport(ProxyHeaders(app, TRUSTED), client=(peer, 9))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://inner:7860") as client:
        return (await client.get(path, headers=named)).json()


@pytest.mark.parametrize(
    "headers",
    [
        {"forwarded": 'for=1.2.3.4;host=example.org;proto=https, for="10.0.0.1"'},
        {
            "x_forwarded_for": "1.2.3.4, 10.0.0.1",
            "x_forwarded_host": "Example.org:443, b",
            "x_forwarded_proto": "https, http",
        },
        {
            "x_forwarded_for": "1.2.3.4",
            "x_forwarded_proto": "HTTPS",
            "x_forwarded_port": "443",
            "host": "example.org",
        },
    ],
)
async def test_a_trusted_proxy_tells_client_host_and_scheme(headers: dict[str, str]):
    told = await ask(application("/doodle"), **headers)
    assert (told["client"], told["base"]) == ("1.2.3.4", "https://example.org/doodle/")


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ({"x_forwarded_for": "6.6.6.6", "forwarded": "for=1.2.3.4"}, TRUSTED),
        ({"x_forwarded_for": "1.2.3.4", "forwarded": "for=6.6.6.6"}, TRUSTED),
        ({"x_forwarded_for": "1.2.3.4, 10.0.0.1", "forwarded": 'for="1.2.3.4:80"'}, "1.2.3.4"),
        ({"x_forwarded_for": "2001:DB8::1", "forwarded": 'for="[2001:db8::1]:80"'}, "2001:db8::1"),
        ({"x_forwarded_for": "6.6.6.6, 1.2.3.4:55"}, "1.2.3.4"),
        ({"x_forwarded_for": "6.6.6.6, ::ffff:1.2.3.4, ::ffff:10.0.0.1"}, "1.2.3.4"),
        ({"forwarded": "for=6.6.6.6, for=1.2.3.4, for=10.0.0.1"}, "1.2.3.4"),
        ({"x_forwarded_for": ""}, TRUSTED),
    ],
)
async def test_no_client_writes_its_own_address(headers: dict[str, str], client: str):
    assert (await ask(application(), **headers))["client"] == client


@pytest.mark.parametrize("peer", [f"::ffff:{TRUSTED}", "::ffff:10.0.0.2"])
async def test_an_address_of_ipv4_that_came_as_ipv6_is_one_of_ipv4(peer: str):
    told = await ask(application(), peer=peer, x_forwarded_for="1.2.3.4")
    assert told["client"] == ("1.2.3.4" if peer.endswith(TRUSTED) else "10.0.0.2")


async def test_anyone_else_tells_nothing():
    lies = {"forwarded": "for=1.2.3.4;host=evil.example;proto=https", "x_forwarded_host": "evil"}
    told = await ask(application(), peer="10.0.0.2", **lies)
    assert (told["client"], told["base"]) == ("10.0.0.2", "http://inner:7860/")


async def test_the_address_the_server_was_started_with_comes_first():
    told = await ask(application(public_url="https://example.org/doodle"), host="other")
    assert told["base"] == "https://example.org/doodle/"


async def test_a_host_that_is_none_is_not_told_again():
    assert (await ask(application(), host='a"><script>'))["base"] == "/"


@pytest.mark.parametrize(
    ("path", "served"),
    [
        ("/doodle/", "/doodle/"),
        ("/doodle/doodle", "/doodle/"),
        ("/doodle/doodle/", "/doodle/"),
        ("/doodle/doodle/pad/a.js", "/doodle/pad/a.js"),
        ("/doodle/doodles", "/doodle/doodles"),
    ],
)
async def test_a_prefix_that_a_proxy_leaves_on_the_path_is_cut(path: str, served: str):
    app = UncutPrefix(application("/doodle"), "/doodle")
    assert (await ask(app, path))["path"] == served


@pytest.mark.parametrize(
    "text", ["a" * 8_000, '"' + '\\"' * 4_000, "a" + " " * 8_000, 'a="' * 2_700, "-" * 8_000]
)
def test_no_header_takes_long_to_read(text: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forwarding, "LONGEST", len(text))
    began = time.process_time()
    Forwarded.of(Headers({"forwarded": text}))
    assert time.process_time() - began < 0.2


def test_a_header_that_is_too_long_is_ignored():
    text = f"host=example.org;by={'a' * forwarding.LONGEST}"
    assert Forwarded.of(Headers({"forwarded": text})).host is None
    assert Forwarded.of(Headers({"forwarded": text[:500]})).host == Authority("example.org", None)


def test_a_quoted_value_may_hold_commas_and_quotes_and_lack_its_end():
    headers = Headers({"forwarded": r'by="a,\"b;host=x", for="[::1]:80";host="c.example'})
    assert Forwarded.of(headers).clients == ["[::1]:80"]
    assert Forwarded.of(Headers({"forwarded": 'host="c.example'})).host is not None


@pytest.mark.parametrize("text", ["", "a b", "a:99999", "a/b", "[::1", 'a"', "user@a"])
def test_what_is_no_host_is_none(text: str):
    assert Authority.parse(text) is None
