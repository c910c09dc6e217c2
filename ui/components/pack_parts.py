"""The parts of the page of the board pack."""

import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import streamlit as st

from forecast.journal import Journal, first_broken, head
from kpi.text import LANGUAGES, Language
from report.format import plain
from report.pack.commentary import LONGEST
from report.pack.files import USUAL
from report.pack.pages import CHOICES, chosen_pages
from ui import data, packs
from ui.components.downloads import offer
from ui.components.frame import window_switch
from ui.components.sidebar import LANGUAGE_NAMES, choose
from ui.side_jobs import SideJob
from ui.view import DataView

_MIME_NAMES = {"pdf": "PDF", "pptx": "PowerPoint", "xlsx": "Excel", "html": "HTML"}


@dataclass(frozen=True)
class Choice:
    """What was chosen. ``asked`` are codes as they were chosen, ``pages`` those of the pages that this gives, in the
    order of the pack; ``names`` are those of all pages there are. ``formats`` may be empty."""

    asked: tuple[str, ...]
    pages: tuple[str, ...]
    names: Mapping[str, str]
    formats: tuple[str, ...]
    language: Language
    window: str


def _many(view: DataView, name: Literal["pages", "formats"], known: tuple[str, ...], default: tuple[str, ...]) -> str:
    """Tie a widget for several codes to the query parameter ``name``: its key, set to what the address says."""
    key = f"choice_{name}"
    said = str(getattr(view.address, name))
    st.session_state[key] = [code for code in known if code in said.split(",")] if said else list(default)
    return key


def _keep(name: str) -> None:
    st.query_params[name] = ",".join(st.session_state[f"choice_{name}"]) or "-"


def choose_pack(view: DataView) -> Choice:
    """Pages, files, language and window, all kept in the address."""
    t = view.t
    template, catalogue = packs.scorecard(view.run)
    kpis = {entry.kpi: catalogue.kpi[entry.kpi].name.in_(view.language) for entry in template.entries}
    names = {code: t(f"pack.page_{code}") for code in CHOICES} | kpis
    key = _many(view, "pages", tuple(names), CHOICES)
    chosen = st.multiselect(
        t("pack.pages"),
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=_keep,
        args=("pages",),
        placeholder=t("pack.choose_pages"),
        help=t("pack.pages_help"),
    )
    _strange(view, kpis)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        key = _many(view, "formats", USUAL, USUAL)
        formats = st.pills(
            t("pack.formats"),
            USUAL,
            selection_mode="multi",
            format_func=_MIME_NAMES.__getitem__,
            key=key,
            on_change=_keep,
            args=("formats",),
        )
        language = _language(view)
        window = window_switch(view, labelled=True)
    asked = tuple(code for code in names if code in chosen)
    pages = chosen_pages(asked, template) if asked else ()
    return Choice(asked, pages, names, tuple(code for code in USUAL if code in formats), language, window.value)


def _strange(view: DataView, kpis: Collection[str]) -> None:
    """Say which KPIs are on today's scorecard and not on the one that the pack is made by, and what the address names
    that is on neither."""
    newer = [code for code in view.choices.kpis if code not in kpis]
    asked = [code for code in view.address.pages.split(",") if code not in ("", "-", *CHOICES, *kpis, *newer)]
    if newer:
        names = ", ".join(data.catalogue().kpi[code].name.in_(view.language) for code in newer)
        st.info(view.t("pack.newer_kpis", kpis=plain(names)), icon=":material/info:")
    if asked:
        st.warning(view.t("site.unknown_code", codes=plain(", ".join(asked))))


def _language(view: DataView) -> Language:
    """That of the pack: the page's, unless the address says another."""
    key, write = choose("pack_lang", view.address.pack_lang or view.language)
    language = st.segmented_control(
        view.t("pack.language"),
        LANGUAGES,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key=key,
        on_change=write,
    )
    return cast(Language, language)


def commentary(view: DataView, choice: Choice) -> None:
    """What people say on a page: choose the page, write, go on; it is kept as soon as the field is left."""
    t, said = view.t, packs.commentary(view, choice.language)
    if not choice.pages:
        st.caption(t("pack.no_pages"))
        return
    count = sum(page in choice.pages for page in said)
    page = st.selectbox(
        t("pack.commentary_on"),
        choice.pages,
        format_func=lambda code: f"{choice.names[code]} ✎" if code in said else choice.names[code],
        key="pack_page",
        placeholder=t("site.choose"),
        index=min(1, len(choice.pages) - 1),
    )
    key = f"said_{page}_{choice.language}_{view.org_unit}_{view.quarter}"

    def keep() -> None:
        packs.say(view, choice.language, str(page), st.session_state[key])

    st.session_state.setdefault(key, said.get(str(page), ""))
    st.text_area(
        t("pack.commentary"),
        key=key,
        on_change=keep,
        max_chars=LONGEST,
        height=140,
        placeholder=t("pack.commentary_hint"),
        label_visibility="collapsed",
    )
    st.caption(t("pack.commentary_count", count=count))


def _wanted(view: DataView, choice: Choice) -> packs.Wanted | None:
    """The pack that is chosen; None where the ledger does not hold and no pack may vouch for it."""
    lines = Journal(data.store()).lines()
    if first_broken(lines) is not None:
        return None
    newest = head(lines)
    said = packs.commentary(view, choice.language)
    return packs.Wanted(
        run=view.run.run_id if view.run else "",
        snapshot=view.snapshot.id,
        org_unit=view.org_unit,
        quarter=str(view.quarter),
        window=choice.window,
        language=choice.language,
        pages=choice.asked,
        formats=choice.formats,
        said={page: text for page, text in said.items() if page in choice.pages},
        overlays=tuple(made.id for made in data.standing_overlays() if made.org_unit == view.org_unit),
        rests_on=packs.rests_on(view),
        head=newest.hash if newest else "",
    )


def making(view: DataView, choice: Choice) -> None:
    """The button, how far the work is, and the files once they are there; or why there are none."""
    t, job, wanted = view.t, packs.job(), _wanted(view, choice)
    if wanted is None:
        st.error(t("pack.ledger_broken"), icon=":material/error:")
        return
    found = packs.made(wanted)
    busy, enough = job.alive and found is None, bool(choice.pages and choice.formats)
    with st.container(horizontal=True, vertical_alignment="center"):
        # No handler: its arguments would be those of the run before, without the commentary that came with the click.
        # Nor is it disabled once a pack is made: what was typed since is not known before the field is left for it.
        pressed = st.button(
            t("pack.busy" if busy else "pack.make"),
            type="primary",
            icon=":material/picture_as_pdf:",
            disabled=busy or not enough,
            key="make_pack",
        )
        if not enough:
            st.caption(t("pack.choose_something"))
    if pressed and enough and found is None:
        packs.start(wanted, view.language)
        st.rerun()
    if found is not None:
        if pressed:
            st.toast(t("pack.ready"), icon=":material/check:")
        _files(view, found, wanted)
    elif busy:
        st.fragment(run_every=1.0)(_going)(view, job, job.subject, wanted.key)
    elif job.subject == wanted.key and job.cancelled:
        st.info(t("pack.cancelled"), icon=":material/stop_circle:")
    elif job.subject == wanted.key and job.failure:
        st.error(plain(job.failure), icon=":material/error:", title=t("pack.failed"))


def _going(view: DataView, job: SideJob, subject: str, wanted: str) -> None:
    """How far the job about ``subject`` is, with the button that ends it if that is what is ``wanted`` here; the whole
    page once it has ended."""
    if not job.alive or job.subject != subject:
        st.rerun()
    t = view.t
    share, stage = job.progress
    with st.container(border=True):
        st.progress(share, text=f"**{view.fmt.percent(share, 0)}** · {plain(stage or t('pack.starting'))}")
        if subject == wanted:
            st.button(
                t("pack.cancel"),
                icon=":material/stop_circle:",
                on_click=job.cancel,
                args=(subject,),
                key="cancel_pack",
            )
        else:
            st.caption(t("pack.another"))


def _files(view: DataView, found: packs.Pack, wanted: packs.Wanted) -> None:
    t = view.t
    st.header(t("pack.ready"), anchor=False)
    with st.container(border=True):
        with st.container(horizontal=True):
            for each in found.files:
                path = Path(each.path)
                size = view.fmt.size(each.bytes)
                offer(
                    f"{_MIME_NAMES[each.format]} · {size}",
                    path.read_bytes,
                    path.stem,
                    each.format,
                    key=f"take_{each.format}",
                    hangs_on=each.sha256,
                )
        st.caption(t("pack.content_hash"))
        st.code(found.content_hash, language=None, wrap_lines=True)
        st.caption(t("pack.command"))
        again = wanted.command(t("pack.command_file"), t("pack.command_folder"))
        st.code(f"python -m report {shlex.join(again)}", language=None, wrap_lines=True)
