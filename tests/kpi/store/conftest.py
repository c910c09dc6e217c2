from collections.abc import Iterator

import pytest

from kpi.store import Store, open_store
from tests.kpi.store.builders import Clock


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, in each of the two databases, whose clock starts at noon and ticks in seconds."""
    opened = open_store(store_url, Clock())
    yield opened
    opened.close()
