"""Find the proxies in environment variables that an HTTP client cannot use, and why.

Container tools and desktops set `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` by
themselves. A SOCKS address, or a `NO_PROXY` with an IPv6 address in brackets, makes it impossible
to create an HTTP client, even before the first request.
"""

import ipaddress
import os
from collections.abc import MutableMapping
from dataclasses import dataclass
from importlib.util import find_spec

import httpx2

from models.command import UserError

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
SOCKS = ("socks5", "socks5h")


@dataclass(frozen=True)
class Unusable:
    """A variable of the environment that names no proxy an HTTP client can use."""

    variable: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"the variable {self.variable} is {self.value!r}, {self.reason}"


def unusable(environment: MutableMapping[str, str] = os.environ) -> list[Unusable]:
    """The variables with which no HTTP client can be made, each with the reason."""
    names = [name for wanted in VARIABLES for name in (wanted, wanted.lower())]
    found = ((name, environment.get(name, "").strip()) for name in names)
    return [
        Unusable(name, shown(value), reason)
        for name, value in found
        if value and (reason := _fault(name.upper(), value))
    ]


def require_usable() -> None:
    """For commands that download: check that an HTTP client can be created.

    Raises:
        UserError: when a variable names a proxy that cannot be used.
    """
    for each in unusable():
        raise UserError(
            str(each),
            f"Expected http://HOST:PORT, and in NO_PROXY host names by comma; or unset "
            f"{each.variable}",
        )


def drop_unusable(environment: MutableMapping[str, str] = os.environ) -> list[str]:
    """For programs that need no proxy: remove such variables; returns a line for each."""
    found = unusable(environment)
    for each in found:
        del environment[each.variable]
    return [str(each) for each in found]


def shown(value: str) -> str:
    """A proxy's address without the name and password in it."""
    scheme, mark, rest = value.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _fault(variable: str, value: str) -> str | None:
    """Why a client cannot be made; None when it can."""
    if variable == "NO_PROXY":
        odd = [part for part in map(str.strip, value.split(",")) if not _is_exception(part)]
        return f"where {odd[0]!r} is no host name" if odd else None
    address = value if "://" in value else f"http://{value}"
    scheme = address.partition("://")[0].lower()
    if scheme in SOCKS and find_spec("socksio") is None:
        return "a SOCKS proxy, for which the package socksio is missing"
    if scheme not in ("http", "https", *SOCKS):
        return f"which is no HTTP proxy ({scheme})"
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL as error:
        return f"which is no address ({error})"
    return None if url.host else "which names no host"


def _is_exception(part: str) -> bool:
    """Whether a part of NO_PROXY is a host, an address, or the beginning of a URL."""
    if "[" in part:
        return False
    try:
        ipaddress.ip_network(part.partition("/")[0])
    except ValueError:
        pass
    else:
        return ":" not in part or "/" not in part
    try:
        httpx2.URL(part if "://" in part else f"all://*{part}")
    except httpx2.InvalidURL:
        return False
    return True
