from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from forecast.calculate import calculate
from forecast.landing import Landings, chance_of
from forecast.rates import is_part_of_whole
from forecast.records import KpiForecast
from forecast.results import record_bytes
from forecast.series import Row
from kpi.catalogue.models import Bands, Direction, KpiVersion
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.results import Reason, Window
from kpi.scorecard.template import Limits
from tests.forecast.builders import TINY, catalogue, inputs, rows, template

LANDING = (Period.quarter(2026, 4), Window.YEAR)


def landings(facts: list[Row]) -> Landings:
    return calculate(inputs(facts), TINY, "cpu", lambda _share, _message: None).landings


def by_place(rows: Iterable[KpiForecast]) -> dict[tuple[str, str, Period, Window], KpiForecast]:
    return {(row.kpi, row.org_unit, row.period, row.window): row for row in rows}


def forecasts(facts: list[Row]) -> dict[tuple[str, str, Period, Window], KpiForecast]:
    return by_place(landings(facts).kpis)


@pytest.fixture(scope="module")
def landed() -> Landings:
    return landings(rows())


@pytest.fixture(scope="module")
def found(landed: Landings) -> dict[tuple[str, str, Period, Window], KpiForecast]:
    return by_place(landed.kpis)


def test_every_kpi_and_org_unit_has_its_quarter_year_to_date_and_landing(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    units = {key[1] for key in found}
    assert units == {"head_office", "beijing", "shanghai"}
    for kpi in ("premium_attainment", "loss_ratio", "in_time_rate", "licence_rate"):
        for unit in units:
            for window in Window.QUARTER, Window.YTD, Window.YEAR, Window.ROLLING4:
                assert (kpi, unit, Period.quarter(2026, 4), window) in found


def test_percentiles_are_ordered_and_chances_lie_between_none_and_all(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    for row in found.values():
        fan = (row.p2_5, row.p10, row.p25, row.p50, row.p75, row.p90, row.p97_5)
        assert None not in fan
        assert list(fan) == sorted(fan)  # type: ignore[type-var]
    chances = [row.chance for row in found.values() if row.chance is not None]
    assert chances
    assert all(0.0 <= chance <= 1.0 for chance in chances)


def test_the_chances_of_the_three_statuses_make_one_and_green_is_meeting_the_plan(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    """No KPI of this scorecard has limits of its own, so that green begins at the target."""
    for row in found.values():
        assert row.green is not None
        assert row.amber is not None
        assert row.red is not None
        assert row.green + row.amber + row.red == pytest.approx(1.0)
        assert row.green == row.chance


def test_limits_of_its_own_make_the_status_and_not_the_chance() -> None:
    """Everything is green by a limit that everything meets, however few paths meet the target."""
    entries = [e.model_copy(update={"limits": Limits(green=Decimal(2), amber=Decimal(3))}) for e in template().entries]
    loose = template().model_copy(update={"entries": tuple(entries)})
    given = replace(inputs(), template=loose)

    rows_found = calculate(given, TINY, "cpu", lambda _share, _message: None).landings.kpis

    ratios = [row for row in rows_found if row.kpi == "loss_ratio"]
    assert {(row.green, row.amber, row.red) for row in ratios} == {(1.0, 0.0, 0.0)}
    assert {row.chance for row in ratios} != {1.0}


def test_a_landing_says_what_its_last_quarter_needs_and_what_it_is_expected_to_bring(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    """Premium over plan: the plan of the fourth quarter is known, so the need follows exactly from the facts."""
    landing = found["premium_attainment", "head_office", *LANDING]
    premium = sum(row[4] for row in rows() if row[0] == "standard_premium" and row[2].year == 2026 and is_actual(row))
    plans = [row for row in rows() if row[2].year == 2026 and row[3] is Scenario.PLAN]
    last = sum(row[4] for row in plans if row[2].index == 4)

    assert landing.needed == float((sum(row[4] for row in plans) - premium) / last)
    quarter = found["premium_attainment", "head_office", Period.quarter(2026, 4), Window.QUARTER]
    assert landing.expected == pytest.approx(quarter.p50, rel=1e-12)
    assert (landing.reason, quarter.needed, quarter.expected) == (None, None, None)


def is_actual(row: Row) -> bool:
    return row[3] is Scenario.ACTUAL


def test_of_a_level_the_target_itself_is_needed_and_the_landing_expected(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    landing = found["licence_rate", "head_office", *LANDING]

    assert (landing.needed, landing.expected) == (0.9, landing.p50)


def test_without_a_target_nothing_is_needed_and_the_reason_is_told() -> None:
    unaimed = [
        kpi.model_copy(update={"versions": (version(kpi.code).model_copy(update={"target": None}),)})
        for kpi in catalogue().kpis
    ]
    given = replace(inputs(), catalogue=catalogue().model_copy(update={"kpis": tuple(unaimed)}))

    found = by_place(calculate(given, TINY, "cpu", lambda _share, _message: None).landings.kpis)

    landing = found["loss_ratio", "head_office", *LANDING]
    assert (landing.needed, landing.expected, landing.reason) == (None, None, Reason.NO_PLAN)
    assert (landing.chance, landing.green, landing.amber, landing.red) == (None, None, None, None)


def test_every_part_of_the_scorecard_has_its_expected_year_end_score(landed: Landings) -> None:
    year = {(row.kind, row.code, row.org_unit): row for row in landed.scores if (row.period, row.window) == LANDING}

    parts = {("objective", "grow"), ("group", "financial"), ("total", "small")}
    assert year.keys() == {(*part, unit) for part in parts for unit in ("head_office", "beijing", "shanghai")}
    for row in year.values():
        assert row.p10 <= row.p50 <= row.p90 <= 100
        assert row.green + row.amber + row.red == pytest.approx(1.0)
        assert row.coverage == 1.0


def test_the_digest_of_the_forecast_covers_every_field_of_every_record(landed: Landings) -> None:
    year = next(row for row in reversed(landed.kpis) if row.window is Window.YEAR)  # the one with every number
    for row in (year, landed.scores[-1]):
        before = record_bytes([row])
        for name, value in row:
            other = {float: 0.123, str: "else", Period: Period.quarter(2031, 1), Window: Window.YTD}
            changed = Reason.BREAK if value is None else other[type(value)]
            assert record_bytes([row.model_copy(update={name: changed})]) != before, name


def test_four_rolling_quarters_end_the_year_as_the_landing_and_go_on_past_it(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    for kpi in ("loss_ratio", "in_time_rate"):
        rolling, landing = (
            found[kpi, "beijing", Period.quarter(2026, 4), each] for each in (Window.ROLLING4, Window.YEAR)
        )
        assert (rolling.p10, rolling.p50, rolling.p90) == (landing.p10, landing.p50, landing.p90)
        assert rolling.needed is None
        later = {key[2] for key in found if key[0] == kpi and key[3] is Window.ROLLING4}
        assert later == {Period.quarter(2026, 4).shift(step) for step in range(TINY.horizon)}


def test_scores_are_landed_for_quarters_and_years_alone(landed: Landings) -> None:
    assert {row.window for row in landed.scores} == {Window.QUARTER, Window.YTD, Window.YEAR}


def test_a_year_that_the_horizon_does_not_finish_has_no_landing(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    landings = {key[2] for key in found if key[3] is Window.YEAR}
    assert landings == {Period.quarter(2026, 4), Period.quarter(2027, 4)}


def test_actual_over_plan_is_forecast_only_where_there_is_a_plan(
    found: dict[tuple[str, str, Period, Window], KpiForecast],
) -> None:
    assert {key[2] for key in found if key[0] == "premium_attainment"} == {Period.quarter(2026, 4)}


def test_the_landing_adds_the_known_quarters_to_the_forecast_one() -> None:
    found = forecasts(rows())
    quarter = found["loss_ratio", "head_office", Period.quarter(2026, 4), Window.QUARTER]
    landing = found["loss_ratio", "head_office", *LANDING]

    known = [row for row in rows() if row[2].year == 2026 and row[3] is Scenario.ACTUAL]
    claims = sum(row[4] for row in known if row[0] == "claims")
    premium = sum(row[4] for row in known if row[0] == "standard_premium")
    so_far = float(claims / premium)
    assert landing.p90 - landing.p10 < (quarter.p90 - quarter.p10) / 2
    assert min(so_far, quarter.p10) <= landing.p50 <= max(so_far, quarter.p90)


def test_a_share_of_a_whole_never_lands_above_one() -> None:
    """Every case in time so far: misses would push some paths above all cases."""
    swapped = [row for row in rows() if row[0] != "cases_in_time"]
    swapped += [("cases_in_time", *row[1:4], row[4] - int(row[4]) % 3) for row in swapped if row[0] == "cases"]

    found = forecasts(swapped)

    shares = [row for key, row in found.items() if key[0] == "in_time_rate"]
    assert max(row.p90 for row in shares) <= 1.0
    assert min(row.p10 for row in shares) > 0.9


def test_a_missing_quarter_is_not_counted_as_zero() -> None:
    gap = Period.quarter(2026, 2)
    whole = forecasts(rows())["loss_ratio", "beijing", Period.quarter(2026, 4), Window.YTD]
    gone = [row for row in rows() if row[:3] != ("claims", "beijing", gap)]

    found = forecasts(gone)["loss_ratio", "beijing", Period.quarter(2026, 4), Window.YTD]

    assert abs(found.p50 - whole.p50) < 0.03


def version(code: str) -> KpiVersion:
    return catalogue().kpi[code].current


def test_counted_parts_are_bounded_and_claims_over_premium_are_not() -> None:
    below = np.array([[0.4, 0.6, np.nan]])

    assert is_part_of_whole(version("in_time_rate"), catalogue(), below)
    assert not is_part_of_whole(version("loss_ratio"), catalogue(), below)
    assert not is_part_of_whole(version("premium_attainment"), catalogue(), below)


def test_a_share_that_once_exceeded_one_is_not_bounded() -> None:
    assert not is_part_of_whole(version("in_time_rate"), catalogue(), np.array([[0.9, 1.01]]))


@pytest.mark.parametrize(
    ("direction", "bands", "expected"),
    [
        (Direction.HIGHER_BETTER, None, 0.75),
        (Direction.LOWER_BETTER, None, 0.5),
        (Direction.ON_TARGET, (Decimal("0.9"), Decimal("1.1")), 0.5),
    ],
)
def test_the_chance_follows_the_direction(
    direction: Direction, bands: tuple[Decimal, Decimal] | None, expected: float
) -> None:
    version = KpiVersion.model_validate(
        catalogue().kpi["loss_ratio"].current.model_dump()
        | {
            "effective_from": date(2020, 1, 1),
            "direction": direction,
            "bands": Bands(full=bands, warning=bands) if bands else None,
        }
    )

    assert chance_of(np.array([8.0, 10.0, 10.5, 12.0]), Decimal(10), version) == expected
