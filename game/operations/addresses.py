"""Checks of the addresses and paths that options name."""

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING

from models.command import UserError

if TYPE_CHECKING:
    from httpx2 import URL

PUBLIC_URL = "--public-url (DOODLE_PUBLIC_URL)"  # the option, and its variable

_HOST = re.compile(r"[0-9a-f:.]*:[0-9a-f:.]*|[\w-]{1,63}(\.[\w-]{1,63})*\.?", re.ASCII)
_NO_PATH = re.compile(r"""://|[?#%\s"'<>\\]""")
# First parts of the game's own paths, and of those of Gradio. Under such a prefix nobody could tell
# whether a proxy has removed it: /race/race would be the prefix twice, or the race below it.
OWN = frozenset(
    """
    assets boards challenges config daily favicon.ico forget gradio_api healthz login logout
    manifest.json monitoring openapi.json pad preview.png privacy pwa_icon race readyz replays
    robots.txt static svelte theme.css
    """.split()  # noqa: SIM905 - shorter than a list
)


def path_prefix(text: str) -> str:
    """The path of `--root-path`, with a slash before it and none after it; "" for none.

    Raises:
        UserError: it is not a path, or it is one of the game's own.
    """
    if _NO_PATH.search(text):
        raise UserError(
            f"--root-path is {text!r}",
            "Expected a path alone, such as /doodle; an address goes into --public-url",
        )
    inner = text.strip("/")
    if inner in OWN:
        raise UserError(
            f"--root-path is {text!r}, and the game has a path of that name itself",
            "Choose another one, such as /doodle",
        )
    return f"/{inner}" if inner else ""


def web_address(option: str, text: str) -> "URL":
    """An address for browsers, its host in the letters that browsers send (`xn--`).

    Raises:
        UserError: it is not an address.
    """
    import httpx2

    wrong = UserError(
        f"{option}: {text!r} is not an address", "Expected one such as https://example.org/doodle"
    )
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL as error:
        raise wrong from error
    host = _HOST.fullmatch(url.raw_host.decode())
    if url.scheme not in ("http", "https") or not host or (url.port or 1) > 65_535:
        raise wrong
    return url


def site_address(option: str, text: str) -> str:
    """The address of a page as players see it, to which queries and names of files are added.

    Raises:
        UserError: it is not such an address.
    """
    url = web_address(option, text)
    if url.query or url.fragment or url.userinfo:
        raise UserError(
            f"{option}: {text!r} has more than host, port and path",
            "Expected an address such as https://example.org/doodle",
        )
    return str(url)


def check_proxies(text: str) -> None:
    """Check the value of `--proxies`.

    Raises:
        UserError: a part of it is not an address, or has bits beyond the size of its network.
    """
    if text.strip() == "*":
        return
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            ip_network(part)
        except ValueError as error:
            raise UserError(
                f"--proxies (FORWARDED_ALLOW_IPS): {error}",
                "Expected addresses by comma, such as 10.0.0.5, 172.16.0.0/12 or ::1, or * alone",
            ) from error
