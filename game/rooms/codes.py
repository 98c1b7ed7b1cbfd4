"""Room codes, which are short enough to be read out, and hard to guess."""

import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which look alike
LENGTH = 6  # 31 ** 6 = 887 million codes: with a thousand rooms, a guess hits one in 887,000


def new_code() -> str:
    """A random code from a cryptographic source, which nobody can predict."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidied(code: str) -> str:
    """A typed code in its standard form: capital letters without spaces."""
    return "".join(code.upper().split())
