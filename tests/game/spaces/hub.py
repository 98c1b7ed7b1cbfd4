"""A replacement for the Hugging Face Hub, with the part of its HTTP API that the project uses.

Files can be uploaded to Spaces, models and data sets, and downloaded from data sets. It supports
the requests of `huggingface_hub`, with large files by Git LFS and (only uploads) by Xet. It checks
tokens, rights, parent commits and large files as the Hub does, and fails when a test asks for it.
"""

import asyncio
import base64
import hashlib
import json
import struct
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse

from tests.game.listening import answering

OWNER, TOKEN = "ada", "hf_ada"
LARGE = 100_000  # bytes from which a file is not stored in git
NEW = {".gitattributes": "a" * 40, "README.md": "b" * 40}  # the files of a new Space
KINDS = {"space": "spaces", "dataset": "datasets", "model": "models"}
SIGNED = ("put", "large", "xet")  # actions with signed addresses, which need no token

Answer = Callable[[Request], Awaitable[Response]]
# A status of the answer; or "cut": the answer to a successful request is lost half way; or "hang":
# there is no answer.
Fault = int | Literal["cut", "hang"]


def hash_of(content: bytes) -> str:
    """The Hub's hash of a file: git's for a small one, SHA-256 for a large one."""
    if len(content) >= LARGE:
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


@dataclass
class Repository:
    """A Space or data set: hashes of its files, how it was created, and its number of commits."""

    files: dict[str, str]
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    commits: int = 1

    @property
    def sha(self) -> str:
        return hashlib.sha1(str(self.commits).encode()).hexdigest()

    @property
    def private(self) -> bool:
        return self.settings.get("visibility") == "private"


@dataclass
class Hub:
    """Repositories by name, and the requests so far.

    Attributes:
        faults: the next faults, one for each request, by action (see `action_of`).
        asked: number of requests by action.
        contents: contents of files by their hashes, except files that came by Xet.
        shards: the descriptions of the large files that came by Xet.
    """

    url: str = ""
    spaces: dict[str, Repository] = field(default_factory=dict[str, Repository])
    datasets: dict[str, Repository] = field(default_factory=dict[str, Repository])
    models: dict[str, Repository] = field(default_factory=dict[str, Repository])
    faults: defaultdict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    asked: Counter[str] = field(default_factory=Counter[str])
    contents: dict[str, bytes] = field(default_factory=dict[str, bytes])
    shards: list[bytes] = field(default_factory=list[bytes])

    def app(self) -> FastAPI:
        """The API as an application."""
        app = FastAPI()
        app.middleware("http")(self._guard)
        app.post("/api/repos/create")(self.create)
        app.post("/api/validate-yaml")(lambda: {"errors": [], "warnings": []})
        repository = "/api/{kind}/{owner}/{name}"
        app.get(repository)(self.info)
        app.get(repository + "/revision/main")(self.info)
        app.post(repository + "/preupload/main")(self.preupload)
        app.post(repository + "/commit/main")(self.commit)
        app.post("/{kind}/{owner}/{name}.git/info/lfs/objects/batch")(self.lfs_batch)
        app.post("/{owner}/{name}.git/info/lfs/objects/batch")(self.lfs_batch)  # of a model
        app.put("/large/{oid}")(self.lfs_put)
        app.get("/large/{oid}")(self.lfs_get)
        for method in (app.head, app.get):
            method("/{kind}/{owner}/{name}/resolve/{revision}/{file}")(self.resolve)
        app.get(repository + "/xet-write-token/main")(self.xet_token)
        app.post("/v1/xorbs/default/{hash}")(lambda: {"was_inserted": True})
        app.post("/v1/shards")(self.xet_shard)
        return app

    async def _guard(self, request: Request, go: Answer) -> Response:
        """Count the request, fail if a test wants it, and check the token."""
        action = action_of(request)
        self.asked[action] += 1
        if self.faults[action]:
            return await _fail(self.faults[action].pop(0), request, go)
        known = request.headers.get("authorization") == f"Bearer {TOKEN}"
        if not known and action not in SIGNED:
            return JSONResponse({"error": "Invalid username or password."}, 401)
        return await go(request)

    def _all(self, kind: str) -> dict[str, Repository]:
        return {"spaces": self.spaces, "datasets": self.datasets, "models": self.models}[kind]

    def _repository(self, kind: str, owner: str, name: str, write: bool = False) -> Repository:
        repository = self._all(kind).get(f"{owner}/{name}")
        if repository is None:
            raise HTTPException(404, headers={"X-Error-Code": "RepoNotFound"})
        if write and owner != OWNER:
            raise HTTPException(403, headers={"X-Error-Message": "no write access"})
        return repository

    async def create(self, request: Request) -> JSONResponse:
        asked = await request.json()
        kind = KINDS[asked.get("type", "model")]
        known = self._all(kind)
        name = f"{asked['organization'] or OWNER}/{asked['name']}"
        if not name.startswith(OWNER + "/"):
            raise HTTPException(403, headers={"X-Error-Message": "not your namespace"})
        url = f"{self.url}/{name}" if kind == "models" else f"{self.url}/{kind}/{name}"
        if name in known:
            return JSONResponse({"error": "You already created this repo", "url": url}, 409)
        known[name] = Repository(dict(NEW), asked)
        return JSONResponse({"url": url})

    def info(self, kind: str, owner: str, name: str) -> dict[str, Any]:
        found = self._repository(kind, owner, name)
        return {
            "id": f"{owner}/{name}",
            "sha": found.sha,
            "siblings": [{"rfilename": file} for file in found.files],
            "private": found.private,
            "sdk": "gradio",
        }

    async def preupload(self, kind: str, owner: str, name: str, request: Request) -> dict[str, Any]:
        found = self._repository(kind, owner, name, write=True)
        return {"files": [_plan(found, file) for file in (await request.json())["files"]]}

    async def commit(self, kind: str, owner: str, name: str, request: Request) -> dict[str, Any]:
        found = self._repository(kind, owner, name, write=True)
        header, *operations = map(json.loads, (await request.body()).splitlines())
        if header["value"].get("parentCommit", found.sha) != found.sha:
            raise HTTPException(412)
        files = dict(found.files)
        for operation in operations:
            self._apply(files, operation["key"], operation["value"])
        found.files, found.commits = files, found.commits + 1
        url = f"{self.url}/{kind}/{owner}/{name}/commit/{found.sha}"
        return {"success": True, "commitOid": found.sha, "commitUrl": url}

    def _apply(self, files: dict[str, str], key: str, value: dict[str, Any]) -> None:
        """One operation of a commit."""
        if key == "deletedFile":
            del files[value["path"]]
        elif key == "file":
            content = base64.b64decode(value["content"])
            files[value["path"]] = hash_of(content)
            self.contents[hash_of(content)] = content
        elif not self._has(value["oid"]):
            raise HTTPException(400, headers={"X-Error-Message": "LFS pointer without a file"})
        else:
            files[value["path"]] = value["oid"]

    def resolve(self, kind: str, owner: str, name: str, revision: str, file: str) -> Response:
        """A file of the last commit; a large one is at another address, which needs no token."""
        found = self._repository(kind, owner, name)
        if revision != found.sha:
            raise HTTPException(404, headers={"X-Error-Code": "RevisionNotFound"})
        if file not in found.files:
            raise HTTPException(404, headers={"X-Error-Code": "EntryNotFound"})
        hash, content = found.files[file], self.contents[found.files[file]]
        headers = {"ETag": f'"{hash}"', "X-Repo-Commit": revision}
        if len(content) < LARGE:
            return Response(content, headers=headers)
        headers |= {"X-Linked-Etag": f'"{hash}"', "X-Linked-Size": str(len(content))}
        elsewhere = self.url.replace("127.0.0.1", "localhost")
        return RedirectResponse(f"{elsewhere}/large/{hash}", 302, headers)

    def _has(self, oid: str) -> bool:
        return oid in self.contents or any(_as_words(oid) in shard for shard in self.shards)

    async def lfs_batch(
        self, owner: str, name: str, request: Request, kind: str = "models"
    ) -> dict[str, Any]:
        self._repository(kind, owner, name, write=True)
        objects = (await request.json())["objects"]
        for each in objects:
            if each["oid"] not in self.contents:
                each["actions"] = {"upload": {"href": f"{self.url}/large/{each['oid']}"}}
        return {"objects": objects, "transfer": "basic"}

    async def lfs_put(self, oid: str, request: Request) -> None:
        if hashlib.sha256(await request.body()).hexdigest() != oid:
            raise HTTPException(400)
        self.contents[oid] = await request.body()

    def lfs_get(self, oid: str, request: Request) -> Response:
        """A large file, or the rest of it from a given byte."""
        if "authorization" in request.headers:
            raise HTTPException(400, "the token must not leave the Hub")
        begin = int(request.headers.get("range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        return Response(self.contents[oid][begin:], 206 if begin else 200)

    def xet_token(self, kind: str, owner: str, name: str) -> dict[str, Any]:
        self._repository(kind, owner, name, write=True)
        return {"accessToken": "xet", "exp": 4_000_000_000, "casUrl": self.url}

    async def xet_shard(self, request: Request) -> dict[str, int]:
        self.shards.append(await request.body())
        return {"result": 1}


def action_of(request: Request) -> str:
    """What is asked for: info, create, preupload, commit, batch, put, large (a file that was put),
    head and resolve (of a file), xet, xet-write-token, …
    """
    parts = [part for part in request.url.path.strip("/").split("/") if part != "main"]
    if parts[0] in ("v1", "v2"):
        return "xet"
    if parts[0] == "large":
        return "put" if request.method == "PUT" else "large"
    if "resolve" in parts:
        return "head" if request.method == "HEAD" else "resolve"
    return "info" if request.method == "GET" and len(parts) == 4 else parts[-1]


async def _fail(fault: Fault, request: Request, go: Answer) -> Response:
    if isinstance(fault, int):
        return JSONResponse({"error": "out of order"}, fault)
    if fault == "hang":
        while not await request.is_disconnected():
            await asyncio.sleep(0.05)
        return Response(status_code=503)
    answer = await go(request)
    assert isinstance(answer, StreamingResponse)
    content = b"".join([bytes(part) async for part in answer.body_iterator])  # pyright: ignore
    return StreamingResponse(_half(content), answer.status_code, dict(answer.headers))


async def _half(content: bytes) -> AsyncGenerator[bytes]:
    """The first half of an answer; then the connection breaks."""
    yield content[: len(content) // 2]
    await asyncio.sleep(0.05)  # so that the first half is sent
    raise ConnectionAbortedError


@contextmanager
def serving() -> Generator[Hub]:
    """A Hub that answers at its `url`."""
    hub = Hub()
    with answering(hub.app()) as hub.url:
        yield hub


def _plan(repository: Repository, file: dict[str, Any]) -> dict[str, Any]:
    """How a file has to be sent, and the hash of the file with its name."""
    mode = "lfs" if file["size"] >= LARGE else "regular"
    known = repository.files.get(file["path"])
    return {"path": file["path"], "uploadMode": mode, "shouldIgnore": False, "oid": known}


def _as_words(sha256: str) -> bytes:
    """A SHA-256 in Xet's notation: four little-endian numbers of 8 bytes."""
    return struct.pack("<4Q", *struct.unpack(">4Q", bytes.fromhex(sha256)))
