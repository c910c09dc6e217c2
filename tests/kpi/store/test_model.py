"""Whatever is approved in whatever order: a snapshot is a plain dict with the uploads laid over one another."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.facts import FactKey, content_hash
from kpi.store import Store, open_store
from tests.kpi.store.builders import Clock, check, fact, key, values
from tests.postgresql import Server

KEYS = [key(measure, unit, period) for measure in ("claims", "cases") for unit in ("a", "b") for period in ("2026Q1",)]
few = st.sampled_from([Decimal(text) for text in ("0", "1", "1.00", "-2.5", "1E+30", "1E-30")])
any_number = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=9)
upload = st.dictionaries(st.sampled_from(KEYS), few | any_number, min_size=1)
step = st.tuples(upload, st.sampled_from(["approve", "approve", "approve", "reject", "wait"]))
steps = st.lists(step, min_size=1, max_size=7)

Steps = list[tuple[dict[FactKey, Decimal], str]]
Model = dict[FactKey, tuple[Decimal, str]]


def agrees_with_a_dict(store: Store, history: Steps) -> None:
    """Value and cell of origin of every key in every snapshot, and the difference before each decision."""
    model: Model = {}
    expected: list[Model] = []
    for number, (content, decision) in enumerate(history):
        facts = [fact(about, value, f"B{number}") for about, value in content.items()]
        waiting = check(store, *facts)
        changed = {about: value for about, value in content.items() if about not in model or model[about][0] != value}
        compared = store.difference(waiting.id)
        difference = (*compared.new, *compared.changed)
        assert {line.key: line.new for line in difference} == changed
        assert all(line.old == (model[line.key][0] if line.key in model else None) for line in difference)
        assert compared.unchanged == len(content) - len(changed)
        if decision == "approve":
            store.approve(waiting.id, "wang", "")
            model = model | {about: (value, f"B{number}") for about, value in changed.items()}
            expected.append(model)
        elif decision == "reject":
            store.reject(waiting.id, "wang", "")
    snapshots = store.snapshots()
    assert [snapshot.id for snapshot in snapshots] == list(range(1, len(expected) + 1))
    for snapshot, then in zip(snapshots, expected, strict=True):
        found = store.snapshot_facts(snapshot.id)
        assert {each.key: (each.value, each.origin.cell) for each in found} == then
        assert len(found) == snapshot.fact_count == len(then)
        assert snapshot.content_hash == content_hash(found)
    assert store.check_audit() is None


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store as a file to copy."""
    place = tmp_path_factory.mktemp("empty") / "scorecast.sqlite"
    open_store(f"sqlite:///{place}").close()
    return place


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return count()


@given(history=steps)
@settings(max_examples=40)
def test_snapshots_in_sqlite_are_a_dict(empty: Path, numbers: Iterator[int], history: Steps) -> None:
    place = empty.with_name(f"{next(numbers)}.sqlite")
    shutil.copyfile(empty, place)
    store = open_store(f"sqlite:///{place}", Clock())
    try:
        agrees_with_a_dict(store, history)
    finally:
        store.close()
        place.unlink()


@pytest.mark.postgres
@given(history=steps)
@settings(max_examples=15)
def test_snapshots_in_postgresql_are_a_dict(postgresql_server: Server, history: Steps) -> None:
    store = open_store(postgresql_server.new_database(), Clock())
    try:
        agrees_with_a_dict(store, history)
    finally:
        store.close()


def test_a_later_value_does_not_reach_back(empty: Path) -> None:
    """The shortest history that a store without ``superseded_in`` gets wrong."""
    place = empty.with_name("back.sqlite")
    shutil.copyfile(empty, place)
    store = open_store(f"sqlite:///{place}", Clock())

    agrees_with_a_dict(store, [({KEYS[0]: Decimal(1)}, "approve"), ({KEYS[0]: Decimal(2)}, "approve")])

    assert values(store, 1)[KEYS[0]] == 1
    store.close()
