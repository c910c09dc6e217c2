"""The pages' way to rules and alerts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from forecast.alerts.book import AlertBook
from forecast.alerts.checks import rule_of
from forecast.alerts.judge import rule_book
from forecast.alerts.records import RuleRecord
from forecast.alerts.words import Names
from kpi.errors import Refused
from ui import data


def book() -> AlertBook:
    """The alerts of the store."""
    return AlertBook(data.store())


def rules() -> list[RuleRecord]:
    """The rules in force."""
    return rule_book(data.store(), data.settings()).rules()


def names() -> Names:
    """KPIs and org units by name, as they stand."""
    return Names(data.catalogue(), data.organisation_now())


def acknowledge(numbers: Sequence[int], note: str) -> Refused | None:
    """Acknowledge alerts one by one; or why one was refused, the earlier ones being done."""

    def each() -> None:
        for number in numbers:
            book().acknowledge(number, data.settings().user, note)

    return _refusal_of(each)


def save_rule(said: Mapping[str, Any], number: int | None) -> Refused | None:
    """Add the rule that ``said`` describes or put it in the place of another; or why that was refused."""

    def save() -> None:
        rule = rule_of(said, data.template(), data.organisation_now())
        rule_book(data.store(), data.settings()).save(rule, data.settings().user, number)

    return _refusal_of(save)


def withdraw_rule(number: int) -> Refused | None:
    """Take a rule out of force; or why that was refused."""
    return _refusal_of(lambda: rule_book(data.store(), data.settings()).withdraw(number, data.settings().user))


def _refusal_of(act: Callable[[], None]) -> Refused | None:
    try:
        act()
    except Refused as refusal:
        return refusal
    return None
