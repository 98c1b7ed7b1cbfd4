"""Deploys the game to Hugging Face Spaces: creates the Space, or updates it.

python -m game.spaces.deploy --space ada/doodle-race
"""

from dataclasses import dataclass, field
from functools import partial

from huggingface_hub import get_token

from game.spaces import space as spaces
from game.spaces.hub_errors import SETTINGS
from models.command import UserError, run

SHOWN = 5  # names of files in a warning, before "and so on"


@dataclass(frozen=True)
class Options:
    """Deploy the game to Hugging Face Spaces: create the Space, or update it.

    The files that the game needs and that git tracks are uploaded in one commit, including the
    trained model. Files that have not changed are not sent again. Files of the game that no longer
    exist here are deleted in the Space; other files that you added there stay. The Hub then builds
    the Space.

    Log in first: create a token with write access at https://huggingface.co/settings/tokens and
    give it to `hf auth login`, or set the variable HF_TOKEN. Without a token nothing is sent, and
    the command shows what would be uploaded.

    Example: python -m game.spaces.deploy --space ada/doodle-race
    """

    space: str
    """Name of the Space, with its owner: OWNER/NAME."""
    private: bool = False
    """Make a new Space private; an existing Space stays as it is."""
    dry_run: bool = field(default_factory=lambda: get_token() is None)
    """Show what would be uploaded, and send nothing; the default when there is no token. In a
    pipeline use --no-dry-run, which fails without a token."""


def main(options: Options) -> None:
    """Show the files that the Space needs, and upload them."""
    spaces.check_name(options.space)
    selection = spaces.select()
    show(selection)
    token = get_token()
    if options.dry_run:
        print(what_next(options.space, token is not None))
    elif token is None:
        raise UserError(
            "there is no token for the Hugging Face Hub",
            f"Create one with write access at {SETTINGS}, then `hf auth login` or set HF_TOKEN",
        )
    else:
        upload(token, options, selection)


def show(selection: spaces.Selection) -> None:
    """Print what the Space would hold, with a note on changed and untracked files."""
    print(f"{len(selection.files)} files, {megabytes(selection.size)}:")
    for folder, number, size in selection.by_folder():
        print(f"{megabytes(size):>10}  {number:3} {'file ' if number == 1 else 'files'}  {folder}/")
    if selection.changed:
        print(f"changed since the last commit: {_listed(selection.changed)}")
    if selection.untracked:
        print(f"left out, because git does not track them: {_listed(selection.untracked)}")


def upload(token: str, options: Options, selection: spaces.Selection) -> None:
    """Upload the files, and print the address of the Space."""
    from game.spaces.hugging_face import HuggingFace
    from models.proxies import require_usable

    require_usable()
    done = HuggingFace(token).put(options.space, selection, options.private)
    print(f"committed: {done.commit}" if done.commit else "the Space is up to date already")
    print(f"{done.url}")
    if done.commit:
        print("The Hub now builds the Space, which takes some minutes; its page shows the log.")


def what_next(space: str, has_token: bool) -> str:
    """The text after a dry run: what to do next."""
    command = f"python -m game.spaces.deploy --space {space} --no-dry-run"
    if has_token:
        return f"Nothing was sent. To send it:\n  {command}"
    return (
        "Nothing was sent, because there is no token. To send it:\n"
        f"  1. create a token with write access: {SETTINGS}\n"
        "  2. hf auth login\n"
        f"  3. {command}"
    )


def megabytes(size: int) -> str:
    """A number of bytes as text, in kB or MB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


def _listed(files: tuple[str, ...]) -> str:
    return ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN} more" * (len(files) > SHOWN))


console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
