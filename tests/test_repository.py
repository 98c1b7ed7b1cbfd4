"""Files of the repository that must agree: lists that exist twice, names, sizes."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BASE: list[str] = PROJECT["dependencies"]
TRAIN: list[str] = PROJECT["optional-dependencies"]["train"]
TIMM: list[str] = PROJECT["optional-dependencies"]["timm"]  # imported when asked for
SCALE: list[str] = PROJECT["optional-dependencies"]["scale"]  # imported when asked for, not before
SPACE_COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


def front_matter() -> dict[str, Any]:
    """The settings of the Hugging Face Space, at the top of README.md."""
    _, text, _ = (ROOT / "README.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(text)


def tree_folders() -> list[str]:
    """The folders in README.md's trees: lines `name/  comment`, nested by indentation."""
    folders: list[str] = []
    for block in re.findall(
        r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S
    ):
        above: list[tuple[int, str]] = []
        for indent, name in re.findall(r"^( *)([\w.-]+/)(?=\s)", block, re.M):
            above = [(depth, parent) for depth, parent in above if depth < len(indent)]
            above.append((len(indent), name))
            folders.append("".join(parent for _, parent in above))
    return folders


def names(requirements: list[str]) -> set[str]:
    return {str(canonicalize_name(Requirement(line).name)) for line in requirements}


def imported_distributions(package: str) -> set[str]:
    """The installed distributions that the modules of `package` import themselves."""
    graph = grimp.build_graph(
        "models", "training", "game", include_external_packages=True, cache_dir=None
    )
    modules = {package} | graph.find_descendants(package)
    imports = (graph.find_modules_directly_imported_by(module) for module in modules)
    ours = {"models", "training", "game", *sys.stdlib_module_names}
    foreign = {name.split(".")[0] for name in chain.from_iterable(imports)} - ours
    owners = packages_distributions()
    return {str(canonicalize_name(owners[name][0])) for name in foreign}


def test_the_lock_fits_what_the_project_requires():
    """`uv lock` has to run again after a change of the requirements."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    packages: list[dict[str, Any]] = lock["package"]
    [own] = [package for package in packages if package["name"] == PROJECT["name"]]
    assert own["version"] == PROJECT["version"]
    assert lock["requires-python"] == PROJECT["requires-python"]
    extras = PROJECT["optional-dependencies"]
    required = {(name, None) for name in names(BASE)}
    required |= {(name, extra) for extra, lines in extras.items() for name in names(lines)}
    locked: set[tuple[str, str | None]] = set()
    for each in own["metadata"]["requires-dist"]:
        marker = re.search(r"extra == '(\w+)'", each.get("marker", ""))
        locked.add((each["name"], marker and marker[1]))
    assert locked == required
    sources = {str(package["source"]) for package in packages if package is not own}
    assert sources == {"{'registry': 'https://pypi.org/simple'}"}
    versions: dict[str, list[str]] = {}
    for package in packages:
        versions.setdefault(package["name"], []).append(package["version"])
    for line in chain(BASE, *extras.values()):
        wanted = Requirement(line)
        found = versions[canonicalize_name(wanted.name)]
        assert any(version in wanted.specifier for version in found), line


def test_a_space_and_the_image_install_the_locked_versions():
    """CONTRIBUTING.md has the command that writes the file."""
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    [command] = re.findall(r"`uv (export .+) --output-file requirements\.txt`", contributing)
    arguments = [sys.executable, "-m", "uv", *command.split(), "--offline", "--quiet"]
    made = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ROOT / "requirements.txt").read_text() == made.stdout
    pinned = {Requirement(line).name for line in made.stdout.splitlines()}
    assert names(BASE) <= pinned


def test_a_space_has_the_locked_gradio():
    """A Gradio Space installs the version that README.md names before requirements.txt."""
    version = front_matter()["sdk_version"]
    assert f"\ngradio=={version}\n" in (ROOT / "requirements.txt").read_text()


@pytest.mark.parametrize(
    ("package", "requirements"),
    [("models", BASE), ("game", BASE + SCALE), ("training", BASE + TRAIN + SCALE + TIMM)],
)
def test_what_a_package_imports_is_declared(package: str, requirements: list[str]):
    assert imported_distributions(package) - names(requirements) == set()


def test_the_front_matter_is_that_of_a_gradio_space():
    settings = front_matter()
    assert settings["sdk"] == "gradio"
    assert {settings["colorFrom"], settings["colorTo"]} <= SPACE_COLOURS
    assert settings["title"]
    assert settings["emoji"]
    assert 0 < len(settings["short_description"]) <= 60
    assert settings["tags"]
    assert settings["license"] == PROJECT["license"].lower()
    assert (ROOT / settings["app_file"]).is_file()


def test_the_space_gets_versions_that_the_project_takes():
    settings = front_matter()
    gradio = next(Requirement(line) for line in BASE if Requirement(line).name == "gradio")
    assert re.fullmatch(r"\d+\.\d+\.\d+", settings["sdk_version"])
    assert settings["sdk_version"] in gradio.specifier
    assert str(settings["python_version"]) in SpecifierSet(PROJECT["requires-python"])


def test_the_thumbnail_lies_in_the_repository():
    thumbnail = front_matter()["thumbnail"]
    assert (ROOT / re.sub(r"^https://.*?/resolve/main/", "", thumbnail)).is_file()


def test_published_models_stay_small():
    size = sum(file.stat().st_size for file in (ROOT / "models" / "published").rglob("*"))
    assert 0 < size < 60e6


def test_the_tree_of_the_readme_is_the_tree():
    folders = tree_folders()
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
    assert {"models/", "training/", "game/", "benchmarks/", "tests/"} <= set(folders)
