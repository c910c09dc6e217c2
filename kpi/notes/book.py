"""Comments and action plans in a store. Nothing is ever changed or removed: a new line says what is otherwise now."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from kpi.errors import Refused, refuse
from kpi.notes.records import ActionPlan, Kind, Line, Notes, Place, folded
from kpi.store import Actor, Store
from kpi.store.tables import kpi_note
from kpi.store.types import storable

LONGEST: Final = 2_000
_LONGEST_OWNER: Final = 100
_LAST_ZONE: Final = timedelta(hours=12)  # a day is over when it is so everywhere


class NoteBook:
    """The notes of a store. Each line is one transaction with its audit row."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def comment(self, place: Place, text: str, by: str) -> Line:
        """Say something. Raises Refused without words, or with too many."""
        return self._write(Kind.COMMENT, place, _worded(text), by)

    def plan(self, place: Place, text: str, owner: str, due: date | None, by: str) -> Line:
        """Say what will be done, by whom and by when. Raises Refused where one is missing or the day is over."""
        text, owner = _worded(text), owner.strip()
        if not owner or len(owner) > _LONGEST_OWNER:
            raise refuse(
                f"行动计划需要负责人(不超过 {_LONGEST_OWNER} 个字)。请写明由谁负责。",
                f"an action plan needs somebody who owns it, in at most {_LONGEST_OWNER} characters. Say who.",
            )
        if due is None:
            raise refuse(
                "行动计划需要完成日期。请选择日期。", "an action plan needs a day by which it is done. Choose one."
            )
        return self._write(Kind.ACTION, place, text, by, owner=owner, due=due)

    def finish(self, action: int, text: str, by: str) -> Line:
        """Say that it was done, and what came of it. Raises Refused when there is none such or it is done already."""
        return self._turn(action, Kind.DONE, text, by)

    def reopen(self, action: int, text: str, by: str) -> Line:
        """Say that it is not done after all. Raises Refused when there is none such or it is open."""
        return self._turn(action, Kind.REOPENED, text, by)

    def of(self, kpi: str, org_unit: str) -> Notes:
        """What was said of a KPI in an org unit, of whatever quarter."""
        with self.store.reading() as connection:
            return folded(_lines(connection, kpi, org_unit))

    def _turn(self, action: int, kind: Kind, text: str, by: str) -> Line:
        with self.store.writing(by) as write:
            plan = _plan(write.connection, action)
            if plan.done == (kind is Kind.DONE):
                raise _so_already(plan)
            return _added(write, kind, plan.line.place, _short(text.strip()), about=action)

    def _write(self, kind: Kind, place: Place, text: str, by: str, **more: Any) -> Line:
        with self.store.writing(by) as write:
            if kind is Kind.ACTION and more["due"] < (write.at - _LAST_ZONE).date():
                raise refuse(
                    f"完成日期 {more['due']} 已过。请选择今天或以后的日期。",
                    f"the day {more['due']} is over. Choose today or a later day.",
                )
            return _added(write, kind, place, text, **more)


def _worded(text: str) -> str:
    if not text.strip():
        raise refuse("没有内容。请写下要说的话。", "there are no words. Write what there is to say.")
    return _short(text.strip())


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise refuse(
            f"内容有 {len(text)} 个字，最多 {LONGEST} 个。请缩短。",
            f"the text has {len(text)} characters and may have {LONGEST}. Shorten it.",
        )
    return storable(text)


def _added(write: Actor, kind: Kind, place: Place, text: str, **more: Any) -> Line:
    said = {"kind": kind.value, "kpi": place.kpi, "org_unit": place.org_unit, "quarter": str(place.quarter)}
    due = more.pop("due", None)
    columns = said | {"text": text, "due": None if due is None else due.isoformat()} | more
    columns |= {"made_at": write.at, "made_by": write.name}
    number = int(write.connection.execute(insert(kpi_note).values(**columns).returning(kpi_note.c.id)).scalar_one())
    about = f"{place.kpi} {place.org_unit} {place.quarter}"
    owned = f" ({more['owner']}, {due})" if due is not None else ""
    write.log(f"kpi_note.{kind.value}", f"note {more.get('about', number)}", f"{about}: {text}{owned}")
    return _one(write.connection, number)


def _lines(connection: Connection, kpi: str, org_unit: str) -> list[Line]:
    here = (kpi_note.c.kpi == kpi) & (kpi_note.c.org_unit == org_unit)
    rows = connection.execute(select(kpi_note).where(here).order_by(kpi_note.c.id)).mappings()
    return [_line(row) for row in rows]


def _one(connection: Connection, number: int) -> Line:
    return _line(connection.execute(select(kpi_note).where(kpi_note.c.id == number)).mappings().one())


def _line(row: Any) -> Line:  # a row's mapping has no element types
    place = Place(kpi=row["kpi"], org_unit=row["org_unit"], quarter=row["quarter"])
    own = {name: row[name] for name in Line.model_fields if name != "place"}
    return Line.model_validate(own | {"place": place})


def _plan(connection: Connection, action: int) -> ActionPlan:
    mine = (kpi_note.c.id == action) | (kpi_note.c.about == action)
    rows = connection.execute(select(kpi_note).where(mine).order_by(kpi_note.c.id)).mappings()
    plans = folded(_line(row) for row in rows).plans
    if not plans:
        raise refuse(f"没有行动计划 {action}。", f"there is no action plan {action}.")
    return plans[0]


def _so_already(plan: ActionPlan) -> Refused:
    last = plan.turns[-1] if plan.turns else plan.line
    if plan.done:
        return refuse(
            f"行动计划 {plan.line.id} 已由 {last.made_by} 标为完成。",
            f"action plan {plan.line.id} was marked as done by {last.made_by} already.",
        )
    return refuse(f"行动计划 {plan.line.id} 尚未完成，无需重新打开。", f"action plan {plan.line.id} is open already.")
