"""Sign-in with Hugging Face: off without a Space's settings; with it, results follow the user."""

import time
from collections.abc import Generator, Sequence
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request
from huggingface_hub import constants
from joserfc import jwt
from joserfc.jwk import RSAKey
from websockets.asyncio.client import connect

from game.guests import signin
from game.messages import Daily, DailyInfo, Hello, RaceState, Welcome, server_message
from game.records.storage import RacePlan
from tests.game.listening import answering
from tests.game.records.making import ANNA, BEN, WORDS, Opened, finish
from tests.game.serving import PATIENCE, Client, running

SECRET = "the space's"


class Provider:
    """A replacement for Hugging Face's OpenID Connect that signs everyone in as `name`."""

    def __init__(self) -> None:
        self.name = "ada"
        self.url = ""
        self._key = RSAKey.generate_key(2048, private=True)
        self._nonces: dict[str, str] = {}

    def app(self) -> FastAPI:
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self.configuration)
        app.get("/keys")(self.keys)
        app.post("/token")(self.token)
        return app

    def configuration(self) -> dict[str, Any]:
        ends = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
        }
        urls = {name: self.url + path for name, path in ends.items()}
        return {"issuer": self.url, "id_token_signing_alg_values_supported": ["RS256"], **urls}

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def allow(self, location: str) -> str:
        """Agree to the sign-in as the user's browser would; return the next URL."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["client_id"] == "the game"
        self._nonces["code"] = asked["nonce"]
        back = httpx.URL(asked["redirect_uri"])
        return str(back.copy_merge_params({"code": "code", "state": asked["state"]}))

    async def token(self, request: Request) -> dict[str, Any]:
        assert b"code=code" in await request.body()
        claims = {
            "iss": self.url,
            "aud": "the game",
            "sub": f"user {self.name}",
            "preferred_username": self.name,
            "nonce": self._nonces.pop("code"),
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
        }
        signed = jwt.encode({"alg": "RS256"}, claims, self._key)
        return {
            "access_token": "secret",
            "token_type": "bearer",
            "expires_in": 60,
            "id_token": signed,
        }


class Browser:
    """Keeps the cookie of the game's session as a browser does."""

    def __init__(self, address: str, provider: Provider) -> None:
        self._address, self._provider = address, provider
        self._cookie = ""

    async def sign_in(self, name: str) -> None:
        self._provider.name = name
        to_provider = await self.get("/oauth/huggingface/login")
        assert to_provider.is_redirect
        back = self._provider.allow(to_provider.headers["location"])
        home = await self.get(back.removeprefix(f"http://{self._address}"))
        assert home.is_redirect

    async def get(self, path: str, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(
            base_url=f"http://{self._address}", timeout=PATIENCE
        ) as client:
            answer = await client.get(path, headers={"cookie": self._cookie, **headers})
        for name, morsel in SimpleCookie(answer.headers.get("set-cookie", "")).items():
            self._cookie = f"{name}={morsel.value}"
        return answer

    async def hello(self, hello: Hello) -> Welcome:
        """Connect, say hello, and disconnect."""
        async with self.connected() as socket:
            await socket.send(hello.model_dump_json())
            return Welcome.model_validate_json(await socket.recv())

    async def begin_daily(self, key: str) -> None:
        """Begin the daily game."""
        async with self.connected() as socket:
            await socket.send(Hello(key=key).model_dump_json())
            await socket.send(Daily().model_dump_json())
            while not isinstance(server_message.validate_json(await socket.recv()), RaceState):
                pass

    async def daily(self, key: str) -> DailyInfo:
        answer = await self.get("/daily", **{"x-player-key": key})
        return DailyInfo.model_validate_json(answer.content)

    def tamper(self) -> None:
        """Change a letter in the content of the cookie, but not its signature."""
        letter = len("session=") + 40
        other = "A" if self._cookie[letter] != "A" else "B"
        self._cookie = self._cookie[:letter] + other + self._cookie[letter + 1 :]

    def connected(self) -> connect:
        headers = {"cookie": self._cookie}
        return connect(f"ws://{self._address}/race", additional_headers=headers, max_size=None)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Generator[Provider]:
    """The replacement for Hugging Face, and the settings of a Space with sign-in."""
    made = Provider()
    with answering(made.app()) as made.url:
        for name, value in {
            "OAUTH_CLIENT_ID": "the game",
            "OAUTH_CLIENT_SECRET": SECRET,
            "OAUTH_SCOPES": "openid profile",
            "OPENID_PROVIDER_URL": made.url,
        }.items():
            monkeypatch.setenv(name, value)
            monkeypatch.setattr(constants, name, value)
        monkeypatch.setenv("SPACE_ID", "ada/doodle-race")
        yield made


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """The server's records."""
    return Opened(tmp_path)


@pytest.fixture
def address(provider: Provider, opened: Opened) -> Generator[str]:
    """A game server in the Space, with records."""
    with running(storage=opened.records) as made:
        yield made


async def test_without_the_spaces_settings_there_is_none():
    assert not signin.offered()
    with running() as address:
        async with Client(address) as player:
            assert (player.welcome.sign_in, player.welcome.account) == (False, None)
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE) as client:
            assert (await client.get("/oauth/huggingface/login")).status_code == 404


async def test_a_guest_sees_that_sign_in_is_offered(address: str, provider: Provider):
    welcome = await Browser(address, provider).hello(Hello(key=ANNA))
    assert (welcome.sign_in, welcome.account, welcome.key) == (True, None, ANNA)


async def test_a_signed_in_player_has_the_same_results_in_every_browser(
    address: str, provider: Provider, opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    keys, daily = list[str](), opened.records.daily

    async def heard(key: str, words: Sequence[str]) -> RacePlan:
        keys.append(key)
        return await daily(key, words)

    monkeypatch.setattr(opened.records, "daily", heard)
    phone, laptop, other = (Browser(address, provider) for _ in range(3))
    await phone.sign_in("ada")
    await laptop.sign_in("ada")
    await other.sign_in("bo")
    welcome = await phone.hello(Hello(key=ANNA))
    assert (welcome.account, welcome.key) == ("ada", ANNA)  # the account's key is never told
    await phone.begin_daily(ANNA)
    assert keys not in ([], [ANNA])
    await finish(opened, keys[0], *WORDS)
    assert (await laptop.daily(BEN)).done
    assert not (await other.daily(BEN)).done
    assert not (await Browser(address, provider).daily(ANNA)).done  # the phone's key, signed out


async def test_signing_in_or_out_makes_another_guest(address: str, provider: Provider):
    browser = Browser(address, provider)
    guest = await browser.hello(Hello(key=ANNA))
    await browser.sign_in("ada")
    ada = await browser.hello(Hello(key=ANNA, token=guest.token))
    assert (ada.account, ada.resumed) == ("ada", False)
    assert (await browser.hello(Hello(token=ada.token))).resumed
    await browser.get("/oauth/huggingface/logout")
    out = await browser.hello(Hello(key=ANNA, token=ada.token))
    assert (out.account, out.resumed, out.key) == (None, False, ANNA)


async def test_a_name_that_may_not_be_shown_is_not(address: str, provider: Provider):
    browser = Browser(address, provider)
    await browser.sign_in("fuck")
    assert (await browser.hello(Hello())).account == ""


async def test_a_forged_session_is_nobodys(address: str, provider: Provider):
    browser = Browser(address, provider)
    await browser.sign_in("ada")
    browser.tamper()
    assert (await browser.hello(Hello())).account is None
