"""The alerts in a store: raised once, told once by each channel, acknowledged by a person, over when it is so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from forecast.alerts.evaluate import Judgement
from forecast.alerts.records import AlertRecord, Settled
from forecast.alerts.rules import Key, Occasion
from forecast.records import RunState
from kpi.errors import Refused, refuse
from kpi.store import Store
from kpi.store.forecast_tables import alert, alert_delivery, forecast_run
from kpi.store.store import Actor
from kpi.store.tables import snapshot
from kpi.store.types import storable

_PROGRAM = "forecast"
_WAITING = select(func.count()).where(alert.c.over_at.is_(None) & alert.c.acknowledged_at.is_(None))


class AlertBook:
    """The alerts of a store. Every change is one transaction together with its audit row."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def settle(
        self, judgement: Judgement, run_id: str, snapshot_id: int, channels: Sequence[str] = ()
    ) -> Settled | None:
        """Raise what is new, keep what goes on, end what no longer holds: all of it or nothing.

        What cannot be told stays as it is. Every new alert is marked as still to be told by each of ``channels`` in the
        same transaction, so that whoever dies after it has forgotten none.
        None, and nothing is written, when the run is no longer the one shown of the newest snapshot: a later judgement
        knows better.
        """
        with self.store.writing(_PROGRAM) as write:
            if _shown(write.connection) != (snapshot_id, run_id):
                return None
            live = _live(write.connection)
            new, still = [], []
            for occasion in judgement.occasions:
                number = live.pop(occasion.key, None)
                if number is None:
                    new.append(_raise(write, occasion, run_id, channels))
                else:
                    _keep(write, number, occasion, run_id)
                    still.append(number)
            over = [number for key, number in live.items() if key not in judgement.untold]
            _end(write, over)
            if new or over:
                write.log("alert.judged", f"run {run_id}", f"new {_listed(new)}; over {_listed(over)}")
        return Settled(new=tuple(new), still=tuple(still), over=tuple(over))

    def alerts(self, newest: int | None = None) -> list[AlertRecord]:
        """All alerts or the ``newest``, the one raised last at the front."""
        with self.store.reading() as connection:
            return _found(connection, None, newest)

    def going_on(self) -> list[AlertRecord]:
        """The alerts that are not over, acknowledged or not, the one raised last at the front."""
        with self.store.reading() as connection:
            return _found(connection, alert.c.over_at.is_(None))

    def open_count(self) -> int:
        """How many alerts go on that nobody has acknowledged."""
        with self.store.reading() as connection:
            return int(connection.execute(_WAITING).scalar_one())

    def acknowledge(self, number: int, actor: str, note: str = "") -> None:
        """Somebody has seen the alert and says what comes of it.

        Raises Refused when there is none such, it is over, or somebody was faster.
        """
        with self.store.writing(actor) as write:
            found = _found(write.connection, alert.c.id == number)
            if not found:
                raise unknown_alert(number)
            _refuse_decided(found[0])
            stamp = {"acknowledged_at": write.at, "acknowledged_by": write.name, "note": storable(note)}
            write.connection.execute(update(alert).where(alert.c.id == number).values(**stamp))
            write.log("alert.acknowledged", f"alert {number}", note)

    def untold(self, channel: str) -> list[AlertRecord]:
        """What is still to be told by ``channel``, the oldest first."""
        waiting = select(alert_delivery.c.alert_id).where(
            (alert_delivery.c.channel == channel) & alert_delivery.c.sent_at.is_(None)
        )
        with self.store.reading() as connection:
            return list(reversed(_found(connection, alert.c.id.in_(waiting))))

    def mark_told(self, channel: str, numbers: Iterable[int], about: str) -> None:
        """``channel`` took a message with these alerts, ``about`` a run; with none it is noted all the same."""
        numbers = list(numbers)
        with self.store.writing(_PROGRAM) as write:
            these = (alert_delivery.c.channel == channel) & alert_delivery.c.alert_id.in_(numbers)
            write.connection.execute(update(alert_delivery).where(these).values(sent_at=write.at))
            write.log("notice.sent", about, f"{channel}, alerts {_listed(numbers)}")

    def note_failure(self, channel: str, why: str, about: str) -> None:
        """``channel`` did not take a message ``about`` a run."""
        with self.store.writing(_PROGRAM) as write:
            write.log("notice.failed", about, f"{channel}: {why}")


def _shown(connection: Connection) -> tuple[int | None, str | None]:
    """The newest snapshot and the run of it that the pages show."""
    newest = connection.execute(select(func.max(snapshot.c.id))).scalar_one()
    done = (forecast_run.c.snapshot_id == newest) & (forecast_run.c.state == RunState.DONE)
    last = select(forecast_run.c.run_id).where(done).order_by(forecast_run.c.started_at.desc(), forecast_run.c.run_id)
    return newest, connection.execute(last.limit(1)).scalar_one_or_none()


def _live(connection: Connection) -> dict[Key, int]:
    names = (alert.c.rule_id, alert.c.kpi, alert.c.org_unit, alert.c.turn)
    rows = connection.execute(select(*names, alert.c.id).where(alert.c.over_at.is_(None)).order_by(alert.c.id))
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def _raise(write: Actor, occasion: Occasion, run_id: str, channels: Sequence[str]) -> int:
    rule_id, kpi, org_unit, turn = occasion.key
    key = {"rule_id": rule_id, "kpi": kpi, "org_unit": org_unit, "turn": turn}
    seen = {"occasion": occasion.model_dump_json(), "first_run": run_id, "last_run": run_id, "raised_at": write.at}
    number = int(write.connection.execute(insert(alert).values(**key, **seen).returning(alert.c.id)).scalar_one())
    if channels:
        due = [{"alert_id": number, "channel": channel} for channel in channels]
        write.connection.execute(insert(alert_delivery), due)
    return number


def _keep(write: Actor, number: int, occasion: Occasion, run_id: str) -> None:
    seen = {"occasion": occasion.model_dump_json(), "last_run": run_id}
    write.connection.execute(update(alert).where(alert.c.id == number).values(**seen))


def _end(write: Actor, numbers: Sequence[int]) -> None:
    write.connection.execute(update(alert).where(alert.c.id.in_(numbers)).values(over_at=write.at))


def _found(connection: Connection, which: ColumnElement[bool] | None, newest: int | None = None) -> list[AlertRecord]:
    query = select(alert).order_by(alert.c.id.desc()).limit(newest)
    rows = connection.execute(query if which is None else query.where(which)).mappings().all()
    told = select(alert_delivery).where(
        alert_delivery.c.sent_at.is_not(None) & alert_delivery.c.alert_id.in_([row["id"] for row in rows])
    )
    sent: dict[int, dict[str, datetime]] = {}
    for row in connection.execute(told).mappings():
        sent.setdefault(row["alert_id"], {})[row["channel"]] = row["sent_at"]
    return [_record(row, sent.get(row["id"], {})) for row in rows]


def _record(row: Mapping[Any, Any], sent: Mapping[str, datetime]) -> AlertRecord:  # a row has no element types
    own = {name: row[name] for name in AlertRecord.model_fields if name not in ("occasion", "sent")}
    return AlertRecord.model_validate(own | {"occasion": Occasion.model_validate_json(row["occasion"]), "sent": sent})


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def unknown_alert(number: int) -> Refused:
    """There is no such alert."""
    return refuse(f"没有提醒 {number}。", f"there is no alert {number}.")


def _refuse_decided(found: AlertRecord) -> None:
    if found.over_at is not None:
        raise refuse(
            f"提醒 {found.id} 已不再成立，无需确认。", f"alert {found.id} is over; there is nothing to acknowledge."
        )
    if found.acknowledged_at is not None:
        raise refuse(
            f"提醒 {found.id} 已由 {found.acknowledged_by} 确认。",
            f"alert {found.id} has been acknowledged by {found.acknowledged_by} already.",
        )
