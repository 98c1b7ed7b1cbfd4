"""Bots: they join, draw at the speed of a hand and finish races; their errors are clear."""

from collections.abc import Generator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve

from game.bot.__main__ import main
from game.bot.artist import Artist, thinned
from game.bot.options import Options
from game.bot.player import Bot, inks, websocket_url
from game.messages import Open, Strokes
from game.records.shipped_ghosts import READS
from game.rooms import room
from game.rules import race
from game.rules.speed_limit import SpeedLimit
from models.command import UserError
from models.drawing import Drawing, Stroke
from tests import cli, made
from tests.game.fakes import WORDS, bars
from tests.game.memory import Memory
from tests.game.serving import running

NOWHERE = "http://127.0.0.1:9"


def drawing(word: str) -> Drawing:
    """The bars of a word in the raw format of Quick, Draw!."""
    strokes = [
        Stroke(
            np.array([[x, y] for x, y, _ in line], np.float32),
            np.array([t for _, _, t in line], np.float32),
        )
        for line in bars(word)
    ]
    return Drawing(tuple(strokes), word, "1")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for word in WORDS:
        made.write_strokes(tmp_path, "raw", word, [drawing(word)])
    return tmp_path


@pytest.fixture
def storage() -> Memory:
    return Memory()


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch, storage: Memory) -> Generator[str]:
    """A server with short stages."""
    monkeypatch.setattr(race, "COUNTDOWN", 100.0)
    monkeypatch.setattr(race, "REVEAL", 100.0)
    monkeypatch.setattr(room, "QUICK_WAIT", 100.0)
    with running(storage=storage) as address:
        yield f"http://{address}"


def test_bots_race_in_a_room_of_their_own(
    address: str, storage: Memory, data: Path, capsys: pytest.CaptureFixture[str]
):
    main(Options(server=address, open=True, players=3, data_dir=data, seed=1))
    lines = capsys.readouterr().out.splitlines()
    said = [line for line in lines if not line.startswith("Doodle Race")]  # the server's own
    assert said[0].startswith("room ")
    assert said[0].endswith(f"{address}/?room={said[0][5:11]}")
    assert [line.split()[0] for line in said[1:]] == ["1.", "2.", "3."]
    tries = [t.replay for t in storage.attempts]
    assert [t.outcome for t in tries] == ["guessed"] * 9
    assert all(t.milliseconds >= READS for t in tries)
    assert sum(t.points for t in tries) == 3 * (5 + 3 + 2)


def test_bots_meet_in_a_quick_match(address: str, storage: Memory, data: Path):
    main(Options(server=address, players=2, data_dir=data))
    assert {t.replay.mode for t in storage.attempts} == {"quick"}


def test_an_unknown_word_is_scribbled_and_known_ones_ship():
    artist = Artist(None, Random(1))
    world, scribble = artist.draw("house"), artist.draw("aircraft carrier")
    assert len(world) > 1
    assert len(scribble) == 1
    assert artist.draw("aircraft carrier") != scribble


@pytest.mark.parametrize("word", ["house", "sun", "fish", "aircraft carrier"])
def test_a_hand_can_draw_what_a_bot_draws(word: str):
    limit, spot, before = SpeedLimit(), None, 0
    for at, ink in inks(thinned(Artist(None, Random(2)).draw(word), 50), 1, 0):
        limit.draw(ink.points, spot if ink.stroke == before else None, at)
        spot, before = ink.points[-1][:2], ink.stroke


def test_thinned_lines_keep_their_ends():
    line: Strokes = [[[0, 1, 2, 3, 4], [0, 0, 0, 0, 0], [0, 10, 60, 70, 75]], [[9], [9], [80]]]
    assert thinned(line, 50) == [[[0, 2, 4], [0, 0, 0], [0, 60, 75]], [[9], [9], [80]]]


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("http://127.0.0.1:7860", "ws://127.0.0.1:7860/race"),
        ("https://ada-doodle.hf.space/", "wss://ada-doodle.hf.space/race"),
        ("example.org/doodle", "ws://example.org/doodle/race"),
        ("http://[::1]:7860/?room=ABCDEF", "ws://[::1]:7860/race"),
        ("http://ada:secret@bücher.example", "ws://ada:secret@xn--bcher-kva.example/race"),
    ],
)
def test_the_socket_is_beside_the_page(server: str, url: str):
    assert websocket_url(server) == url


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (f"--server {NOWHERE}", "cannot reach ws://127.0.0.1:9/race"),
        ("--server ftp://there", "'ftp://there' is not an address"),
        ("--server http://[::1", "'http://[::1' is not an address"),
        ("--server http://localhost:abc", "'http://localhost:abc' is not an address"),
        ("--server http://localhost:99999", "'http://localhost:99999' is not an address"),
        ("--server http://a..b", "'http://a..b' is not an address"),
        ("--races -1", "--races is -1"),
        ("--points nan", "--points is nan"),
        ("--points inf", "--points is inf"),
        ("--players 0", "--players is 0"),
        ("--open --room ABCDEF", "--open and --room exclude each other"),
        ("--points 0", "--points is 0"),
        ("--data-dir /nowhere", "has no folder raw"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    arguments: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    assert said in cli.refusal(Options, main, arguments, monkeypatch, capsys)


def test_a_proxy_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    message = cli.odd_proxy(monkeypatch)
    assert message in cli.refusal(Options, main, "--players 2", monkeypatch, capsys)


async def test_a_server_that_is_gone_without_a_word():
    async def die(socket: ServerConnection) -> None:
        await socket.recv()
        socket.transport.abort()

    async with serve(die, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        bot = Bot(f"http://127.0.0.1:{port}", Artist(None, Random(1)), Open())
        with pytest.raises(UserError, match="has closed the connection"):
            await bot.play()


def test_a_room_that_is_not_there(address: str):
    with pytest.raises(UserError, match="There is no room with this code"):
        main(Options(server=address, room="AAAAAA"))
