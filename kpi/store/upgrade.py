"""Run the packaged Alembic migrations on an open connection."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for the packaged migrations, to run inside the transaction of ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def known_revisions(connection: Connection) -> set[str]:
    """Every revision this program can start from."""
    return {script.revision for script in ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()}


def to_newest(connection: Connection) -> None:
    """Run what is missing."""
    command.upgrade(alembic_config(connection), "head")
