"""Drop a workbook, see what was understood and what is wrong with it, decide."""

import streamlit as st

from ui import data
from ui.components import upload_parts
from ui.components.dropzone import dropzone
from ui.components.frame import empty, page_head
from ui.components.notices import leave_notice
from ui.format import plain
from ui.view import DataView, current_view

view = current_view()
t = view.t


def take(filename: str, content: bytes) -> None:
    """Check the workbook and make it the one shown."""
    upload, refusal = data.check(content, filename)
    if upload is not None:
        st.query_params["upload"] = str(upload.id)
    if refusal is not None:
        leave_notice("error", refusal.in_(view.language))


page_head(t("site.upload"), t("upload.caption"))
if data.store().organisation() is None:
    empty(view, "no_organisation")
    st.stop()
with st.container(border=True):
    dropzone(t("upload.drop"), t("upload.drop_help"), take)
    st.download_button(
        t("upload.template"),
        data=lambda: data.template_workbook(view.language),
        file_name=data.template_name(view.language),
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
    )
uploads = data.store().uploads()
upload = next((upload for upload in uploads if str(upload.id) == view.address.upload), None)
if upload is not None:
    with st.container(border=True, gap="small", key="current_upload"):
        st.header(plain(upload.workbook.filename), anchor=False)
        counts = t("upload.understood", facts=upload.fact_count)
        st.caption(f"{counts} · {upload_parts.findings_counts(upload, t)} · {view.fmt.moment(upload.checked_at)}")
        upload_parts.decision(view, upload)
        upload_parts.findings(view, upload)
        upload_parts.contents(view, upload)
        if upload.fact_count:
            upload_parts.difference(view, upload)
if uploads:
    chosen = upload_parts.earlier(view, uploads, upload.id if upload else None)
    if chosen and chosen != view.address.upload:
        st.query_params["upload"] = chosen
        st.rerun()
elif not isinstance(view, DataView):
    empty(view, "first_upload")
