"""The Hugging Face Hub: puts files into a Space in one commit, and says clearly what went wrong."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from httpx2 import TransportError
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError
from huggingface_hub.hf_api import SpaceInfo
from huggingface_hub.utils import logging

from game.spaces import space as spaces
from models.command import UserError

AGAIN = "Run the same command again: what has arrived is not sent twice"
OTHER_WAY = "With HF_HUB_DISABLE_XET=1 large files take another way"
SETTINGS = "https://huggingface.co/settings/tokens"
MEND: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: f"Log in with `hf auth login`, or make a new token at {SETTINGS}",
    HTTPStatus.PAYMENT_REQUIRED: "Gradio Spaces on free hardware are for PRO and Team accounts: "
    "subscribe, or make the Space in the browser with paid hardware and run this again",
    HTTPStatus.FORBIDDEN: "The token must be allowed to write to this owner's Spaces: "
    f"see {SETTINGS}, or choose another owner with --space",
    HTTPStatus.NOT_FOUND: "Look at the owner's name",
    HTTPStatus.PRECONDITION_FAILED: f"Someone else changed the Space meanwhile. {AGAIN}",
    HTTPStatus.TOO_MANY_REQUESTS: f"Wait a while. {AGAIN}",
}

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What was done.

    Attributes:
        url: the Space's page.
        created: whether the Space is new.
        commit: address of the commit; empty when the Space had all files already.
    """

    url: str
    created: bool
    commit: str


class Hub:
    """The Hub, for one token.

    Args:
        token: an access token that may write.
        tell: gets a line for each step.
    """

    def __init__(self, token: str, tell: Tell = print) -> None:
        logging.set_verbosity_error()  # its warning of an empty commit is said here in our words
        self._api = HfApi(token=token, library_name="doodle-race")
        self._tell = tell

    def put(self, space: str, selection: spaces.Selection, private: bool = False) -> Outcome:
        """Create or update a Space so that it holds the files, in one commit or not at all.

        Raises:
            UserError: when the Space is of something else, or the Hub cannot be reached or refuses.
        """
        with explained(f"{self._api.endpoint}/spaces/{space}"):
            old = self._find(space)
            info = old or self._create(space, private)
            self._check(info, selection)
            commit = self._commit(info, selection)
        return Outcome(f"{self._api.endpoint}/spaces/{space}", old is None, commit)

    def _find(self, space: str) -> SpaceInfo | None:
        try:
            return self._api.space_info(space)
        except RepositoryNotFoundError as error:
            if error.response.status_code == HTTPStatus.NOT_FOUND:
                return None
            raise

    def _create(self, space: str, private: bool) -> SpaceInfo:
        self._tell(f"creating {space}, {'private' if private else 'public'}")
        self._api.create_repo(
            space, repo_type="space", space_sdk="gradio", private=private, exist_ok=True
        )
        return self._api.space_info(space)

    def _check(self, info: SpaceInfo, selection: spaces.Selection) -> None:
        if others := spaces.foreign(_files(info)):
            raise UserError(
                f"{info.id} holds something else: {', '.join(others[:3])}",
                "Choose another name with --space, or empty that Space first",
            )

    def _commit(self, info: SpaceInfo, selection: spaces.Selection) -> str:
        """Upload what differs; the commit's address, or nothing when nothing did."""
        old = spaces.gone(_files(info), selection.files)
        self._tell(f"comparing and uploading {len(selection.files)} files")
        commit = self._api.create_commit(
            info.id,
            [*_additions(selection.root, selection.files), *map(CommitOperationDelete, old)],
            repo_type="space",
            commit_message="Doodle Race",
            parent_commit=info.sha,
        )
        return commit.commit_url if commit.oid != info.sha else ""


@contextmanager
def explained(where: str) -> Generator[None]:
    """Turn what the Hub's client raises into a line that says what to do.

    Raises:
        UserError: instead.
    """
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise UserError("the Hub may not be asked: HF_HUB_OFFLINE is set", "Unset it") from error
    except (TransportError, RuntimeError, OSError) as error:  # Git LFS and Xet raise the last two
        raise _explain(error, where) from error


def _explain(error: BaseException, where: str) -> UserError:
    if isinstance(error, HfHubHTTPError):
        return _explain_refusal(error, where)
    if isinstance(error, TransportError):
        return UserError(f"cannot reach {where}: {error}", f"Is the network up? {AGAIN}")
    if error.__cause__ is not None:
        return _explain(error.__cause__, where)
    return UserError(f"the upload to {where} broke off: {error}", f"{AGAIN}. {OTHER_WAY}")


def _explain_refusal(error: HfHubHTTPError, where: str) -> UserError:
    status, phrase = error.response.status_code, error.response.reason_phrase
    said = f" ({error.server_message})" if error.server_message else ""
    trouble = f"The Hub has a problem. {AGAIN}" if error.response.is_server_error else ""
    return UserError(
        f"the Hub answered {status} {phrase}{said} for {where}", MEND.get(status, trouble)
    )


def _files(info: SpaceInfo) -> Sequence[str]:
    return [sibling.rfilename for sibling in info.siblings or []]


def _additions(root: Path, files: Sequence[str]) -> list[CommitOperationAdd]:
    return [CommitOperationAdd(file, root / file) for file in files]
