"""Find the environment variables for proxies that an HTTP client cannot use, and why.

Container tools and desktops set `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` by
themselves, and `SSL_CERT_FILE` for proxies that read along. A SOCKS address, a `NO_PROXY` with an
IPv6 address in brackets, or a file that is not there makes it impossible to create an HTTP client,
even before the first request.
"""

import ipaddress
import os
import ssl
from collections.abc import MutableMapping
from dataclasses import dataclass
from importlib.util import find_spec

import httpx2

from models.command import UserError

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")
SOCKS = ("socks5", "socks5h")


@dataclass(frozen=True)
class Unusable:
    """A variable of the environment that no HTTP client can use."""

    variable: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"the variable {self.variable} is {self.value!r}, {self.reason}"


def unusable(environment: MutableMapping[str, str] = os.environ) -> list[Unusable]:
    """The variables with which no HTTP client can be made, each with the reason.

    A client reads the names of proxies in upper, lower and mixed case, and values as they are.
    """
    return [
        Unusable(name, shown(value), reason)
        for name, value in environment.items()
        if name.upper() in VARIABLES and value and (reason := _fault(name.upper(), value))
    ]


def require_usable() -> None:
    """For commands that download: check that an HTTP client can be created.

    Raises:
        UserError: when a variable cannot be used.
    """
    for each in unusable():
        raise UserError(
            str(each),
            "Expected http://HOST:PORT, in NO_PROXY host names by comma, and in SSL_CERT_FILE a "
            f"file of certificates; or unset {each.variable}",
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
    if variable == "SSL_CERT_FILE":
        return _fault_of_certificates(value)
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


def _fault_of_certificates(path: str) -> str | None:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        return f"which is no file of certificates ({error.strerror or error})"
    return None


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
