"""How good the forecast of a KPI's quantities was so far, and what their next quarter is made of."""

import streamlit as st

from forecast.nearness import nearness_told
from forecast.words import TERMS, rate_in_words
from kpi.catalogue.models import Kpi
from kpi.scorecard.origins import measures_behind, subtree
from kpi.text import Text
from report.format import plain
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import data
from ui import kpi as door
from ui.components.table import show_table
from ui.records import RunBook
from ui.view import DataView


def nearness_line(view: DataView, kpi: Kpi) -> None:
    """In one sentence how near forecasts of the KPI were; or that the run does not tell."""
    past = door.past(view.run, kpi.code, view.org_unit)
    if not past:
        st.markdown(view.t("kpi.no_nearness" if view.run else "kpi.no_run"))
        return
    st.markdown(plain(nearness_told(past, data.catalogue().unit_of(kpi.code)).in_(view.language)))


def past_quarters(view: DataView, kpi: Kpi) -> None:
    """What the run would have said of each of the last quarters, what came, and last year's value."""
    t, fmt, unit = view.t, view.fmt, data.catalogue().unit_of(kpi.code)
    past = door.past(view.run, kpi.code, view.org_unit)
    if not past:
        return
    rows = [
        Row(
            str(row.quarter),
            {
                "quarter": TextCell(fmt.period(row.quarter)),
                "said": TextCell(fmt.value(row.said, unit)),
                "actual": TextCell(fmt.value(row.actual, unit)),
                "last_year": TextCell(fmt.value(row.last_year, unit)),
            },
        )
        for row in reversed(past)
    ]
    numbers = ("said", "actual", "last_year")
    columns = [
        Column("quarter", t("kpi.column_quarter")),
        *(Column(name, t(f"kpi.column_{name}"), "right") for name in numbers),
    ]
    st.caption(t("kpi.past_note"))
    show_table(Table(t("kpi.record"), columns, [RowGroup(rows)]), key="past_quarters")


def forecast_record(view: DataView, kpi: Kpi) -> None:
    """Both for every quantity that the KPI reads and the run forecast; a word where there is no such record."""
    t = view.t
    book = data.run_book(view.run.passport) if view.run else None
    units = subtree(view.organisation, view.org_unit)
    rows = [row for component in measures_behind(kpi, data.catalogue()) if (row := _row(view, book, component, units))]
    if book is None or not rows:
        st.caption(t("kpi.no_record"))
        return
    for component in measures_behind(kpi, data.catalogue()):
        if component in book.goodness:
            name = data.catalogue().name_of(component).in_(view.language)
            st.markdown(f"**{plain(name)}** · {plain(_words(book, component).in_(view.language))}")
    titles = [("component", "left"), ("method", "left"), *((name, "right") for name in TERMS[:-1]), ("median", "right")]
    columns = [Column(name, t(f"kpi.record_{name}"), side) for name, side in titles]  # type: ignore[arg-type]
    st.caption(t("kpi.record_note"))
    if book.reconciled is not None:
        st.caption(plain(book.reconciled.in_(view.language)))
    show_table(Table(t("kpi.record"), columns, [RowGroup(rows)]), key="record")


def _words(book: RunBook, component: str) -> Text:
    good = book.goodness[component]
    if component not in book.rates:
        return good
    rate, origins, apart, by_rate = book.rates[component]
    follows = rate_in_words(data.catalogue().name_of(rate), origins, apart, by_rate)
    return Text(zh=good.zh + follows.zh, en=f"{good.en} {follows.en}")


def _row(view: DataView, book: RunBook | None, component: str, units: tuple[str, ...]) -> Row | None:
    terms = book.account(component, units) if book else None
    if book is None or terms is None:
        return None
    t, fmt, catalogue = view.t, view.fmt, data.catalogue()
    unit = catalogue.unit_of(component)
    level, *changes = terms[:-1]
    methods = sorted(
        {t(f"method.{book.methods[component, each]}") for each in units if (component, each) in book.terms}
    )
    shaky = any((component, each) in book.unstable for each in units)
    cells = {
        "component": TextCell(catalogue.name_of(component).in_(view.language)),
        "method": TextCell(t("site.list_comma").join(methods), note=t("kpi.unstable") if shaky else ""),
        "level": TextCell(fmt.value(level, unit)),
        "median": TextCell(fmt.value(sum(terms), unit)),
    }
    for name, each in zip(TERMS[1:-1], changes, strict=True):
        cells[name] = TextCell(fmt.change(each, unit, relative=False))
    return Row(component, cells)
