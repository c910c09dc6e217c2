"""What a visitor has said of a workbook and not yet used, and the cell being looked at: in the session and nowhere
else."""

from dataclasses import dataclass

import streamlit as st

from kpi.store.records import UploadRecord
from ui.mapping import Draft

_DRAFTS, _AIM, _MOVE = "_drafts", "_aim", "_move"


@dataclass(frozen=True)
class Aim:
    """A cell of an upload."""

    upload_id: int
    sheet: str
    cell: str


def draft_of(upload: UploadRecord) -> Draft:
    """The corrections in hand for an upload; at first those it was read with."""
    drafts: dict[int, Draft] = st.session_state.setdefault(_DRAFTS, {})
    return drafts.get(upload.id) or Draft(upload.corrections)


def keep_draft(upload: UploadRecord, draft: Draft) -> None:
    """Remember the corrections in hand; safe in callbacks."""
    st.session_state.setdefault(_DRAFTS, {})[upload.id] = draft


def drop_draft(upload: UploadRecord) -> None:
    """Forget them."""
    st.session_state.setdefault(_DRAFTS, {}).pop(upload.id, None)


def sheet_key(upload: UploadRecord) -> str:
    """The key of the widget that chooses a sheet."""
    return f"sheet_of_{upload.id}"


def aim(upload: UploadRecord, sheet: str, cell: str) -> None:
    """Open a sheet at a cell on the next drawing; safe in callbacks, and on a page run before the sheet is drawn."""
    st.session_state[_AIM] = Aim(upload.id, sheet, cell)
    st.session_state[_MOVE] = True
    st.session_state[sheet_key(upload)] = sheet


def aimed(upload: UploadRecord, sheet: str) -> tuple[str, bool]:
    """The cell to outline on a sheet, empty for none, and whether to go there; that is said once."""
    found: Aim | None = st.session_state.get(_AIM)
    if found is None or (found.upload_id, found.sheet) != (upload.id, sheet):
        return "", False
    return found.cell, bool(st.session_state.pop(_MOVE, False))
