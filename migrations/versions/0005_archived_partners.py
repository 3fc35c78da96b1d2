"""Keep the day a partner was archived: its contact goes some time after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("partner", sa.Column("archived_on", sa.Date(), nullable=True))
    # Nobody knows since when: they are kept as if it were today.
    partner = sa.table("partner", sa.column("archived", sa.Boolean), sa.column("archived_on"))
    op.execute(
        partner.update().where(partner.c.archived).values(archived_on=sa.func.current_date())
    )
