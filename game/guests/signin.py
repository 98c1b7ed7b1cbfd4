"""Sign-in with Hugging Face, where the Space has it on; elsewhere there is none.

`hf_oauth: true` at the top of the Space's README.md turns it on: the Space then gives the variables
OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET. Who is signed in has the same results, names and daily on
every device. https://huggingface.co/docs/hub/spaces-oauth
"""

import hmac
import os
import warnings
from base64 import urlsafe_b64encode
from typing import Any

from fastapi import FastAPI
from fastapi.requests import HTTPConnection

from game.guests.guest import Account
from game.guests.names import clean

NEEDED = ("SPACE_ID", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET")


def offered() -> bool:
    """Whether this is a Space that has sign-in on."""
    return all(os.environ.get(name) for name in NEEDED)


def attach(app: FastAPI) -> None:
    """Serve `/oauth/huggingface/login` and `logout`, and remember who came back from there."""
    from huggingface_hub import attach_huggingface_oauth  # long to import, and seldom needed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that the function may change
        attach_huggingface_oauth(app)


def account_of(connection: HTTPConnection) -> Account | None:
    """Who is signed in on a connection of a browser; None for a guest.

    The session is a cookie that the server has signed.
    """
    if not offered():
        return None
    session: dict[str, Any] = connection.scope.get("session") or {}
    user: dict[str, Any] = session.get("oauth_info", {}).get("userinfo", {})
    subject = user.get("sub")
    return Account(_key(subject), clean(user.get("preferred_username"))) if subject else None


def _key(subject: str) -> str:
    """The account's private key: the same for the same user, and only this Space can make it."""
    secret = os.environ["OAUTH_CLIENT_SECRET"].encode()
    digest = hmac.digest(secret, f"doodle-race player {subject}".encode(), "sha256")
    return urlsafe_b64encode(digest)[:32].decode()
