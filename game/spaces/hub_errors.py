"""Turns errors of the Hub's client into a `UserError` that tells what to do."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from httpx2 import TransportError
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from models.command import UserError

SETTINGS = "https://huggingface.co/settings/tokens"


@dataclass(frozen=True)
class Advice:
    """Advice for users about failures.

    Attributes:
        again: whether and how it is tried again.
        other_way: what to do when large files cannot be transferred.
        by_status: HTTP status of the Hub's answer -> what to do.
    """

    again: str
    other_way: str
    by_status: Mapping[int, str]


@contextmanager
def explained(where: str, advice: Advice) -> Generator[None]:
    """Turn errors of the Hub's client into a `UserError` that tells what to do.

    Args:
        where: address that the message names.
    """
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise UserError("the Hub is switched off: HF_HUB_OFFLINE is set", "Unset it") from error
    except (TransportError, RuntimeError, OSError) as error:  # Git LFS and Xet raise the last two
        raise _explain(error, where, advice) from error


def _explain(error: BaseException, where: str, advice: Advice) -> UserError:
    if isinstance(error, HfHubHTTPError):
        return _explain_refusal(error, where, advice)
    if isinstance(error, TransportError):
        return UserError(f"cannot reach {where}: {error}", f"Is the network up? {advice.again}")
    if error.__cause__ is not None:
        return _explain(error.__cause__, where, advice)
    return UserError(
        f"the transfer to or from {where} broke off: {error}", f"{advice.again}. {advice.other_way}"
    )


def _explain_refusal(error: HfHubHTTPError, where: str, advice: Advice) -> UserError:
    status, phrase = error.response.status_code, error.response.reason_phrase
    said = f" ({error.server_message})" if error.server_message else ""
    trouble = f"The Hub has a problem. {advice.again}" if error.response.is_server_error else ""
    return UserError(
        f"the Hub answered {status} {phrase}{said} for {where}",
        advice.by_status.get(status, trouble),
    )
