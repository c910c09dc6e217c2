"""The rules in a store."""

from collections.abc import Sequence

from sqlalchemy import Connection, Row, func, insert, select, update

from forecast.alerts.records import RuleRecord
from forecast.alerts.rules import RULE, Rule
from kpi.errors import Refused, refuse
from kpi.store import Store
from kpi.store.forecast_tables import alert_rule
from kpi.store.store import Actor

_PROGRAM = "forecast"


class RuleBook:
    """The rules in force. Every change is one transaction with its audit row; nothing is deleted.

    A store that never had a rule begins with those of ``beginning``.
    """

    def __init__(self, store: Store, beginning: Sequence[Rule]) -> None:
        self.store, self.beginning = store, beginning

    def rules(self) -> list[RuleRecord]:
        """The rules in force, oldest first."""
        with self.store.reading() as connection:
            begun = _begun(connection)
        if not begun:
            self._begin()
        live = select(alert_rule).where(alert_rule.c.withdrawn_at.is_(None)).order_by(alert_rule.c.id)
        with self.store.reading() as connection:
            return [_record(row) for row in connection.execute(live)]

    def _begin(self) -> None:
        with self.store.writing(_PROGRAM) as write:
            if not _begun(write.connection):
                for rule in self.beginning:
                    _insert(write, rule)

    def save(self, rule: Rule, actor: str, number: int | None = None) -> int:
        """Add ``rule``, or put it in the place of rule ``number``; its number.

        What the earlier form raised stays open where the new one holds as well.
        Raises Refused when there is no such rule in force, or another one asks the same.
        """
        standing = self.rules()
        same = next((each.id for each in standing if each.rule == rule and each.id != number), None)
        if same is not None:
            raise refuse(f"规则 {same} 与此相同。", f"rule {same} asks the same already.")
        with self.store.writing(actor) as write:
            if number is None:
                return _insert(write, rule)
            values = {"body": rule.model_dump_json(), "changed_at": write.at, "changed_by": write.name}
            _change(write, number, values)
            write.log("alert_rule.changed", f"rule {number}", rule.model_dump_json())
        return number

    def withdraw(self, number: int, actor: str) -> None:
        """Take a rule out of force; what it raised is over with the next judgement. Raises Refused for none such."""
        with self.store.writing(actor) as write:
            _change(write, number, {"withdrawn_at": write.at})
            write.log("alert_rule.withdrawn", f"rule {number}")


def _begun(connection: Connection) -> bool:
    return bool(connection.execute(select(func.count()).select_from(alert_rule)).scalar_one())


def _insert(write: Actor, rule: Rule) -> int:
    body = rule.model_dump_json()
    made = insert(alert_rule).values(body=body, changed_at=write.at, changed_by=write.name).returning(alert_rule.c.id)
    number = int(write.connection.execute(made).scalar_one())
    write.log("alert_rule.added", f"rule {number}", body)
    return number


def _change(write: Actor, number: int, values: dict[str, object]) -> None:
    live = (alert_rule.c.id == number) & alert_rule.c.withdrawn_at.is_(None)
    if not write.connection.execute(update(alert_rule).where(live).values(**values)).rowcount:
        raise unknown_rule(number)


def unknown_rule(number: int) -> Refused:
    """There is no such rule in force."""
    return refuse(
        f"没有生效的规则 {number}。python -m forecast alerts rules 列出全部规则。",
        f"there is no rule {number} in force. python -m forecast alerts rules lists them.",
    )


def _record(row: Row[tuple[object, ...]]) -> RuleRecord:
    found = row._mapping
    return RuleRecord(
        id=found["id"],
        rule=RULE.validate_json(found["body"]),
        changed_at=found["changed_at"],
        changed_by=found["changed_by"],
    )
