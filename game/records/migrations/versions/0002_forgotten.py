"""Players who had everything deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("player", sa.String(64), nullable=False),
        sa.Column("moment", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("player", name="pk_forgotten"),
    )


def downgrade() -> None:
    op.drop_table("forgotten")
