"""What is asked and told when a file comes in: its password, that it is known, what was confirmed last time."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kpi.intake.corrections import Corrections, SheetCorrection
from kpi.intake.readers import PasswordNeeded
from kpi.intake.study import Study
from kpi.store.records import UploadRecord, UploadState
from kpi.text import Language
from report.format import plain
from ui import reading
from ui.components.downloads import offer
from ui.components.notices import leave_notice
from ui.drafts import draft_of, keep_draft
from ui.mapping import marked_name, other_checks, spelled
from ui.view import View

_LOCKED, _KNOWN, _NOT_NOW = "_locked_file", "_known_upload", "_not_this_time"
_LISTED = 12


@dataclass(frozen=True)
class _Locked:
    filename: str
    content: bytes


def take(language: Language, filename: str, content: bytes, password: str | None = None) -> None:
    """Check the workbook and make it the one shown; a locked one waits for its password."""
    outcome = reading.receive(content, filename, password)
    st.session_state.pop(_KNOWN, None)
    if isinstance(outcome.refusal, PasswordNeeded):
        st.session_state[_LOCKED] = _Locked(filename, content)
        return
    if outcome.refusal is not None:
        leave_notice("error", outcome.refusal.in_(language))
        return
    forget_locked()
    if outcome.upload is not None:
        st.query_params["upload"] = str(outcome.upload.id)
        if outcome.known:
            st.session_state[_KNOWN] = outcome.upload.id


def forget_locked() -> None:
    """Let go of the bytes that wait for a password."""
    st.session_state.pop(_LOCKED, None)


def password_question(view: View) -> None:
    """Ask for the password of a locked file; it is used once and kept nowhere."""
    locked: _Locked | None = st.session_state.get(_LOCKED)
    if locked is None:
        return
    t = view.t

    def unlock() -> None:
        password = st.session_state.pop("password", "")
        if password:
            take(view.language, locked.filename, locked.content, password)

    with st.form("unlock", clear_on_submit=True):
        st.markdown(f":material/lock: {t('mapping.locked', name=f'**{plain(locked.filename)}**')}")
        st.text_input(
            t("mapping.password"), type="password", key="password", autocomplete="off", placeholder="••••••••"
        )
        with st.container(horizontal=True):
            st.form_submit_button(t("mapping.unlock"), type="primary", on_click=unlock)
            st.form_submit_button(t("mapping.forget"), on_click=forget_locked)


def same_file(view: View, upload: UploadRecord, uploads: Sequence[UploadRecord]) -> None:
    """That the bytes just dropped were checked before, and every other check of them."""
    t, others = view.t, other_checks(upload, uploads)
    if st.session_state.get(_KNOWN) == upload.id:
        said = t(
            "mapping.known",
            at=view.fmt.moment(upload.checked_at),
            id=upload.id,
            state=t(f"upload_state.{upload.state.value}"),
        )
        st.info(said, icon=":material/content_copy:")
        st.button(
            t("mapping.check_again"),
            key="check_again",
            icon=":material/refresh:",
            on_click=_check_again,
            args=(view, upload),
        )
    if others:
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="other_checks"):
            st.caption(t("mapping.other_checks"), width="content")
            for each in others[:_LISTED]:
                st.button(
                    f"\\#{each.id} {view.fmt.moment(each.checked_at)} · {t(f'upload_state.{each.state.value}')}",
                    key=f"other_{each.id}",
                    type="tertiary",
                    on_click=st.query_params.update,
                    args=({"upload": str(each.id)},),
                )


def _check_again(view: View, upload: UploadRecord) -> None:
    outcome = reading.check_again(upload, upload.corrections)
    st.session_state.pop(_KNOWN, None)
    if outcome.refusal:
        leave_notice("error", outcome.refusal.in_(view.language))
    if outcome.upload:
        st.query_params["upload"] = str(outcome.upload.id)


def described(view: View, corrections: Corrections, study: Study) -> list[str]:
    """Each correction in a few words, ready for Markdown: ``label -> name``."""
    t, labels = view.t, spelled(study.labels)
    lines = []
    for said, names in (
        (corrections.measures, reading.measure_names(view.language)),
        (corrections.org_units, reading.org_unit_names(view.language)),
    ):
        for label, code in said.items():
            meaning = names.get(code, code) if code else t("label_state.aside")
            lines.append(f"**{plain(labels.get(label, label))}** → {plain(meaning)}")
    lines += [f"**{plain(name)}** → {_of_sheet(view, each)}" for name, each in corrections.sheets.items()]
    return lines


def _of_sheet(view: View, said: SheetCorrection) -> str:
    t = view.t
    if said.skip:
        return t("label_state.aside")
    parts = [
        reading.org_unit_names(view.language).get(said.org_unit, ""),
        t(f"scenario.{said.scenario}") if said.scenario else "",
        str(said.year or ""),
        reading.unit_names(view.language).get(said.unit, ""),
        "" if said.cumulative is None else t("mapping.cumulative_yes" if said.cumulative else "mapping.cumulative_no"),
    ]
    return plain(", ".join(part for part in parts if part))


def _list(lines: Sequence[str]) -> str:
    shown = [*lines[:_LISTED], *([f"… +{len(lines) - _LISTED}"] if len(lines) > _LISTED else [])]
    return "\n".join(f"- {line}" for line in shown)


def kept_corrections(view: View, upload: UploadRecord, study: Study) -> None:
    """The corrections that an upload was read with, by whom and when."""
    if upload.corrections.count:
        count, at = upload.corrections.count, view.fmt.moment(upload.checked_at)
        with st.expander(
            view.t("mapping.read_with", count=count, who=plain(upload.checked_by), at=at),
            icon=":material/edit_note:",
            key=f"kept_{upload.id}",
        ):
            st.markdown(_list(described(view, upload.corrections, study)))


def remembered_box(view: View, upload: UploadRecord, study: Study) -> None:
    """What was confirmed for workbooks of this form, proposed for this one."""
    waiting = upload.state in (UploadState.CHECKED, UploadState.REFUSED)
    dismissed: set[int] = st.session_state.setdefault(_NOT_NOW, set())
    draft = draft_of(upload)
    if not waiting or upload.corrections.count or draft.steps or upload.id in dismissed:
        return
    found = reading.remembered(study.shape)
    if found is None:
        return
    t = view.t
    with st.container(border=True, key="remembered", gap="small"):
        said = t("mapping.remembered", who=plain(found.by), at=view.fmt.moment(found.at))
        st.markdown(f":material/history: {said}")
        st.markdown(_list(described(view, found.corrections, study)))
        with st.container(horizontal=True):
            st.button(
                t("mapping.apply"),
                key="apply_remembered",
                type="primary",
                on_click=lambda: keep_draft(upload, draft.then(found.corrections, redraw=True)),
            )
            st.button(t("mapping.not_this_time"), key="not_this_time", on_click=lambda: dismissed.add(upload.id))


def marked_download(view: View, upload: UploadRecord, study: Study) -> None:
    """The workbook with its findings in their cells; made when it is asked for."""
    if not upload.findings or not study.sheets:
        return
    stem, _, suffix = marked_name(upload.workbook.filename, view.language).rpartition(".")
    offer(
        view.t("mapping.marked"),
        lambda: reading.marked(upload, upload.findings, view.language),
        stem,
        suffix,
        key=f"marked_{upload.id}",
        hangs_on=f"{upload.workbook.sha256} {upload.id} {upload.checked_at} {view.language}",
        kind="tertiary",
        icon=":material/format_color_fill:",
        help_text=view.t("mapping.marked_help"),
    )
