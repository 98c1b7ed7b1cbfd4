"""The first version: replays, games with their words, daily games and names."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "replays",
        *_kept(),
        sa.Column("word", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("best", sa.Double(), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_replays"),
    )
    op.create_index("ix_replays_moment", "replays", ["moment"])
    op.create_index("ix_replays_player_word", "replays", ["player", "word"])
    op.create_index(
        "ix_replays_word_outcome_milliseconds", "replays", ["word", "outcome", "milliseconds"]
    )
    op.create_table(
        "games",
        *_kept(),
        sa.Column("source", sa.String(64)),
        sa.Column("place", sa.Integer()),
        sa.Column("racers", sa.Integer(), nullable=False),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_games"),
    )
    op.create_index("ix_games_mode_points", "games", ["mode", "points"])
    op.create_index("ix_games_player", "games", ["player"])
    op.create_index("ix_games_source", "games", ["source"])
    op.create_table(
        "game_words",
        sa.Column("game", sa.String(22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(64), nullable=False),
        sa.Column("replay", sa.String(22)),
        sa.PrimaryKeyConstraint("game", "number", name="pk_game_words"),
        sa.ForeignKeyConstraint(
            ["game"], ["games.id"], name="fk_game_words_game", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replay"], ["replays.id"], name="fk_game_words_replay", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_game_words_replay", "game_words", ["replay"])
    op.create_table(
        "daily_tries",
        sa.Column("date", sa.String(10), nullable=False),
        sa.Column("player", sa.String(64), nullable=False),
        sa.Column("game", sa.String(22)),
        sa.PrimaryKeyConstraint("date", "player", name="pk_daily_tries"),
        sa.ForeignKeyConstraint(
            ["game"], ["games.id"], name="fk_daily_tries_game", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "names",
        sa.Column("folded", sa.String(64), nullable=False),
        sa.Column("player", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("folded", name="pk_names"),
    )
    op.create_index("ix_names_player", "names", ["player"])


def downgrade() -> None:
    for table in ("names", "daily_tries", "game_words", "games", "replays"):
        op.drop_table(table)


def _kept() -> list[sa.Column[Any]]:
    """Columns that replays and games have both."""
    return [
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("player", sa.String(64), nullable=False),
        sa.Column("moment", sa.String(24), nullable=False),
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("milliseconds", sa.Double(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
    ]
