"""The log: what its lines contain, and what they must not."""

import json
import logging
from collections.abc import Generator
from typing import Any

import pytest

from game.meters import ERRORS
from game.operations import logs
from tests.game.world import World

TOKEN = "Kb3_x9-QvLw2ZtY8RpSd4FgHj6MnBc1V"
SECRETS = ("Ada", TOKEN, "192.168.17.4", "2001:db8::7:1")


@pytest.fixture
def log() -> Generator[logging.Logger]:
    """The root logger, restored after the test."""
    root = logging.getLogger()
    level = root.level
    names = [logging.getLogger(name) for name in logs.OURS]
    levels = [each.level for each in names]
    yield root
    root.handlers = [each for each in root.handlers if not _ours(each)]
    root.setLevel(level)
    for each, old in zip(names, levels, strict=True):
        each.setLevel(old)
    logging.captureWarnings(False)
    logging.raiseExceptions = True


def _ours(handler: logging.Handler) -> bool:
    return isinstance(handler, logs.ErrorCounter) or isinstance(
        handler.formatter, logs.TextFormatter | logs.JsonFormatter
    )


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest, log: logging.Logger) -> logs.LogFormat:
    return request.param


def last(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().err.splitlines()[-1])


def fail() -> None:
    try:
        raise ValueError(f"{SECRETS} drew nonsense")
    except ValueError as error:
        raise OSError(28, "No space left on device", "/home/Ada") from error


def test_a_line_is_an_object(log: logging.Logger, capsys: pytest.CaptureFixture[str]):
    logs.set_up("json")
    logging.getLogger("game.x").info("saved %d", 3, extra={"facts": {"bytes": 7}})
    entry = last(capsys)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {"level": "info", "logger": "game.x", "event": "saved 3", "bytes": 7}


def test_a_line_for_people(log: logging.Logger, capsys: pytest.CaptureFixture[str]):
    logs.set_up("text")
    logging.getLogger("game.x").warning("slow", extra={"facts": {"seconds": 7}})
    assert capsys.readouterr().err == "warning: slow seconds=7\n"


def test_an_error_tells_its_kinds_and_places_but_no_words(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
):
    logs.set_up("json")
    try:
        fail()
    except OSError:
        logging.getLogger("game.x").exception("a round could not be kept")
    outer, inner = last(capsys)["errors"]
    assert outer["type"] == "OSError: No space left on device"
    assert inner["type"] == "ValueError"
    assert outer["at"][-1].startswith("game/operations/test_logs.py:")
    assert outer["at"][-1].endswith(" fail")


def test_nothing_of_a_player_is_in_it(form: logs.LogFormat, capsys: pytest.CaptureFixture[str]):
    logs.set_up(form)
    try:
        fail()
    except OSError:
        logging.getLogger("game.x").exception("a connection broke")
        logging.getLogger("library").exception("from %s:4711, %s", SECRETS[2], TOKEN)
    logging.getLogger("library").warning("refused %s at %s", SECRETS[3], "12:30:01")
    said = capsys.readouterr().err
    assert not [secret for secret in SECRETS if secret in said]
    assert "…" in said
    assert "12:30:01" in said
    assert "fail" in said


def test_a_whole_race_with_broken_records_tells_nothing_of_the_players(
    form: logs.LogFormat, capsys: pytest.CaptureFixture[str]
):
    logs.set_up(form)
    world = World()
    world.storage.broken = True
    players = world.race_of(2)
    for player in players:
        player.win()
    world.clock.pass_(60_000)
    said = capsys.readouterr().err
    assert "a round could not be stored" in said
    for player in players:
        assert player.guest.token not in said
        assert player.guest.key not in said
    assert "Host" not in said
    assert "Guest 1" not in said


def test_errors_are_counted(form: logs.LogFormat):
    logs.set_up(form)

    def number() -> float:
        return ERRORS.labels("game.y")._value.get()

    before = number()
    logging.getLogger("game.y").error("one")
    logging.getLogger("game.y").warning("none")
    assert number() == before + 1


def test_libraries_tell_warnings_only(form: logs.LogFormat, capsys: pytest.CaptureFixture[str]):
    logs.set_up(form)
    logging.getLogger("library").info("a line for nobody")
    logging.getLogger("library").warning("a line")
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
