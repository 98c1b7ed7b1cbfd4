"""Which encodings of a body a client takes (RFC 9110, section 12.5.3)."""

import re

from starlette.datastructures import Headers

_NEVER = re.compile(r"q\s*=\s*0(\.0*)?")


def takes_gzip(headers: Headers) -> bool:
    """Whether the client unpacks gzip."""
    takes: dict[str, bool] = {}
    for part in ",".join(headers.getlist("accept-encoding")).lower().split(","):
        name, _, weight = part.partition(";")
        takes[name.strip()] = _NEVER.fullmatch(weight.strip()) is None
    return takes.get("gzip", takes.get("*", False))
