"""What a Hugging Face Space of the game consists of: its name, and the tracked files it needs."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id

from models.command import UserError

ROOT = Path(__file__).parent.parent.parent
OURS = ("game/", "models/")  # folders of a Space that hold our files and nobody else's
MARK = "game/server.py"  # a Space that has it is a Space of this game

# Pathspecs of git. The laboratory, the tests and the measurements stay at home.
NEEDED = (
    ":(glob)README.md",
    ":(glob)LICENSE",
    ":(glob)app.py",
    ":(glob)requirements.txt",
    ":(glob)docs/game.png",  # the thumbnail, and the first picture of the README
    ":(glob)game/**",
    ":(glob)models/**",  # all published ones: they meet in a showdown
)


@dataclass(frozen=True)
class Selection:
    """Files of a checkout for a Space.

    Attributes:
        root: the checkout.
        files: paths relative to it, sorted, as they lie in the working tree now.
        changed: those of them that differ from the last commit.
        untracked: files in the same places that git does not know, and that therefore stay out.
    """

    root: Path
    files: tuple[str, ...]
    changed: tuple[str, ...]
    untracked: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(map(self.size_of, self.files))

    def size_of(self, file: str) -> int:
        """Bytes of a file."""
        return (self.root / file).stat().st_size

    def by_folder(self) -> list[tuple[str, int, int]]:
        """Rows (folder, number of files, bytes), sorted by folder; the top is an empty name."""
        folders = sorted(self.files, key=_folder)
        return [
            (folder, len(files), sum(map(self.size_of, files)))
            for folder, files in ((f, list(group)) for f, group in groupby(folders, _folder))
        ]


def check_name(space: str) -> str:
    """The name of a Space, such as ada/doodle-race.

    Raises:
        UserError: when it has no owner, or the Hub would not take it.
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
        UserError: when it is no git checkout, or one without the game.
    """
    files = [file for file in _git(root, "ls-files", "-z") if (root / file).is_file()]
    if MARK not in files:
        raise UserError(f"{root} holds no tracked {MARK}", "Run it in a checkout of the game")
    untracked = _git(root, "ls-files", "-z", "--others", "--exclude-standard")
    changed = set(_git(root, "diff", "-z", "--name-only", "HEAD")).intersection(files)
    return Selection(root, tuple(sorted(files)), tuple(sorted(changed)), tuple(sorted(untracked)))


def gone(remote: Sequence[str], files: Sequence[str]) -> list[str]:
    """Files of a Space that were ours and are no longer; what its owner added elsewhere stays."""
    return sorted(file for file in set(remote) - set(files) if file.startswith(OURS))


def foreign(remote: Sequence[str]) -> list[str]:
    """What a Space holds that is not of this game, beside what the Hub puts into a new one."""
    return [] if MARK in remote else sorted(set(remote) - {".gitattributes", "README.md"})


def _folder(file: str) -> str:
    return file.rpartition("/")[0]


def _git(root: Path, *words: str) -> list[str]:
    """The paths that a git command lists, of those that a Space needs."""
    command = ["git", "-C", str(root), *words, "--", *NEEDED]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout
    except FileNotFoundError as error:
        raise UserError("git is not installed", "It tells which files are the project's") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise UserError(
            f"git cannot list the files of {root}: {said}",
            "Run it in a checkout made with git clone",
        ) from error
    return sorted(path for path in listed.decode().split("\0") if path)
