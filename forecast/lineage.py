"""Where the facts of a run came from, as files for its passport: cells, workbooks, and who approved what."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from forecast.overlays import OVERLAYS, Overlays, overlays_csv
from kpi.facts import Fact, canonical_decimal
from kpi.store import Store
from kpi.store.records import SnapshotRecord, UploadRecord

ORIGINS = "evidence/origins.csv"
WORKBOOKS = "evidence/workbooks.csv"
APPROVALS = "evidence/approvals.json"
FOLDER = "workbooks/"
_KEYS = ("measure", "org_unit", "period", "scenario", "value")


def lineage_files(store: Store, snapshot_id: int, with_workbooks: bool) -> dict[str, bytes]:
    """Every fact of the snapshot with its cell; the workbooks they name, their bytes too if ``with_workbooks``; and
    the approvals that led to the snapshot, with what people corrected on the way; and the landings that people set
    beside the forecast, with reason and approver."""
    facts = store.snapshot_facts(snapshot_id)
    chain = [snapshot for snapshot in store.snapshots() if snapshot.id <= snapshot_id]
    uploads = {upload.id: upload for upload in store.uploads()}
    named = {fact.origin.workbook for fact in facts}
    records = {upload.workbook.sha256: upload.workbook for upload in uploads.values()}
    rows = [
        (sha, each.filename, str(each.size), each.received_at.isoformat(), each.received_by, _yes(with_workbooks))
        for sha, each in sorted(records.items())
        if sha in named
    ]
    files = {
        ORIGINS: origins_csv(facts),
        WORKBOOKS: _csv([("sha256", "filename", "bytes", "received_at", "received_by", "inside"), *rows]),
        APPROVALS: _approvals(chain, uploads),
        OVERLAYS: overlays_csv(Overlays(store).standing()),
    }
    if with_workbooks:
        files |= {workbook_name(sha, name): store.workbook_bytes(sha) for sha, name, *_ in rows}
    return files


def workbook_name(sha256: str, filename: str) -> str:
    """The name of a workbook inside the passport: its hash, with the ending by which programs know it."""
    return f"{FOLDER}{sha256}{PurePath(filename).suffix.lower()}"


def origins_csv(facts: Iterable[Fact]) -> bytes:
    """One row a fact, sorted by key: what it says and where that stood."""
    header = (*_KEYS, "workbook", "sheet", "cell", "text", "conversions")
    rows = sorted(
        (
            *(fact.key.measure, fact.key.org_unit, str(fact.key.period), fact.key.scenario.value),
            canonical_decimal(fact.value),
            *(fact.origin.workbook, fact.origin.sheet, fact.origin.cell, fact.origin.text),
            "; ".join(fact.origin.conversions),
        )
        for fact in facts
    )
    return _csv([header, *rows])


def stated_facts(origins: bytes) -> list[tuple[str, ...]]:
    """The keys and values of an origins file, sorted. Raises ValueError when it is none."""
    header, *rows = csv.reader(io.StringIO(origins.decode()))
    if tuple(header[: len(_KEYS)]) != _KEYS:
        raise ValueError(f"columns {header}")
    return sorted(tuple(row[: len(_KEYS)]) for row in rows)


def _approvals(chain: Sequence[SnapshotRecord], uploads: dict[int, UploadRecord]) -> bytes:
    steps = []
    for snapshot in chain:
        upload = uploads[snapshot.upload_id]
        severities = [finding.severity.value for finding in upload.findings]
        steps.append(
            {
                "snapshot": snapshot.model_dump(mode="json"),
                "workbook": upload.workbook.model_dump(mode="json"),
                "checked_at": upload.checked_at.isoformat(),
                "checked_by": upload.checked_by,
                "findings": {severity: severities.count(severity) for severity in sorted(set(severities))},
                "corrections": upload.corrections.model_dump(mode="json", exclude_defaults=True),
            }
        )
    return (json.dumps(steps, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
