"""Scenarios in the store, in each of the two databases."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from forecast.ledger import Ledger
from forecast.records import RunRecord
from forecast.scenario.book import ScenarioBook, ScenarioRecord, find
from forecast.scenario.changes import By, Change, scenario_hash
from kpi.errors import Refused
from kpi.facts import content_hash
from kpi.store import Store, open_store
from kpi.store.forecast_tables import scenario, scenario_withdrawal
from kpi.store.records import SnapshotRecord
from tests.forecast.scenario.builders import change
from tests.forecast.test_ledger import DONE, RUN, forecast
from tests.kpi.store.builders import Clock, approve, fact, key

SAID = (change("premium", "head", "0.1", By.PERCENT), change("claims", "n1", "120.50"))


@dataclass
class Scene:
    store: Store
    book: ScenarioBook
    snapshot: SnapshotRecord
    run: RunRecord

    def save(self, name: str = "hail", said: tuple[Change, ...] = SAID, based_on: int | None = None) -> ScenarioRecord:
        return self.book.save(name, "a storm in October", self.snapshot, self.run, said, "li", based_on)


@pytest.fixture
def scene(store_url: str) -> Iterator[Scene]:
    """A store with one snapshot and a finished run of it."""
    store = open_store(store_url, Clock())
    snapshot = approve(store, fact(key(), 1))
    ledger = Ledger(store)
    ledger.begin_run(RUN)
    ledger.finish_run(RUN.run_id, DONE, [forecast(0.6)], [])
    yield Scene(store, ScenarioBook(store), snapshot, DONE)
    assert store.check_audit() is None
    store.close()


def test_a_kept_scenario_comes_back_as_it_was_said(scene: Scene) -> None:
    made = scene.save()

    assert scene.book.every() == [made]
    assert made.changes == tuple(sorted(SAID, key=lambda each: each.place))
    assert made.hash == scenario_hash(scene.snapshot.content_hash, scene.run.run_id, SAID)
    assert (made.name, made.reason, made.made_by, made.stands) == ("hail", "a storm in October", "li", True)
    assert made.rests_on(scene.snapshot, scene.run)
    assert not made.rests_on(scene.snapshot.model_copy(update={"content_hash": "f" * 64}), scene.run)
    assert not made.rests_on(scene.snapshot, None)


def test_a_change_of_a_scenario_is_another_one_that_names_what_it_was_made_from(scene: Scene) -> None:
    first = scene.save()

    second = scene.save("hail and snow", SAID[:1], based_on=first.id)

    assert (second.based_on, second.hash != first.hash) == (first.id, True)
    assert scene.book.every() == [first, second]


def test_nobody_changes_or_drops_a_scenario_not_even_with_the_database_in_hand(scene: Scene) -> None:
    made = scene.book.withdraw(scene.save().id, "a mistake", "wang")

    for statement in (
        update(scenario).values(name="other"),
        delete(scenario),
        update(scenario_withdrawal).values(why="other"),
        delete(scenario_withdrawal),
    ):
        with pytest.raises((DatabaseError, Refused)), scene.store.writing("li") as write:
            write.connection.execute(statement)
    assert scene.book.every() == [made]


def test_a_withdrawn_scenario_stays_on_record_with_who_and_why(scene: Scene) -> None:
    withdrawn = scene.book.withdraw(scene.save().id, "a mistake", "wang")

    assert scene.book.every() == [withdrawn]
    assert (withdrawn.stands, withdrawn.withdrawn_by, withdrawn.why) == (False, "wang", "a mistake")
    with pytest.raises(Refused, match="withdrawn already"):
        scene.book.withdraw(withdrawn.id, "again", "wang")


def test_a_new_name_is_a_copy_with_the_same_hash_in_place_of_the_old_one(scene: Scene) -> None:
    old = scene.save()

    new = scene.book.rename(old.id, "hail in autumn", "wang")

    assert (new.name, new.hash, new.changes, new.based_on) == ("hail in autumn", old.hash, old.changes, old.id)
    assert [(each.name, each.stands, each.why) for each in scene.book.every()] == [
        ("hail", False, "renamed: hail in autumn"),
        ("hail in autumn", True, None),
    ]


def test_a_name_that_is_taken_leaves_everything_as_it_was(scene: Scene) -> None:
    first, second = scene.save(), scene.save("snow", SAID[:1])

    with pytest.raises(Refused, match="there is a scenario 'snow' already"):
        scene.save("snow")
    with pytest.raises(Refused, match="there is a scenario 'snow' already"):
        scene.book.rename(first.id, " snow ", "li")
    assert scene.book.every() == [first, second]
    scene.book.withdraw(second.id, "a mistake", "li")
    assert scene.save("snow").stands


@pytest.mark.parametrize(("name", "reason", "said"), [("", "why", SAID), ("a", " ", SAID), ("a", "why", ())])
def test_a_scenario_without_name_reason_or_change_is_refused(
    scene: Scene, name: str, reason: str, said: tuple[Change, ...]
) -> None:
    with pytest.raises(Refused, match="a name, a reason and at least one change"):
        scene.book.save(name, reason, scene.snapshot, scene.run, said, "li")
    assert scene.book.every() == []


def test_a_scenario_rests_on_a_finished_run_of_its_snapshot(scene: Scene) -> None:
    for run in (RUN, DONE.model_copy(update={"snapshot_id": 7})):
        with pytest.raises(Refused, match="is not a finished forecast of snapshot 1"):
            scene.book.save("hail", "why", scene.snapshot, run, SAID, "li")


@pytest.mark.parametrize("act", ["withdraw", "rename"])
def test_a_scenario_that_is_not_there_is_refused(scene: Scene, act: str) -> None:
    with pytest.raises(Refused, match="no scenario 7"):
        getattr(scene.book, act)(7, "why", "li")
    with pytest.raises(Refused, match=r"needs a reason|give the new name"):
        getattr(scene.book, act)(scene.save().id, " ", "li")


def test_every_step_is_in_the_audit_log(scene: Scene) -> None:
    scene.book.rename(scene.save().id, "snow", "wang")

    actions = [(each.action, each.subject) for each in scene.store.audit_entries() if "scenario" in each.action]
    assert actions == [
        ("scenario.saved", "scenario 1"),
        ("scenario.withdrawn", "scenario 1"),
        ("scenario.saved", "scenario 2"),
    ]


def test_nothing_of_a_scenario_enters_facts_snapshots_or_forecasts(scene: Scene) -> None:
    def all_else() -> object:
        facts, ledger = scene.store.snapshot_facts(1), Ledger(scene.store)
        rows = (ledger.run_forecasts(RUN.run_id), dict(ledger.scores_by_place(RUN.run_id)), ledger.runs())
        return scene.store.snapshots(), facts, content_hash(facts), scene.store.snapshot_rows(1), rows

    before = all_else()
    scene.book.rename(scene.save().id, "snow", "wang")

    assert all_else() == before


def test_of_several_with_one_hash_the_newest_that_stands_is_found(scene: Scene) -> None:
    new = scene.book.rename(scene.save().id, "snow", "wang")
    other = scene.save("another", SAID[:1])
    every = scene.book.every()

    assert find(every, new.short) == new
    assert find(every, other.hash) == other
    assert find(every, "") is None
    assert find(every, "nothing") is None


def test_a_beginning_that_several_hashes_share_names_none(scene: Scene) -> None:
    one = scene.save()
    twin = one.model_copy(update={"id": 2, "hash": one.hash[:8] + "f" * 56})
    assert find([one, twin], one.hash[:8]) is None
