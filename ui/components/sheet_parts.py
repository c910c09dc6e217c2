"""The sheets of an upload as they are, one at a time."""

from collections.abc import Sequence

import streamlit as st

from kpi.findings import Finding, Severity
from kpi.intake.study import COLUMNS, ROWS, SheetPicture, Study
from kpi.store.records import UploadRecord
from report.format import plain
from ui.components.sheet_grid import Focus, show_grid
from ui.drafts import aimed, sheet_key
from ui.mapping import findings_by_sheet, first_sheet, grid_of, is_cut, is_shown, place_of
from ui.view import View

SIGNS = {Severity.ERROR: "⊗", Severity.WARNING: "△", Severity.INFO: "ⓘ"}
_SHORT, _FEW = 24, 6


def sheets(view: View, upload: UploadRecord, study: Study, findings: Sequence[Finding]) -> None:
    """Choose a sheet and see it, with every finding in its cell."""
    t = view.t
    if not study.sheets:
        return
    st.header(t("mapping.sheet"), anchor=False)
    picture = _chosen(view, upload, study, findings)
    _told(view, picture)
    cell, move = aimed(upload, picture.name)
    place = place_of(cell) if cell else None
    if cell and not is_shown(picture, cell):
        st.info(t("mapping.beyond", cell=plain(cell)), icon=":material/info:")
    if not any(map(any, picture.texts)):
        st.caption(t("mapping.empty_sheet"))
        return

    def say(item: Finding) -> str:
        word = t(f"severity.{item.severity.value}")
        return f"{word}: {item.message.in_(view.language)} {item.remedy.in_(view.language)}"

    show_grid(
        picture.name,
        grid_of(picture, findings, say),
        t,
        {severity.value: t(f"severity.{severity.value}") for severity in Severity},
        Focus(*place, move) if place else None,
        key="sheet_grid",
    )


def _chosen(view: View, upload: UploadRecord, study: Study, findings: Sequence[Finding]) -> SheetPicture:
    """The sheet the visitor looks at; at first the one with the gravest finding."""
    names = {picture.name: picture for picture in study.sheets}
    counts = findings_by_sheet(findings)

    def titled(name: str) -> str:
        found = " ".join(f"{SIGNS[severity]}{count}" for severity, count in counts.get(name, {}).items())
        hidden = f" ⊘ {view.t('mapping.sheet_hidden')}" if names[name].hidden else ""
        return f"{name}{hidden}  {found}".strip()

    key = sheet_key(upload)
    if st.session_state.get(key) not in names:
        st.session_state[key] = first_sheet(study.sheets, findings)
    if len(names) == 1:
        return study.sheets[0]
    label = view.t("mapping.choose_sheet")
    if len(names) <= _FEW and all(len(name) <= _SHORT for name in names):
        st.segmented_control(
            label,
            list(names),
            format_func=lambda name: plain(titled(name)),
            required=True,
            key=key,
            label_visibility="collapsed",
        )
    else:
        st.selectbox(
            label,
            list(names),
            format_func=titled,
            key=key,
            label_visibility="collapsed",
            placeholder=view.t("site.choose"),
        )
    return names[st.session_state[key]]


def _told(view: View, picture: SheetPicture) -> None:
    """What the grid alone would not say: that there is more, and what is hidden."""
    t, said = view.t, []
    if picture.hidden:
        said.append(t("mapping.told_sheet_hidden"))
    if picture.hidden_rows:
        said.append(t("mapping.told_hidden_rows", count=len(picture.hidden_rows)))
    if picture.hidden_columns:
        said.append(t("mapping.told_hidden_columns", count=len(picture.hidden_columns)))
    if is_cut(picture):
        whole = {"rows": view.fmt.decimal(picture.rows, 0), "columns": view.fmt.decimal(picture.columns, 0)}
        said.append(t("mapping.told_cut", **whole, first_rows=ROWS, first_columns=COLUMNS))
    if said:
        st.caption(" · ".join(said))
