"""Codes of rooms: short enough to be read out, too many to be guessed."""

import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for something else
LENGTH = 6  # 31 ** 6 = 887 million codes, of which a thousand rooms are hardly ever hit


def new_code() -> str:
    """A code nobody can foresee."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidied(code: str) -> str:
    """A code as it may have been typed, as it is written."""
    return "".join(code.upper().split())
