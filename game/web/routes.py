"""Routes that are asked for with GET."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException

ASKED = ["GET", "HEAD"]
OTHERS = ["DELETE", "OPTIONS", "PATCH", "POST", "PUT"]


def serve(app: FastAPI | APIRouter, path: str, answer: Callable[..., Any]) -> None:
    """Add a route that answers HEAD like GET, without the body, which the server leaves out.

    Other methods are refused here; the page, which takes all that no route takes, would tell that
    nothing is there.
    """
    app.api_route(path, methods=ASKED)(answer)
    app.api_route(path, methods=OTHERS)(_refuse)


def _refuse() -> None:
    raise HTTPException(405, headers={"allow": ", ".join(ASKED)})
