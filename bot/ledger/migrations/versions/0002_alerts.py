"""What operators hear: alerts and who was told of them, how many attempts ended in which way, and an index for posts
whose summaries are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
# As they were called in 0001; attempt number 0 was found on the account, and nobody here sent it.
_BACKFILL = """
INSERT INTO tallies (account, outcome, count)
SELECT account, CASE WHEN ended_as = 'found' THEN 'posted' ELSE ended_as END, count(*)
  FROM attempts WHERE number > 0 AND ended_as IS NOT NULL
 GROUP BY account, CASE WHEN ended_as = 'found' THEN 'posted' ELSE ended_as END
"""


def upgrade() -> None:
    """Make them. What each column means stands in `bot/ledger/models.py`."""
    op.create_table(
        "alerts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("todo", sa.Text(), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("over_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place", "key"),
    )
    op.create_table(
        "tellings",
        sa.Column("alert", _ID, nullable=False),
        sa.Column("address", sa.Integer(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("not_before", _MOMENT, nullable=True),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"]),
        sa.PrimaryKeyConstraint("alert", "address", "over"),
    )
    op.create_table(
        "tallies",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "outcome"),
    )
    op.execute(_BACKFILL)
    present = sa.text("gone_at IS NOT NULL")
    op.create_index("summaries_gone", "summaries", ["gone_at"], sqlite_where=present, postgresql_where=present)
