"""Sign-in with a Hugging Face account, on Spaces that have it switched on.

`hf_oauth: true` at the top of the Space's README.md switches it on: the Space then sets the
environment variables OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET. A signed-in player has the same
results, name and daily game on every device. See https://huggingface.co/docs/hub/spaces-oauth
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
    """Whether the game runs in a Space with sign-in switched on."""
    return all(os.environ.get(name) for name in NEEDED)


def attach(app: FastAPI) -> None:
    """Serve `/oauth/huggingface/login` and `logout`, and keep the login in the session."""
    from huggingface_hub import attach_huggingface_oauth  # slow to import, and seldom needed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # "this function may change"
        attach_huggingface_oauth(app)


def account_of(connection: HTTPConnection) -> Account | None:
    """The account that is signed in on a browser's connection; None when there is none.

    The session is a cookie signed by the server.
    """
    if not offered():
        return None
    session: dict[str, Any] = connection.scope.get("session") or {}
    user: dict[str, Any] = session.get("oauth_info", {}).get("userinfo", {})
    subject = user.get("sub")
    return Account(_key(subject), clean(user.get("preferred_username"))) if subject else None


def _key(subject: str) -> str:
    """The account's secret key: always the same for a user, and known only to this Space."""
    secret = os.environ["OAUTH_CLIENT_SECRET"].encode()
    digest = hmac.digest(secret, f"doodle-race player {subject}".encode(), "sha256")
    return urlsafe_b64encode(digest)[:32].decode()
