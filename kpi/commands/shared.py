"""What several commands need."""

import sys
from collections.abc import Iterable
from pathlib import Path

from kpi.errors import refuse
from kpi.findings import Finding, Severity
from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.store.records import UploadRecord
from kpi.text import Language


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises Refused naming it when it can't be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise refuse(f"无法读取 {path}:{problem.strerror}。", f"cannot read {path}: {problem.strerror}.") from problem


def write_file(path: Path, content: bytes) -> None:
    """Write all of a file or nothing. Raises Refused when the place can't be written."""
    half = path.with_name(f"{path.name}.part")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError as problem:
        half.unlink(missing_ok=True)
        raise refuse(f"无法写入 {path}:{problem.strerror}。", f"cannot write {path}: {problem.strerror}.") from problem


def existing_store(settings: Settings) -> Store | None:
    """The store if one stands; a command that only reads never makes one."""
    standing = settings.database_url or (settings.data_dir / "scorecast.sqlite").exists()
    return open_store(settings.store_url) if standing else None


def print_findings(findings: Iterable[Finding], language: Language) -> None:
    """One line a finding on standard error."""
    for item in findings:
        print(f"{item.severity.value}: {item.line(language)}", file=sys.stderr)


def exit_code(findings: Iterable[Finding]) -> int:
    """2 when any finding is an error."""
    return 2 if any(item.severity is Severity.ERROR for item in findings) else 0


def upload_summary(upload: UploadRecord) -> dict[str, object]:
    """An upload as the ``--json`` options print it."""
    return {
        "upload": upload.id,
        "workbook": upload.workbook.sha256,
        "filename": upload.workbook.filename,
        "state": upload.state.value,
        "facts": upload.fact_count,
        "findings": [item.model_dump(mode="json") for item in upload.findings],
        "snapshot": upload.snapshot_id,
        "decided_by": upload.decided_by,
        "reason": upload.reason,
    }
