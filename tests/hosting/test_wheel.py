"""The wheel: it holds every file that the code reads, and its console commands exist."""

import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("game", "models", "training")
BUILT_FROM = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE")
COMMANDS = {
    "doodle-race": "game.server",
    "doodle-race-bot": "game.bot.__main__",
    "doodle-race-classify": "models.classify",
    "doodle-race-compare": "training.compare",
    "doodle-race-deploy": "game.spaces.deploy",
    "doodle-race-train": "training.train",
}


def tracked(*folders: str) -> set[str]:
    """Files of the checkout that git tracks."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name for name in listed.stdout.split("\0") if (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Generator[ZipFile]:
    """A wheel built from the tracked files, while a package contains a file written by Gradio."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in tracked(*BUILT_FROM):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    (source / "game" / "web" / "page.pyi").write_text("# written by Gradio\n")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(target), str(source)]
    subprocess.run([*pip, *options], check=True)
    [path] = target.glob("*.whl")
    with ZipFile(path) as file:
        yield file


def metadata(wheel: ZipFile, name: str) -> str:
    [path] = [each for each in wheel.namelist() if each.endswith(f".dist-info/{name}")]
    return wheel.read(path).decode()


def test_the_wheel_holds_the_tracked_files_of_the_packages_and_nothing_else(wheel: ZipFile):
    files = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert files == tracked(*PACKAGES)


def test_the_licence_is_in_the_wheel(wheel: ZipFile):
    assert metadata(wheel, "licenses/LICENSE") == (ROOT / "LICENSE").read_text("utf-8")


def test_the_readme_is_the_description(wheel: ZipFile):
    assert (ROOT / "README.md").read_text("utf-8").strip() in metadata(wheel, "METADATA")


def test_each_console_command_is_that_of_its_module(wheel: ZipFile):
    entry_points = configparser.ConfigParser()
    entry_points.read_string(metadata(wheel, "entry_points.txt"))
    expected = {name: f"{module}:console" for name, module in COMMANDS.items()}
    assert dict(entry_points["console_scripts"]) == expected
    for module in COMMANDS.values():
        assert callable(import_module(module).console)


def test_installed_commands_run_outside_the_checkout(wheel: ZipFile, tmp_path: Path):
    assert wheel.filename is not None
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index", "--target", str(site), wheel.filename]
    subprocess.run([*pip, *options], check=True)
    for name, module in COMMANDS.items():
        imported = ["-c", f"import {module} as module; print(module.__file__)"]
        for command in ([str(site / "bin" / name), "--help"], [sys.executable, *imported]):
            done = subprocess.run(
                command,
                cwd=empty,
                env={**os.environ, "PYTHONPATH": str(site)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        assert Path(done.stdout.strip()).is_relative_to(site)
