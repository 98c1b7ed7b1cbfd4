"""Deployment to Spaces, with a replacement for the Hub; the real Hub is never contacted."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from huggingface_hub import constants

from game.spaces import space as spaces
from game.spaces.deploy import Options, main
from game.spaces.hugging_face import HuggingFace
from models.command import UserError
from tests.cli import odd_proxy, refusal
from tests.game.spaces.hub import LARGE, NEW, TOKEN, Hub, Repository, hash_of, serving

# What huggingface_hub 2.4 does to httpx2 when it sends a large file by Git LFS.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

NAME = "ada/doodle-race"
FILES = {
    "README.md": b"---\nsdk: gradio\n---\n",
    "app.py": b"print()\n",
    "game/server.py": b"",
    "game/web/pad/pad.js": b"let a;\n",
    "models/words.py": b"WORDS = ()\n",
    "models/published/classic-b0/model.onnx": bytes(range(256)) * (LARGE // 256 + 1),
    "training/trainer/fit.py": b"",
    "tests/test_game.py": b"",
}
NEEDED = tuple(sorted(set(FILES) - {"training/trainer/fit.py", "tests/test_game.py"}))


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=a"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def write(folder: Path, name: str, content: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def commit(folder: Path) -> None:
    """Turn a folder into a git checkout with all its files."""
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "A game")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of a very small game."""
    folder = tmp_path / "checkout"
    for name, content in FILES.items():
        write(folder, name, content)
    commit(folder)
    return folder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    """The replacement for the Hub, used by this process, which sends large files by Git LFS."""
    with serving() as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        yield hub


def hashes(folder: Path, files: tuple[str, ...] = NEEDED) -> dict[str, str]:
    """The files of a checkout that the Hub should have."""
    return {name: hash_of((folder / name).read_bytes()) for name in files}


def refused(checkout: Path, space: str = NAME, token: str = TOKEN) -> str:
    """The error when the Hub refuses the files."""
    with pytest.raises(UserError) as refusal:
        HuggingFace(token).put(space, spaces.select(checkout))
    return str(refusal.value)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the files of this project that a Space needs."""
    folder = tmp_path_factory.mktemp("project")
    for name in spaces.select().files:
        write(folder, name, (spaces.ROOT / name).read_bytes())
    commit(folder)
    return folder


def deploy(project: Path, hub: Hub, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a checkout, without this machine's settings for the Hub."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("HF_", "HUGG"))}
    settings = {**kept, "HF_ENDPOINT": hub.url, "HF_HOME": str(project / "nobody"), **variables}
    command = [sys.executable, "-m", "game.spaces.deploy", "--space", NAME]
    return subprocess.run(
        command, env=settings, cwd=project, capture_output=True, text=True, check=False
    )


def test_files_a_space_needs(checkout: Path):
    selection = spaces.select(checkout)
    assert selection.files == NEEDED
    assert (selection.changed, selection.untracked) == ((), ())
    assert selection.size == sum(len(FILES[name]) for name in NEEDED)
    assert selection.by_folder()[0] == ("", 2, len(FILES["README.md"] + FILES["app.py"]))


def test_uncommitted_files_are_reported(checkout: Path):
    write(checkout, "game/new.py", b"")
    write(checkout, "tests/new.py", b"")
    write(checkout, "app.py", b"print(1)\n")
    (checkout / "models/words.py").unlink()
    selection = spaces.select(checkout)
    assert selection.files == tuple(name for name in NEEDED if name != "models/words.py")
    assert (selection.changed, selection.untracked) == (("app.py",), ("game/new.py",))


def test_a_folder_that_is_no_checkout(tmp_path: Path):
    with pytest.raises(UserError, match="git clone"):
        spaces.select(tmp_path)


def test_a_checkout_of_something_else(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    with pytest.raises(UserError, match=r"no tracked game/server\.py"):
        spaces.select(tmp_path)


@pytest.mark.parametrize(
    "name", ["race", "a/b/c", "/race", "ada/", "ada/ra ce", "ada/-race", "a/b.git"]
)
def test_names_that_are_none(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    said = refusal(Options, main, f"--space '{name}' --dry-run", monkeypatch, capsys)
    assert "OWNER/NAME" in said


def test_a_new_space(hub: Hub, checkout: Path):
    done = HuggingFace(TOKEN).put(NAME, spaces.select(checkout), private=True)
    space = hub.spaces[NAME]
    assert space.files == NEW | hashes(checkout)
    assert (space.settings["sdk"], space.settings["visibility"]) == ("gradio", "private")
    assert done.created
    assert done.url == f"{hub.url}/spaces/{NAME}"
    assert done.commit == f"{done.url}/commit/{space.sha}"
    assert (hub.asked["put"], hub.asked["commit"]) == (1, 1)


def test_the_same_again_changes_nothing(hub: Hub, checkout: Path):
    HuggingFace(TOKEN).put(NAME, spaces.select(checkout))
    done = HuggingFace(TOKEN).put(NAME, spaces.select(checkout))
    assert (done.created, done.commit) == (False, "")
    assert (hub.asked["create"], hub.asked["put"], hub.asked["commit"]) == (1, 1, 1)


def test_an_update_sends_what_differs_and_takes_away_what_is_gone(hub: Hub, checkout: Path):
    hub.spaces[NAME] = Repository(
        NEW | hashes(checkout) | {"game/old.py": "c" * 40, "notes.md": "d"}
    )
    model = FILES["models/published/classic-b0/model.onnx"]
    hub.contents[hash_of(model)] = model
    write(checkout, "app.py", b"print(2)\n")
    done = HuggingFace(TOKEN).put(NAME, spaces.select(checkout))
    assert done.commit
    assert not done.created
    files = hub.spaces[NAME].files
    assert files == NEW | hashes(checkout) | {"notes.md": "d"}
    assert hub.asked["put"] == 0


def test_a_space_of_something_else_is_left_alone(hub: Hub, checkout: Path):
    before = NEW | {"app.py": "e" * 40, "chat.py": "f" * 40}
    hub.spaces[NAME] = Repository(dict(before))
    assert "holds something else: app.py, chat.py" in refused(checkout)
    assert hub.spaces[NAME].files == before


def test_a_token_that_is_none(hub: Hub, checkout: Path):
    said = refused(checkout, token="hf_wrong")
    assert "401" in said
    assert "hf auth login" in said
    assert hub.spaces == {}


def test_someone_elses_space(hub: Hub, checkout: Path):
    for _ in range(2):
        said = refused(checkout, "bob/doodle-race")
        assert "403" in said
        assert "--space" in said
        hub.spaces["bob/doodle-race"] = Repository(dict(NEW))


@pytest.mark.parametrize(
    ("status", "mend"),
    [(402, "PRO"), (429, "Wait a while"), (500, "problem"), (503, "problem"), (524, "problem")],
)
def test_a_hub_that_refuses_to_create(hub: Hub, checkout: Path, status: int, mend: str):
    hub.faults["create"] = [status]
    said = refused(checkout)
    assert f"{status}" in said
    assert mend in said
    assert "out of order" in said


def test_an_upload_goes_on_after_a_hiccup(hub: Hub, checkout: Path):
    hub.faults["put"] = [500]
    assert HuggingFace(TOKEN).put(NAME, spaces.select(checkout)).commit
    assert hub.spaces[NAME].files == NEW | hashes(checkout)


def test_an_upload_that_fails_half_way_can_be_run_again(hub: Hub, checkout: Path):
    hub.faults["commit"] = [503]
    said = refused(checkout)
    assert "503" in said
    assert "same command again" in said
    assert hub.spaces[NAME].files == NEW
    assert HuggingFace(TOKEN).put(NAME, spaces.select(checkout)).commit
    assert hub.spaces[NAME].files == NEW | hashes(checkout)
    assert (hub.asked["create"], hub.asked["put"]) == (1, 1)


def test_a_large_file_that_is_refused(hub: Hub, checkout: Path):
    hub.faults["put"] = [403]
    assert "403" in refused(checkout)
    assert hub.spaces[NAME].files == NEW


def test_two_deployments_at_once(hub: Hub, checkout: Path):
    def interfere(line: str) -> None:
        if line.startswith("comparing"):
            hub.spaces[NAME].commits += 1

    with pytest.raises(UserError, match="Someone else changed the Space"):
        HuggingFace(TOKEN, interfere).put(NAME, spaces.select(checkout))
    assert hub.spaces[NAME].files == NEW


def test_without_a_network(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    said = refused(checkout)
    assert "cannot reach http://127.0.0.1:9" in said
    assert "network" in said


def test_where_the_hub_may_not_be_asked(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in refused(checkout)


def test_the_command_without_a_token_shows_and_sends_nothing(project: Path):
    with serving() as hub:
        shown = deploy(project, hub)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "models/published/classic-b0/" in shown.stdout
        assert "MB" in shown.stdout
        assert "hf auth login" in shown.stdout
        assert hub.asked == {}


def test_the_command_that_insists_needs_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("game.spaces.deploy.get_token", lambda: None)
    said = refusal(Options, main, f"--space {NAME} --no-dry-run", monkeypatch, capsys)
    assert "there is no token" in said


def test_the_command_names_a_proxy_that_is_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("game.spaces.deploy.get_token", lambda: TOKEN)
    monkeypatch.setattr("game.spaces.deploy.show", lambda _: None)
    message = odd_proxy(monkeypatch)
    assert message in refusal(Options, main, f"--space {NAME} --no-dry-run", monkeypatch, capsys)


@pytest.mark.parametrize("by", ["xet", "put"])
def test_the_command_with_a_token(project: Path, by: str):
    variables = {"HF_TOKEN": TOKEN, "HF_HUB_DISABLE_XET": str(int(by == "put"))}
    with serving() as hub:
        first = deploy(project, hub, **variables)
        assert first.returncode == 0, first.stderr
        assert hub.spaces[NAME].files == NEW | hashes(project, spaces.select(project).files)
        assert f"{hub.url}/spaces/{NAME}" in first.stdout
        assert "model.onnx" in first.stderr  # the progress bar
        assert {"xet", "put"}.intersection(hub.asked) == {by}
        again = deploy(project, hub, **variables)
        assert "the Space is up to date already" in again.stdout
        assert hub.asked["commit"] == 1


def test_the_command_whose_large_file_is_refused(project: Path):
    with serving() as hub:
        hub.faults["xet-write-token"] = [403] * 9
        refused = deploy(project, hub, HF_TOKEN=TOKEN)
        assert refused.returncode == 2
        *_, line = refused.stderr.splitlines()
        assert line.startswith("error: ")
        assert "403" in line
        assert "HF_HUB_DISABLE_XET=1" in line
        assert hub.spaces[NAME].files == NEW


def test_the_command_with_a_token_that_is_none(project: Path):
    with serving() as hub:
        wrong = deploy(project, hub, HF_TOKEN="hf_wrong")
        assert (wrong.returncode, hub.spaces) == (2, {})
        [line] = wrong.stderr.splitlines()
        assert line.startswith("error: the Hub answered 401")
