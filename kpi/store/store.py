"""The store's one door."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, insert, select

from kpi.errors import refuse
from kpi.facts import Fact
from kpi.findings import Finding
from kpi.intake.corrections import Corrections
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.store import audit, differences, engine, memory, snapshots, tables, uploads
from kpi.store.migrate import bring_up_to_date
from kpi.store.records import (
    AuditEntry,
    Difference,
    Remembered,
    SnapshotRecord,
    UploadRecord,
    UploadState,
    WorkbookRecord,
)
from kpi.store.snapshots import FactRow
from kpi.store.types import storable

_ORGANISATION_VERSION = select(func.max(tables.organisation.c.version))


def utc_now() -> datetime:
    """The clock of a store, unless it is given another."""
    return datetime.now(UTC)


def open_store(url: str, clock: Callable[[], datetime] = utc_now) -> "Store":
    """Open the database of an SQLAlchemy URL (SQLite file or PostgreSQL), make or migrate its tables.

    Raises Refused when the URL is not understood, the place cannot be reached or written, or a newer program wrote it.
    """
    connected = engine.connect(url)
    try:
        bring_up_to_date(connected)
    except BaseException:
        connected.dispose()
        raise
    return Store(connected, clock)


@dataclass(frozen=True)
class Actor:
    """Who writes, in one transaction whose time is ``at``."""

    connection: Connection
    name: str
    at: datetime

    def log(self, action: str, subject: str, detail: str = "") -> AuditEntry:
        """The audit row of this write."""
        return audit.append(self.connection, self.at, self.name, action, storable(subject), storable(detail))


class Store:
    """Workbooks, uploads, snapshots, the organisation and the audit log. Safe to share between threads.

    Every write is one transaction together with its audit row: all of it stands, or nothing. Writers queue.
    Any method raises Refused when the database is locked too long, full or gone.
    """

    def __init__(self, connected: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = connected
        self.clock = clock

    def close(self) -> None:
        """Let go of all connections; the next use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, for repositories of other packages."""
        with engine.reading(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self, actor: str) -> Iterator[Actor]:
        """One transaction that no other writer overlaps, for repositories of other packages."""
        with engine.writing(self._engine) as connection:
            audit.lock_head(connection)
            yield Actor(connection, storable(actor), self.clock())

    # Organisation

    def organisation(self) -> Organisation | None:
        """The newest version."""
        body = select(tables.organisation.c.body).order_by(tables.organisation.c.version.desc()).limit(1)
        with self.reading() as connection:
            found = connection.execute(body).scalar_one_or_none()
        return None if found is None else Organisation.model_validate_json(found)

    def organisation_version(self) -> int:
        """The number of the newest version; 0 without any."""
        with self.reading() as connection:
            return connection.execute(_ORGANISATION_VERSION).scalar_one() or 0

    def save_organisation(self, org: Organisation, actor: str, reason: str) -> None:
        """Keep ``org`` as the newest version; earlier versions stay in the table."""
        with self.writing(actor) as write:
            last = write.connection.execute(_ORGANISATION_VERSION).scalar_one()
            version = (last or 0) + 1
            values = {"version": version, "body": org.model_dump_json(), "reason": storable(reason)}
            stamp = {"saved_at": write.at, "saved_by": write.name}
            write.connection.execute(insert(tables.organisation).values(**values, **stamp))
            write.log("organisation.saved", f"organisation {version}", reason)

    # Workbooks and uploads

    def keep_workbook(self, content: bytes, filename: str, actor: str) -> tuple[WorkbookRecord, bool]:
        """Keep the original bytes; the second value says whether they were known already (then nothing is written)."""
        with self.writing(actor) as write:
            record, known = uploads.keep(write.connection, content, storable(filename), write.name, write.at)
            if not known:
                write.log("workbook.kept", f"workbook {record.sha256}", filename)
        return record, known

    def workbook_bytes(self, sha256: str) -> bytes:
        """The original bytes. Raises Refused for an unknown workbook."""
        with self.reading() as connection:
            return uploads.content(connection, sha256)

    def record_check(
        self,
        workbook_sha256: str,
        facts: Sequence[Fact],
        findings: Sequence[Finding],
        actor: str,
        corrections: Corrections | None = None,
    ) -> UploadRecord:
        """Keep what a check found, with the corrections it was made with: CHECKED, or REFUSED when a finding is an
        error.

        Raises Refused for an unknown workbook, facts of another workbook, or one key with two values.
        """
        with self.writing(actor) as write:
            said = corrections or Corrections()
            number = uploads.record(write.connection, workbook_sha256, facts, findings, write.name, write.at, said)
            record = uploads.one(write.connection, number)
            detail = f"{record.state}, {len(facts)} facts, {len(findings)} findings, workbook {workbook_sha256}"
            if said.count:
                detail += f", {said.count} corrections"
            write.log("upload.checked", f"upload {number}", detail)
        return record

    def upload(self, upload_id: int) -> UploadRecord:
        """Raises Refused when there is none."""
        with self.reading() as connection:
            return uploads.one(connection, upload_id)

    def uploads(self) -> list[UploadRecord]:
        """All uploads, oldest first."""
        with self.reading() as connection:
            return uploads.every(connection)

    def uploads_of(self, workbook_sha256: str) -> list[UploadRecord]:
        """The uploads of one workbook, oldest first; none for one that was never loaded."""
        with self.reading() as connection:
            return uploads.of_workbook(connection, workbook_sha256)

    def upload_facts(self, upload_id: int) -> list[Fact]:
        """The candidate facts in the order they were given."""
        with self.reading() as connection:
            return uploads.facts_of(connection, upload_id)

    def difference(self, upload_id: int) -> Difference:
        """What the upload adds to and changes in the newest snapshot, and which of its facts the upload covers and no
        longer has. For an approved upload: in the snapshot it was merged over.
        """
        with self.reading() as connection:
            return differences.difference(connection, uploads.one(connection, upload_id))

    # Corrections

    def remember_corrections(self, shape: str, corrections: Corrections, actor: str) -> Remembered:
        """Keep what was confirmed for workbooks of a shape, all but what belongs to one file alone; it counts from now
        on, and what was confirmed before stays in the table."""
        with self.writing(actor) as write:
            record = memory.remember(write.connection, shape, corrections.lasting(), write.name, write.at)
            write.log("corrections.remembered", f"shape {shape}", record.corrections.model_dump_json())
        return record

    def remembered_corrections(self, shape: str) -> Remembered | None:
        """What was confirmed last for workbooks of a shape."""
        with self.reading() as connection:
            return memory.recall(connection, shape)

    # Decisions

    def approve(self, upload_id: int, actor: str, reason: str) -> SnapshotRecord:
        """Merge the upload over the newest snapshot and keep the result as the next one.

        Raises Refused for an upload with errors, without facts, or decided already.
        """
        with self.writing(actor) as write:
            source = uploads.undecided(write.connection, upload_id)
            if not source.fact_count:
                raise refuse(
                    f"上传 {upload_id} 没有任何数据，无可批准。",
                    f"upload {upload_id} holds no facts: nothing to approve.",
                )
            uploads.decide(write.connection, upload_id, UploadState.APPROVED, write.name, storable(reason), write.at)
            record = snapshots.merge(write.connection, source, write.name, storable(reason), write.at)
            detail = f"snapshot {record.id}, content {record.content_hash}: {reason}"
            write.log("upload.approved", f"upload {upload_id}", detail)
        return record

    def reject(self, upload_id: int, actor: str, reason: str) -> UploadRecord:
        """Send a checked upload back for good. Raises Refused when it is decided already or was refused."""
        with self.writing(actor) as write:
            uploads.undecided(write.connection, upload_id)
            uploads.decide(write.connection, upload_id, UploadState.REJECTED, write.name, storable(reason), write.at)
            write.log("upload.rejected", f"upload {upload_id}", reason)
            return uploads.one(write.connection, upload_id)

    # Snapshots

    def snapshots(self) -> list[SnapshotRecord]:
        """All snapshots, oldest first."""
        with self.reading() as connection:
            return snapshots.every(connection)

    def latest_snapshot(self) -> SnapshotRecord | None:
        """The newest approved snapshot."""
        with self.reading() as connection:
            return snapshots.latest(connection)

    def snapshot(self, snapshot_id: int) -> SnapshotRecord:
        """Raises Refused when there is none."""
        with self.reading() as connection:
            return snapshots.one(connection, snapshot_id)

    def snapshot_rows(self, snapshot_id: int) -> list[FactRow]:
        """Every fact as (measure, org unit, period, scenario, value), without origins: the quick way."""
        return list(self.each_row(snapshot_id))

    def each_row(self, snapshot_id: int) -> Iterator[FactRow]:
        """The same one at a time, for millions of them; the database is held until the last was taken."""
        with self.reading() as connection:
            yield from snapshots.rows(connection, snapshot_id)

    def snapshot_facts(
        self,
        snapshot_id: int,
        measures: Collection[str] | None = None,
        org_units: Collection[str] | None = None,
        periods: Collection[Period] | None = None,
    ) -> list[Fact]:
        """Facts with their cells of origin; None means no restriction."""
        with self.reading() as connection:
            return snapshots.facts(connection, snapshot_id, measures, org_units, periods)

    # Audit

    def audit(self, actor: str, action: str, subject: str, detail: str = "") -> AuditEntry:
        """Log something that is not a write of the store's own, such as an export."""
        with self.writing(actor) as write:
            return write.log(action, subject, detail)

    def audit_entries(self, limit: int | None = None) -> list[AuditEntry]:
        """Oldest first; with ``limit`` only the last so many."""
        with self.reading() as connection:
            return audit.entries(connection, limit)

    def check_audit(self) -> AuditEntry | None:
        """The first row that breaks the chain, None when all holds.

        Changed, removed, re-ordered and added rows are found. Rows cut off the end are reported by an entry whose
        action is ``missing``. A forger who rewrites every later row and the head is not: keep a hash elsewhere.
        """
        with self.reading() as connection:
            return audit.first_broken(connection)
