"""Drop a workbook, see what was understood and what is wrong with it, correct the reading, decide."""

import streamlit as st

from kpi.store.records import UploadRecord
from report.format import plain
from ui import data, reading
from ui.components import intake_parts, mapping_parts, sheet_parts, upload_parts
from ui.components.downloads import offer
from ui.components.dropzone import DropWords, dropzone
from ui.components.frame import empty, page_head
from ui.drafts import aim, draft_of
from ui.view import DataView, current_view

view = current_view()
t = view.t


def take(filename: str, content: bytes) -> None:
    """Check the workbook and make it the one shown."""
    intake_parts.take(view.language, filename, content)


def show(upload: UploadRecord, uploads: list[UploadRecord]) -> None:
    """One upload: its state, what is wrong, what may be corrected, its sheets, what it holds and would change."""
    draft = draft_of(upload)
    with st.spinner(t("mapping.reading"), show_time=True):
        study = reading.study(upload, draft.now)
    found = study.inspection.findings if draft.pending else upload.findings
    st.header(plain(upload.workbook.filename), anchor=False)
    counts = t("upload.understood", facts=upload.fact_count)
    st.caption(f"{counts} · {upload_parts.findings_counts(upload, t)} · {view.fmt.moment(upload.checked_at)}")
    intake_parts.same_file(view, upload, uploads)
    intake_parts.kept_corrections(view, upload, study)
    intake_parts.remembered_box(view, upload, study)
    upload_parts.decision(view, upload, draft.pending)
    clicked = upload_parts.findings(view, upload, found, {picture.name for picture in study.sheets})
    if clicked is not None:
        aim(upload, clicked.sheet, clicked.cell)
    intake_parts.marked_download(view, upload, study)
    mapping_parts.corrections(view, upload, study)
    sheet_parts.sheets(view, upload, study, found)
    if draft.pending:
        st.info(t("mapping.preview_of_contents"), icon=":material/visibility:")
        upload_parts.contents(view, study.inspection.tables, study.inspection.facts)
    else:
        upload_parts.contents(view, study.inspection.tables, data.store().upload_facts(upload.id))
        if upload.fact_count:
            upload_parts.difference(view, upload)
    mapping_parts.preview_bar(view, upload, study)


page_head(t("site.upload"), t("upload.caption"))
if not data.store().organisation_version():
    empty(view, "no_organisation")
    st.stop()
with st.container(border=True):
    words = DropWords(*(t(f"upload.{name}") for name in ("drop", "drop_help", "drop_button", "drop_hint")))
    dropzone(words, take)
    offer(
        t("upload.template"),
        lambda: data.template_workbook(view.language),
        f"scorecast-{view.language}",
        "xlsx",
        key="template",
        hangs_on=view.snapshot.content_hash if view.snapshot else "empty",
        kind="tertiary",
    )
intake_parts.password_question(view)
all_uploads = data.store().uploads()
current = next((each for each in all_uploads if str(each.id) == view.address.upload), None)
if current is not None:
    with st.container(border=True, gap="small", key="current_upload"):
        show(current, all_uploads)
if all_uploads:
    chosen = upload_parts.earlier(view, all_uploads, current.id if current else None)
    if chosen and chosen != view.address.upload:
        st.query_params["upload"] = chosen
        st.rerun()
elif not isinstance(view, DataView):
    empty(view, "first_upload")
