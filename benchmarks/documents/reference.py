"""Reference tables of docs/, from the code: the server's options and its environment."""

import ast
import inspect
from dataclasses import fields
from pathlib import Path

from game import server
from game.records.database import VARIABLE as DATABASE_URL
from game.records.records import DATA
from game.records.retention import VARIABLE as KEEP_DAYS
from game.spaces import BACKUP_REPO

ROOT = Path(__file__).parents[2]

ENVIRONMENT = {
    "PORT": "Default of `--port`.",
    DATABASE_URL: "Default of `--database`, also in `game.backup`, `restore` and `moderate`.",
    "REDIS_URL": "Default of `--redis`.",
    "DOODLE_PUBLIC_URL": "Default of `--public-url`.",
    "FORWARDED_ALLOW_IPS": "Default of `--proxies`.",
    KEEP_DAYS: "Days for which replays and games are kept. Default: for good.",
    DATA: "Folder of Quick, Draw! drawings for ghosts, and of the laboratory. Default: `data`.",
    BACKUP_REPO: "Data set of the Hugging Face Hub (OWNER/NAME) that gets copies of the records.",
    "HF_TOKEN": f"Token of the Hub, with write access; `{BACKUP_REPO}` needs it. Keep it secret.",
    "OAUTH_CLIENT_ID": "Set by a Space whose front matter has `hf_oauth: true`: players sign in.",
    "OAUTH_CLIENT_SECRET": "Set by the same Space. Keep it secret.",
    "SPACE_ID": "Set by every Space; sign-in needs it.",
    "NPM_CONFIG_REGISTRY": "npm registry for `game.static_site`. Default: the public one.",
    "XDG_CACHE_HOME": "Where `game.static_site` keeps what it fetched. Default: `~/.cache`.",
}
"""Environment variables that the game reads, and the purpose of each."""


def options() -> str:
    """The options of `game.server` as a Markdown table."""
    texts = _attribute_texts(server.Options)
    rows = []
    for each in fields(server.Options):
        value = each.default if isinstance(each.default, int | float | str) else None
        default = f" Default: `{value}`." if value not in (None, "") else ""
        name = each.name.replace("_", "-")
        rows.append(f"| `--{name}` | {texts[each.name]}{default} |")
    return "\n".join(["| option | meaning |", "|---|---|", *rows])


def environment() -> str:
    """The environment variables as a Markdown table."""
    rows = [f"| `{name}` | {meaning} |" for name, meaning in ENVIRONMENT.items()]
    return "\n".join(["| variable | meaning |", "|---|---|", *rows])


def _attribute_texts(kind: type) -> dict[str, str]:
    """The string below each field of a dataclass, on one line."""
    [found] = ast.parse(inspect.getsource(kind)).body
    assert isinstance(found, ast.ClassDef)
    texts: dict[str, str] = {}
    for field, text in zip(found.body, found.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(text, ast.Expr)
            assert isinstance(text.value, ast.Constant)
            texts[field.target.id] = " ".join(str(text.value.value).split())
    return texts
