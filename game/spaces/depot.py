"""A data-set repository of the Hugging Face Hub that holds the backup of the records."""

import logging
from http import HTTPStatus
from pathlib import Path

from httpx2 import Timeout
from huggingface_hub import CommitOperationAdd, HfApi, get_session
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
)
from huggingface_hub.hf_api import DatasetInfo
from huggingface_hub.utils import disable_progress_bars, validate_repo_id
from huggingface_hub.utils import logging as hub_logging

from game.spaces import BACKUP_REPO, snapshot
from game.spaces.hub_errors import SETTINGS, Advice, explained
from game.spaces.snapshot import DATABASE, MANIFEST, Damaged, Manifest
from models.command import UserError
from models.proxies import drop_unusable

TIMEOUT = Timeout(30.0, connect=10.0)  # seconds for one read or write of the Hub
ADVICE = Advice(
    again="It will be tried again",
    other_way="If it stays so, set HF_HUB_DISABLE_XET=1",
    by_status={
        HTTPStatus.UNAUTHORIZED: f"Create a token with write access at {SETTINGS} and set HF_TOKEN",
        HTTPStatus.FORBIDDEN: "The token of HF_TOKEN must be allowed to write to this data set: "
        f"see {SETTINGS}",
        HTTPStatus.NOT_FOUND: f"Look at the owner's name in {BACKUP_REPO}",
    },
)

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another server has committed meanwhile, so nothing was committed."""


class Depot:
    """A repository such as `ada/doodle-race-records`.

    Methods raise `UserError` when the Hub cannot be reached or refuses.

    Args:
        name: OWNER/NAME of the data set.
        token: an access token with write access.

    Raises:
        UserError: `name` is not a valid name.
    """

    def __init__(self, name: str, token: str) -> None:
        self.name = _checked(name)
        for line in drop_unusable():  # with such a proxy the client could not be created
            log.warning("%s: it is not used for the Hub", line)
        self._api = HfApi(token=token, library_name="doodle-race")
        self.url = f"{self._api.endpoint}/datasets/{name}"
        self._public = False
        hub_logging.set_verbosity_error()
        disable_progress_bars()

    def head(self) -> str:
        """The id of the last commit. A missing repository is created, as a private one."""
        with explained(self.url, ADVICE):
            info = self._find() or self._create()
            if info.private is False and not self._public:
                self._public = True
                log.warning("%s is public: anyone can read the records in it", self.url)
            assert info.sha is not None
            return info.sha

    def manifest(self, commit: str, folder: Path) -> Manifest | None:
        """The manifest in a commit; None when the commit has no backup.

        Raises:
            Damaged: the manifest cannot be read.
        """
        with explained(self.url, ADVICE):
            text = self._download(MANIFEST, commit, folder)
        return None if text is None else snapshot.read(text.read_bytes())

    def fetch(self, commit: str, manifest: Manifest, folder: Path) -> Path:
        """Download the backup in a commit into a folder, verify it, and update its tables.

        Raises:
            Damaged: the file is not the one in the manifest.
            UserError: a newer version of the game wrote it.
        """
        with explained(self.url, ADVICE):
            copy = self._download(DATABASE, commit, folder)
        if copy is None:
            raise Damaged(f"there is a {MANIFEST} in {self.url}, but no {DATABASE}")
        snapshot.verify(copy, manifest)
        return copy

    def put(self, copy: Path, manifest: Manifest, parent: str) -> str:
        """Commit a copy and its manifest on top of the commit `parent`; return the new commit.

        Raises:
            Overtaken: `parent` is no longer the last commit.
        """
        with explained(self.url, ADVICE):
            try:
                return self._commit(copy, manifest, parent)
            except HfHubHTTPError as error:
                if error.response.status_code != HTTPStatus.PRECONDITION_FAILED:
                    raise
                raise Overtaken from error

    def _commit(self, copy: Path, manifest: Manifest, parent: str) -> str:
        self._limit_time()
        done = self._api.create_commit(
            self.name,
            [
                CommitOperationAdd(DATABASE, copy),
                CommitOperationAdd(MANIFEST, manifest.model_dump_json(indent=2).encode()),
            ],
            repo_type="dataset",
            commit_message=f"Records of {manifest.taken:%Y-%m-%d %H:%M:%S} UTC",
            parent_commit=parent,
        )
        return done.oid

    def _find(self) -> DatasetInfo | None:
        self._limit_time()
        try:
            return self._api.dataset_info(self.name, timeout=TIMEOUT.read)
        except RepositoryNotFoundError as error:
            if error.response.status_code == HTTPStatus.NOT_FOUND:
                return None
            raise

    def _create(self) -> DatasetInfo:
        self._api.create_repo(self.name, repo_type="dataset", private=True, exist_ok=True)
        log.info("created %s, a private data set", self.url)
        return self._api.dataset_info(self.name, timeout=TIMEOUT.read)

    def _download(self, file: str, commit: str, folder: Path) -> Path | None:
        self._limit_time()
        try:
            path = self._api.hf_hub_download(
                self.name, file, repo_type="dataset", revision=commit, local_dir=folder
            )
        except RemoteEntryNotFoundError:  # not `LocalEntryNotFoundError`: the Hub did not answer
            return None
        return Path(path)

    def _limit_time(self) -> None:
        """Set the timeout again: by default there is none, and errors replace the client."""
        get_session().timeout = TIMEOUT


def _checked(name: str) -> str:
    mend = f"Expected in {BACKUP_REPO} OWNER/NAME of a data set, such as ada/doodle-race-records"
    try:
        validate_repo_id(name)
    except HFValidationError as error:
        raise UserError(f"{name!r} cannot be the name of a data set: {error}", mend) from error
    if "/" not in name:
        raise UserError(f"{name!r} has no owner", mend)
    return name
