"""The server over real sockets: a game, lost connections, restarts, and clients that misbehave."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from socket import create_connection, has_dualstack_ipv6

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from game import application
from game.guests.limits import AddressLimits, Buckets
from game.messages import (
    MAX_MESSAGE_BYTES,
    Guesses,
    Hello,
    Ink,
    Ping,
    Point,
    Pong,
    Problem,
    Skip,
    State,
    Undo,
    Welcome,
)
from game.rooms import connection
from game.rooms.connection import POLICY_VIOLATION
from game.rules import modes
from game.server import Options, main
from game.serving import MAX_FRAME_BYTES, listen
from models.command import UserError
from tests import cli
from tests.game.fakes import WORDS, bars
from tests.game.serving import PATIENCE, Client, running
from tests.signals import usual


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    with running() as address:
        yield address


GAME, SKIP = 120_000.0, 60_000.0  # ms


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sprints with a very short countdown, in which a skip costs nearly all of the time.

    So there is time for three drawings on a slow machine, and a fast one need not wait.
    """
    monkeypatch.setattr(modes, "COUNTDOWN", 50.0)
    sprint = replace(modes.MODES["sprint"], game_time=GAME, reveal=50.0, skip_cost=SKIP)
    monkeypatch.setitem(modes.MODES, "sprint", sprint)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sprints that end as soon as a drawing can have been judged."""
    monkeypatch.setattr(modes, "COUNTDOWN", 50.0)
    sprint = replace(modes.MODES["sprint"], game_time=2_000.0, reveal=50.0, skip_cost=100.0)
    monkeypatch.setitem(modes.MODES, "sprint", sprint)


# -- playing ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick")
async def test_a_whole_sprint(address: str):
    async with Client(address) as player:
        state = await player.begin("sprint")
        await player.send(Skip(round=state.round))
        points = 0
        for round in (2, 3, 4):
            state = await player.stage("drawing")
            assert state.round == round
            assert state.word is not None
            assert state.worth in (1, 2, 3)
            points += state.worth
            await player.draw(round, state.word)
            result = (await player.stage("reveal")).results[-1]
            assert (result.word, result.outcome) == (state.word, "guessed")
            assert result.points == state.worth
            assert result.guesses[0].word == state.word
            assert sum(len(x) for x, _, _ in result.strokes) == sum(map(len, bars(state.word)))
        state = await player.stage("drawing")
        assert state.left is not None
        assert 0 < state.left < GAME - SKIP
        await player.send(Skip(round=state.round))
        over = await player.stage("over")
    assert [r.outcome for r in over.results] == ["skipped", *["guessed"] * 3, "skipped"]
    assert (len({r.word for r in over.results}), over.points) == (5, points)


@pytest.mark.usefixtures("short")
async def test_a_wrong_drawing_wins_nothing(address: str):
    async with Client(address) as player:
        state = await player.begin("sprint")
        if state.word == WORDS[0]:  # one bar: every drawing here passes through it
            await player.send(Skip(round=1))
            state = await player.stage("drawing")
        await player.draw(state.round, WORDS[0])
        guess = await player.hear(Guesses, lambda g: g.guesses[0].word == WORDS[0])
        assert (guess.hold, guess.round) == (0, state.round)
        over = await player.stage("over")
    assert over.results[-1].outcome == "bell"


async def test_guesses_come_while_the_line_is_still_drawn(address: str):
    async with Client(address) as player:
        await player.begin()
        first, *rest = bars("one")[0]
        await player.send(Ink(round=1, stroke=0, points=[first, *rest[:3]]))
        before = await player.hear(Guesses)
        await player.send(Ink(round=1, stroke=0, points=rest[3:]))
        after = await player.hear(Guesses)
    assert after.frame > before.frame > 0
    assert len(after.guesses) == 5


# -- lost connections and restarts -----------------------------------------------------------------


async def test_a_dropped_connection_finds_its_game_again(address: str):
    async with Client(address) as player:
        await player.begin("practise")
        await player.draw(1, "three")
        drawn = sum(map(len, bars("three")))  # ink that is still on its way is lost with the line
        await player.hear(Guesses, lambda g: g.points == drawn)
        player.socket.transport.abort()
        async with Client(address, player.welcome.token) as again:
            assert (again.welcome.resumed, again.welcome.token) == (True, player.welcome.token)
            state = await again.hear(State)
            assert [x for x, _, _ in state.strokes] == [
                [x for x, _, _ in stroke] for stroke in bars("three")
            ]
            assert (await again.hear(Guesses)).guesses[0].word == "three"
            await again.send(Undo(round=1))
            assert (await again.hear(Guesses)).guesses[0].word == "two"


async def test_a_second_window_replaces_the_first(address: str):
    async with Client(address) as first:
        await first.begin()
        async with Client(address, first.welcome.token) as second:
            problem = await first.hear(Problem)
            assert (problem.code, problem.fatal, await first.closed()) == ("replaced", True, 4000)
            await second.draw(1, "two")
            await second.hear(Guesses, lambda g: g.guesses[0].word == "two")


async def test_a_restarted_server_reports_that_the_game_is_gone():
    with running() as address:
        player = await Client(address).__aenter__()
        await player.begin("sprint")
        stopping = asyncio.create_task(player.hear(Problem))
        await asyncio.sleep(0)
    problem = await stopping
    assert (problem.code, problem.fatal, await player.closed()) == ("stopping", True, 1012)
    with running(int(address.partition(":")[2])):
        async with Client(address, player.welcome.token) as again:
            assert not again.welcome.resumed
            assert (await again.hear(State)).stage == "home"


# -- misbehaviour ----------------------------------------------------------------------------------


class Bystander(Client):
    """A player in a running game, whom the actions of others must not affect."""

    async def __aenter__(self) -> "Bystander":
        await super().__aenter__()
        await self.begin()
        return self

    async def plays_on(self) -> None:
        await self.draw(1, "four")
        guess = await self.hear(Guesses, lambda g: g.guesses[0].word == "four")
        assert guess.round == 1


BAD = [
    "",
    "{",
    "null",
    '{"type": "win"}',
    '{"type": "ink", "round": 1, "stroke": 0, "points": [[NaN, 0, 0]]}',
    '{"type": "ink", "round": 1, "stroke": 0, "points": [[1e999, 0, 0]]}',
    '{"type": "ink", "round": 1, "stroke": 0, "points": "many"}',
    '{"type": "start", "mode": "cheat"}',
    "[" * 20_000,
    b"\x00\x01",
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
async def test_a_malformed_message_is_named_and_forgiven(address: str, bad: str | bytes):
    async with Client(address) as player:
        await player.socket.send(bad)
        problem = await player.hear(Problem)
        assert (problem.code, problem.fatal) == ("malformed", False)
        await player.send(Ping(sent=3))
        assert (await player.hear(Pong)).sent == 3


async def test_repeated_malformed_messages_end_the_connection(address: str):
    async with Bystander(address) as other, Client(address) as player:
        for _ in range(6):
            await player.socket.send("nonsense")
        problem = await player.hear(Problem, lambda p: p.fatal)
        assert (problem.code, await player.closed()) == ("malformed", POLICY_VIOLATION)
        await other.plays_on()


@pytest.mark.parametrize("size", [MAX_MESSAGE_BYTES + 1, MAX_FRAME_BYTES // 2])
async def test_an_oversized_message_is_named_and_the_socket_closed(address: str, size: int):
    async with Bystander(address) as other, Client(address) as player:
        await player.socket.send(" " * size)
        problem = await player.hear(Problem)
        assert (problem.code, problem.fatal, await player.closed()) == ("too_large", True, 1009)
        await other.plays_on()


async def test_a_huge_message_is_not_even_read(address: str):
    async with Bystander(address) as other, Client(address) as player:
        await player.socket.send(" " * (MAX_FRAME_BYTES + 1))
        assert await player.closed() == 1009
        await other.plays_on()


async def test_a_flood_of_messages_is_cut_off(address: str):
    async with Bystander(address) as other, Client(address) as player:
        for _ in range(2_000):
            await player.socket.send('{"type":"ping"}')
            if player.socket.close_code is not None:
                break
        problem = await player.hear(Problem, lambda p: p.fatal)
        assert (problem.code, await player.closed()) == ("too_fast", POLICY_VIOLATION)
        await other.plays_on()


async def test_a_flood_of_points_is_cut_off(address: str):
    points: list[Point] = [(0, 0, 0)] * 1_000
    async with Bystander(address) as other, Client(address) as player:
        await player.begin()
        for _ in range(40):
            await player.send(Ink(round=1, stroke=0, points=points))
        problem = await player.hear(Problem, lambda p: p.fatal)
        assert (problem.code, await player.closed()) == ("too_fast", POLICY_VIOLATION)
        await other.plays_on()


async def admitted(address: str) -> Client:
    """A player who tries again until the server has noticed that another one has left."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(ConnectionClosed):
                return await Client(address).__aenter__()


async def test_an_address_has_only_so_many_players():
    with running(per_address=2) as address:
        async with Client(address), Client(address) as second:
            async with connect(f"ws://{address}/race") as third:
                problem = Client.read(await third.recv())
                assert isinstance(problem, Problem)
                assert (problem.code, problem.fatal) == ("too_many", True)
            await second.socket.close()
            fourth = await admitted(address)
            await fourth.begin()
            await fourth.socket.close()


async def test_the_players_of_an_address_have_limits_together(monkeypatch: pytest.MonkeyPatch):
    limits = AddressLimits()
    limits.messages, limits.points = Buckets(0, 12), Buckets(0, 20)
    monkeypatch.setattr(application, "AddressLimits", lambda players: limits)
    with running() as address:
        async with Client(address) as first, Client(address) as second:
            for player in (first, second):
                await player.begin()
                await player.send(Ink(round=1, stroke=0, points=bars("one")[0]))
            assert (await second.hear(Problem)).code == "too_fast"  # 22 points
            for _ in range(6):
                await first.send(Ping())
                await first.hear(Pong)
            await second.send(Ping())
            assert (await second.hear(Problem)).code == "too_fast"  # 13 messages


async def test_hello_comes_first(address: str):
    async with connect(f"ws://{address}/race") as socket:
        await socket.send(Ping().model_dump_json())
        problem = Client.read(await socket.recv())
        assert isinstance(problem, Problem)
        assert (problem.code, problem.fatal) == ("not_now", False)


@pytest.mark.parametrize("token", [None, "another"])
async def test_hello_again_tells_the_own_game_whatever_the_token(address: str, token: str | None):
    async with Client(address) as player:
        await player.begin()
        await player.send(Hello(token=token))
        welcome = await player.hear(Welcome)
        assert (welcome.resumed, welcome.token) == (True, player.welcome.token)
        assert (await player.hear(State)).stage == "drawing"


async def test_a_client_without_hello_is_disconnected(
    address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "HELLO_TIME", 0.05)
    async with connect(f"ws://{address}/race") as socket:
        problem = Client.read(await socket.recv())
        assert isinstance(problem, Problem)
        assert (problem.code, problem.fatal) == ("not_now", True)
        async with asyncio.timeout(PATIENCE):
            await socket.wait_closed()


# -- who may come in -------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_pages_of_other_sites_are_refused(address: str, origin: str):
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{address}/race", additional_headers={"Origin": origin})
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("forwarded", [False, True])
async def test_own_pages_come_in_also_behind_a_proxy(address: str, forwarded: bool):
    host = "doodle.example" if forwarded else address
    headers = {"Origin": f"https://{host}"}
    if forwarded:
        headers["X-Forwarded-Host"] = host
    async with connect(f"ws://{address}/race", additional_headers=headers) as socket:
        await socket.send('{"type":"hello"}')
        assert '"welcome"' in str(await socket.recv())


@pytest.mark.parametrize(
    "headers",
    [{"Cookie": "a" * 9_000}, {f"X-{number}": "1" for number in range(150)}],
    ids=["line", "number"],
)
async def test_a_handshake_with_too_much_in_its_headers_is_refused_at_once(
    address: str, headers: dict[str, str], caplog: pytest.LogCaptureFixture
):
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{address}/race", additional_headers=headers, open_timeout=PATIENCE)
    assert refused.value.response.status_code == 431
    assert "WEBSOCKETS_MAX_LINE_LENGTH" in caplog.text


# -- what else is served ---------------------------------------------------------------------------


async def test_health_page_and_files_are_served(address: str):
    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        page = await client.get("/")
        assert (page.status_code, "Doodle Race" in page.text) == (200, True)
        icon = await client.get("/pad/favicon.svg")
        assert (icon.status_code, icon.headers["cache-control"]) == (200, "no-cache")
        assert (await client.get("/docs")).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/preview.png", "/pad/favicon.svg"])
async def test_head_is_answered_like_get_and_other_methods_are_refused(address: str, path: str):
    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE) as client:
        asked, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (asked.status_code, b"")
        assert head.headers["content-length"] == asked.headers["content-length"]
        assert (await client.post(path)).status_code == 405


async def test_gradio_offers_no_events_to_programs_and_takes_nothing_from_them(address: str):
    """The game uses its own WebSocket; the page has no Gradio events."""
    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE) as client:
        info = (await client.get("/gradio_api/info")).json()
        assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}
        config = (await client.get("/config")).json()
        assert config["dependencies"] == []
        assert not config["mcp_server"]
        assert not config["run_history"]
        upload = await client.post("/gradio_api/upload", files={"files": b"x"})
        assert upload.status_code == 403
        call = {"data": [], "fn_index": 0, "session_hash": "a"}
        for path in (
            "call/predict",
            "run/predict",
            "api/predict",
            "queue/join",
            "component_server",
        ):
            assert (await client.post(f"/gradio_api/{path}", json=call)).status_code == 403


@pytest.mark.parametrize("root_path", ["/doodle", "doodle", "/doodle/"])
async def test_a_proxy_may_serve_the_game_under_a_path(root_path: str):
    with running(root_path=root_path) as address:
        async with Client(address) as player, httpx.AsyncClient(timeout=PATIENCE) as client:
            await player.send(Ping(sent=1))
            assert (await player.hear(Pong)).sent == 1
            assert (await client.get(f"http://{address}/pad/favicon.svg")).status_code == 200
            for path in ("/", "/doodle/"):  # removed by the proxy, and left on
                page = (await client.get(f"http://{address}{path}")).text
                assert f"http://{address}/doodle" in page


@pytest.mark.skipif(not has_dualstack_ipv6(), reason="there is no IPv6 here")
def test_all_addresses_are_those_of_ipv4_too():
    with (
        listen("::", 0) as listener,
        create_connection(("127.0.0.1", listener.getsockname()[1]), PATIENCE),
    ):
        player, address = listener.accept()
        player.close()
    assert address[0] == "::ffff:127.0.0.1"


def test_a_taken_port_is_a_clear_error():
    with (
        listen("127.0.0.1", 0) as taken,
        pytest.raises(UserError, match=r"cannot listen on 127\.0\.0\.1 port \d+: .*in use"),
    ):
        listen("127.0.0.1", taken.getsockname()[1])


def test_a_taken_port_is_found_before_the_model_is_opened():
    with (
        listen("127.0.0.1", 0) as taken,
        pytest.raises(UserError, match="cannot listen"),
    ):
        main(Options(model="nobody", port=taken.getsockname()[1]))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--root-path https://example.org/doodle", "--root-path is 'https://example.org/doodle'"),
        ("--public-url http://[::1", "'http://[::1' is not an address"),
        ("--proxies nginx", "'nginx' does not appear to be"),
        ("--per-address 0", "--per-address is 0"),
        ("--finish-within nan", "--finish-within is nan"),
        ("--finish-within -1", "--finish-within is -1"),
        ("--lease nan", "a lease of nan s cannot be used"),
    ],
)
def test_odd_options_are_refused_before_the_model_is_opened(
    arguments: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    arguments = f"--port 0 --model nobody {arguments}"
    assert said in cli.refusal(Options, main, arguments, monkeypatch, capsys)


def test_the_server_logs_when_it_is_run_as_a_module(tmp_path: Path):
    command = [sys.executable, "-m", "game.server", "--port", "0", "--metrics-port", "0"]
    command += ["--database", f"sqlite:///{tmp_path}/records.sqlite3"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, preexec_fn=usual
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Doodle Race: http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=10 * PATIENCE)
    assert process.returncode == 0
    assert "metrics are served" in logged
    assert logged.rstrip().splitlines()[-1].count("stopped") == 1


def test_a_port_variable_that_is_no_number_is_a_clear_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", "seven")
    with pytest.raises(UserError, match="PORT is 'seven'"):
        Options()
    monkeypatch.setenv("PORT", "8123")
    assert Options().port == 8123


def test_an_unknown_model_is_a_clear_error():
    with pytest.raises(UserError, match="no model 'nobody' on the shelf"):
        main(Options(model="nobody", port=0))
