"""A Hugging Face Space of the game: the check of its name, and the files that it needs."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id

from models.command import UserError

ROOT = Path(__file__).parent.parent.parent
OURS = ("game/", "models/")  # folders of a Space that hold only files of the game
MARK = "game/server.py"  # a Space with this file is a Space of this game

# Pathspecs of git. The laboratory, the tests and the measurements are not uploaded.
NEEDED = (
    ":(glob)README.md",
    ":(glob)LICENSE",
    ":(glob)app.py",
    ":(glob)requirements.txt",
    ":(glob)docs/game.png",  # the thumbnail
    ":(glob)docs/race.webp",  # the first picture of the README
    ":(glob)game/**",
    ":(glob)models/**",  # all published models, for the showdown
)


@dataclass(frozen=True)
class Selection:
    """The files of a checkout that go into a Space.

    Attributes:
        root: folder of the checkout.
        files: paths relative to `root`, sorted. The files are uploaded as they are in the folder.
        changed: those of them that differ from the last commit.
        untracked: files in the same folders that git does not track; they are not uploaded.
    """

    root: Path
    files: tuple[str, ...]
    changed: tuple[str, ...]
    untracked: tuple[str, ...]

    @property
    def size(self) -> int:
        """Size of all files in bytes."""
        return sum(map(self.size_of, self.files))

    def size_of(self, file: str) -> int:
        """Size of a file in bytes."""
        return (self.root / file).stat().st_size

    def by_folder(self) -> list[tuple[str, int, int]]:
        """Rows (folder, number of files, bytes), sorted by folder; "" is the top folder."""
        folders = sorted(self.files, key=_folder)
        return [
            (folder, len(files), sum(map(self.size_of, files)))
            for folder, files in ((f, list(group)) for f, group in groupby(folders, _folder))
        ]


def check_name(space: str) -> str:
    """Check the name of a Space, such as ada/doodle-race, and return it.

    Raises:
        UserError: the name has no owner, or the Hub does not allow it.
    """
    mend = "Expected OWNER/NAME, such as ada/doodle-race, where OWNER is your name on the Hub"
    if space.count("/") != 1:
        raise UserError(f"{space!r} is not the name of a Space", mend)
    try:
        for part in space.split("/"):
            validate_repo_id(part)
        validate_repo_id(space)
    except HFValidationError as error:
        raise UserError(f"{space!r} cannot be the name of a Space: {error}", mend) from error
    return space


def select(root: Path = ROOT) -> Selection:
    """The files of a checkout that a Space needs.

    Raises:
        UserError: `root` is not a git checkout of the game.
    """
    files = [file for file in _git(root, "ls-files", "-z") if (root / file).is_file()]
    if MARK not in files:
        raise UserError(f"{root} holds no tracked {MARK}", "Run it in a checkout of the game")
    untracked = _git(root, "ls-files", "-z", "--others", "--exclude-standard")
    changed = set(_git(root, "diff", "-z", "--name-only", "HEAD")).intersection(files)
    return Selection(root, tuple(sorted(files)), tuple(sorted(changed)), tuple(sorted(untracked)))


def gone(remote: Sequence[str], files: Sequence[str]) -> list[str]:
    """Files to delete in a Space: those in the game's folders that the game no longer has."""
    return sorted(file for file in set(remote) - set(files) if file.startswith(OURS))


def foreign(remote: Sequence[str]) -> list[str]:
    """Files of something else in a Space; none when the Space is new or of this game."""
    return [] if MARK in remote else sorted(set(remote) - {".gitattributes", "README.md"})


def _folder(file: str) -> str:
    return file.rpartition("/")[0]


def _git(root: Path, *words: str) -> list[str]:
    """The paths that a git command lists, limited to what a Space needs."""
    command = ["git", "-C", str(root), *words, "--", *NEEDED]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout
    except FileNotFoundError as error:
        raise UserError("git is not installed", "It lists the files to upload") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise UserError(
            f"git cannot list the files of {root}: {said}",
            "Run it in a checkout made with git clone",
        ) from error
    return sorted(path for path in listed.decode().split("\0") if path)
