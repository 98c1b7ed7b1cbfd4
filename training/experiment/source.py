"""A digest of the project's source: machines of a cluster must run the same."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def digest() -> str:
    """Hex digest of the modules of models/ and training/, computed at the first call."""
    files = sorted(file for name in ("models", "training") for file in (ROOT / name).rglob("*.py"))
    found = hashlib.sha256()
    for file in files:
        found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]
