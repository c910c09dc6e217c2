from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi.store import open_store
from tests.forecast.schedule.clocks import HandClock, Office


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    """An empty store in each of the two databases, with a clock that is set by hand."""
    clock = HandClock()
    store = open_store(store_url, clock)
    yield Office(store, clock, tmp_path)
    store.close()
