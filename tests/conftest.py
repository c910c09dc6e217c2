"""Fixtures that several rooms share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgresql import Missing, Server

# A busy machine must not fail a test: nothing here is judged by the clock.
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A private PostgreSQL server. Without its programs the tests skip, in continuous integration they fail."""
    try:
        server = Server.start()
    except Missing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> str:
    """The URL of an empty database of its own."""
    return postgresql_server.new_database()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store' / 'scorecast.sqlite'}"
    return str(request.getfixturevalue("postgresql_url"))
