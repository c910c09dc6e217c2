import json
from collections.abc import Mapping
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from kpi.errors import Refused
from kpi.store import Store, open_store
from kpi.store.engine import connect, writing
from kpi.store.forecast_tables import SCHEMA_REVISION, metadata
from kpi.store.upgrade import alembic_config
from tests.kpi.store.builders import approve, fact, key, values


def structure(connection: Connection) -> dict[str, list[str]]:
    """Everything the database itself knows about the tables: columns, keys, unique constraints, indexes."""
    seen = inspect(connection)
    return {
        name: [
            *map(plain, seen.get_columns(name)),
            plain(seen.get_pk_constraint(name)),
            *sorted(map(plain, seen.get_foreign_keys(name))),
            *sorted(map(plain, seen.get_unique_constraints(name))),
            *sorted(map(plain, seen.get_indexes(name))),
        ]
        for name in metadata.tables
    }


def plain(found: Mapping[str, Any]) -> str:
    """Types and conditions as their SQL."""
    return json.dumps(found, default=str, sort_keys=True)


def test_the_migrated_tables_are_the_defined_ones(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, metadata) == []


def test_the_database_describes_migrated_and_defined_tables_alike(store: Store) -> None:
    """Down to names of keys and indexes, which the comparison above partly overlooks."""
    with store.reading() as connection:
        migrated = structure(connection)
    with store.writing("li") as write:
        command.downgrade(alembic_config(write.connection), "base")
        metadata.create_all(write.connection)
        defined = structure(write.connection)
        metadata.drop_all(write.connection)
        command.upgrade(alembic_config(write.connection), "head")

    assert migrated == defined
    assert len(migrated) == 25


def test_a_downgrade_leaves_an_empty_database_and_an_upgrade_a_usable_one(store: Store, store_url: str) -> None:
    approve(store, fact(key(), 1))
    with store.writing("li") as write:
        command.downgrade(alembic_config(write.connection), "base")
        assert set(inspect(write.connection).get_table_names()) == {"alembic_version"}
    again = open_store(store_url)

    assert again.snapshots() == []
    assert approve(again, fact(key(), 2)).id == 1
    again.close()


def test_the_newest_migration_is_the_revision_of_the_tables_and_the_history_has_one_line(store: Store) -> None:
    with store.reading() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
        stamped = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()

    assert scripts.get_heads() == [SCHEMA_REVISION]
    assert stamped == SCHEMA_REVISION
    assert len(scripts.get_bases()) == 1


def test_opening_again_changes_nothing(store: Store, store_url: str) -> None:
    approve(store, fact(key(), 1))

    again = open_store(store_url)

    assert values(again, 1) == {key(): 1}
    assert again.audit_entries() == store.audit_entries()
    again.close()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(store: Store, store_url: str) -> None:
    with store.writing("later") as write:
        write.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Refused, match="written by a newer program") as refusal:
        open_store(store_url)

    assert "9999" in refusal.value.message.en
    assert SCHEMA_REVISION in refusal.value.message.en
    assert "较新的程序" in refusal.value.message.zh
    with store.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_tables_of_another_program_are_refused_and_left_alone(store_url: str) -> None:
    engine = connect(store_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE fact (note TEXT)"))
        connection.execute(text("INSERT INTO fact VALUES ('mine')"))

    with pytest.raises(Refused, match="another program") as refusal:
        open_store(store_url)

    assert "fact" in refusal.value.message.zh
    with writing(engine) as connection:
        assert inspect(connection).get_table_names() == ["fact"]
        assert connection.execute(text("SELECT note FROM fact")).scalar_one() == "mine"
    engine.dispose()


def test_tables_of_other_names_are_no_hindrance(store_url: str) -> None:
    engine = connect(store_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE holidays (note TEXT)"))
    engine.dispose()

    store = open_store(store_url)

    assert store.uploads() == []
    store.close()
