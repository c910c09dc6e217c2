"""The door from the upload page to the intake: what is asked again is cached, what is written is not.

The cache is shared by all sessions, bounded, and keyed by everything that decides how a workbook is read.
"""

from dataclasses import dataclass

import streamlit as st

from kpi.errors import Refused
from kpi.findings import Finding
from kpi.intake.corrections import Corrections
from kpi.intake.grid import digest
from kpi.intake.isolated import isolated
from kpi.intake.marked import marked_workbook
from kpi.intake.readers import unlocked
from kpi.intake.service import check_upload, intake_context
from kpi.intake.service import study as study_of
from kpi.intake.study import Study
from kpi.store.records import Remembered, UploadRecord
from kpi.text import Language
from ui import data
from ui.mapping import usable


@dataclass(frozen=True)
class Received:
    """What became of a file that came in: an upload, ``known`` when these bytes were checked before; or why not."""

    upload: UploadRecord | None = None
    refusal: Refused | None = None
    known: bool = False


def receive(content: bytes, filename: str, password: str | None = None) -> Received:
    """Read a workbook and keep it with its findings; bytes that were checked before are not read again.

    The refusal is a PasswordNeeded when the file is locked and no password was given. The password goes no further.
    """
    try:
        opened = isolated(unlocked, content, filename, password)
        known = data.store().uploads_of(digest(opened))
        if known:
            return Received(known[-1], known=True)
        upload = check_upload(data.store(), data.catalogue(), data.settings(), opened, filename, data.settings().user)
    except Refused as refusal:
        return Received(refusal=refusal)
    return Received(upload)


def check_again(upload: UploadRecord, corrections: Corrections) -> Received:
    """Read the bytes of an upload once more, with corrections; they are remembered for workbooks of the same form."""
    try:
        content = data.store().workbook_bytes(upload.workbook.sha256)
        return Received(
            check_upload(
                data.store(),
                data.catalogue(),
                data.settings(),
                content,
                upload.workbook.filename,
                data.settings().user,
                corrections=corrections,
            )
        )
    except Refused as refusal:
        return Received(refusal=refusal)


@st.cache_resource(show_spinner=False, max_entries=16)
def _study(workbook: str, filename: str, corrections: str, snapshot_id: int, organisation_version: int) -> Study:
    said = Corrections.model_validate_json(corrections)
    context = intake_context(data.store(), data.catalogue(), data.settings(), said)
    return study_of(data.store().workbook_bytes(workbook), filename, context)


def study(upload: UploadRecord, corrections: Corrections) -> Study:
    """An upload's workbook as it is understood with corrections, by the company and the facts of today."""
    snapshot = data.store().latest_snapshot()
    return _study(
        upload.workbook.sha256,
        upload.workbook.filename,
        corrections.model_dump_json(),
        snapshot.id if snapshot else 0,
        data.store().organisation_version(),
    )


def remembered(shape: str) -> Remembered | None:
    """What was confirmed for workbooks of a form, as far as catalogue and company still have it."""
    found = data.store().remembered_corrections(shape) if shape else None
    if found is None:
        return None
    kept = usable(found.corrections, measure_names("en"), org_unit_names("en"))
    return found.model_copy(update={"corrections": kept}) if kept.count else None


def marked(upload: UploadRecord, findings: tuple[Finding, ...], language: Language) -> bytes:
    """The upload's workbook with its findings in their cells."""
    content = data.store().workbook_bytes(upload.workbook.sha256)
    return isolated(marked_workbook, content, upload.workbook.filename, findings, language)


def measure_names(language: Language) -> dict[str, str]:
    """Every component and KPI by code, components first: they can be added up."""
    catalogue = data.catalogue()
    names = {each.code: each.name.in_(language) for each in catalogue.components}
    return names | {each.code: each.name.in_(language) for each in catalogue.kpis}


def org_unit_names(language: Language) -> dict[str, str]:
    """Every org unit by code, from the head office down."""
    return {each.code: each.name.in_(language) for each in data.organisation_now().units}


def unit_names(language: Language) -> dict[str, str]:
    """Every unit of measure by code."""
    return {each.code: each.name.in_(language) for each in data.catalogue().units.units}
