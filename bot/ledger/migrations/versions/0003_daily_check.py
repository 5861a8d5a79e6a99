"""When each account's credentials were last looked at by the daily check."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the moment; none yet."""
    op.add_column("accounts", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
