"""The common parts of all commands: exit codes, errors of one line, files written whole."""

import errno
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from models import command
from models.command import UserError, install, run, whole_file
from tests.made import contents


@dataclass(frozen=True)
class Options:
    """No options."""

    number: int = 1


def ends(
    main: Callable[[Options], None], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> int | str | None:
    """The exit code of a command."""
    monkeypatch.setattr("sys.argv", ["command", *arguments])
    with pytest.raises(SystemExit) as stop:
        run(Options, main)
    return stop.value.code


def test_options_reach_main_and_all_is_well(monkeypatch: pytest.MonkeyPatch):
    seen: list[Options] = []
    assert ends(seen.append, monkeypatch, "--number", "7") == 0
    assert seen == [Options(7)]


def test_a_user_error_is_one_line_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def main(options: Options) -> None:
        raise UserError("the file\n  is broken", "Mend it")

    assert ends(main, monkeypatch) == 2
    assert capsys.readouterr() == ("", "error: the file is broken. Mend it\n")


def test_an_unknown_option_is_exit_2(monkeypatch: pytest.MonkeyPatch):
    assert ends(lambda options: None, monkeypatch, "--colour", "red") == 2


def test_help_names_a_console_command_without_its_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("__main__.__spec__", None)
    monkeypatch.setattr("sys.argv", ["/usr/local/bin/doodle-race", "--help"])
    with pytest.raises(SystemExit):
        run(Options, print)
    assert capsys.readouterr().out.startswith("usage: doodle-race [-h]")


def test_stopping_by_hand_is_exit_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def main(options: Options) -> None:
        raise KeyboardInterrupt

    assert ends(main, monkeypatch) == 130
    assert "run the same command again" in capsys.readouterr().err


def test_a_mistake_of_ours_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch):
    def main(options: Options) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("sys.argv", ["command"])
    with pytest.raises(ZeroDivisionError):
        run(Options, main)


def test_a_file_appears_whole_in_a_folder_made_for_it(tmp_path: Path):
    path = tmp_path / "new" / "folder" / "file"
    with whole_file(path) as file:
        file.write(b"half")
        assert not path.exists()
        file.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert contents(tmp_path) == {"new/folder/file"}


def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("old")

    def write() -> None:
        with whole_file(path, "w") as file:
            file.write("new – and not finished")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert path.read_text() == "old"
    assert contents(tmp_path) == {"file"}


def test_text_is_utf8(tmp_path: Path):
    with whole_file(tmp_path / "file", "w") as file:
        file.write("28×28")
    assert (tmp_path / "file").read_bytes() == "28×28".encode()


def test_a_pipe_and_a_device_are_written_to_as_they_are(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with whole_file(pipe) as file:
        file.write(b"through the pipe")
    assert os.read(reader, 100) == b"through the pipe"
    os.close(reader)
    assert pipe.is_fifo()
    (tmp_path / "link").symlink_to(os.devnull)
    with whole_file(tmp_path / "link", "w") as file:
        file.write("nobody reads this")
    assert (tmp_path / "link").is_char_device()
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link"}


@pytest.mark.parametrize("old", [True, False])
def test_what_a_link_leads_to_is_replaced(tmp_path: Path, old: bool):
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    target.parent.mkdir()
    link.symlink_to("folder/target")
    if old:
        target.write_text("old")
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert contents(tmp_path) == {"folder/target", "link"}


@pytest.mark.parametrize("name", ["file/new", "file/new/deeper", "folder", "x" * 300])
def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path, name: str):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    refused = pytest.raises(UserError, match=r"cannot write .*choose another folder")
    with refused, whole_file(tmp_path / name) as file:
        file.write(b"1")
    assert contents(tmp_path) == {"file"}


def test_the_folder_itself_is_no_place_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"cannot write \."), whole_file(Path()) as file:
        file.write(b"1")
    assert contents(tmp_path) == set()


def test_a_full_disk_is_reported(tmp_path: Path):
    with pytest.raises(UserError, match="No space left"), whole_file(tmp_path / "file"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert contents(tmp_path) == set()


def test_a_failure_of_the_network_is_not_called_one_of_the_disk(tmp_path: Path):
    with pytest.raises(ConnectionResetError), whole_file(tmp_path / "file"):
        raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
    assert contents(tmp_path) == set()


@pytest.mark.parametrize(
    ("extra", "checkout", "installed"),
    [
        ("", 'pip install -e "."', 'pip install "doodle-race"'),
        ("scale", 'pip install -e ".[scale]"', 'pip install "doodle-race[scale]"'),
    ],
)
def test_advice_to_install_is_quoted_and_fits_where_the_project_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str, checkout: str, installed: str
):
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    assert install(extra) == installed
    (tmp_path / "pyproject.toml").touch()
    assert install(extra) == f"{checkout} in {tmp_path}"


def test_advice_names_extras_that_there_are():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert set(command.EXTRAS) <= set(project["project"]["optional-dependencies"])
