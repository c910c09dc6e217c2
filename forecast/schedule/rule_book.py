"""The rules in the store."""

from sqlalchemy import Connection, insert, select, update

from forecast.schedule.occasions import Newest
from forecast.schedule.records import RuleRecord, TaskState
from forecast.schedule.rules import RULE, Rule
from kpi.errors import refuse
from kpi.store import Actor, Store
from kpi.store.forecast_tables import schedule_rule, scheduled_run
from kpi.store.tables import snapshot

_KEPT = ("id", "paused", "since", "since_snapshot", "added_at", "added_by")


class RuleBook:
    """Rules that people gave. Each method is one transaction, and what changes a rule is audited."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def rules(self) -> list[RuleRecord]:
        """Those in force, paused or not, the oldest first."""
        with self.store.reading() as connection:
            return rules_in_force(connection)

    def all_rules(self) -> dict[int, Rule]:
        """Every rule there ever was, by its number: old runs still name them."""
        with self.store.reading() as connection:
            rows = connection.execute(select(schedule_rule.c.id, schedule_rule.c.body))
            return {row.id: RULE.validate_json(row.body) for row in rows}

    def add(self, rule: Rule, actor: str) -> RuleRecord:
        """A rule that counts from now on. Raises Refused when it is there already: everything would run twice."""
        with self.store.writing(actor) as write:
            same = next((known for known in rules_in_force(write.connection) if known.rule == rule), None)
            if same is not None:
                raise refuse(
                    f"规则 {same.id} 已经是“{rule.words.zh}”。",
                    f"rule {same.id} says this already: {rule.words.en}.",
                )
            values = {"body": RULE.dump_json(rule).decode(), "added_at": write.at, "added_by": write.name}
            number = write.connection.execute(
                insert(schedule_rule).values(**values, **_from_now(write)).returning(schedule_rule.c.id)
            ).scalar_one()
            write.log("schedule.rule_added", f"rule {number}", rule.words.en)
            return _rule(write.connection, number)

    def remove(self, number: int, actor: str) -> None:
        """The rule leads to nothing more; what it led to stays on record. Raises Refused when there is none."""
        with self.store.writing(actor) as write:
            _rule(write.connection, number)
            _change(write, number, removed_at=write.at)
            _drop_waiting(write, number)
            write.log("schedule.rule_removed", f"rule {number}")

    def pause(self, number: int, actor: str) -> None:
        """Nothing starts by the rule until it is resumed; a run that has begun goes on to its end."""
        with self.store.writing(actor) as write:
            if not _rule(write.connection, number).paused:
                _change(write, number, paused=True)
                _drop_waiting(write, number)
                write.log("schedule.rule_paused", f"rule {number}")

    def resume(self, number: int, actor: str) -> None:
        """The rule counts again from now on: what fell into the pause was not wanted and is not caught up."""
        with self.store.writing(actor) as write:
            if _rule(write.connection, number).paused:
                _change(write, number, **_from_now(write))
                write.log("schedule.rule_resumed", f"rule {number}")


def rules_in_force(connection: Connection) -> list[RuleRecord]:
    """Paused or not, the oldest first."""
    query = select(schedule_rule).where(schedule_rule.c.removed_at.is_(None)).order_by(schedule_rule.c.id)
    return [
        RuleRecord(rule=RULE.validate_json(row["body"]), **{name: row[name] for name in _KEPT})
        for row in connection.execute(query).mappings()
    ]


def newest_snapshot(connection: Connection) -> Newest | None:
    """The newest approved snapshot."""
    query = select(snapshot.c.id, snapshot.c.created_at).order_by(snapshot.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Newest(row.id, row.created_at)


def _rule(connection: Connection, number: int) -> RuleRecord:
    known = {record.id: record for record in rules_in_force(connection)}
    if number not in known:
        have = ", ".join(map(str, known)) or "—"
        raise refuse(f"没有规则 {number}，现有：{have}。", f"there is no rule {number}; there are: {have}.")
    return known[number]


def _change(write: Actor, number: int, **values: object) -> None:
    write.connection.execute(update(schedule_rule).where(schedule_rule.c.id == number).values(**values))


def _from_now(write: Actor) -> dict[str, object]:
    newest = newest_snapshot(write.connection)
    return {"paused": False, "since": write.at, "since_snapshot": newest.id if newest else 0}


def _drop_waiting(write: Actor, number: int) -> None:
    waiting = (scheduled_run.c.rule_id == number) & (scheduled_run.c.state == TaskState.WAITING)
    values = {"state": TaskState.DROPPED, "finished_at": write.at}
    write.connection.execute(update(scheduled_run).where(waiting).values(**values))
