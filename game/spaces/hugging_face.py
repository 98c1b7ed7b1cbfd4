"""Uploads files to a Space on the Hugging Face Hub in one commit, with clear error messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import RepositoryNotFoundError
from huggingface_hub.hf_api import SpaceInfo
from huggingface_hub.utils import logging

from game.spaces import space as spaces
from game.spaces.hub_errors import SETTINGS, Advice, explained
from models.command import UserError

AGAIN = "Run the same command again: uploaded files are not sent twice"
ADVICE = Advice(
    again=AGAIN,
    other_way="HF_HUB_DISABLE_XET=1 sends large files in another way",
    by_status={
        HTTPStatus.UNAUTHORIZED: f"Log in with `hf auth login`, or make a new token at {SETTINGS}",
        HTTPStatus.PAYMENT_REQUIRED: "Gradio Spaces on free hardware are for PRO and Team "
        "accounts: subscribe, or create the Space in the browser with paid hardware and run this "
        "again",
        HTTPStatus.FORBIDDEN: "The token must be allowed to write to this owner's Spaces: "
        f"see {SETTINGS}, or choose another owner with --space",
        HTTPStatus.NOT_FOUND: "Look at the owner's name",
        HTTPStatus.PRECONDITION_FAILED: f"Someone else changed the Space meanwhile. {AGAIN}",
        HTTPStatus.TOO_MANY_REQUESTS: f"Wait a while. {AGAIN}",
    },
)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class UploadOutcome:
    """The outcome of an upload.

    Attributes:
        url: address of the Space's page.
        created: whether the Space is new.
        commit: address of the commit; empty when the Space was up to date already.
    """

    url: str
    created: bool
    commit: str


class HuggingFace:
    """Access to the Hub with one token.

    Args:
        token: an access token with write access.
        tell: called with a line of text for each step.
    """

    def __init__(self, token: str, tell: Tell = print) -> None:
        logging.set_verbosity_error()  # hides its warning of an empty commit: see `UploadOutcome`
        self._api = HfApi(token=token, library_name="doodle-race")
        self._tell = tell

    def put(self, space: str, selection: spaces.Selection, private: bool = False) -> UploadOutcome:
        """Create or update a Space so that it holds the files, in one commit or not at all.

        Args:
            space: OWNER/NAME.
            private: whether a new Space is private.

        Raises:
            UserError: the Space holds something else, or the Hub cannot be reached or refuses.
        """
        with explained(f"{self._api.endpoint}/spaces/{space}", ADVICE):
            old = self._find(space)
            info = old or self._create(space, private)
            self._check(info, selection)
            commit = self._commit(info, selection)
        return UploadOutcome(f"{self._api.endpoint}/spaces/{space}", old is None, commit)

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
        """Upload the files that differ; return the commit's address, "" when none differ."""
        old = spaces.gone(_files(info), selection.files)
        self._tell(f"comparing and uploading {len(selection.files)} files")
        new = [CommitOperationAdd(file, selection.root / file) for file in selection.files]
        commit = self._api.create_commit(
            info.id,
            [*new, *map(CommitOperationDelete, old)],
            repo_type="space",
            commit_message="Doodle Race",
            parent_commit=info.sha,
        )
        return commit.commit_url if commit.oid != info.sha else ""


def _files(info: SpaceInfo) -> Sequence[str]:
    return [sibling.rfilename for sibling in info.siblings or []]
