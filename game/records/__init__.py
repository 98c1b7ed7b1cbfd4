"""The records: replays, games, challenges, daily games, boards and names, in a database.

    records = open_records("sqlite:///doodle-race.sqlite3")

implements `game.records.storage.Storage`. `game.records.http` serves the records, and `python -m
game.moderate` lists, hides and deletes them.
"""

from pathlib import Path

from game.judging.judge import Model
from game.records.database import Database
from game.records.records import Records
from models.shelf import SERVED, open_judge

__all__ = ["Records", "open_records"]


def open_records(
    url: str | None = None,
    model: Model | None = None,
    model_name: str = SERVED,
    data: Path | None = None,
) -> Records:
    """Open the records, and update their tables to this version.

    Args:
        url: a URL of SQLAlchemy; None for the environment variable DATABASE_URL, else a SQLite file
            in the working folder.
        model: judges the drawings of ghosts, and daily games a second time; None for the default
            published model.
        model_name: the model's name in its card.
        data: a folder of Quick, Draw! drawings for ghosts; None for the environment variable
            DOODLE_DATA_DIR, else `data`. The folder need not exist.

    Raises:
        UserError: the database or the model cannot be opened.
    """
    return Records(Database(url), model or open_judge(model_name), model_name, data)
