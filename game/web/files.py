"""The page over HTTP: hashed files for a year, compressed; others are asked about each time."""

from typing import Any

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from game.web.assets import KEPT, Asset, bundle


class PadFiles(StaticFiles):
    """Files under `/pad`. The content of a hashed name never changes; that of others may."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hashed = {asset.name: asset for asset in bundle() or ()}

    async def get_response(self, path: str, scope: Scope) -> Response:
        asset = self._hashed.get(path)
        if asset is None:
            return await super().get_response(path, scope)
        return _answer(asset, "gzip" in Headers(scope=scope).get("accept-encoding", ""))

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def _answer(asset: Asset, gzip: bool) -> Response:
    headers = {"cache-control": KEPT, "vary": "accept-encoding"}
    body = asset.packed if gzip else None
    if body is not None:
        headers["content-encoding"] = "gzip"
    return Response(body or asset.body, headers=headers, media_type=asset.type)
