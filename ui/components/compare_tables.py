"""The tables of a comparison of two runs: moves by cause, what came, what only one of them has."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from forecast.compare.changes import Cause
from forecast.compare.comparison import Comparison
from forecast.compare.moves import Alone, Move, Said
from forecast.compare.split import Part
from kpi.periods import Grain, Period
from kpi.units import Unit
from report.format import NOTHING, Number
from report.tables import Cell, Column, Row, RowGroup, Table, TextCell
from ui import data
from ui.components import track_record
from ui.components.sidebar import choose
from ui.components.table import show_table
from ui.view import DataView

ELSEWHERE_SHOWN = 10
CAME_SHOWN = 30
_MOST = 9.99  # a larger share of the interval says no more


def name_of(view: DataView, measure: str) -> str:
    """The name of a KPI or component; its code where the catalogue in use has it no more."""
    catalogue = data.catalogue()
    known = measure in catalogue.kpi or measure in catalogue.component
    return catalogue.name_of(measure).in_(view.language) if known else measure


def _unit(measure: str) -> Unit | None:
    catalogue = data.catalogue()
    known = measure in catalogue.kpi or measure in catalogue.component
    return catalogue.unit_of(measure) if known else None


def amount(view: DataView, measure: str, value: Number | None) -> str:
    """A value in the unit of its measure."""
    unit = _unit(measure)
    if value is None:
        return NOTHING
    return view.fmt.value(value, unit) if unit else view.fmt.decimal(value, 6)


def _change(view: DataView, measure: str, value: Decimal) -> str:
    """A move with its sign; one that is too small to be seen is told from none."""
    unit = _unit(measure)
    text = view.fmt.change(value, unit, relative=False) if unit else f"{float(value):+.6g}"
    if any(digit in text for digit in "123456789"):
        return text
    return "≈0" if value else "0"


def span_name(view: DataView, period: Period) -> str:
    """A quarter, or the year of a landing."""
    year = period.grain is Grain.YEAR
    return view.t("compare.year", year=period.year) if year else view.fmt.period(period)


def _span(view: DataView, found: Comparison) -> Period | None:
    """The period whose moves are shown: that of the address, or the first landing; None when nothing moved."""
    spans = sorted({move.period for move in found.moves}, key=lambda period: (period.grain is Grain.QUARTER, period))
    names = {str(period): period for period in spans}
    if not names:
        return None
    chosen = view.address.span if view.address.span in names else next(iter(names))
    key, write = choose("span", chosen)
    st.selectbox(
        view.t("compare.span"),
        list(names),
        format_func=lambda code: span_name(view, names[code]),
        key=key,
        on_change=write,
        placeholder=view.t("site.choose"),
    )
    return names[chosen]


def moves(view: DataView, found: Comparison) -> None:
    """How the forecasts of one period moved: in the chosen org unit, and most of all in the others."""
    t = view.t
    st.markdown(f"**{t('compare.moves')}**")
    span = _span(view, found)
    if span is None:
        st.caption(t("compare.no_moves"))
        return
    st.caption(t("compare.moves_note"))
    if found.split:
        st.caption(t("compare.split_note", code=found.code[:8]))
    shown = [move for move in found.moves if move.period == span]
    here = [move for move in shown if move.org_unit == view.org_unit]
    others = [move for move in shown if move.org_unit != view.org_unit]
    causes = _causes(found)
    groups = [
        RowGroup([_row(view, move, causes) for move in here], title=view.org_name),
        RowGroup(
            [_row(view, move, causes, named=True) for move in others[:ELSEWHERE_SHOWN]],
            title=t("compare.elsewhere"),
            note=t("compare.shown", shown=len(others[:ELSEWHERE_SHOWN]), total=len(others)),
        ),
    ]
    columns = [
        Column("kpi", t("compare.column_kpi")),
        *(Column(name, t(f"compare.column_{name}"), "right") for name in ("old", "new", "change")),
        *(Column(cause.value, t(f"compare.{cause.value}"), "right") for cause in causes),
        Column("chance", t("compare.column_chance"), "right"),
    ]
    table = Table(t("compare.moves"), columns, [group for group in groups if group.rows])
    show_table(table, key="moves")


def _causes(found: Comparison) -> tuple[Cause, ...]:
    """The causes that have a column."""
    told = {cause for move in found.moves for part in move.parts or () for cause in part.causes}
    return tuple(cause for cause in Cause if cause in told)


def _row(view: DataView, move: Move, causes: Sequence[Cause], named: bool = False) -> Row:
    t, fmt = view.t, view.fmt
    org = view.organisation.by_code.get(move.org_unit)
    place = org.name.in_(view.language) if org else move.org_unit
    share = f">{fmt.percent(_MOST, 0)}" if move.size > _MOST else fmt.percent(move.size, 0)
    cells: dict[str, Cell] = {
        "kpi": TextCell(name_of(view, move.kpi), note=place if named else ""),
        "old": _said(view, move.kpi, move.old),
        "new": _said(view, move.kpi, move.new),
        "change": TextCell(_change(view, move.kpi, move.change), note=t("compare.width", share=share)),
        "chance": _chance(view, move),
    }
    for cause in causes:
        cells[cause.value] = _part(view, move, cause)
    return Row(f"{move.kpi}|{move.org_unit}|{move.period}", cells)


def _said(view: DataView, kpi: str, said: Said) -> TextCell:
    between = f"{amount(view, kpi, said.p10)} – {amount(view, kpi, said.p90)}"
    return TextCell(amount(view, kpi, said.p50), note=between)


def _chance(view: DataView, move: Move) -> TextCell:
    fmt = view.fmt
    if move.old.chance is None and move.new.chance is None:
        return TextCell(NOTHING)
    change = move.chance_change
    text = f"{fmt.chance(move.old.chance)} → {fmt.chance(move.new.chance)}"
    return TextCell(text, note="" if change is None else fmt.points(change))


def _part(view: DataView, move: Move, cause: Cause) -> TextCell:
    """What the cause moved; where it cannot be told from others it stands with the last of them."""
    part = _of(move.parts, cause)
    if part is None:
        return TextCell(NOTHING)
    if part.causes[-1] is not cause:
        return TextCell(NOTHING, title=_together(view, part, cause))
    chance = _of(move.chance_parts, cause)
    notes = [_together(view, part, cause)] if len(part.causes) > 1 else []
    if chance is not None and chance.change and chance.causes == part.causes:
        notes.append(view.t("compare.chance_part", change=view.fmt.points(chance.change)))
    return TextCell(_change(view, move.kpi, part.change), note=view.t("site.list_comma").join(notes))


def _of(parts: Sequence[Part] | None, cause: Cause) -> Part | None:
    return next((part for part in parts or () if cause in part.causes), None)


def _together(view: DataView, part: Part, cause: Cause) -> str:
    others = [view.t(f"compare.{each.value}") for each in part.causes if each is not cause]
    return view.t("compare.together", causes=view.t("site.list_comma").join(others))


def came(view: DataView, found: Comparison) -> None:
    """What the first run said of periods that are known to the second, in the chosen org unit."""
    t = view.t
    judged = [each for each in found.came if each.org_unit == view.org_unit and each.kpi in data.catalogue().kpi]
    if not judged:
        return
    st.markdown(f"**{t('compare.came')}**")
    st.caption(t("compare.came_note"))
    rows = []
    for each in judged[:CAME_SHOWN]:
        row = track_record.row_of(view, each, data.catalogue().unit_of(each.kpi))
        rows.append(Row(f"{each.kpi}|{row.key}", {**row.cells, "kpi": TextCell(name_of(view, each.kpi))}))
    names = [name for name in track_record.COLUMNS if name != "run"]
    columns = [Column("kpi", t("compare.column_kpi"))] + [
        Column(name, t(f"track.column_{name}"), "right" if name in track_record.NUMBERS else "left") for name in names
    ]
    show_table(Table(t("compare.came"), columns, [RowGroup(rows)]), key="came")
    if len(judged) > CAME_SHOWN:
        st.caption(t("compare.shown", shown=CAME_SHOWN, total=len(judged)))


def only_in_one(view: DataView, found: Comparison) -> None:
    """A line for each reason why only one of the runs has a forecast."""
    for newer, title in ((True, "compare.only_new"), (False, "compare.only_old")):
        groups: dict[str, list[Alone]] = {}
        for each in found.alone:
            if each.newer is newer:
                groups.setdefault(each.why.value, []).append(each)
        if groups:
            st.markdown(f"**{view.t(title)}**")
        for why, some in groups.items():
            st.caption(_alone(view, why, some))


def _alone(view: DataView, why: str, some: Sequence[Alone]) -> str:
    t = view.t
    few = len(some) <= 3
    kpis = t("site.list_comma").join(name_of(view, each.kpi) for each in some) if few else ""
    periods = sorted({period for each in some for period in each.periods})
    return t(
        "compare.alone",
        why=t(f"compare.why_{why}"),
        kpis=kpis or t("compare.kpis", count=len(some)),
        units=len({unit for each in some for unit in each.org_units}),
        periods=t("site.list_comma").join(span_name(view, period) for period in periods),
    )
