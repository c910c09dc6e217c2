from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from kpi.errors import Refused
from kpi.notes.book import LONGEST, NoteBook
from kpi.notes.records import Place
from kpi.periods import Period
from kpi.store import Store, open_store
from kpi.store.tables import kpi_note

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PLACE = Place(kpi="loss_ratio", org_unit="beijing", quarter=Period.quarter(2026, 3))
YEAR_END = date(2026, 12, 31)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url, clock=lambda: NOON)
    yield opened
    assert opened.check_audit() is None
    opened.close()


@pytest.fixture
def book(store: Store) -> NoteBook:
    return NoteBook(store)


def test_a_comment_is_kept_with_who_said_it_and_when_the_newest_first(book: NoteBook) -> None:
    book.comment(PLACE, " hail in July \n", "li")
    later = book.comment(PLACE.model_copy(update={"quarter": Period.quarter(2026, 2)}), "冰雹赔付已结案", "wang")

    found = book.of("loss_ratio", "beijing")

    assert [(each.text, each.made_by, each.made_at) for each in found.comments] == [
        ("冰雹赔付已结案", "wang", NOON),
        ("hail in July", "li", NOON),
    ]
    assert found.comments[0] == later
    assert found.plans == ()


def test_notes_belong_to_their_kpi_and_org_unit(book: NoteBook) -> None:
    book.comment(PLACE, "mine", "li")
    book.comment(PLACE.model_copy(update={"org_unit": "shanghai"}), "theirs", "li")
    book.comment(PLACE.model_copy(update={"kpi": "premium"}), "another", "li")

    assert [each.text for each in book.of("loss_ratio", "beijing").comments] == ["mine"]
    assert book.of("loss_ratio", "atlantis").comments == ()


def test_an_action_plan_is_open_until_it_is_done_and_may_be_opened_again(book: NoteBook) -> None:
    made = book.plan(PLACE, "call every large claim", "Zhao Min", YEAR_END, "li")
    (plan,) = book.of("loss_ratio", "beijing").plans
    assert (plan.line, plan.done, plan.line.owner, plan.line.due) == (made, False, "Zhao Min", YEAR_END)

    book.finish(made.id, "called 40", "wang")
    (plan,) = book.of("loss_ratio", "beijing").plans
    assert (plan.done, plan.turns[-1].text, plan.turns[-1].made_by) == (True, "called 40", "wang")
    with pytest.raises(Refused, match="marked as done by wang already"):
        book.finish(made.id, "", "li")

    book.reopen(made.id, "", "li")
    assert not book.of("loss_ratio", "beijing").plans[0].done
    with pytest.raises(Refused, match="open already"):
        book.reopen(made.id, "", "li")


def test_open_plans_come_before_done_ones_and_the_earliest_due_first(book: NoteBook) -> None:
    first, second, third = (
        book.plan(PLACE, text, "Zhao", due, "li")
        for text, due in (("a", date(2027, 3, 1)), ("b", date(2026, 12, 1)), ("c", date(2026, 11, 30)))
    )
    book.finish(third.id, "", "li")

    assert [plan.line.id for plan in book.of("loss_ratio", "beijing").plans] == [second.id, first.id, third.id]


def test_a_plan_is_late_after_its_day_unless_it_is_done(book: NoteBook) -> None:
    made = book.plan(PLACE, "a", "Zhao", YEAR_END, "li")
    (plan,) = book.of("loss_ratio", "beijing").plans
    assert not plan.late(YEAR_END)
    assert plan.late(date(2027, 1, 1))

    book.finish(made.id, "", "li")
    assert not book.of("loss_ratio", "beijing").plans[0].late(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("text", "owner", "due", "words"),
    [
        ("  ", "Zhao", YEAR_END, "no words"),
        ("x" * (LONGEST + 1), "Zhao", YEAR_END, "Shorten it"),
        ("call", " ", YEAR_END, "somebody who owns it"),
        ("call", "Z" * 101, YEAR_END, "somebody who owns it"),
        ("call", "Zhao", None, "needs a day"),
        ("call", "Zhao", date(2026, 11, 25), "is over"),
    ],
)
def test_a_plan_without_words_owner_or_day_is_refused_and_nothing_is_kept(
    book: NoteBook, text: str, owner: str, due: date | None, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        book.plan(PLACE, text, owner, due, "li")

    assert refusal.value.message.zh
    assert book.of("loss_ratio", "beijing").plans == ()
    assert book.store.audit_entries() == []


def test_a_plan_that_is_not_there_or_a_comment_cannot_be_done(book: NoteBook) -> None:
    said = book.comment(PLACE, "hail", "li")
    for number in (said.id, 99):
        with pytest.raises(Refused, match=f"no action plan {number}"):
            book.finish(number, "", "li")


def test_every_line_is_in_the_audit_log(book: NoteBook) -> None:
    book.comment(PLACE, "hail", "li")
    made = book.plan(PLACE, "call", "Zhao", YEAR_END, "li")
    book.finish(made.id, "called", "wang")

    assert [(entry.action, entry.actor, entry.detail) for entry in book.store.audit_entries()] == [
        ("kpi_note.comment", "li", "loss_ratio beijing 2026Q3: hail"),
        ("kpi_note.action", "li", "loss_ratio beijing 2026Q3: call (Zhao, 2026-12-31)"),
        ("kpi_note.done", "wang", "loss_ratio beijing 2026Q3: called"),
    ]


@pytest.mark.parametrize("change", [update(kpi_note).values(text="never said"), delete(kpi_note)])
def test_the_database_itself_refuses_to_change_or_drop_a_line(book: NoteBook, change: object) -> None:
    book.comment(PLACE, "hail", "li")

    with pytest.raises((Refused, DatabaseError), match="append-only"), book.store.writing("forger") as write:
        write.connection.execute(change)  # type: ignore[call-overload]

    assert [each.text for each in book.of("loss_ratio", "beijing").comments] == ["hail"]
