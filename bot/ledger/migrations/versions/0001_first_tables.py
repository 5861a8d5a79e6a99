"""The ledger's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make them. What each column means stands in `bot/ledger/models.py`."""
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("pulled_to", _MOMENT, nullable=True),
        sa.Column("swept_at", _MOMENT, nullable=True),
        sa.Column("paused_at", _MOMENT, nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("pause_remedy", sa.Text(), nullable=True),
        sa.Column("retry_at", _MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "spending",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("micro_usd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "month"),
    )
    op.create_table(
        "summaries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("gone_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("queued_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("deadline", _MOMENT, nullable=True),
        sa.Column("unknown_at", _MOMENT, nullable=True),
        sa.Column("next_look_at", _MOMENT, nullable=True),
        sa.Column("resend", sa.Boolean(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=True),
        sa.Column("post_url", sa.Text(), nullable=True),
        sa.Column("posted_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.name"],
        ),
        sa.ForeignKeyConstraint(
            ["summary"],
            ["summaries.key"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account", "post_id"),
        sa.UniqueConstraint("summary", "account"),
    )
    op.create_index("deliveries_by_posted", "deliveries", ["posted_at"], unique=False)
    op.create_index(
        "deliveries_by_published", "deliveries", ["account", "state", "lane", "published_at", "id"], unique=False
    )
    op.create_index("deliveries_by_queued", "deliveries", ["account", "state", "lane", "queued_at"], unique=False)
    op.create_index(
        "deliveries_by_votes", "deliveries", ["account", "state", "lane", "votes", "published_at", "id"], unique=False
    )
    op.create_table(
        "attempts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("delivery", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("armed_at", _MOMENT, nullable=False),
        sa.Column("deadline", _MOMENT, nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_as", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("post_id", sa.Text(), nullable=True),
        sa.Column("post_url", sa.Text(), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"],
            ["deliveries.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery", "number"),
    )
    op.create_index("attempts_by_account", "attempts", ["account", "live", "armed_at"], unique=False)
    op.create_table(
        "looks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("delivery", _ID, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("clean", sa.Boolean(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery"],
            ["deliveries.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("looks_by_delivery", "looks", ["delivery", "attempt", "at"], unique=False)
