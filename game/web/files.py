"""The files of the page over HTTP: browsers keep hashed files for a year, and revalidate others."""

import gzip
from pathlib import Path
from typing import Any

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Scope

from game.web.assets import KEPT, Asset, bundle
from game.web.encodings import takes_gzip


class PadFiles(StaticFiles):
    """Files under `/pad`. The content under a hashed name never changes; other files may change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hashed = {asset.name: asset for asset in bundle() or ()}

    async def get_response(self, path: str, scope: Scope) -> Response:
        packs = takes_gzip(Headers(scope=scope))
        if asset := self._hashed.get(path):
            return _answer(asset, packs)
        response = await super().get_response(path, scope)
        if packs and path.endswith(".json") and isinstance(response, FileResponse):
            return _packed(response)
        return response

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def _packed(response: FileResponse) -> Response:
    """A file in gzip. This is not used for a browser that already has the file: it gets a 304."""
    kept = {name: response.headers[name] for name in ("etag", "last-modified", "cache-control")}
    headers = {**kept, "vary": "accept-encoding", "content-encoding": "gzip"}
    body = gzip.compress(Path(response.path).read_bytes(), mtime=0)
    return Response(body, headers=headers, media_type=response.media_type)


def _answer(asset: Asset, packs: bool) -> Response:
    headers = {"cache-control": KEPT, "vary": "accept-encoding"}
    body = asset.packed if packs else None
    if body is not None:
        headers["content-encoding"] = "gzip"
    return Response(body or asset.body, headers=headers, media_type=asset.type)
