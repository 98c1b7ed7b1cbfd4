"""Puts the game on Hugging Face Spaces: creates the Space, or brings it up to date.

python -m game.spaces.deploy --space ada/doodle-race
"""

from dataclasses import dataclass, field

from huggingface_hub import get_token

from game.spaces import space as spaces
from game.spaces.hub_errors import SETTINGS
from game.spaces.hugging_face import HuggingFace
from models.command import UserError, run
from models.proxies import require_usable

SHOWN = 5  # names of files in a warning, before "and so on"


@dataclass(frozen=True)
class Options:
    """Put the game on Hugging Face Spaces: create the Space, or bring it up to date.

    What git tracks and the game needs is uploaded in one commit, the trained model included; what
    has not changed since the last time is not sent again. Files of the game that are gone here go
    there too; others that you added to the Space stay. The Hub then builds the Space by itself.

    Log in first: make a token that may write at https://huggingface.co/settings/tokens and give it
    to `hf auth login`, or set the variable HF_TOKEN. Without a token nothing is sent, and the
    command shows what would be.

    Example: python -m game.spaces.deploy --space ada/doodle-race
    """

    space: str
    """Name of the Space, with its owner: OWNER/NAME."""
    private: bool = False
    """Make a new Space private; one that exists stays as it is."""
    dry_run: bool = field(default_factory=lambda: get_token() is None)
    """Show what would be uploaded, and send nothing; what happens by itself without a token. Insist
    with --no-dry-run where silence would be wrong, as in a pipeline."""


def main(options: Options) -> None:
    """Show what a Space needs, and send it."""
    spaces.check_name(options.space)
    selection = spaces.select()
    show(selection)
    token = get_token()
    if options.dry_run:
        print(what_next(options.space, token is not None))
    elif token is None:
        raise UserError(
            "there is no token for the Hugging Face Hub",
            f"Make one that may write at {SETTINGS}, then `hf auth login` or set HF_TOKEN",
        )
    else:
        require_usable()
        upload(token, options, selection)


def show(selection: spaces.Selection) -> None:
    """Say what a Space would hold, and what about it may surprise."""
    print(f"{len(selection.files)} files, {megabytes(selection.size)}:")
    for folder, number, size in selection.by_folder():
        print(f"{megabytes(size):>10}  {number:3} {'file ' if number == 1 else 'files'}  {folder}/")
    if selection.changed:
        print(f"not as in the last commit: {_listed(selection.changed)}")
    if selection.untracked:
        print(f"left out, as git does not track them: {_listed(selection.untracked)}")


def upload(token: str, options: Options, selection: spaces.Selection) -> None:
    """Send the files, and say where the game will be."""
    done = HuggingFace(token).put(options.space, selection, options.private)
    print(f"committed: {done.commit}" if done.commit else "the Space has all of it already")
    print(f"{done.url}")
    if done.commit:
        print("The Hub builds it now, which takes some minutes; its page shows the log.")


def what_next(space: str, has_token: bool) -> str:
    """What to do after a dry run."""
    command = f"python -m game.spaces.deploy --space {space} --no-dry-run"
    if has_token:
        return f"Nothing was sent. To send it:\n  {command}"
    return (
        "Nothing was sent, as there is no token. To send it:\n"
        f"  1. make a token that may write: {SETTINGS}\n"
        "  2. hf auth login\n"
        f"  3. {command}"
    )


def megabytes(size: int) -> str:
    """A number of bytes, to be read."""
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


def _listed(files: tuple[str, ...]) -> str:
    return ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN} more" * (len(files) > SHOWN))


if __name__ == "__main__":
    run(Options, main)
