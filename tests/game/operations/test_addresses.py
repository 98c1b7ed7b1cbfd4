"""Addresses and paths of options: odd forms are made plain, and what is none is refused."""

import pytest

from game.operations.addresses import check_proxies, path_prefix, site_address, web_address
from models.command import UserError


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
