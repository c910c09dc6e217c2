"""Workbooks and uploads: what came in, what was read from it, and what was decided."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, insert, select, update

from kpi.errors import refuse
from kpi.facts import CellOfOrigin, Fact, FactKey
from kpi.findings import Finding, Severity
from kpi.intake.corrections import Corrections
from kpi.store.records import UploadRecord, UploadState, WorkbookRecord
from kpi.store.tables import snapshot, upload, upload_fact, workbook
from kpi.store.types import UNSTORABLE, storable

_FINDINGS = TypeAdapter(tuple[Finding, ...])
_BATCH = 20_000
_WORKBOOK = [column for column in workbook.c if column.name != "content"]


def keep(
    connection: Connection, content: bytes, filename: str, actor: str, at: datetime
) -> tuple[WorkbookRecord, bool]:
    """Store the bytes unless they are known; a known workbook keeps the name it first came under."""
    digest = sha256(content).hexdigest()
    known = find_workbook(connection, digest)
    if known is not None:
        return known, True
    record = WorkbookRecord(sha256=digest, filename=filename, size=len(content), received_at=at, received_by=actor)
    connection.execute(insert(workbook).values(**record.model_dump(), content=content))
    return record, False


def find_workbook(connection: Connection, digest: str) -> WorkbookRecord | None:
    """The workbook without its bytes."""
    row = connection.execute(select(*_WORKBOOK).where(workbook.c.sha256 == digest)).mappings().one_or_none()
    return None if row is None else WorkbookRecord.model_validate(dict(row))


def content(connection: Connection, digest: str) -> bytes:
    """The original bytes. Raises Refused when the workbook is unknown."""
    stored = connection.execute(select(workbook.c.content).where(workbook.c.sha256 == digest)).scalar_one_or_none()
    if stored is None:
        raise refuse(f"没有工作簿 {digest}。", f"there is no workbook {digest}.")
    return bytes(stored)


def record(
    connection: Connection,
    digest: str,
    facts: Sequence[Fact],
    findings: Sequence[Finding],
    actor: str,
    at: datetime,
    corrections: Corrections,
) -> int:
    """Store what a check found, as CHECKED or, with an error among the findings, as REFUSED; returns the id.

    Raises Refused for an unknown workbook, a fact from another workbook, or (without an error finding that says so)
    one key with two values.
    """
    if find_workbook(connection, digest) is None:
        raise refuse(f"没有工作簿 {digest}，请先保存它。", f"there is no workbook {digest}: keep it first.")
    _refuse_unfit(digest, facts)
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    if not failed:
        _refuse_two_values(facts)
    number: int = connection.execute(
        insert(upload)
        .values(
            workbook=digest,
            state=UploadState.REFUSED if failed else UploadState.CHECKED,
            findings=_FINDINGS.dump_json(tuple(findings)).decode(),
            fact_count=len(facts),
            checked_at=at,
            checked_by=actor,
            corrections=corrections.model_dump_json() if corrections.count else None,
        )
        .returning(upload.c.id)
    ).scalar_one()
    for first in range(0, len(facts), _BATCH):
        rows = [_row(number, fact) for fact in facts[first : first + _BATCH]]
        connection.execute(insert(upload_fact), rows)
    return number


def decide(connection: Connection, number: int, state: UploadState, actor: str, reason: str, at: datetime) -> None:
    """Move a checked upload to its final state. The caller has made sure that it is checked."""
    values = {"state": state, "decided_at": at, "decided_by": actor, "reason": reason}
    connection.execute(update(upload).where(upload.c.id == number).values(**values))


def one(connection: Connection, number: int) -> UploadRecord:
    """The upload. Raises Refused when there is none."""
    row = connection.execute(_uploads().where(upload.c.id == number)).mappings().one_or_none()
    if row is None:
        raise refuse(f"没有上传 {number}。", f"there is no upload {number}.")
    return _upload(row)


def every(connection: Connection) -> list[UploadRecord]:
    """All uploads, oldest first."""
    return [_upload(row) for row in connection.execute(_uploads().order_by(upload.c.id)).mappings()]


def of_workbook(connection: Connection, digest: str) -> list[UploadRecord]:
    """The uploads of one workbook, oldest first."""
    query = _uploads().where(upload.c.workbook == digest).order_by(upload.c.id)
    return [_upload(row) for row in connection.execute(query).mappings()]


def undecided(connection: Connection, number: int) -> UploadRecord:
    """The upload if it still waits for a decision. Raises Refused when it is final or has errors."""
    found = one(connection, number)
    if found.state is UploadState.REFUSED:
        errors = sum(finding.severity is Severity.ERROR for finding in found.findings)
        raise refuse(
            f"上传 {number} 有 {errors} 个错误，不能批准。请改正工作簿后重新上传。",
            f"upload {number} has {errors} error(s) and cannot be approved. Correct the workbook and load it again.",
        )
    if found.state is not UploadState.CHECKED:
        done = {UploadState.APPROVED: ("已批准", "approved"), UploadState.REJECTED: ("已退回", "rejected")}[found.state]
        raise refuse(
            f"上传 {number} {done[0]}({found.decided_by}),不能再次决定。",
            f"upload {number} was already {done[1]} by {found.decided_by}; that is final.",
        )
    return found


def facts_of(connection: Connection, number: int) -> list[Fact]:
    """The candidate facts in the order they were given. Raises Refused when there is no such upload."""
    digest = one(connection, number).workbook.sha256
    query = select(upload_fact).where(upload_fact.c.upload_id == number).order_by(upload_fact.c.id)
    return [fact_of(row, digest) for row in connection.execute(query)]


def fact_of(row: Row[*tuple[Any, ...]], digest: str) -> Fact:
    """A fact from a row that has the columns of ``upload_fact``."""
    origin = CellOfOrigin(
        workbook=digest, sheet=row.sheet, cell=row.cell, text=row.text, conversions=tuple(json.loads(row.conversions))
    )
    key = FactKey(measure=row.measure, org_unit=row.org_unit, period=row.period, scenario=row.scenario)
    return Fact(key=key, value=row.value, origin=origin)


def _row(number: int, fact: Fact) -> dict[str, Any]:
    return {
        "upload_id": number,
        "measure": fact.key.measure,
        "org_unit": fact.key.org_unit,
        "period": str(fact.key.period),
        "scenario": fact.key.scenario.value,
        "value": fact.value,
        "sheet": fact.origin.sheet,
        "cell": fact.origin.cell,
        "text": fact.origin.text,
        "conversions": json.dumps(fact.origin.conversions, ensure_ascii=False),
    }


def _refuse_unfit(digest: str, facts: Iterable[Fact]) -> None:
    for fact in facts:
        origin = fact.origin
        place = f"{origin.sheet}!{origin.cell}"
        if origin.workbook != digest:
            raise refuse(
                f"{place}：事实来自工作簿 {origin.workbook}，不是 {digest}。",
                f"{place}: the fact comes from workbook {origin.workbook}, not from {digest}.",
            )
        if any(UNSTORABLE.search(text) for text in (origin.sheet, origin.cell, origin.text, *origin.conversions)):
            place = storable(place)
            raise refuse(
                f"{place}：单元格含有无法保存的字符(NUL 或残缺的代理字符)。请删除它。",
                f"{place}: the cell holds a character that cannot be stored (NUL or half a surrogate pair). Remove it.",
            )


def _refuse_two_values(facts: Iterable[Fact]) -> None:
    seen: dict[FactKey, Fact] = {}
    for fact in facts:
        first = seen.setdefault(fact.key, fact)
        if first.value != fact.value:
            places = [f"{origin.sheet}!{origin.cell}" for origin in (first.origin, fact.origin)]
            raise refuse(
                f"{places[0]} 与 {places[1]} 为同一项 {fact.key} 给出不同的值。请只保留一个。",
                f"{places[0]} and {places[1]} give different values for {fact.key}. Keep one of them.",
            )


def _uploads() -> Select[Any]:
    return (
        select(upload, snapshot.c.id.label("snapshot_id"), *(column.label(f"wb_{column.name}") for column in _WORKBOOK))
        .join(workbook, workbook.c.sha256 == upload.c.workbook)
        .outerjoin(snapshot, snapshot.c.upload_id == upload.c.id)
    )


def _upload(row: Mapping[Any, Any]) -> UploadRecord:
    book = WorkbookRecord.model_validate({column.name: row[f"wb_{column.name}"] for column in _WORKBOOK})
    checked = ("id", "state", "fact_count", "checked_at", "checked_by")
    same = (*checked, "decided_at", "decided_by", "reason", "snapshot_id")
    values = {name: row[name] for name in same}
    corrections = Corrections.model_validate_json(row["corrections"] or "{}")
    findings = _FINDINGS.validate_json(row["findings"])
    return UploadRecord(**values, workbook=book, findings=findings, corrections=corrections)
