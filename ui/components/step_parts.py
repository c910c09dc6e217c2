"""The six steps from a value gap to action plans, one form at a time."""

from decimal import Decimal

import streamlit as st

from kpi.errors import Refused
from kpi.strategy.book import StrategyRecord
from kpi.strategy.entry import amount_and_unit, kept_amount
from kpi.strategy.fields import SIX_STEPS
from kpi.strategy.models import Part, Strategy, ValueGap, spread
from kpi.strategy.steps import Form
from report.format import plain
from ui import data, strategy
from ui.components.sidebar import choose
from ui.components.strategy_form import form, put
from ui.view import DataView

_GRAIN = Decimal(10_000)
"""What an even spread is rounded to, in yuan."""


def six_steps(view: DataView, record: StrategyRecord) -> None:
    """The step in the address, with the way to the others."""
    t = view.t
    step = Part(view.address.step or SIX_STEPS[0])
    key, write = choose("step", step)
    st.segmented_control(
        t("strategy.step"),
        list(SIX_STEPS),
        format_func=lambda part: _step_name(view, record.strategy, Part(part)),
        required=True,
        key=key,
        on_change=write,
        label_visibility="collapsed",
    )
    at = SIX_STEPS.index(step)
    st.header(f"{at + 1}. {t(f'strategy.part_{step}')}", anchor=False)
    st.caption(t(f"strategy.about_{step}"))
    gap = record.strategy.gap
    if step is Part.GAP:
        form(view, record, step, below=lambda rows, _: _gap_line(view, record, rows))
    elif step is Part.TIMETABLE:
        form(view, record, step, below=lambda rows, base: _spreading(view, gap, rows, base))
    elif step is Part.PLANS:
        form(view, record, step, below=lambda rows, _: _sum_line(view, "strategy.budget_line", rows, "budget"))
    else:
        form(view, record, step)
    _onwards(view, at)


def _step_name(view: DataView, said: Strategy, part: Part) -> str:
    taken = bool(getattr(said, part))
    return (
        f"{':material/check:' if taken else ''} {SIX_STEPS.index(part) + 1} {view.t(f'strategy.part_{part}')}".strip()
    )


def _gap_line(view: DataView, record: StrategyRecord, rows: Form) -> None:
    """The gap that follows from what is entered; nothing while that can't be read."""
    try:
        gap = strategy.changed(record, Part.GAP, rows).gap
    except Refused:
        return
    if gap is not None:
        amounts = {name: plain(strategy.money(view, getattr(gap, name))) for name in ("expected", "today", "gap")}
        st.info(view.t("strategy.gap_line", by=gap.by, **amounts), icon=":material/straighten:")


def _total(rows: Form, name: str) -> Decimal:
    """The amounts of a column that can be read, added up."""
    found = (amount_and_unit(row.get(name, ""), data.catalogue().units) for row in rows)
    return sum((each[1].to_base(each[0]) for each in found if each and each[1]), Decimal(0))


def _sum_line(view: DataView, key: str, rows: Form, name: str) -> None:
    st.info(view.t(key, amount=plain(strategy.money(view, _total(rows, name)))), icon=":material/functions:")


def _spreading(view: DataView, gap: ValueGap | None, rows: Form, base: int) -> None:
    """How much of the gap the years close, and a button that spreads it evenly over them."""
    t = view.t
    if gap is None:
        st.warning(t("strategy.gap_first"))
        return
    done = _total(rows, "amount")
    amounts = {"done": done, "gap": gap.gap, "left": gap.gap - done}
    words = {name: plain(strategy.money(view, amount)) for name, amount in amounts.items()}
    st.info(t("strategy.timetable_line", **words), icon=":material/functions:")
    years = [row.get("year", "").strip() for row in rows if row.get("year", "").strip()]
    coming = [str(year) for year in range(view.quarter.year + 1, gap.by + 1)]
    args = (base, years or coming or [str(gap.by)], gap.gap)
    st.button(t("strategy.spread"), key="spread_gap", icon=":material/balance:", on_click=_spread, args=args)


def _spread(base: int, years: list[str], gap: Decimal) -> None:
    parts = spread(gap, len(years), _GRAIN)
    rows = tuple({"year": year, "amount": kept_amount(part)} for year, part in zip(years, parts, strict=True))
    put(Part.TIMETABLE, base, rows)


def _onwards(view: DataView, at: int) -> None:
    """To the step before and the one after."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        for index, icon in ((at - 1, ":material/arrow_back:"), (at + 1, ":material/arrow_forward:")):
            if 0 <= index < len(SIX_STEPS):
                part = SIX_STEPS[index]
                name = f"{index + 1}. {view.t(f'strategy.part_{part}')}"
                st.button(name, key=f"to_{part}", icon=icon, type="tertiary", on_click=_go, args=(part,))


def _go(part: Part) -> None:
    st.query_params["step"] = part
