"""The configurations of docs/hosting.md in a real nginx and Caddy, with and without TLS and path.

The intervals of the server's pings and the proxies' idle timeouts are shortened in proportion.
"""

import asyncio
import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from game import serving
from game.messages import Hello, Ping
from tests.game.serving import running
from tests.servers import answers, free_port, wait_until

DOCUMENT = Path(__file__).parents[2] / "docs" / "hosting.md"
PATIENCE = 120.0  # seconds until the page must be ready, on a busy machine
IDLE = 2  # seconds after which the proxies of these tests close a silent connection
KINDS = [(proxy, tls) for proxy in ("nginx", "caddy") for tls in (False, True)]


@dataclass(frozen=True)
class Site:
    """The game behind a proxy; `address` is the one for browsers, without a slash at the end."""

    address: str
    prefix: str
    trust: ssl.SSLContext | None

    def client(self) -> httpx.AsyncClient:
        verify = self.trust or False
        return httpx.AsyncClient(verify=verify, follow_redirects=True, timeout=PATIENCE)

    def socket(self, origin: str) -> connect:
        url = re.sub("^http", "ws", self.address) + "/race"
        return connect(url, origin=origin, ssl=self.trust, proxy=None)  # pyright: ignore[reportArgumentType]

    @property
    def origin(self) -> str:
        return self.address.removesuffix(self.prefix)


def configuration(proxy: str, prefix: str) -> str:
    """The document's configuration of a proxy, for the root of a site or for a path."""
    blocks = re.findall(rf"```{proxy}\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    (block,) = [block for block in blocks if f"https://example.org{prefix}/\n" in block]
    return block


def nginx(folder: Path, block: str, port: int, tls: bool) -> list[str]:
    """The command of an nginx whose only site is the given configuration."""
    if tls:
        block = block.replace("/etc/ssl/example.org", str(folder / "site"))
        block = block.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    else:
        block = re.sub(r"\n *ssl_.*", "", block)
        block = block.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    assert "proxy_read_timeout 60s" in block
    block = block.replace("proxy_read_timeout 60s", f"proxy_read_timeout {IDLE}s")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"user {Path(folder).owner()}; daemon off; pid {folder}/pid; error_log {folder}/errors; "
        f"events {{}} http {{ access_log off; {temporary}\n{block}\n}}"
    )
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, block: str, port: int, tls: bool) -> list[str]:
    """The command of a Caddy whose only site is the given configuration."""
    scheme = "https" if tls else "http"
    site = f"{scheme}://localhost:{port} {{"
    if tls:
        site += f"\n    tls {folder}/site.pem {folder}/site.key"
    block = block.replace("example.org {", site)
    frame = "{\n    admin off\n    auto_https disable_redirects\n}\n"
    (folder / "Caddyfile").write_text(frame + block)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for localhost, and a client's context that trusts it."""
    names = ["-keyout", str(folder / "site.key"), "-out", str(folder / "site.pem")]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*command, *names, *subject], check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(folder / "site.pem"))


@contextmanager
def behind(proxy: str, tls: bool, prefix: str, game: str) -> Generator[Site]:
    """The game at an address such as 127.0.0.1:4711 behind a proxy of the document."""
    assert shutil.which(proxy), f"install {proxy} (apt-get install {proxy})"
    block = configuration(proxy, prefix).replace("127.0.0.1:7860", game)
    with tempfile.TemporaryDirectory(prefix="doodle-proxy-") as name:
        folder, port = Path(name), free_port()
        trust = certificate(folder) if tls else None
        make = nginx if proxy == "nginx" else caddy
        process = subprocess.Popen(make(folder, block, port, tls), stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: answers(port))
            scheme = "https" if tls else "http"
            yield Site(f"{scheme}://localhost:{port}{prefix}", prefix, trust)
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module", params=["", "/doodle"])
def game(request: pytest.FixtureRequest) -> Generator[tuple[str, str]]:
    """A prefix, and the address of a game that is served under it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(serving, "PING_EVERY", IDLE / 4)
    with running(root_path=request.param) as address:
        httpx.get(f"http://{address}/", timeout=PATIENCE)  # answered when the page is ready
        yield request.param, address
    patch.undo()


@pytest.fixture(params=KINDS, ids=lambda kind: f"{kind[0]}{'-tls' * kind[1]}")
def site(request: pytest.FixtureRequest, game: tuple[str, str]) -> Generator[Site]:
    proxy, tls = request.param
    prefix, address = game
    with behind(proxy, tls, prefix, address) as made:
        yield made


async def welcome(socket: ClientConnection) -> None:
    await socket.send(Hello().model_dump_json())
    assert '"welcome"' in str(await socket.recv())


async def test_page_previews_and_files_with_and_without_the_last_slash(site: Site):
    async with site.client() as client:
        page = await client.get(f"{site.address}/?room=ABCDEF")
        without = await client.get(f"{site.address}?room=ABCDEF")
        for found in (page, without):
            assert found.status_code == 200
            assert f'property="og:url" content="{site.address}/?room=ABCDEF"' in found.text
        base = re.search(r'<base href="([^"]*)"', page.text)
        file = page.url.join(base[1] if base else "").join("pad/favicon.svg")
        assert (await client.get(file)).status_code == 200
        picture = re.search(r'property="og:image" content="([^"]*)"', page.text)
        assert picture
        assert (await client.get(picture[1])).headers["content-type"] == "image/png"


async def test_a_page_of_the_site_plays_and_one_of_another_does_not(site: Site):
    async with site.socket(site.origin) as socket:
        await welcome(socket)
    with pytest.raises(InvalidStatus) as refused:
        async with site.socket("https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_a_silent_socket_stays_open_for_longer_than_the_proxy_waits(site: Site):
    async with site.socket(site.origin) as socket:
        await welcome(socket)
        await asyncio.sleep(2 * IDLE)  # real time: it is the proxy's clock
        await socket.send(Ping(sent=7).model_dump_json())
        async with asyncio.timeout(PATIENCE):
            while '"pong"' not in str(await socket.recv()):
                pass
