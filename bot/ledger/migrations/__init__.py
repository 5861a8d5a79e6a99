"""The ledger's schema, step by step; applied at start, under a lock.

A new step: a file `versions/NNNN_what.py` with `revision = "NNNN"`, and `SCHEMA` in `bot/ledger/models.py` set to it.
"""

from pathlib import Path

from sqlalchemy import Engine, text

from bot.ledger.engine import check_schema, explained, schema_version
from bot.ledger.models import SCHEMA

# Any fixed number; several bots that start on one PostgreSQL ledger at once migrate one after another.
_MIGRATION_LOCK = 7_203_441_966


def migrate(engine: Engine) -> None:
    """Bring the ledger up to this bot's version. Raises LedgerError for a ledger of a newer one."""
    version = schema_version(engine)
    if version is None or version < SCHEMA:
        with explained(engine):
            _upgrade(engine)
    check_schema(engine)


def _upgrade(engine: Engine) -> None:
    # Imported here: Alembic is slow to load and needed once in a ledger's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
