"""A stand-in for the Hugging Face Hub: as much of its HTTP API as putting files into a Space needs.

It follows what `huggingface_hub` sends and reads, for large files by Git LFS and by Xet. It checks
tokens, rights, parent commits and large files as the Hub does, and fails when told to.
"""

import base64
import hashlib
import json
import struct
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from tests.game.listening import answering

OWNER, TOKEN = "ada", "hf_ada"
LARGE = 100_000  # bytes from which a file is stored apart from git
NEW = {".gitattributes": "a" * 40, "README.md": "b" * 40}  # what a new Space holds

Answer = Callable[[Request], Awaitable[Response]]


def hash_of(content: bytes) -> str:
    """What the Hub calls a file: a small one as git does, a large one by its sha256."""
    if len(content) >= LARGE:
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


@dataclass
class Space:
    """A Space's repository: hashes of its files, how it was created, how often committed to."""

    files: dict[str, str]
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    commits: int = 1

    @property
    def sha(self) -> str:
        return hashlib.sha1(str(self.commits).encode()).hexdigest()


@dataclass
class Hub:
    """Spaces by name, and what was asked.

    Attributes:
        faults: statuses to answer with, one a request, by the action asked for (see `action_of`).
        asked: how often each action was asked for.
        large: hashes of the large files that Git LFS brought.
        shards: what Xet said of the large files that it brought.
    """

    url: str = ""
    spaces: dict[str, Space] = field(default_factory=dict[str, Space])
    faults: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    asked: Counter[str] = field(default_factory=Counter[str])
    large: set[str] = field(default_factory=set[str])
    shards: list[bytes] = field(default_factory=list[bytes])

    def app(self) -> FastAPI:
        """The API as an application."""
        app = FastAPI()
        app.middleware("http")(self._guard)
        app.post("/api/repos/create")(self.create)
        app.post("/api/validate-yaml")(lambda: {"errors": [], "warnings": []})
        space = "/api/spaces/{owner}/{name}"
        app.get(space)(self.info)
        app.get(space + "/revision/main")(self.info)
        app.post(space + "/preupload/main")(self.preupload)
        app.post(space + "/commit/main")(self.commit)
        app.post("/spaces/{owner}/{name}.git/info/lfs/objects/batch")(self.lfs_batch)
        app.put("/large/{oid}")(self.lfs_put)
        app.get(space + "/xet-write-token/main")(self.xet_token)
        app.post("/v1/xorbs/default/{hash}")(lambda: {"was_inserted": True})
        app.post("/v1/shards")(self.xet_shard)
        return app

    async def _guard(self, request: Request, go: Answer) -> Response:
        """Count the request; fail if told to; refuse strangers."""
        action = action_of(request)
        self.asked[action] += 1
        if self.faults[action]:
            return JSONResponse({"error": "out of order"}, self.faults[action].pop(0))
        known = request.headers.get("authorization") == f"Bearer {TOKEN}"
        if not known and action not in ("put", "xet"):  # these two carry rights of their own
            return JSONResponse({"error": "Invalid username or password."}, 401)
        return await go(request)

    def _space(self, owner: str, name: str, write: bool = False) -> Space:
        space = self.spaces.get(f"{owner}/{name}")
        if space is None:
            raise HTTPException(404, headers={"X-Error-Code": "RepoNotFound"})
        if write and owner != OWNER:
            raise HTTPException(403, headers={"X-Error-Message": "no write access"})
        return space

    async def create(self, request: Request) -> dict[str, str]:
        asked = await request.json()
        name = f"{asked['organization'] or OWNER}/{asked['name']}"
        if not name.startswith(OWNER + "/"):
            raise HTTPException(403, headers={"X-Error-Message": "not your namespace"})
        if name in self.spaces:
            raise HTTPException(409)
        self.spaces[name] = Space(dict(NEW), asked)
        return {"url": f"{self.url}/spaces/{name}"}

    def info(self, owner: str, name: str) -> dict[str, Any]:
        space = self._space(owner, name)
        files = [{"rfilename": file} for file in space.files]
        return {"id": f"{owner}/{name}", "sha": space.sha, "siblings": files, "sdk": "gradio"}

    async def preupload(self, owner: str, name: str, request: Request) -> dict[str, Any]:
        space = self._space(owner, name, write=True)
        return {"files": [_plan(space, file) for file in (await request.json())["files"]]}

    async def commit(self, owner: str, name: str, request: Request) -> dict[str, Any]:
        space = self._space(owner, name, write=True)
        header, *operations = map(json.loads, (await request.body()).splitlines())
        if header["value"].get("parentCommit", space.sha) != space.sha:
            raise HTTPException(412)
        files = dict(space.files)
        for operation in operations:
            self._apply(files, operation["key"], operation["value"])
        space.files, space.commits = files, space.commits + 1
        url = f"{self.url}/spaces/{owner}/{name}/commit/{space.sha}"
        return {"success": True, "commitOid": space.sha, "commitUrl": url}

    def _apply(self, files: dict[str, str], key: str, value: dict[str, Any]) -> None:
        """One operation of a commit."""
        if key == "deletedFile":
            del files[value["path"]]
        elif key == "file":
            files[value["path"]] = hash_of(base64.b64decode(value["content"]))
        elif not self._has(value["oid"]):
            raise HTTPException(400, headers={"X-Error-Message": "LFS pointer without a file"})
        else:
            files[value["path"]] = value["oid"]

    def _has(self, oid: str) -> bool:
        return oid in self.large or any(_as_words(oid) in shard for shard in self.shards)

    async def lfs_batch(self, owner: str, name: str, request: Request) -> dict[str, Any]:
        self._space(owner, name, write=True)
        objects = (await request.json())["objects"]
        for each in objects:
            if each["oid"] not in self.large:
                each["actions"] = {"upload": {"href": f"{self.url}/large/{each['oid']}"}}
        return {"objects": objects, "transfer": "basic"}

    async def lfs_put(self, oid: str, request: Request) -> None:
        if hashlib.sha256(await request.body()).hexdigest() != oid:
            raise HTTPException(400)
        self.large.add(oid)

    def xet_token(self, owner: str, name: str) -> dict[str, Any]:
        self._space(owner, name, write=True)
        return {"accessToken": "xet", "exp": 4_000_000_000, "casUrl": self.url}

    async def xet_shard(self, request: Request) -> dict[str, int]:
        self.shards.append(await request.body())
        return {"result": 1}


def action_of(request: Request) -> str:
    """What is asked for: info, create, preupload, commit, batch, put, xet, xet-write-token, …"""
    parts = [part for part in request.url.path.strip("/").split("/") if part != "main"]
    if parts[0] in ("v1", "v2"):
        return "xet"
    if parts[0] == "large":
        return "put"
    return "info" if request.method == "GET" and len(parts) == 4 else parts[-1]


@contextmanager
def serving() -> Generator[Hub]:
    """A Hub that answers at its `url`."""
    hub = Hub()
    with answering(hub.app()) as hub.url:
        yield hub


def _plan(space: Space, file: dict[str, Any]) -> dict[str, Any]:
    """How a file is to be sent, and what the Space has under its name."""
    mode = "lfs" if file["size"] >= LARGE else "regular"
    known = space.files.get(file["path"])
    return {"path": file["path"], "uploadMode": mode, "shouldIgnore": False, "oid": known}


def _as_words(sha256: str) -> bytes:
    """A sha256 as Xet writes it: four numbers of 8 bytes, little-endian."""
    return struct.pack("<4Q", *struct.unpack(">4Q", bytes.fromhex(sha256)))
