"""Why a scenario cannot be worked out, and what to do about it."""

from collections.abc import Iterable

from forecast.scenario.changes import Change
from kpi.errors import Refused, refuse


def _named(change: Change) -> str:
    return f"{change.driver} / {change.org_unit} / {change.quarter}"


def unknown_driver(change: Change) -> Refused:
    """Neither a component nor a KPI."""
    return refuse(
        f"目录里没有“{change.driver}”，请改用要素或指标的代码。",
        f"the catalogue has neither a component nor a KPI {change.driver!r}: use a code of one.",
    )


def nothing_to_change(change: Change) -> Refused:
    """Known already, or never forecast."""
    return refuse(
        f"{_named(change)} 没有预测值可改：该季度已有实际值，或预测里没有它。请选择未来季度和有预测的机构。",
        f"there is no forecast of {_named(change)} to change: the quarter is known, or it was not forecast. Choose a "
        "coming quarter and an org unit that has a forecast.",
    )


def overlapping(one: Change, other: Change, component: str) -> Refused:
    """Two changes of the same cells."""
    return refuse(
        f"两项变动都改了 {component} 的同一个数：{_named(one)} 与 {_named(other)}。请去掉其中一项。",
        f"two changes are about the same number of {component}: {_named(one)} and {_named(other)}. Take one away.",
    )


def below_zero(change: Change, component: str) -> Refused:
    """A quantity that cannot be negative would be."""
    return refuse(
        f"{_named(change)} 会使 {component} 变成负数，而它不能为负。请把变动改小。",
        f"{_named(change)} would make {component} negative, which it cannot be. Change it by less.",
    )


def no_lever(change: Change, component: str) -> Refused:
    """Nothing to multiply or to spread over."""
    return refuse(
        f"无法通过 {component} 实现 {_named(change)}：预测值为零或对该指标没有影响。请直接改要素，或改下级机构。",
        f"{_named(change)} cannot be reached by {component}: its forecast is zero or does not move it. Change a "
        "component instead, or the org units below.",
    )


def contradictory(change: Change, others: Iterable[Change]) -> Refused:
    """KPIs that hang together cannot all be where they were put."""
    names = "; ".join(map(_named, others))
    return refuse(
        f"{_named(change)} 达不到设定的值，因为这些变动互相影响：{names}。请去掉其中一项，或改要素。",
        f"{_named(change)} does not come out as it was put, because these changes move each other: {names}. Take one "
        "away, or change components.",
    )
