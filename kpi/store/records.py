"""What the store hands out: frozen records, no database types."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kpi.facts import FactKey
from kpi.findings import Finding
from kpi.intake.corrections import Corrections


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UploadState(StrEnum):
    """Life of an upload. Only a checked upload without errors can be approved; nothing leaves a final state."""

    CHECKED = "checked"
    REFUSED = "refused"
    APPROVED = "approved"
    REJECTED = "rejected"


class WorkbookRecord(_Model):
    """The original bytes are kept under ``sha256``."""

    sha256: str
    filename: str
    size: int
    received_at: datetime
    received_by: str


class UploadRecord(_Model):
    """A workbook that was read: its findings, how many facts it offers, the corrections it was read with, and who
    decided what and why."""

    id: int
    workbook: WorkbookRecord
    state: UploadState
    findings: tuple[Finding, ...]
    fact_count: int
    checked_at: datetime
    checked_by: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    snapshot_id: int | None = None
    corrections: Corrections = Corrections()


class Remembered(_Model):
    """What was confirmed for workbooks of one shape, by whom and when."""

    shape: str
    corrections: Corrections
    by: str
    at: datetime


class SnapshotRecord(_Model):
    """An approved, immutable set of facts. ``content_hash`` covers keys and values, ``id`` counts from 1."""

    id: int
    content_hash: str
    parent_id: int | None
    upload_id: int
    fact_count: int
    created_at: datetime
    created_by: str
    reason: str


class FactChange(_Model):
    """One line of the difference between an upload and the newest snapshot; without ``old`` the fact is new."""

    key: FactKey
    old: Decimal | None
    new: Decimal
    cell: str

    @property
    def absolute(self) -> Decimal | None:
        """By how much the value changes."""
        return None if self.old is None else self.new - self.old

    @property
    def relative(self) -> Decimal | None:
        """The change as a share of the size of the old value; None where there was none, or zero."""
        return None if not self.old else (self.new - self.old) / abs(self.old)


class MissingFact(_Model):
    """A fact of the snapshot that the upload covers and no longer has, with the cell it last came from.

    Approval leaves it in the snapshot.
    """

    key: FactKey
    value: Decimal
    cell: str
    workbook: str


class Difference(_Model):
    """An upload beside a snapshot: ``new`` and ``changed`` in the order of its facts, ``missing`` as once added."""

    new: tuple[FactChange, ...]
    changed: tuple[FactChange, ...]
    unchanged: int
    missing: tuple[MissingFact, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        sizes = {"new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged}
        return sizes | {"missing": len(self.missing)}


class AuditEntry(_Model):
    """One row of the audit log; ``hash`` covers the row and ``previous``, the hash of the row before."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    previous: str
    hash: str
