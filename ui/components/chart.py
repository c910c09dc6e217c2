"""The one way a chart comes onto a page: with words for those who cannot see it, its table and its picture."""

import json
from collections.abc import Callable

import streamlit as st

from report import pictures
from report.charts import Spec
from report.tables import Table, as_csv
from ui.components.downloads import offer
from ui.components.table import show_table
from ui.view import View


def show_chart(view: View, spec: Spec, table: Table, *, key: str, title: str, alt: str) -> None:
    """Draw ``spec``; behind a quiet button its ``table`` and its picture.

    ``title`` is written into the picture, ``alt`` read to those who can't see the chart. ``key`` is unique on the page
    and names the files.
    """
    st.vega_lite_chart(spec, alt=alt, key=key)
    take_along(view, lambda: spec, lambda: table, key=key, title=title)


def take_along(
    view: View,
    spec: Callable[[], Spec],
    table: Callable[[], Table],
    *,
    key: str,
    title: str,
    workbook: Callable[[], bytes] | None = None,
) -> None:
    """Behind a quiet button the ``table`` of what was drawn and its files: a picture of ``spec``, the table as CSV and,
    where one is made, a ``workbook``. Nothing of it is made before somebody looks."""
    more = st.popover(
        view.t("chart.more"), type="tertiary", icon=":material/table_view:", key=f"{key}_more", on_change="rerun"
    )
    with more:
        if more.open:
            _files(view, spec(), table(), key, title, workbook)


def _files(view: View, spec: Spec, table: Table, key: str, title: str, workbook: Callable[[], bytes] | None) -> None:
    t = view.t
    mode: pictures.Mode = "dark" if st.context.theme.type == "dark" else "light"
    stem, content = f"scorecast-{key}-{view.language}", as_csv(table)
    drawn = json.dumps([spec, title, mode], sort_keys=True, ensure_ascii=False)
    with st.container(horizontal=True):
        png, svg = (lambda: pictures.png(spec, title, mode)), (lambda: pictures.svg(spec, title, mode).encode())
        offer(t("chart.png"), png, stem, "png", key=f"{key}_png", hangs_on=drawn, kind="tertiary")
        offer(t("chart.svg"), svg, stem, "svg", key=f"{key}_svg", hangs_on=drawn, kind="tertiary")
        offer(t("chart.csv"), content, stem, "csv", key=f"{key}_csv", kind="tertiary")
        if workbook is not None:
            offer(t("chart.xlsx"), workbook, stem, "xlsx", key=f"{key}_xlsx", hangs_on=drawn, kind="tertiary")
    show_table(table, key=f"{key}_table")
