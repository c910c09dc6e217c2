"""The rules in force, and the form that adds, changes and withdraws them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from forecast.alerts.records import RuleRecord
from forecast.alerts.rules import DataMissing, Rule, RuleKind, StatusFor
from forecast.alerts.words import rule_in_words, scope_in_words
from kpi.errors import Refused
from report.tables import Column, Row, RowGroup, Table, TextCell
from ui import alerts, data
from ui.components.notices import leave_notice
from ui.components.table import show_table
from ui.view import DataView

NEW = 0
_UNITS = ("head_office", "all", "some")
_COLOURS = ("red", "amber")
_LIMITS = {RuleKind.CHANCE_BELOW: 60.0, RuleKind.CHANCE_FELL: 10.0, RuleKind.RED_LIKELY: 50.0}


def rules(view: DataView, found: Sequence[RuleRecord]) -> None:
    """The rules in force."""
    t, names = view.t, alerts.names()
    st.header(t("alerts.rules"), anchor=False)
    if not found:
        st.caption(t("alerts.no_rules"))
        return
    rows = [
        Row(
            str(each.id),
            {
                "rule": TextCell(rule_in_words(each.rule).in_(view.language), note=f"#{each.id}"),
                "scope": TextCell(scope_in_words(each.rule, names).in_(view.language)),
                "changed": TextCell(view.fmt.moment(each.changed_at), note=each.changed_by),
            },
        )
        for each in found
    ]
    columns = [Column(name, t(f"alerts.column_{name}")) for name in ("rule", "scope", "changed")]
    show_table(Table(t("alerts.rules"), columns, [RowGroup(rows)]), key="rules")


def editor(view: DataView, found: Sequence[RuleRecord]) -> None:
    """Add a rule, or choose one to change or withdraw."""
    t = view.t
    standing = {each.id: each for each in found}
    with st.expander(t("alerts.edit"), key="rule_editor"):
        number = st.selectbox(
            t("alerts.which_rule"),
            [NEW, *standing],
            format_func=lambda each: _name(view, standing.get(each)),
            placeholder=t("site.choose"),
        )
        chosen = standing.get(number)
        said = _fields(view, f"rule_{number}", chosen.rule if chosen else None)
        with st.container(horizontal=True):
            st.button(t("alerts.save"), type="primary", key="save_rule", on_click=_save, args=(view, said, number))
            if chosen is not None:
                st.button(t("alerts.withdraw"), key="withdraw_rule", on_click=_withdraw, args=(view, number))


def _name(view: DataView, record: RuleRecord | None) -> str:
    if record is None:
        return view.t("alerts.new_rule")
    return f"#{record.id} {rule_in_words(record.rule).in_(view.language)}"


def _fields(view: DataView, key: str, rule: Rule | None) -> Mapping[str, Any]:
    """What the form says, in the fields of a rule; ``rule`` is what it begins with."""
    t = view.t
    kinds = list(RuleKind)
    kind = st.selectbox(
        t("alerts.kind"),
        kinds,
        index=kinds.index(rule.kind) if rule else 0,
        format_func=lambda each: t(f"alerts.kind_{each.value}"),
        key=f"{key}_kind",
        placeholder=t("site.choose"),
    )
    with st.grid("auto", min_column_width=200):
        said = {"kind": kind, **_limit(view, f"{key}_{kind.value}", kind, rule)}
        units = _units(view, key, rule)
    kpis = st.multiselect(
        t("alerts.kpis"),
        view.choices.kpis,
        default=[code for code in rule.kpis if code in view.choices.kpis] if rule else [],
        format_func=lambda code: data.catalogue().kpi[code].name.in_(view.language),
        key=f"{key}_kpis",
        placeholder=t("site.choose"),
    )
    return said | {"units": units, "kpis": tuple(kpis)}


def _limit(view: DataView, key: str, kind: RuleKind, rule: Rule | None) -> dict[str, Any]:
    """What is asked of the figure that a rule of this kind looks at."""
    t = view.t
    if kind is RuleKind.DATA_MISSING:
        return {}
    if kind is RuleKind.STATUS_FOR:
        own = rule if isinstance(rule, StatusFor) else StatusFor(quarters=2)
        quarters = st.number_input(t("alerts.quarters"), 1, 8, own.quarters, key=f"{key}_quarters")
        colour = st.selectbox(
            t("alerts.colour"),
            _COLOURS,
            index=_COLOURS.index(own.colour.value),
            format_func=lambda each: t(f"alerts.colour_{each}"),
            key=f"{key}_colour",
            placeholder=t("site.choose"),
        )
        return {"quarters": int(quarters), "colour": colour}
    own_limit = None if rule is None or isinstance(rule, StatusFor | DataMissing) else rule.limit
    begin = float(own_limit * 100) if own_limit is not None and rule and rule.kind is kind else _LIMITS[kind]
    percent = st.number_input(
        t(f"alerts.limit_{kind.value}"), 0.5, 100.0, begin, step=1.0, format="%g", key=f"{key}_limit"
    )
    return {"limit": Decimal(repr(percent)) / 100}


def _units(view: DataView, key: str, rule: Rule | None) -> str | tuple[str, ...]:
    t, organisation = view.t, view.organisation
    named = () if rule is None or isinstance(rule.units, str) else rule.units
    begin = "some" if named else (rule.units if rule else "head_office")
    which = st.selectbox(
        t("alerts.units"),
        _UNITS,
        index=_UNITS.index(str(begin)),
        format_func=lambda each: t(f"alerts.units_{each}"),
        key=f"{key}_units",
        placeholder=t("site.choose"),
    )
    if which != "some":
        return which
    chosen = st.multiselect(
        t("alerts.units_which"),
        view.choices.org_units,
        default=[code for code in named if code in view.choices.org_units],
        format_func=lambda code: organisation.by_code[code].name.in_(view.language),
        key=f"{key}_some",
        placeholder=t("site.choose"),
    )
    return tuple(chosen)


def _save(view: DataView, said: Mapping[str, Any], number: int) -> None:
    _say(view, alerts.save_rule(said, number or None), view.t("alerts.saved"))


def _withdraw(view: DataView, number: int) -> None:
    _say(view, alerts.withdraw_rule(number), view.t("alerts.withdrawn"))


def _say(view: DataView, refusal: Refused | None, done: str) -> None:
    if refusal:
        leave_notice("error", refusal.in_(view.language))
    else:
        leave_notice("success", done)
