"""Checks of the addresses and paths that options name."""

import re

from models.command import UserError

_NO_PATH = re.compile(r"""://|[?#%\s"'<>\\]""")


def path_prefix(text: str) -> str:
    """The path of `--root-path`, with a slash before it and none after it; "" for none.

    Raises:
        UserError: it is not a path.
    """
    if _NO_PATH.search(text):
        raise UserError(
            f"--root-path is {text!r}",
            "Expected a path alone, such as /doodle; an address goes into --public-url",
        )
    inner = text.strip("/")
    return f"/{inner}" if inner else ""
