"""The demo company's figures: components of the starter scorecard by org unit and quarter, in base units, exact."""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal

from kpi.demo.company import (
    BRANCHES,
    DEPARTMENTS,
    EVEN_SEASON,
    EXPENSE_SEASON,
    FIRST,
    HEAD_OFFICE,
    LAST,
    PLANNED,
    PREMIUM_SEASON,
    QUARTERS,
    Branch,
    draw,
    grown,
    quality,
)
from kpi.facts import Scenario
from kpi.periods import Period

Key = tuple[str, str, Period, Scenario]
Figures = dict[Key, Decimal]

_CENT, _HUNDRED, _ONE = Decimal("0.01"), Decimal(100), Decimal(1)
_WAN = Decimal(10_000)
_ISSUED_PREMIUM = 7_400  # yuan of new business premium a policy
# Quarters that were never reported: a change of systems in Hubei, a lost file in Jiangsu.
_NOT_REPORTED = {("hubei", Period.quarter(2022, 2)), ("jiangsu", Period.quarter(2021, 4))}
_SERVICE = ("claim", "complaint", "polic", "problem", "underwriting", "cases", "outstanding")


def figures() -> Figures:
    """Every figure of the company: actual 2020Q1 to 2026Q3, plans to 2026Q4 and the annual plans of 2026."""
    found: Figures = {}
    for branch in BRANCHES:
        for quarter in QUARTERS:
            for measure, value in _branch_actuals(branch, quarter):
                if not _lost(branch.code, quarter, measure):
                    found[measure, branch.code, quarter, Scenario.ACTUAL] = value
        found.update(_branch_plans(branch))
    for code, staff in DEPARTMENTS.items():
        for quarter in QUARTERS:
            for measure, value in _people(code, quarter, Decimal(staff), staff // 4, Decimal(0)):
                found[measure, code, quarter, Scenario.ACTUAL] = value
    found.update(_head_office())
    found.update(_targets())
    return found


def restatements() -> Figures:
    """What was corrected afterwards: Liaoning had booked expense of 2025Q4 twice."""
    booked = figures()["company_expense", "liaoning", Period.quarter(2025, 4), Scenario.ACTUAL]
    return {
        ("company_expense", "liaoning", Period.quarter(2025, 4), Scenario.RESTATED): _money(booked * Decimal("0.93"))
    }


def _lost(unit: str, quarter: Period, measure: str) -> bool:
    return (unit, quarter) in _NOT_REPORTED and measure.startswith(_SERVICE)


def _money(value: Decimal) -> Decimal:
    """Yuan, kept in hundredths of 万元."""
    return ((value / _WAN).quantize(_CENT, ROUND_HALF_EVEN) * _WAN).normalize()


def _count(value: Decimal) -> Decimal:
    return value.quantize(_ONE, ROUND_HALF_EVEN)


def _premium(branch: Branch, quarter: Period) -> Decimal:
    noise = 1 + draw("0.035", branch.code, quarter, "premium")
    return _money(branch.premium * grown(branch, quarter.year) * PREMIUM_SEASON[quarter.index - 1] * noise)


def _new_business(branch: Branch, quarter: Period) -> Decimal:
    return _money(_premium(branch, quarter) * (Decimal("0.46") + draw("0.012", branch.code, quarter, "new")))


def _share(base: str, branch: Branch, quarter: Period, weight: str, name: str, spread: str = "0.006") -> Decimal:
    """A share around ``base`` that moves with the branch's quality, below 1."""
    level = Decimal(base) + quality(branch, quarter) / _HUNDRED * Decimal(weight)
    return min(level + draw(spread, branch.code, quarter, name), Decimal("0.998"))


def _branch_actuals(branch: Branch, quarter: Period) -> Iterator[tuple[str, Decimal]]:
    yield from _sales(branch, quarter)
    yield from _claims(branch, quarter)
    yield from _service(branch, quarter)
    agents = _agents(branch, quarter)
    average = (agents + _agents(branch, quarter.shift(-1))) / 2
    active = _share("0.535", branch, quarter, "1.2", "active", "0.012") + (Decimal("0.05") if quarter.index == 1 else 0)
    yield "agents_on_roll", agents
    yield "agents_with_sales", _count(average * active)
    yield "agents_licensed", _count(agents * _share("0.986", branch, quarter, "0.25", "licence", "0.003"))
    yield "trainings_held", _trainings(branch, quarter)
    yield from _people(branch.code, quarter, branch.core_staff * 5 * _ONE, branch.core_staff, quality(branch, quarter))


def _sales(branch: Branch, quarter: Period) -> Iterator[tuple[str, Decimal]]:
    market = branch.premium * Decimal("9.2") * Decimal("1.055") ** (quarter.year - 2020)
    cohort = _new_business(branch, quarter.shift(-5))
    # From 2023 on, policies reinstated within the grace period no longer count as kept: some three points less.
    base = "0.868" if quarter < Period.quarter(2023, 1) else "0.836"
    expense = branch.premium * grown(branch, quarter.year) * Decimal("0.162") * EXPENSE_SEASON[quarter.index - 1]
    yield "standard_premium", _premium(branch, quarter)
    yield "new_business_standard_premium", _new_business(branch, quarter)
    yield (
        "new_business_market_total",
        _money(market * PREMIUM_SEASON[quarter.index - 1] * (1 + draw("0.02", branch.code, quarter, "market"))),
    )
    yield "first_year_premium_of_cohort", cohort
    yield "second_year_premium_received", _money(cohort * _share(base, branch, quarter, "1", "persistency"))
    yield "company_expense", _money(expense * (1 + draw("0.03", branch.code, quarter, "expense")))


def _earned_risk(branch: Branch, quarter: Period) -> Decimal:
    noise = 1 + draw("0.01", branch.code, quarter, "risk")
    return _money(branch.premium * grown(branch, quarter.year) * Decimal("0.17") * EVEN_SEASON[0] * noise)


def _registered(branch: Branch, quarter: Period) -> Decimal:
    return _count(_earned_risk(branch, quarter) / 9_600 * (1 + draw("0.03", branch.code, quarter, "registered")))


def _claims(branch: Branch, quarter: Period) -> Iterator[tuple[str, Decimal]]:
    risk = _earned_risk(branch, quarter)
    loss = Decimal("0.612") - quality(branch, quarter) / _HUNDRED + draw("0.022", branch.code, quarter, "loss")
    registered = _registered(branch, quarter)
    closed = _count(registered * (Decimal("0.985") + draw("0.008", branch.code, quarter, "closed")))
    days = Decimal("12.6") - quality(branch, quarter) * Decimal("0.35") + draw("0.5", branch.code, quarter, "days")
    yield "earned_risk_premium", risk
    yield "claims_paid", _money(risk * loss)
    yield "outstanding_claims", _money(risk * (Decimal("0.41") + draw("0.012", branch.code, quarter, "outstanding")))
    yield "claims_registered", registered
    yield (
        "claims_registered_in_time",
        _count(registered * _share("0.962", branch, quarter, "0.5", "in time", "0.005")),
    )
    yield "claims_closed", closed
    yield "claim_cycle_days_total", _count(closed * days)


def _service(branch: Branch, quarter: Period) -> Iterator[tuple[str, Decimal]]:
    issued = _count(_new_business(branch, quarter) / _ISSUED_PREMIUM)
    changes = _count(issued * Decimal("0.9") * (1 + draw("0.04", branch.code, quarter, "changes")))
    accepted = _count(issued * (Decimal("1.075") + draw("0.01", branch.code, quarter, "accepted")))
    underwritten = _count(issued * Decimal("1.03"))
    better = quality(branch, quarter)
    complaints = _count(Decimal(60) + issued / 900 - better * 4 + draw(6, branch.code, quarter, "complaints"))
    problems = Decimal("0.052") - better * Decimal("0.0022") + draw("0.004", branch.code, quarter, "problems")
    errors = Decimal("0.0104") - better * Decimal("0.0003") + draw("0.0008", branch.code, quarter, "errors")
    yield "policies_issued", issued
    yield "policies_issued_within_5_days", _count(issued * _share("0.878", branch, quarter, "1", "issue", "0.008"))
    yield "policy_changes", changes
    yield "policy_changes_in_3_days", _count(changes * _share("0.962", branch, quarter, "0.6", "three days", "0.005"))
    yield "cases_accepted", accepted
    yield "problem_cases", _count(accepted * problems)
    yield "underwriting_cases", underwritten
    yield "underwriting_errors", _count(underwritten * errors)
    yield "complaints_received", complaints
    yield "complaints_resolved", _count(complaints * _share("0.948", branch, quarter, "0.8", "resolved", "0.008"))


def _agents(branch: Branch, quarter: Period) -> Decimal:
    """Fewer and better agents from year to year, as in the whole industry; a bulge in the first quarter."""
    trend = Decimal("0.988") ** (quarter.ordinal - FIRST.ordinal)
    bulge = Decimal("1.04") if quarter.index == 1 else _ONE
    size = grown(branch, quarter.year) ** 2 if branch.decline and quarter.year > 2023 else _ONE
    return _count(branch.agents * trend * bulge * size * (1 + draw("0.01", branch.code, quarter, "agents")))


def _trainings(branch: Branch, quarter: Period) -> Decimal:
    done = Decimal("0.985") + quality(branch, quarter) / _HUNDRED * 2 + draw("0.06", branch.code, quarter, "training")
    return _count(_planned_trainings(branch) * done)


def _planned_trainings(branch: Branch) -> Decimal:
    return _count(Decimal(branch.agents) / 90)


def _people(code: str, quarter: Period, staff: Decimal, core: int, better: Decimal) -> Iterator[tuple[str, Decimal]]:
    due = _count(staff * (1 + draw("0.02", code, quarter, "staff")))
    on_time = Decimal("0.972") + better / _HUNDRED * Decimal("0.5") + draw("0.012", code, quarter, "appraisals")
    core_staff = _count(core * (1 + draw("0.03", code, quarter, "core")))
    leaving = Decimal("0.019") - better / _HUNDRED * Decimal("0.12") + draw("0.006", code, quarter, "leavers")
    respondents = _count(due * Decimal("0.72"))
    score = Decimal("79.4") + better * Decimal("0.7") + draw("1.4", code, quarter, "satisfaction")
    yield "appraisals_due", due
    yield "appraisals_on_time", min(_count(due * on_time), due)
    yield "core_staff", core_staff
    yield "core_leavers", max(_count(core_staff * leaving), Decimal(0))
    yield "employee_respondents", respondents
    yield "employee_score_sum", _count(respondents * score)


def _branch_plans(branch: Branch) -> Figures:
    """Premium and expense plans: last year's outcome, stretched. Premium of 2026 is planned by year, not by quarter."""
    plans: Figures = {}
    for quarter in PLANNED:
        stretch = Decimal("1.075") if quarter.year > 2020 else Decimal("1.02")
        base = branch.premium * grown(branch, max(quarter.year - 1, 2020)) * stretch
        premium = _money(base * PREMIUM_SEASON[quarter.index - 1])
        if quarter.year < LAST.year:
            plans["standard_premium", branch.code, quarter, Scenario.PLAN] = premium
        budget = base * Decimal("0.168") * EXPENSE_SEASON[quarter.index - 1]
        plans["company_expense", branch.code, quarter, Scenario.PLAN] = _money(budget)
        plans["trainings_held", branch.code, quarter, Scenario.PLAN] = _planned_trainings(branch)
    year = Period(LAST.year)
    annual = branch.premium * grown(branch, LAST.year - 1) * Decimal("1.075")
    plans["standard_premium", branch.code, year, Scenario.PLAN] = _money(annual)
    return plans


def _head_office() -> Figures:
    """Quantities of the legal entity: embedded value, capital, the brand survey."""
    found: Figures = {}
    value = Decimal("31_800_000_000")
    for step, quarter in enumerate(QUARTERS):
        season = Decimal("1.30") if quarter.index == 1 else Decimal("0.90")
        paid = Decimal("420_000_000") if quarter.index == 2 else Decimal(0)
        injected = Decimal("1_500_000_000") if quarter == Period.quarter(2022, 3) else Decimal(0)
        earned = value * Decimal("0.022") * season * (1 + draw("0.16", quarter, "embedded value"))
        value = _money(value + earned + injected - paid)
        minimum = _money(Decimal("6_100_000_000") * Decimal("1.013") ** step)
        core = _core_ratio(quarter) + draw("0.02", quarter, "core")
        respondents = _count(2400 + draw(60, quarter, "respondents"))
        aware = Decimal("0.405") + Decimal("0.0023") * step + draw("0.008", quarter, "aware")
        values = {
            "embedded_value": value,
            "capital_injected": injected,
            "dividends_paid": paid,
            "minimum_capital": minimum,
            "core_capital": _money(minimum * core),
            "actual_capital": _money(minimum * (core + Decimal("0.62") + draw("0.02", quarter, "supplementary"))),
            "survey_respondents_market": respondents,
            "respondents_aware": _count(respondents * aware),
        }
        found |= {(measure, HEAD_OFFICE, quarter, Scenario.ACTUAL): amount for measure, amount in values.items()}
    return found


def _core_ratio(quarter: Period) -> Decimal:
    """The second phase of the solvency rules lowered every insurer's core ratio in 2022."""
    return Decimal("2.05") if quarter < Period.quarter(2022, 1) else Decimal("1.46")


def _targets() -> Figures:
    """Finished targets of KPIs, given for the year."""
    found: Figures = {("embedded_value_increase", HEAD_OFFICE, Period(2026), Scenario.PLAN): Decimal("4_650_000_000")}
    for year, loss in ((2024, "0.615"), (2025, "0.610"), (2026, "0.605")):
        for branch in BRANCHES:
            found["risk_loss_ratio", branch.code, Period(year), Scenario.PLAN] = Decimal(loss)
        found["risk_loss_ratio", HEAD_OFFICE, Period(year), Scenario.PLAN] = Decimal(loss)
    return found
