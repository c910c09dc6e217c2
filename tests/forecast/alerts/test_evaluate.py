from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forecast.alerts.evaluate import Judgement, Seen, evaluate
from forecast.records import KpiForecast
from tests.forecast.alerts.builders import KPIS, NEWEST, PREMIUM, UNITS, landing, marks, rule, seen

shares = st.floats(0, 1)


def judged(kind: str, *, before: KpiForecast | None = None, now: KpiForecast | None = None, **said: Any) -> Judgement:
    """One rule on the premium of the head office alone."""
    earlier = {} if before is None else {PREMIUM: before}
    found = seen({} if now is None else {PREMIUM: now})
    return evaluate({7: rule(kind, kpis=["premium"], **said)}, found, earlier)


def holds(judgement: Judgement) -> bool | None:
    if judgement.untold:
        return None
    return bool(judgement.occasions)


@pytest.mark.parametrize(("chance", "expected"), [(0.599999, True), (0.6, False), (0.61, False), (0.0, True)])
def test_a_chance_of_exactly_the_limit_is_not_below_it(chance: float, expected: bool) -> None:
    assert holds(judged("chance_below", limit="0.6", now=landing(chance))) is expected


def test_a_landing_without_plan_or_no_landing_tells_nothing() -> None:
    assert holds(judged("chance_below", limit="0.6", now=landing(None))) is None
    assert holds(judged("chance_below", limit="0.6")) is None
    assert holds(judged("red_likely", limit="0.6", now=landing(0.1))) is None


def test_a_fall_of_exactly_the_points_counts_although_binary_fractions_fall_short_of_it() -> None:
    assert 0.7 - 0.6 < 0.1
    assert holds(judged("chance_fell", limit="0.1", before=landing(0.7), now=landing(0.6))) is True
    assert holds(judged("chance_fell", limit="0.1", before=landing(0.7), now=landing(0.6025))) is False
    assert holds(judged("chance_fell", limit="0.1", before=landing(0.5), now=landing(0.9))) is False


def test_without_an_earlier_forecast_no_fall_can_be_told() -> None:
    assert holds(judged("chance_fell", limit="0.1", now=landing(0.1))) is None
    assert holds(judged("chance_fell", limit="0.1", before=landing(None), now=landing(0.1))) is None


def test_a_fall_in_the_next_snapshot_is_another_matter() -> None:
    falls = rule("chance_fell", limit="0.1")
    keys = {
        evaluate({7: falls}, seen({PREMIUM: landing(0.2)}, snapshot_id=number), {PREMIUM: landing(0.9)})
        .occasions[0]
        .key
        for number in (5, 6)
    }
    assert len(keys) == 2


def test_the_year_ends_red_with_at_least_that_chance() -> None:
    assert holds(judged("red_likely", limit="0.5", now=landing(red=0.5))) is True
    assert holds(judged("red_likely", limit="0.5", now=landing(red=0.4975))) is False


@pytest.mark.parametrize(
    ("statuses", "colour", "quarters", "expected"),
    [
        ("rr", "red", 2, True),
        ("grr", "red", 2, True),
        ("rg", "red", 2, False),
        ("ra", "red", 2, False),
        ("ra", "amber", 2, True),
        ("ag", "amber", 2, False),
        ("r-", "red", 2, None),
        ("rn", "red", 2, None),
        ("g-", "red", 2, False),
        ("-r", "red", 2, None),
        ("r", "red", 1, True),
        ("rr", "red", 3, None),
    ],
)
def test_red_for_quarters_running(statuses: str, colour: str, quarters: int, expected: bool | None) -> None:
    """A quarter without status tells nothing, unless another one shows already that the rule does not hold."""
    asked = rule("status_for", colour=colour, quarters=quarters, kpis=["premium"])
    assert holds(evaluate({7: asked}, seen(statuses=marks(statuses)), {})) is expected


def test_red_that_goes_on_is_the_same_matter_a_quarter_later() -> None:
    asked = {7: rule("status_for", quarters=2)}
    first = evaluate(asked, seen(statuses=marks("rr")), {}).occasions[0]
    later = seen(statuses=marks("rrr"))
    assert evaluate(asked, later, {}).occasions[0].key == first.key


@pytest.mark.parametrize(
    ("statuses", "expected"), [("ggggg", False), ("ggg-", False), ("g---", False), ("r----", True), ("n----", True)]
)
def test_a_value_is_missing_where_the_same_quarter_last_year_had_one(statuses: str, expected: bool) -> None:
    judgement = evaluate({7: rule("data_missing", kpis=["premium"])}, seen(statuses=marks(statuses)), {})
    assert holds(judgement) is expected


def test_a_rule_looks_at_the_kpis_and_org_units_it_names_in_the_order_of_the_company() -> None:
    everywhere = {(kpi, unit): landing(0.1, kpi=kpi, unit=unit) for kpi in KPIS for unit in UNITS}

    def subjects(**scope: Any) -> list[tuple[str, str]]:
        found = evaluate({7: rule("chance_below", limit="0.6", **scope)}, seen(everywhere), {})
        return [(each.org_unit, each.kpi) for each in found.occasions]

    assert subjects() == [("head", "premium"), ("head", "claims")]
    assert subjects(units="all") == [(unit, kpi) for unit in UNITS for kpi in KPIS]
    assert subjects(units=["north"], kpis=["claims"]) == [("north", "claims")]
    assert subjects(kpis=["gone"]) == subjects(units=["gone"]) == []


def test_the_year_still_open_is_that_of_the_next_quarter() -> None:
    assert str(seen().year) == "2026"
    assert str(Seen(1, NEWEST.shift(1), KPIS, UNITS, {}, {}).year) == "2027"


@given(chance=shares, limit=st.integers(1, 10_000), lower=shares)
def test_what_holds_for_a_chance_holds_for_every_lower_one(chance: float, limit: int, lower: float) -> None:
    share = f"{limit / 10_000:.4f}"
    if lower <= chance and holds(judged("chance_below", limit=share, now=landing(chance))):
        assert holds(judged("chance_below", limit=share, now=landing(lower)))


@given(chances=st.dictionaries(st.tuples(st.sampled_from(KPIS), st.sampled_from(UNITS)), shares | st.none()))
def test_every_subject_in_scope_holds_or_not_or_cannot_be_told(chances: dict[tuple[str, str], float | None]) -> None:
    rows = {key: landing(chance, kpi=key[0], unit=key[1]) for key, chance in chances.items()}
    judgement = evaluate({1: rule("chance_below", limit="0.6", units="all")}, seen(rows), {})

    raised = {(each.kpi, each.org_unit) for each in judgement.occasions}
    untold = {(kpi, unit) for _, kpi, unit, _ in judgement.untold}
    known = {key: chance for key, chance in chances.items() if chance is not None}
    assert raised == {key for key, chance in known.items() if chance < 0.6}
    assert untold == {(kpi, unit) for kpi in KPIS for unit in UNITS} - known.keys()


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "chance_below", "limit": "0"},
        {"kind": "chance_below", "limit": "1.01"},
        {"kind": "chance_below"},
        {"kind": "status_for", "quarters": 0},
        {"kind": "status_for", "quarters": 2, "colour": "green"},
        {"kind": "status_for", "quarters": 2, "limit": "0.5"},
        {"kind": "data_missing", "units": []},
        {"kind": "gossip"},
    ],
)
def test_a_rule_that_could_never_or_always_hold_is_no_rule(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**said)
