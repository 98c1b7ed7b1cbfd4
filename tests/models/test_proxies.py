"""Variables that name proxies: unusable ones are found before an HTTP client is made."""

import httpx
import pytest

from models.proxies import VARIABLES, drop_unusable, unusable

USABLE = [
    ("HTTP_PROXY", "http://proxy:3128"),
    ("https_proxy", "proxy:3128"),
    ("ALL_PROXY", "http://ada:secret@[::1]:3128"),
    ("NO_PROXY", "localhost, ::1, 10.0.0.0/8, .example.org, *"),
    ("NO_PROXY", ""),
    ("no_proxy", "http://example.org:80"),
]
UNUSABLE = [
    ("ALL_PROXY", "socks4://127.0.0.1:1080"),
    ("all_proxy", "SOCKS4://127.0.0.1"),
    ("HTTPS_PROXY", "htp://proxy"),
    ("HTTP_PROXY", "http://proxy:port"),
    ("HTTP_PROXY", "http://[::1"),
    ("NO_PROXY", "localhost,[::1]"),
    ("no_proxy", "localhost,example.org:b"),
    ("NO_PROXY", "2001:db8::/32"),
    ("HTTP_PROXY", "http://proxy:3128\r"),
    ("HTTP_PROXY", " http://proxy:3128"),
    ("HTTPS_PROXY", "http://proxy:3128\n"),
    ("All_Proxy", "socks4://127.0.0.1:1080"),
    ("No_Proxy", "localhost,[::1]"),
    ("SSL_CERT_FILE", "/nowhere/certificates.pem"),
    ("SSL_CERT_FILE", __file__),
]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(("name", "value"), USABLE)
def test_what_a_client_can_use_is_left_alone(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    assert unusable() == []
    httpx.Client().close()


@pytest.mark.parametrize(("name", "value"), UNUSABLE)
def test_what_stops_a_client_is_found_and_can_be_taken_away(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    with pytest.raises((httpx.InvalidURL, ImportError, ValueError, OSError)):
        httpx.Client()
    (line,) = drop_unusable()
    assert f"the variable {name} is {value!r}" in line
    httpx.Client().close()


def test_a_socks_proxy_needs_a_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("models.proxies.find_spec", lambda _: None)
    environment = {"ALL_PROXY": "socks5://ada:secret@127.0.0.1:1080"}
    (line,) = drop_unusable(environment)
    assert "package socksio is missing" in line
    assert "secret" not in line
    assert environment == {}
