"""Fixtures that several rooms share."""

import os
from collections.abc import Iterator

import pytest

from tests.postgresql import Missing, Server


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
