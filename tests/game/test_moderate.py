"""`python -m game.moderate`: lists, hides and deletes records of a running game."""

from pathlib import Path

import pytest

from game import moderate
from game.records import moderation, replays
from game.records.database import Database
from game.records.storage import AttemptRecord
from models.command import UserError
from tests import cli
from tests.game.records.making import ANNA, BEN, Opened, game, replay

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def ids(tmp_path: Path) -> list[str]:
    """A replay of Anna, one of Ben, and Ben's game."""
    opened = Opened(tmp_path)
    (first,) = await opened.keep(ANNA, replay("one"))
    opened.day.later(minutes=1)
    (second,) = await opened.keep(BEN, replay("two", name="Ben"))
    opened.day.later(minutes=1)
    kept = game(BEN, [second], ("two",), name="Ben")
    finished = await opened.keep_game(kept)
    opened.records.close()
    assert finished.challenge is not None
    return [first, second, finished.challenge]


def do(tmp_path: Path, what: moderate.Listing | moderate.Hide | moderate.Delete) -> None:
    moderate.main(moderate.Options(what, f"sqlite:///{tmp_path / 'records.sqlite3'}"))


def test_the_list_is_newest_first_and_shows_what_is_hidden(
    tmp_path: Path, ids: list[str], capsys: pytest.CaptureFixture[str]
):
    do(tmp_path, moderate.Hide((ids[0],)))
    do(tmp_path, moderate.Listing())
    done, *lines = capsys.readouterr().out.splitlines()
    assert done == "1 hidden"
    assert [line.split()[0] for line in lines] == ids[::-1]
    assert [line.endswith("hidden") for line in lines] == [False, False, True]
    assert "Ben               two (room)" in lines[1]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (moderate.Listing(name="Ben"), [2, 1]),
        (moderate.Listing(limit=1), [2]),
        (moderate.Listing(hidden=True), []),
    ],
)
def test_the_list_can_be_narrowed(
    tmp_path: Path,
    ids: list[str],
    wanted: moderate.Listing,
    found: list[int],
    capsys: pytest.CaptureFixture[str],
):
    do(tmp_path, wanted)
    lines = capsys.readouterr().out.splitlines()
    if found:
        assert [line.split()[0] for line in lines] == [ids[number] for number in found]
    else:
        assert lines == [f"nothing to list in sqlite:///{tmp_path / 'records.sqlite3'}"]


async def test_a_hidden_game_is_on_no_board_and_cannot_be_raced(tmp_path: Path, ids: list[str]):
    do(tmp_path, moderate.Hide((ids[2],)))
    opened = Opened(tmp_path)
    assert await opened.records.challenge_info(ids[2]) is None
    assert not (await opened.records.board("all", "room", None)).rows
    assert await opened.records.replay(ids[1]) is not None
    opened.records.close()


async def test_what_is_deleted_is_gone_and_the_rest_holds_together(tmp_path: Path, ids: list[str]):
    do(tmp_path, moderate.Delete((ids[1],)))
    opened = Opened(tmp_path)
    assert await opened.records.replay(ids[1]) is None
    assert await opened.records.challenge_info(ids[2]) is None  # no drawing of it is left
    (row,) = (await opened.records.board("all", "room", None)).rows
    assert (row.name, row.replay) == ("Ben", None)
    opened.records.close()
    do(tmp_path, moderate.Delete((ids[2],)))
    database = Database(opened.url)
    with database.reading() as session:
        assert [entry.id for entry in moderation.entries(session)] == [ids[0]]
    database.close()


async def test_a_deleted_daily_does_not_give_the_try_back(tmp_path: Path):
    opened = Opened(tmp_path)
    words = ("one", "two", "three", "four", "five")
    plan = await opened.records.daily(ANNA, words)
    (id,) = await opened.keep(ANNA, replay("one", mode="daily"))
    kept = game(ANNA, [id], ("one",), mode="daily", source=plan.id)
    finished = await opened.keep_game(kept)
    assert finished.challenge is not None
    do(tmp_path, moderate.Delete((finished.challenge,)))
    info = await opened.records.daily_info(ANNA)
    assert (info.done, info.rank, info.of) == (True, None, 0)
    opened.records.close()


def test_nothing_is_hidden_without_an_id(tmp_path: Path):
    with pytest.raises(UserError, match="no id was given"):
        do(tmp_path, moderate.Hide(()))


def test_an_unknown_id_is_reported_after_the_others_are_done(tmp_path: Path, ids: list[str]):
    with pytest.raises(UserError, match=r"no replay or game has the id nonsense \(1 hidden\)"):
        do(tmp_path, moderate.Hide((ids[0], "nonsense")))


async def test_an_id_that_begins_with_a_dash_is_an_id(tmp_path: Path):
    opened, dashed = Opened(tmp_path), "-aB_-" + 17 * "x"
    await opened.records.keep([AttemptRecord(ANNA, replay("one"), dashed)])
    (plain,) = await opened.keep(BEN, replay("two"))
    opened.records.close()
    do = ("--database", opened.url, "hide")
    for words, done in (((plain, "--player", dashed), 2), ((dashed,), 1), (("--", dashed), 1)):
        assert cli.run("game.moderate", *do, *words, cwd=ROOT).stdout == f"{done} hidden\n"


def test_a_misspelt_option_is_no_id():
    words = ["delete", "--players", "ID"]
    assert moderate.ids_last(words) == words


def test_a_new_id_begins_with_no_dash(monkeypatch: pytest.MonkeyPatch):
    tokens = iter(["-first", "--second", "third-"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: next(tokens))
    assert replays.new_id() == "third-"


def test_the_command_teaches_and_refuses(tmp_path: Path):
    help = cli.run("game.moderate", "--help", cwd=ROOT)
    assert help.returncode == 0
    assert all(word in help.stdout for word in ("list", "hide", "delete", "DATABASE_URL"))
    refused = cli.run("game.moderate", "--database", "nonsense", "list", cwd=ROOT)
    assert "DATABASE_URL" in cli.error_of(refused)
