"""What may be said of an upload's labels and sheets, and what that changes."""

from collections.abc import Mapping
from hashlib import sha256

import streamlit as st

from kpi.intake.corrections import ASIDE, SheetCorrection
from kpi.intake.study import LabelFound, Study
from kpi.store.records import UploadRecord, UploadState
from report.format import plain
from ui import reading
from ui.components.notices import leave_notice
from ui.drafts import aim, draft_of, drop_draft, keep_draft
from ui.mapping import Counts, choices_for, label_order, said_of, sheet_in_question, with_label, with_sheet
from ui.view import View

_AT_ONCE = 15
_SCENARIOS = ("actual", "plan", "restated")
_LIKELY = 0.6


def corrections(view: View, upload: UploadRecord, study: Study) -> None:
    """Labels and sheets to correct; open when a label is open and nothing was decided, else on demand."""
    t = view.t
    if not study.sheets:
        return
    waiting = upload.state in (UploadState.CHECKED, UploadState.REFUSED)
    count = sum(label.state == "open" for label in study.labels)
    draft = draft_of(upload)
    st.header(t("mapping.corrections"), anchor=False)
    title = t("mapping.open_labels", count=count) if count else t("mapping.correct")
    with st.expander(title, expanded=waiting and (count > 0 or bool(draft.now.count)), key=f"correct_{upload.id}"):
        st.caption(t("mapping.corrections_caption"))
        _labels(view, upload, study)
    asked = sheet_in_question(upload.findings)
    with st.expander(
        t("mapping.for_sheet"), expanded=waiting and bool(asked or draft.now.sheets), key=f"for_sheet_{upload.id}"
    ):
        _sheet_settings(view, upload, study, asked)


def _labels(view: View, upload: UploadRecord, study: Study) -> None:
    t = view.t
    certain = st.toggle(t("mapping.show_certain"), key=f"certain_{upload.id}")
    shown = label_order(study.labels, certain, draft_of(upload).base)
    names = {"measure": reading.measure_names(view.language), "org_unit": reading.org_unit_names(view.language)}
    most = st.session_state.setdefault(f"labels_{upload.id}", _AT_ONCE)
    for label in shown[:most]:
        _label(view, upload, label, names[label.kind])
    if not shown:
        st.caption(t("mapping.no_open_labels"))
    if len(shown) > most:
        st.button(
            t("mapping.more_labels", count=len(shown) - most),
            key=f"more_labels_{upload.id}",
            on_click=lambda: st.session_state.update({f"labels_{upload.id}": most + 2 * _AT_ONCE}),
        )


def _label(view: View, upload: UploadRecord, label: LabelFound, names: Mapping[str, str]) -> None:
    t, draft = view.t, draft_of(upload)
    digest = sha256(f"{label.kind} {label.text}".encode("utf-8", "replace")).hexdigest()[:12]
    said = said_of(draft.now, label)
    current = label.code if said is None and label.state == "certain" else said
    reasons = {each.code: f"{each.score:.0%} · {each.reason.in_(view.language)}" for each in label.candidates}

    def titled(code: str) -> str:
        if code == ASIDE:
            return t("mapping.leave_out")
        return " · ".join(part for part in (names.get(code, ""), code, reasons.get(code, "")) if part)

    color = {"open": "orange", "corrected": "green", "aside": "gray", "certain": "gray"}[label.state]
    left, right = st.columns([5, 6], vertical_alignment="top", gap="small")
    with left, st.container(gap="xxsmall"):
        st.markdown(f"**{plain(label.text)}** :{color}-badge[{t(f'label_state.{label.state}')}]")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                plain(f"{label.sheet}!{label.cell}"),
                key=f"go_{upload.id}_{digest}",
                type="tertiary",
                icon=":material/my_location:",
                help=t("mapping.go"),
                on_click=aim,
                args=(upload, label.sheet, label.cell),
            )
            st.caption(f"{t(f'mapping.kind_{label.kind}')} · {t('mapping.times', count=label.count)}")
    key = f"label_{upload.id}_{draft.turn}_{digest}"
    options = choices_for(label, list(names))

    def say() -> None:
        code = st.session_state[key]
        before = draft_of(upload)
        keep_draft(upload, before.then(with_label(before.now, label.kind, label.text, code)))

    best = label.candidates[0] if label.state == "open" and label.candidates else None
    with right, st.container(gap="xxsmall"):
        st.selectbox(
            plain(label.text),
            options,
            index=options.index(current) if current in options else None,
            format_func=titled,
            key=key,
            on_change=say,
            placeholder=t("mapping.choose_meaning"),
            label_visibility="collapsed",
        )
        if best and best.score >= _LIKELY and best.code in names:

            def take() -> None:
                before = draft_of(upload)
                keep_draft(upload, before.then(with_label(before.now, label.kind, label.text, best.code), redraw=True))

            st.button(
                t("mapping.take", name=plain(names[best.code]), reason=plain(reasons[best.code])),
                key=f"take_{upload.id}_{draft.turn}_{digest}",
                icon=":material/check:",
                type="tertiary",
                on_click=take,
            )


def _sheet_settings(view: View, upload: UploadRecord, study: Study, asked: str) -> None:
    """What holds for a whole sheet, at first the one that something has to be said of."""
    t, draft = view.t, draft_of(upload)
    names = [picture.name for picture in study.sheets]
    chosen = names[0]
    if len(names) > 1:
        chosen = st.selectbox(
            t("mapping.choose_sheet"),
            names,
            index=names.index(asked) if asked in names else 0,
            key=f"settings_{upload.id}",
            placeholder=t("site.choose"),
        )
    said = draft.now.sheet(chosen)
    digest = sha256(chosen.encode("utf-8", "replace")).hexdigest()[:12]
    start = f"sheet_{upload.id}_{draft.turn}_{digest}"

    def say(field: str) -> None:
        value = st.session_state[f"{start}_{field}"]
        blank = SheetCorrection.model_fields[field].default
        before = draft_of(upload)
        changed = before.now.sheet(chosen).model_copy(update={field: blank if value is None else value})
        keep_draft(upload, before.then(with_sheet(before.now, chosen, changed)))

    def menu(field: str, options: Mapping[str, str] | Mapping[bool, str]) -> None:
        current = getattr(said, field)
        st.selectbox(
            t(f"mapping.sheet_{field}"),
            list(options),
            index=list(options).index(current) if current in options else None,
            format_func=lambda code: options[code],
            key=f"{start}_{field}",
            on_change=say,
            args=(field,),
            placeholder=t("mapping.as_the_sheet_says"),
        )

    st.toggle(t("mapping.sheet_skip"), value=said.skip, key=f"{start}_skip", on_change=say, args=("skip",))
    with st.grid("auto", min_column_width=170):
        menu("org_unit", reading.org_unit_names(view.language))
        menu("scenario", {code: t(f"scenario.{code}") for code in _SCENARIOS})
        st.number_input(
            t("mapping.sheet_year"),
            min_value=1990,
            max_value=2100,
            value=said.year,
            step=1,
            key=f"{start}_year",
            on_change=say,
            args=("year",),
            placeholder=t("mapping.as_the_sheet_says"),
        )
        menu("unit", reading.unit_names(view.language))
        menu("cumulative", {True: t("mapping.cumulative_yes"), False: t("mapping.cumulative_no")})


def preview_bar(view: View, upload: UploadRecord, study: Study) -> None:
    """What the corrections in hand change, and what to do with them; at the foot of the window while there are any."""
    draft, t, fmt = draft_of(upload), view.t, view.fmt
    if not draft.pending:
        return
    before = Counts.of(upload.fact_count, upload.findings)
    after = Counts.of(len(study.inspection.facts), study.inspection.findings)
    said = [
        t(f"mapping.count_{name}", before=fmt.decimal(was, 0), after=fmt.decimal(now, 0))
        for name, was, now in (
            ("facts", before.facts, after.facts),
            ("errors", before.errors, after.errors),
            ("warnings", before.warnings, after.warnings),
        )
    ]
    with st.bottom, st.container(key="preview", gap="xsmall"):
        st.markdown(f":blue-badge[{t('mapping.preview')}] {' · '.join(said)}")
        with st.container(horizontal=True, gap="small"):
            st.button(t("mapping.use"), key="use", type="primary", on_click=_use, args=(view, upload))
            st.button(
                t("mapping.undo"),
                key="undo",
                icon=":material/undo:",
                on_click=lambda: keep_draft(upload, draft_of(upload).undone()),
            )
            st.button(t("mapping.reset"), key="reset", on_click=lambda: keep_draft(upload, draft_of(upload).reset()))


def _use(view: View, upload: UploadRecord) -> None:
    """Record a check with the corrections in hand, in a callback: a page run may be cut at any drawing call."""
    outcome = reading.check_again(upload, draft_of(upload).now)
    if outcome.refusal:
        leave_notice("error", outcome.refusal.in_(view.language))
    if outcome.upload:
        drop_draft(upload)
        st.query_params["upload"] = str(outcome.upload.id)
        leave_notice("success", view.t("mapping.used", id=outcome.upload.id))
