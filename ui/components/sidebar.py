"""The frame: pages, org unit and quarter, language, and which facts and forecast are shown."""

from collections.abc import Callable, Mapping

import streamlit as st

from kpi.text import Language
from report.scorecard_lines import PARAMS
from ui import alerts, data
from ui.address import ASSUMED, COMPARED, KPI_PAGE
from ui.components.appearance import appearance_switch
from ui.kept import kept
from ui.site import ICONS
from ui.view import DataView, View

OWN = {
    "scorecard": ("why", *PARAMS),
    "map": ("objective", "section", "step"),
    "kpi": ("kpi", *KPI_PAGE),
    "compare": COMPARED,
    "whatif": ASSUMED,
    "pack": ("pages", "formats", "pack_lang"),
    "upload": ("upload",),
    "runs": ("run", "old", "new", "span"),
}
"""Parameters that mean something on one page alone."""
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
LONGEST_LIST = 200


def choose(name: str, current: str, key: str | None = None) -> tuple[str, Callable[[], None]]:
    """Tie a widget to the query parameter ``name``: its key, set to ``current``, and its ``on_change``."""
    key = key or f"choice_{name}"
    st.session_state[key] = current

    def write() -> None:
        if st.session_state[key]:
            st.query_params[name] = st.session_state[key]

    return key, write


@kept(max_entries=8)
def unit_names(snapshot_id: int, language: Language) -> Mapping[str, str]:
    """Every org unit by its code, set in by its depth."""
    organisation = data.organisation_of(snapshot_id)
    return {
        unit.code: "\u2003" * len(organisation.ancestors(unit.code)) + unit.name.in_(language)
        for unit in organisation.units
    }


@kept(max_entries=4000)
def units_in_reach(snapshot_id: int, org_unit: str) -> tuple[str, ...]:
    """What the list offers: every org unit of a company that is not large; of a large one the way to the chosen org
    unit and whatever lies directly below each step of it. Thousands would be sent with every click, and read by none.
    """
    organisation = data.organisation_of(snapshot_id)
    if len(organisation.units) <= LONGEST_LIST:
        return tuple(organisation.by_code)
    way = {org_unit, *(unit.code for unit in organisation.ancestors(org_unit))}
    return tuple(unit.code for unit in organisation.units if unit.parent is None or {unit.code, unit.parent} & way)


def _filters(view: DataView) -> None:
    t = view.t
    key, write = choose("unit", view.org_unit)
    offered = units_in_reach(view.snapshot.id, view.org_unit)
    st.selectbox(
        t("site.org_unit"),
        offered,
        format_func=unit_names(view.snapshot.id, view.language).__getitem__,
        key=key,
        on_change=write,
        placeholder=t("site.choose"),
        help=t("site.help_reach") if len(offered) < len(view.choices.org_units) else None,
    )
    key, write = choose("quarter", str(view.quarter))
    names = {str(quarter): view.fmt.period(quarter) for quarter in view.choices.quarters}
    st.selectbox(
        t("site.quarter"),
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=write,
        placeholder=t("site.choose"),
    )


def _language(view: View) -> None:
    key, write = choose("lang", view.language)
    st.segmented_control(
        view.t("site.language"),
        list(LANGUAGE_NAMES),
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key=key,
        on_change=write,
        width="stretch",
    )


def footer_line(view: View) -> str:
    """Which facts and which forecast the page shows."""
    t = view.t
    snapshot = view.snapshot
    facts = (
        t(
            "site.footer_snapshot",
            id=snapshot.id,
            hash=snapshot.content_hash[:8],
            at=view.fmt.moment(snapshot.created_at),
        )
        if snapshot
        else t("site.footer_no_snapshot")
    )
    run = t("site.footer_run", id=view.run.run_id[:8]) if view.run else t("site.footer_no_run")
    return f"{facts}  \n{run}"


def _label(view: View, name: str) -> str:
    """The page's name; for the alerts with the number of those that wait."""
    label = view.t(f"site.{name}")
    waiting = alerts.book().open_count() if name == "alerts" else 0
    return f"{label} :red-badge[{waiting}]" if waiting else label


def show_sidebar(view: View, site: dict[str, st.Page]) -> None:
    """Draw the sidebar."""
    with st.sidebar:
        with st.container(gap="xxsmall", key="navigation"):
            for name, page in site.items():
                others = (param for owner, own in OWN.items() if owner != name for param in own)
                params = view.address.params(**dict.fromkeys(others, ""))
                st.page_link(page, label=_label(view, name), icon=ICONS[name], query_params=params, width="stretch")
        if isinstance(view, DataView):
            _filters(view)
        _language(view)
        appearance_switch(view.t)
        st.caption(footer_line(view))
