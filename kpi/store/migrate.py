"""Bring a database to the tables of this program."""

from sqlalchemy import Connection, Engine, inspect, text

from kpi.store.engine import reading, writing
from kpi.store.forecast_tables import SCHEMA_REVISION, metadata
from kpi.store.refusals import foreign_tables, newer_database

# Any number, the same in every process that may migrate the same database.
_ADVISORY_LOCK = 5_203_141


def bring_up_to_date(engine: Engine) -> None:
    """Migrate where needed, in one transaction; two processes that start together wait for one another.

    Raises Refused when a newer program wrote the database, or the tables belong to somebody else.
    """
    with reading(engine) as connection:
        if _revision(connection) == SCHEMA_REVISION:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    from kpi.store import upgrade  # noqa: PLC0415  (a quarter of a second that an up-to-date database need not wait)

    revision = _revision(connection)
    if revision is not None and revision not in upgrade.known_revisions(connection):
        raise newer_database(revision, SCHEMA_REVISION)
    if revision is None:
        taken = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if taken:
            raise foreign_tables(", ".join(taken))
    upgrade.to_newest(connection)
