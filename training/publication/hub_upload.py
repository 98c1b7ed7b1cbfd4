"""Upload a published model's folder to a model repository of the Hugging Face Hub."""

from pathlib import Path

from httpx2 import TransportError
from huggingface_hub import CommitOperationAdd, HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from models.command import UserError
from models.proxies import require_usable


def upload(folder: Path, repository: str) -> str:
    """Create or update a model repository so that it holds the folder's files, in one commit.

    Args:
        folder: the folder of a published model.
        repository: its name on the Hub, `owner/name`.

    Returns:
        The repository's address.

    Raises:
        UserError: if a variable names a proxy that cannot be used, no user is logged in, or the Hub
            cannot be reached or refuses the upload.
    """
    require_usable()
    token = get_token()
    if not token:
        raise UserError("nobody is logged in to the Hub", "Run `hf auth login`, or set HF_TOKEN")
    api = HfApi(token=token, library_name="doodle-race")
    where = f"{api.endpoint}/{repository}"
    files = sorted(path for path in folder.iterdir() if path.is_file())
    try:
        api.create_repo(repository, repo_type="model", exist_ok=True)
        api.create_commit(
            repository,
            [CommitOperationAdd(path.name, path) for path in files],
            commit_message=f"Doodle Race: {folder.name}",
        )
    except HfHubHTTPError as error:
        raise UserError(
            f"the Hub answered {error.response.status_code} for {where}",
            "The token must be allowed to write to this owner's models; check the name",
        ) from error
    except (OfflineModeIsEnabled, TransportError, RuntimeError, OSError) as error:
        raise UserError(
            f"cannot send the model to {where}: {error}", "Run the same command again"
        ) from error
    return where
