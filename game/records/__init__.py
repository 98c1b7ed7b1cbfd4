"""What the game keeps: replays, games, challenges, dailies, boards, names.

    records = open_records("sqlite:///doodle-race.sqlite3")

implements `game.records.storage.Storage`. `game.records.http` serves it, and `python -m
game.moderate` tends it.
"""

from pathlib import Path

from game.judging.judge import Model
from game.records.database import Database
from game.records.records import Records
from models.shelf import DEFAULT, open_model

__all__ = ["Records", "open_records"]


def open_records(
    url: str | None = None,
    model: Model | None = None,
    model_name: str = DEFAULT,
    data: Path | None = None,
) -> Records:
    """Open the records, and bring their tables up to date.

    Args:
        url: a URL of SQLAlchemy; without it the variable DATABASE_URL, else a SQLite file in the
            working folder.
        model: who judges recorded hands, and dailies again; None for the default published one.
        model_name: the card's name of that model.
        data: a folder of Quick, Draw! drawings for recorded hands; None for the variable
            DOODLE_DATA_DIR, else `data`. It need not be there.

    Raises:
        UserError: when the database or the model cannot be opened.
    """
    return Records(Database(url), model or open_model(), model_name, data)
