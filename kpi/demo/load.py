"""Brings the demo company into a store, step by step, so that a killed start goes on where it stopped."""

from pathlib import Path

from kpi.catalogue.models import Catalogue
from kpi.intake.grid import digest
from kpi.intake.service import check_upload, read_organisation
from kpi.settings import DATA, Settings
from kpi.store import Store
from kpi.store.records import UploadState

FOLDER = DATA / "demo"
ACTOR = "demo"
REASON = "示例公司 · Demo company"


def demo_files(folder: Path = FOLDER) -> list[Path]:
    """The demo workbooks in the order in which they are loaded."""
    return sorted(folder.glob("*.xlsx"))


def demo_wanted(store: Store) -> bool:
    """Whether the store is empty, or holds nothing but a beginning of the demo company."""
    uploads = store.uploads()
    if not uploads:
        saved = next((entry for entry in store.audit_entries() if entry.action == "organisation.saved"), None)
        return saved is None or saved.actor == ACTOR
    approved = {upload.workbook.sha256 for upload in uploads if upload.state is UploadState.APPROVED}
    only_demo = all(upload.workbook.received_by == ACTOR for upload in uploads)
    return only_demo and any(digest(file.read_bytes()) not in approved for file in demo_files())


def load_demo(store: Store, catalogue: Catalogue, settings: Settings) -> int:
    """Check and approve each demo workbook that is not approved yet; returns how many were loaded now.

    Raises Refused when the organisation file or the store can't be used, or a workbook has errors.
    """
    if store.organisation() is None:
        store.save_organisation(read_organisation(settings.organisation_file), ACTOR, REASON)
    uploads = {upload.workbook.sha256: upload for upload in store.uploads() if upload.state is not UploadState.REJECTED}
    loaded = 0
    for file in demo_files():
        content = file.read_bytes()
        upload = uploads.get(digest(content))
        if upload is not None and upload.state is UploadState.APPROVED:
            continue
        if upload is None or upload.state is not UploadState.CHECKED:
            upload = check_upload(store, catalogue, settings, content, file.name, ACTOR)
        store.approve(upload.id, ACTOR, REASON)
        loaded += 1
    return loaded
