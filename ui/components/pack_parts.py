"""The parts of the page of the board pack."""

import shlex
from collections.abc import Mapping
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
    """What was chosen: ``asked`` are the pages as they were named, ``pages`` their codes in the order of the pack, and
    ``names`` those of the KPIs that may have one. ``formats`` may be empty."""

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
    t, definitions = view.t, packs.definitions(view.run)
    kpis = definitions.names(view.language)
    names = {code: t(f"pack.page_{code}") for code in CHOICES} | kpis
    key = _many(view, "pages", tuple(names), CHOICES)
    asked = st.multiselect(
        t("pack.pages"),
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=_keep,
        args=("pages",),
        placeholder=t("pack.choose_pages"),
        help=t("pack.pages_help"),
    )
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
        key, write = choose("pack_lang", view.address.pack_lang or view.language)
        language = st.segmented_control(
            t("pack.language"),
            LANGUAGES,
            format_func=LANGUAGE_NAMES.__getitem__,
            required=True,
            key=key,
            on_change=write,
        )
        window = window_switch(view, labelled=True)
    pages = chosen_pages(asked, definitions.template) if asked else ()
    return Choice(tuple(asked), pages, kpis, tuple(formats), cast(Language, language), window.value)


def commentary(view: DataView, choice: Choice) -> None:
    """What people say on a page: choose the page, write, go on; it is kept as soon as the field is left."""
    t, said = view.t, packs.commentary(view, choice.language)
    if not choice.pages:
        st.caption(t("pack.no_pages"))
        return
    names = {code: choice.names.get(code) or t(f"pack.page_{code}") for code in choice.pages}
    count = sum(page in names for page in said)
    page = st.selectbox(
        t("pack.commentary_on"),
        choice.pages,
        format_func=lambda code: f"{names[code]} ✎" if code in said else names[code],
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
        seal=packs.seal(view.run),
        org_unit=view.org_unit,
        quarter=str(view.quarter),
        window=choice.window,
        language=choice.language,
        pages=choice.asked,
        formats=choice.formats,
        said={page: text for page, text in said.items() if page in choice.pages},
        overlays=tuple(made.id for made in data.standing_overlays() if made.org_unit == view.org_unit),
        head=newest.hash if newest else "",
    )


def making(view: DataView, choice: Choice) -> None:
    """The button, how far the work is, and the files once they are there; or why there are none."""
    t, job, wanted = view.t, packs.job(), _wanted(view, choice)
    if wanted is None:
        st.error(t("pack.ledger_broken"), icon=":material/error:")
        return
    found = packs.made(wanted)
    with st.container(horizontal=True, vertical_alignment="center"):
        # No callback: its arguments would be those of the run before, without what was typed just now.
        if st.button(
            t("pack.busy" if job.alive else "pack.make"),
            type="primary",
            icon=":material/picture_as_pdf:",
            disabled=job.alive or not choice.pages or not choice.formats or found is not None,
            key="make_pack",
        ):
            packs.start(wanted, view.language)
            st.rerun()
        if not choice.pages or not choice.formats:
            st.caption(t("pack.choose_something"))
    if job.alive:
        st.fragment(run_every=1.0)(_going)(view, job, wanted.key)
    elif job.subject == wanted.key and job.cancelled:
        st.info(t("pack.cancelled"), icon=":material/stop_circle:")
    elif job.subject == wanted.key and job.failure:
        st.error(plain(job.failure), icon=":material/error:", title=t("pack.failed"))
    if found is not None:
        _files(view, choice, found, wanted)


def _going(view: DataView, job: SideJob, key: str) -> None:
    """How far it is, and the button to end it where it makes what is wanted here; the page anew when it has ended."""
    if not job.alive:
        st.rerun()
    share, stage = job.progress
    with st.container(border=True):
        st.progress(share, text=f"**{view.fmt.percent(share, 0)}** · {plain(stage or view.t('pack.starting'))}")
        if job.subject != key:
            st.caption(view.t("pack.another"))
            return
        st.button(view.t("pack.cancel"), icon=":material/stop_circle:", on_click=job.cancel, key="cancel_pack")


def _files(view: DataView, choice: Choice, found: packs.Pack, wanted: packs.Wanted) -> None:
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
