"""Comments and action plans as they stand, folded from the lines that were written."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kpi.periods import Period


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """What a line says: a remark, an intention, or that an intention was carried out or is open again."""

    COMMENT = "comment"
    ACTION = "action"
    DONE = "done"
    REOPENED = "reopened"


class Place(_Model):
    """What is spoken of: a KPI of an org unit in a quarter."""

    kpi: str
    org_unit: str
    quarter: Period


class Line(_Model):
    """One line, never changed. Only an action has ``owner`` and ``due``; ``about`` is the action that a line closes or
    opens again."""

    id: int
    kind: Kind
    place: Place
    text: str
    owner: str | None = None
    due: date | None = None
    about: int | None = None
    made_at: datetime
    made_by: str


class ActionPlan(_Model):
    """An action and the lines that closed it or opened it again, the oldest first."""

    line: Line
    turns: tuple[Line, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it was carried out, by the last that was said of it."""
        return bool(self.turns) and self.turns[-1].kind is Kind.DONE

    def late(self, today: date) -> bool:
        """Whether it should have been done before ``today``."""
        return not self.done and self.line.due is not None and self.line.due < today


class Notes(_Model):
    """What was said of one KPI in one org unit, the newest first."""

    comments: tuple[Line, ...] = ()
    plans: tuple[ActionPlan, ...] = ()


def folded(lines: Iterable[Line]) -> Notes:
    """The notes that ``lines``, the oldest first, amount to. Open plans come first, the earliest due in front."""
    comments: list[Line] = []
    actions: dict[int, list[Line]] = {}
    for line in lines:
        if line.kind is Kind.COMMENT:
            comments.append(line)
        else:
            actions.setdefault(line.id if line.about is None else line.about, []).append(line)
    plans = [ActionPlan(line=first, turns=tuple(rest)) for first, *rest in actions.values()]
    order = sorted(plans, key=lambda plan: (plan.done, plan.line.due or date.max, plan.line.id))
    return Notes(comments=tuple(reversed(comments)), plans=tuple(order))
