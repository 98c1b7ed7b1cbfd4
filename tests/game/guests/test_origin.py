"""Only the server's own pages may open a WebSocket, under any address of its proxies."""

from typing import Any

import pytest
from fastapi import WebSocket

from game.guests.origin import same_origin


def socket(headers: dict[str, str], port: int | None = 7860) -> WebSocket:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {"type": "websocket", "headers": raw, "server": ("127.0.0.1", port)}

    async def never(*_: Any) -> Any:
        raise AssertionError

    return WebSocket(scope, never, never)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://example.org:7860", "host": "example.org:7860"},
        {"origin": "https://example.org", "host": "example.org"},
        {"origin": "https://example.org", "host": "Example.ORG"},
        {"origin": "HTTPS://EXAMPLE.org", "host": "example.org"},
        {"origin": "https://example.org", "host": "example.org:443"},
        {"origin": "http://example.org", "host": "example.org:80"},
        {"origin": "http://example.org:80", "host": "example.org"},
        {"origin": "https://example.org:443", "host": "example.org"},
        {"origin": "http://[2001:DB8::1]", "host": "[2001:db8::1]:80"},
        {"origin": "http://example.org:8080", "host": "example.org"},  # nginx: $host
        {
            "origin": "https://example.org:8443",
            "host": "inner:7860",
            "x_forwarded_host": "example.org",
            "x_forwarded_port": "8443, 7860",
        },
        {
            "origin": "https://example.org",
            "host": "inner",
            "x_forwarded_host": "example.org, edge.internal:8000",
        },
        {
            "origin": "https://example.org",
            "host": "inner:7860",
            "forwarded": 'for="[2001:db8::1]:47";host=example.org;proto=https, for=10.0.0.1;host=b',
        },
        {
            "origin": "https://example.org:8443",
            "host": "inner:7860",
            "forwarded": 'For=1.2.3.4; Host="Example.org:8443"; Proto=https',
        },
    ],
)
def test_own_pages_come_in(headers: dict[str, str]):
    assert same_origin(socket(headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null", "host": "example.org"},
        {"origin": "", "host": ""},
        {"origin": "https://evil.example", "host": "example.org"},
        {"origin": "https://example.org.evil.example", "host": "example.org"},
        {"origin": "https://example.org@evil.example", "host": "example.org"},
        {"origin": "http://example.org:1", "host": "example.org:7860"},
        {"origin": "https://example.org", "host": "example.org:80"},
        {"origin": "http://example.org:8080", "host": "example.org", "x_forwarded_port": "443"},
        {"origin": "file://example.org", "host": "example.org"},
        {"origin": "http://[::1", "host": "[::1"},
        {"origin": "https://evil.example", "host": "a", "x_forwarded_host": "b, evil.example"},
        {"origin": "https://evil.example", "host": "a", "forwarded": "host=b, host=evil.example"},
        {"origin": "https://evil.example", "host": "a", "forwarded": 'for="host=evil.example"'},
    ],
)
def test_pages_of_other_sites_are_refused(headers: dict[str, str]):
    assert not same_origin(socket(headers))


def test_a_port_is_not_overlooked_where_the_server_itself_has_the_default_one():
    assert not same_origin(socket({"origin": "http://example.org:8080", "host": "example.org"}, 80))


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("https://example.org", True),
        ("https://EXAMPLE.org:443", True),
        ("http://example.org", False),
        ("https://example.com", False),
    ],
)
def test_pages_of_the_address_the_server_was_started_with_come_in(origin: str, own: bool):
    asked = socket({"origin": origin, "host": "inner:7860"})
    assert same_origin(asked, "https://Example.org/doodle") is own
