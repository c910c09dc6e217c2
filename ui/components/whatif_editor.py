"""The form of a scenario: what is changed, where, in which coming quarters, and the list of it."""

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st

from forecast.scenario.base import Base
from forecast.scenario.changes import By, Change
from forecast.scenario.resolve import Resolved
from kpi.errors import Refused
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.units import Dimension, Unit
from report.format import NOTHING, plain
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import assumed, data, whatif
from ui.assumed import Assumed
from ui.components.sidebar import choose
from ui.components.table import show_table
from ui.view import DataView

_LARGEST = 1e12
_PLACES = 12
_MONEY = {"zh": (Decimal(10_000), "万元"), "en": (Decimal(1_000_000), "¥ M")}


def typed_in(unit: Unit, by: By, language: str) -> tuple[Decimal, str]:
    """How many base units one typed unit is, and its sign: percent, 万元 or million, else base units."""
    if by is By.PERCENT or unit.dimension in {Dimension.SHARE, Dimension.SHARE_CHANGE}:
        return Decimal("0.01"), "%"
    return _MONEY[language] if unit.dimension is Dimension.MONEY else (Decimal(1), "")


def year_switch(view: DataView, base: Base | Refused) -> int | None:
    """The fiscal year at whose end the scorecard is looked at; a choice where there is one, None where there is no
    such year."""
    years = [] if isinstance(base, Refused) else [str(year) for year in base.years]
    if not years:
        return None
    chosen = view.address.year if view.address.year in years else years[0]
    if len(years) > 1:
        key, write = choose("year", chosen)
        st.segmented_control(
            view.t("whatif.year"),
            years,
            format_func=lambda year: view.fmt.period(Period(int(year))),
            required=True,
            key=key,
            on_change=write,
            width="content",
        )
    return int(chosen)


def editor(view: DataView, now: Assumed, base: Base, year: int) -> None:
    """Choose a driver and type what it will be; every number counts at once."""
    t, catalogue = view.t, data.catalogue()
    place = view.address.place if view.address.place in view.choices.org_units else view.org_unit
    levers = whatif.drivers(now.ground, place, year)
    where, what, how = st.columns([3, 4, 3])
    with where:
        _place(view, place)
    if not levers:
        st.caption(t("whatif.no_drivers"))
        return
    driver = view.address.driver if view.address.driver in levers else next(iter(levers))
    with what:
        _driver(view, driver, levers)
    with how:
        by = _by(view, now, driver, place)
    if levers[driver] != driver:
        st.caption(t("whatif.carried", component=plain(catalogue.name_of(levers[driver]).in_(view.language))))
    with st.grid("auto", min_column_width=170):
        for quarter in (each for each in base.quarters if each.year == year):
            _quarter(view, now, (driver, place, quarter), by)


def _place(view: DataView, place: str) -> None:
    organisation: Organisation = view.organisation
    key, write = choose("place", place)
    st.selectbox(
        view.t("whatif.place"),
        view.choices.org_units,
        format_func=lambda code: organisation.by_code[code].name.in_(view.language),
        key=key,
        on_change=write,
        placeholder=view.t("site.choose"),
    )


def _driver(view: DataView, driver: str, levers: Mapping[str, str]) -> None:
    catalogue, t = data.catalogue(), view.t
    key, write = choose("driver", driver)

    def name(code: str) -> str:
        words = catalogue.name_of(code).in_(view.language)
        return words if code in catalogue.component else t("whatif.kpi_named", name=words)

    st.selectbox(
        t("whatif.driver"),
        list(levers),
        format_func=name,
        key=key,
        on_change=write,
        placeholder=t("site.choose"),
        help=t("whatif.help_driver"),
    )


def _by(view: DataView, now: Assumed, driver: str, place: str) -> By:
    said = {change.by for change in now.on(driver, place).values()}
    asked = view.address.by if view.address.by in set(By) else ""
    by = By(asked or next(iter(said), By.PERCENT))
    key, write = choose("by", by.value)
    st.segmented_control(
        view.t("whatif.by"),
        [each.value for each in By],
        format_func=lambda code: view.t(f"whatif.by_{code}"),
        required=True,
        key=key,
        on_change=write,
    )
    return by


def _quarter(view: DataView, now: Assumed, place: tuple[str, str, Period], by: By) -> None:
    driver, org_unit, quarter = place
    unit = data.catalogue().unit_of(driver)
    size, sign = typed_in(unit, by, view.language)
    change = now.on(driver, org_unit).get(quarter)
    key = f"assume_{driver}_{org_unit}_{quarter}_{by.value}_{view.language}"
    st.session_state[key] = float(change.amount / size) if change and change.by is by else None

    def write() -> None:
        number = st.session_state[key]
        if number is None:
            assumed.say(now, None, place)
            return
        amount = round(Decimal(repr(number)) * size, _PLACES)
        said = Change(driver=driver, org_unit=org_unit, quarter=quarter, by=by, amount=amount)
        assumed.say(now, said, place)

    before = whatif.amounts(now.ground, (), *place)
    with st.container(gap="xxsmall"):
        st.number_input(
            f"{view.fmt.period(quarter)} · {view.t(f'whatif.typed_{by.value}')}" + (f" ({sign})" if sign else ""),
            min_value=-100.0 if by is By.PERCENT else -_LARGEST,
            max_value=_LARGEST,
            value=None,
            step=1.0 if by is By.PERCENT else None,
            format="%g" if by is By.PERCENT else "%.10g",
            key=key,
            on_change=write,
            placeholder=view.t("whatif.as_forecast"),
        )
        st.caption(view.t("whatif.forecast_of", value=view.fmt.value(before.amount, unit)))


def listed(view: DataView, now: Assumed) -> None:
    """What is changed so far, each with a way to take it back."""
    t = view.t
    found = whatif.resolved(now.ground, now.changes)
    columns = [
        Column("driver", t("whatif.driver")),
        Column("place", t("whatif.place")),
        Column("before", t("whatif.before"), "right"),
        Column("after", t("whatif.after"), "right"),
        Column("away", t("whatif.action"), link=True),
    ]
    rows = [_row(view, now, change, found) for change in now.changes]
    gone = show_table(Table(t("whatif.changes"), columns, [RowGroup(rows)]), key="changes")
    if gone is not None:
        assumed.put([change for change in now.changes if str(change) != gone])
        st.rerun()


def _row(view: DataView, now: Assumed, change: Change, found: Resolved | Refused) -> Row:
    t, fmt, where = view.t, view.fmt, view.organisation.by_code.get(change.org_unit)
    cells = {
        "driver": TextCell(_name(view, change.driver)),
        "place": TextCell(where.name.in_(view.language) if where else change.org_unit, note=fmt.period(change.quarter)),
        "before": TextCell(NOTHING),
        "after": TextCell(NOTHING),
        "away": TextCell(t("whatif.take_back")),
    }
    if not isinstance(found, Refused):
        unit, carrier = data.catalogue().unit_of(change.driver), found.carriers.get(change)
        before, after = (whatif.amounts(now.ground, said, *change.place) for said in ((), now.changes))
        note = t("whatif.by_component", name=_name(view, carrier)) if carrier else ""
        asked = fmt.change(change.amount, unit, relative=True) if change.by is By.PERCENT else ""
        cells |= {
            "driver": TextCell(_name(view, change.driver), note=note),
            "before": TextCell(fmt.value(before.amount, unit)),
            "after": TextCell(fmt.value(after.amount, unit), note=asked),
        }
    return Row(str(change), cells, href="whatif")


def _name(view: DataView, code: str) -> str:
    catalogue = data.catalogue()
    known = code in catalogue.component or code in catalogue.kpi
    return catalogue.name_of(code).in_(view.language) if known else code
