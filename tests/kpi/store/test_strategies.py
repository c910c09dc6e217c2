"""Versions of a strategy are only ever added, in either database, and drafts wait until they are saved."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kpi.errors import Refused
from kpi.store import Store
from kpi.strategy.book import WHOLE, StrategyBook
from kpi.strategy.models import Part, Strategy
from kpi.strategy.steps import form_of
from tests.kpi.strategy.builders import gap, linked, strategy


@pytest.fixture
def book(store: Store) -> StrategyBook:
    return StrategyBook(store, strategy())


ONE = linked(("fast_claims", "loyal_customers"))
TWO = linked(("fast_claims", "loyal_customers"), ("capable_people", "fast_claims"))


def test_until_somebody_saves_the_default_counts(book: StrategyBook) -> None:
    assert book.newest().strategy == strategy()
    assert (book.newest().version, book.versions()) == (0, [])


def test_each_save_is_a_version_with_who_when_and_why_and_a_row_in_the_log(store: Store, book: StrategyBook) -> None:
    book.save(ONE, 0, Part.LINKS, "li", " fewer links ")
    book.save(TWO, 1, Part.LINKS, "wang", "one more")

    second, first = book.versions()
    assert (first.version, first.saved_by, first.reason, first.part) == (1, "li", "fewer links", "links")
    assert (second.version, second.saved_by, second.strategy) == (2, "wang", TWO)
    assert first.saved_at is not None
    assert second.saved_at is not None
    assert first.saved_at < second.saved_at
    assert book.newest() == second
    assert book.version(1).strategy == ONE
    assert book.version(0).strategy == strategy()
    log = store.audit_entries()
    assert [(entry.action, entry.subject, entry.actor) for entry in log] == [
        ("strategy.saved", "strategy balanced 1", "li"),
        ("strategy.saved", "strategy balanced 2", "wang"),
    ]
    assert log[0].detail.endswith(": fewer links")
    assert store.check_audit() is None


def test_exact_amounts_come_back_as_they_went_in(book: StrategyBook) -> None:
    precise = ONE.model_copy(update={"gap": gap().model_copy(update={"today": gap().today.next_plus()})})
    book.save(precise, 0, Part.GAP, "li", "why")
    assert book.newest().strategy == precise


def test_who_was_overtaken_is_told_by_whom_and_keeps_the_draft(book: StrategyBook) -> None:
    rows = form_of(ONE, Part.LINKS)
    book.keep_draft(Part.LINKS, "li", 0, rows)
    book.save(TWO, 0, Part.LINKS, "wang", "quicker")

    with pytest.raises(Refused) as refusal:
        book.save(ONE, 0, Part.LINKS, "li", "slower")

    assert "wang saved version 1 of the strategy meanwhile (quicker)" in refusal.value.message.en
    assert "wang 在此期间保存了战略版本 1" in refusal.value.message.zh
    assert book.newest().strategy == TWO
    draft = book.draft(Part.LINKS, "li")
    assert draft is not None
    assert (draft.base, draft.form) == (0, rows)


def test_nothing_is_saved_without_a_reason_or_a_change_or_for_another_scorecard(
    store: Store, book: StrategyBook
) -> None:
    for said, reason, message in (
        (ONE, " ", "Reason is still empty"),
        (strategy(), "why", "nothing was changed"),
        (Strategy(scorecard="classic"), "why", "the strategy of scorecard classic"),
    ):
        with pytest.raises(Refused, match=message):
            book.save(said, 0, WHOLE, "li", reason)
    assert book.versions() == []
    assert store.audit_entries() == []


def test_a_draft_is_its_authors_and_its_parts_and_goes_with_the_save(book: StrategyBook) -> None:
    rows = form_of(ONE, Part.LINKS)
    book.keep_draft(Part.LINKS, "li", 0, ({"cause": "half"},))
    book.keep_draft(Part.LINKS, "li", 0, rows)
    book.keep_draft(Part.GAP, "li", 0, ({"today": "1 万元"},))
    book.keep_draft(Part.LINKS, "wang", 0, ())

    book.save(ONE, 0, Part.LINKS, "li", "why")

    assert book.draft(Part.LINKS, "li") is None
    assert book.draft(Part.GAP, "li") is not None
    assert book.draft(Part.LINKS, "wang") is not None
    book.drop_draft(Part.GAP, "li")
    assert book.draft(Part.GAP, "li") is None


def test_each_scorecard_has_versions_of_its_own(store: Store, book: StrategyBook) -> None:
    other = StrategyBook(store, strategy("classic"))
    book.save(ONE, 0, Part.LINKS, "li", "why")
    assert other.newest().version == 0
    other.save(strategy("classic").model_copy(update={"links": ()}), 0, Part.LINKS, "li", "start over")
    assert (other.newest().version, book.newest().version) == (1, 1)


@pytest.mark.parametrize("statement", ["UPDATE strategy_version SET reason = 'other'", "DELETE FROM strategy_version"])
def test_the_database_refuses_to_change_or_drop_a_version(store: Store, book: StrategyBook, statement: str) -> None:
    book.save(ONE, 0, Part.LINKS, "li", "why")
    with pytest.raises(DBAPIError, match="append-only"), store.writing("li") as write:
        write.connection.execute(text(statement))
    assert book.newest().reason == "why"


def test_an_unknown_version_is_refused(book: StrategyBook) -> None:
    with pytest.raises(Refused, match="no version 7"):
        book.version(7)
