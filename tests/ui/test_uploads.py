from kpi.findings import Severity
from kpi.periods import Period
from tests.kpi.store.builders import fact, finding, key
from ui.uploads import by_severity, count_by_measure


def test_facts_are_counted_by_measure_in_the_order_of_the_workbook() -> None:
    facts = [
        fact(key("premium", "beijing", "2026Q2"), 1),
        fact(key("claims", "beijing", "2026Q3"), 1),
        fact(key("premium", "shanghai", "2026Q3", "plan"), 1),
        fact(key("premium", "beijing", "2026Q1", "restated"), 1),
    ]
    premium, claims = count_by_measure(facts)
    assert (premium.measure, premium.actual, premium.plan) == ("premium", 2, 1)
    assert (premium.first, premium.last) == (Period.parse("2026Q1"), Period.parse("2026Q3"))
    assert premium.org_units == {"beijing", "shanghai"}
    assert (claims.measure, claims.actual, claims.plan) == ("claims", 1, 0)


def test_a_workbook_without_facts_counts_nothing() -> None:
    assert count_by_measure([]) == []


def test_findings_come_gravest_first_and_every_severity_is_there() -> None:
    note, error = finding(Severity.INFO), finding(Severity.ERROR)
    found = by_severity([note, error, note])
    assert list(found) == [Severity.ERROR, Severity.WARNING, Severity.INFO]
    assert found == {Severity.ERROR: [error], Severity.WARNING: [], Severity.INFO: [note, note]}
