"""A sample path that is the facts themselves has the scorecard of the facts: values, statuses and every score."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.landing import Landings, land_scene
from forecast.records import KpiForecast, ScoreForecast
from forecast.scene import Scene
from kpi.catalogue.models import Kpi
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Scorecard, Status, Window
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.terms import Column
from tests.kpi.scorecard.builders import PARENTS, fact, kpi, panel, template, version, words

QUARTERS = tuple(f"{year}Q{index}" for year in (2025, 2026) for index in (1, 2, 3, 4))
KNOWN = 6
BRANCHES = ("n1", "n2", "south")
BANDS = {"full": ("0.95", "1.05"), "warning": ("0.8", "1.3")}
FALLING = {"kind": "anchors", "basis": "value", "points": [["2", "0"], ["0.5", "100"], ["0", "120"]], "floor": "zero"}
KPIS: Sequence[Kpi] = (
    kpi("sales", version("a")),
    kpi("claims_ratio", version("b", "a", direction="lower_better")),
    kpi("headcount", version("c", over_time="last")),
    kpi("leavers", version("b", "c", over_time="sum_over_average", direction="lower_better")),
    kpi("budget", version("c", "plan:c", direction="on_target", bands=BANDS)),
    kpi("gain", version("b")),
)
COMPONENTS = ("a", "b", "c")


def card(minimum: str) -> ScorecardTemplate:
    """Targets from plans, from the scorecard and of the KPI itself; limits of its own, three ways of scoring."""
    return template(
        [
            {"kpi": "sales", "objective": "grow", "weight": "0.6"},
            {"kpi": "gain", "objective": "grow", "weight": "0.4", "scoring": GROWTH, "target": "50"},
            {"kpi": "claims_ratio", "objective": "last", "weight": "0.5", "target": "1", "scoring": FALLING},
            {"kpi": "leavers", "objective": "last", "weight": "0.2", "target": "0.8"},
            {"kpi": "headcount", "objective": "work", "weight": "0.1", "limits": {"green": "60", "amber": "40"}},
            {"kpi": "budget", "objective": "work", "weight": "0.2"},
        ],
        groups=[{"code": c, "name": words(c), "weight": w} for c, w in (("one", "0.35"), ("two", "0.65"))],
        objectives=[
            {"code": c, "name": words(c), "group": g} for c, g in (("grow", "one"), ("last", "two"), ("work", "two"))
        ],
        minimum_coverage=minimum,
    )


GROWTH = {"kind": "growth", "mark": "5", "coefficient": "0.05"}


def on_scene(facts: Panel) -> Scene:
    """Two sample paths, both of them the facts."""
    columns = {
        key: column
        if key[1] is Scenario.PLAN
        else Column(np.stack([column.values] * 2).astype(np.float64), column.present, column.exponent)
        for key, column in facts.columns.items()
    }
    panel = Panel(columns, facts.quarters, facts.organisation, facts.catalogue, facts.template, facts.calendar)
    return Scene(panel, KNOWN, 2)


def landings(facts: Sequence[Row], scorecard: ScorecardTemplate) -> tuple[Panel, Landings]:
    exact = panel(facts, KPIS, scorecard)
    return exact, land_scene(on_scene(exact), scorecard, lambda _: None)


def facts_of(numbers: Sequence[int | None], plans_at: str) -> list[Row]:
    """Actuals of the branches, and plans of ``a`` and ``c`` in some org unit for every quarter."""
    places = [(c, u, q) for c in COMPONENTS for u in BRANCHES for q in QUARTERS]
    found = [fact(*place, n) for place, n in zip(places, numbers, strict=True) if n is not None]
    return found + [fact(c, plans_at, q, 100 + 10 * i, "plan") for c in "ac" for i, q in enumerate(QUARTERS)]


cells = st.one_of(*[st.integers(0, 120)] * 9, st.none())
numbers = st.lists(cells, min_size=9 * 8, max_size=9 * 8)


@settings(max_examples=10)
@given(numbers, st.sampled_from([*PARENTS]), st.sampled_from(["0", "0.6", "1"]))
def test_a_path_that_is_the_facts_has_the_scorecard_of_the_facts(
    drawn: list[int | None], plans_at: str, minimum: str
) -> None:
    scorecard = card(minimum)
    exact, found = landings(facts_of(drawn, plans_at), scorecard)
    kpis = {(row.kpi, row.org_unit, row.period, row.window): row for row in found.kpis}
    parts = {(row.kind, row.code, row.org_unit, row.period, row.window): row for row in found.scores}

    for unit in PARENTS:
        for quarter in map(Period.parse, QUARTERS[KNOWN:]):
            for window in (Window.QUARTER, Window.YTD, Window.YEAR):
                if window is not Window.YEAR or quarter.index == 4:
                    place = (unit, quarter, window)
                    result = score(exact, scorecard, *place)
                    for each in result.kpis:
                        check(each.value.amount, kpis.get((each.kpi, *place)))
                        check_status(each.status, kpis.get((each.kpi, *place)))
                    check_parts(result, {key[:2]: row for key, row in parts.items() if key[2:] == place})


def check(amount: Decimal | None, row: KpiForecast | ScoreForecast | None) -> None:
    if amount is None:
        assert row is None
    else:
        assert row is not None
        assert row.p10 == row.p90 == row.p50 == pytest.approx(float(amount), rel=1e-12, abs=1e-12)


def check_status(status: Status, row: KpiForecast | ScoreForecast | None) -> None:
    if row is not None:
        chances = {Status.GREEN: row.green, Status.AMBER: row.amber, Status.RED: row.red}
        assert chances == {each: None if status is Status.NONE else float(each is status) for each in chances}


def check_parts(result: Scorecard, rows: dict[tuple[str, str], ScoreForecast]) -> None:
    for kind, parts in (("objective", result.objectives), ("group", result.groups)):
        for part in parts:
            row = rows.get((kind, part.code))
            check(part.score.amount, row)
            check_status(part.status, row)
            assert row is None or row.coverage == pytest.approx(float(part.coverage), abs=1e-12)
    row = rows.get(("total", "small"))
    check(result.total.amount, row)
    check_status(result.status, row)
    assert row is None or row.coverage == pytest.approx(float(result.coverage), abs=1e-12)


full = st.lists(st.integers(1, 120), min_size=9 * 8, max_size=9 * 8)


@settings(max_examples=15)
@given(full, st.sampled_from(["sales", "claims_ratio", "leavers", "headcount", "gain"]))
def test_if_the_landing_is_the_target_the_rest_is_forecast_to_bring_what_it_needs(drawn: list[int], code: str) -> None:
    facts = [row for row in facts_of(drawn, "head") if row[3] is Scenario.ACTUAL]
    exact = panel(facts, KPIS, card("0"))
    year = score(exact, card("0"), "head", Period.parse("2026Q4"), Window.YEAR)
    landing = next(each.value.amount for each in year.kpis if each.kpi == code)
    entries = [e.model_copy(update={"target": landing if e.kpi == code else None}) for e in card("0").entries]

    _, found = landings(facts, card("0").model_copy(update={"entries": tuple(entries)}))

    rows = {row.kpi: row for row in found.kpis if row.org_unit == "head" and row.window is Window.YEAR}
    assert rows[code].needed == pytest.approx(rows[code].expected, rel=1e-9, abs=1e-9)
    assert rows[code].reason is None
    assert all(row.needed is None and row.reason is not None for kpi, row in rows.items() if kpi != code)
