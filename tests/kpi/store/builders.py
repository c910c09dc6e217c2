"""Facts with their cells, and the way from a workbook to a snapshot in one call."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from kpi.facts import CellOfOrigin, Fact, FactKey, Scenario
from kpi.findings import Finding, Severity
from kpi.periods import Period
from kpi.store import Store
from kpi.store.records import SnapshotRecord, UploadRecord
from kpi.text import Text

BOOK = b"a workbook"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Clock:
    """A second later each time it is asked."""

    def __init__(self) -> None:
        self.asked = -1

    def __call__(self) -> datetime:
        self.asked += 1
        return NOON + timedelta(seconds=self.asked)


def key(measure: str = "claims", unit: str = "beijing", period: str = "2026Q3", scenario: str = "actual") -> FactKey:
    return FactKey(measure=measure, org_unit=unit, period=Period.parse(period), scenario=Scenario(scenario))


def fact(about: FactKey, value: str | int | Decimal, cell: str = "B2", book: bytes = BOOK) -> Fact:
    origin = CellOfOrigin(
        workbook=sha256(book).hexdigest(),
        sheet="季度 数据",
        cell=cell,
        text=f"约 {value} 万元",
        conversions=("万元 -> 元", "year-to-date -> quarter"),
    )
    return Fact(key=about, value=Decimal(value), origin=origin)


def finding(severity: Severity) -> Finding:
    says = Text(zh="合计不符", en="the total does not fit")
    return Finding(code="ING-101", severity=severity, sheet="S", cell="B2", found="12", message=says, remedy=says)


def check(store: Store, *facts: Fact, book: bytes = BOOK, findings: tuple[Finding, ...] = ()) -> UploadRecord:
    """Keep the workbook and what was read from it."""
    record, _ = store.keep_workbook(book, "book.xlsx", "li")
    return store.record_check(record.sha256, facts, findings, "li")


def approve(store: Store, *facts: Fact, book: bytes = BOOK) -> SnapshotRecord:
    """A snapshot with these facts over the newest one."""
    return store.approve(check(store, *facts, book=book).id, "wang", "quarter end")


def values(store: Store, snapshot_id: int) -> Mapping[FactKey, Decimal]:
    """What a snapshot says."""
    return {found.key: found.value for found in store.snapshot_facts(snapshot_id)}
