"""Strategies in a store: each saved edit is a version with who, when and why; drafts wait until they are saved."""

import json
from datetime import datetime
from hashlib import sha256

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from kpi.errors import Refused, refuse
from kpi.store import Store
from kpi.store.strategy_tables import strategy_draft, strategy_version
from kpi.store.types import storable
from kpi.strategy.models import Part, Strategy
from kpi.strategy.steps import Form

WHOLE = "whole"
"""What a version is said to change when the whole strategy was loaded."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StrategyRecord(_Model):
    """A version. Version 0 is what the scorecard begins with: nobody saved it."""

    version: int
    strategy: Strategy
    part: str = ""
    saved_at: datetime | None = None
    saved_by: str = ""
    reason: str = ""


class Draft(_Model):
    """What somebody has entered for a part and not saved; ``base`` is the version that the form began with."""

    base: int
    form: tuple[dict[str, str], ...]
    changed_at: datetime


class StrategyBook:
    """The strategy of one scorecard. Each save is one transaction with its audit row; ``default`` is version 0."""

    def __init__(self, store: Store, default: Strategy) -> None:
        self.store, self.default = store, default

    def newest(self) -> StrategyRecord:
        """The version that counts."""
        with self.store.reading() as connection:
            return self._newest(connection)

    def versions(self) -> list[StrategyRecord]:
        """Every version that was saved, the newest first."""
        with self.store.reading() as connection:
            return self._found(connection, None)

    def version(self, number: int) -> StrategyRecord:
        """Raises Refused when there is none."""
        if number == 0:
            return StrategyRecord(version=0, strategy=self.default)
        with self.store.reading() as connection:
            found = self._found(connection, strategy_version.c.version == number)
        if not found:
            raise refuse(f"没有战略版本 {number}。", f"there is no version {number} of the strategy.")
        return found[0]

    def save(self, strategy: Strategy, expected: int, part: str, actor: str, reason: str) -> StrategyRecord:
        """Keep ``strategy`` as the next version, in place of ``expected``, and drop the author's draft of the part.

        Raises Refused without a reason, for another scorecard's strategy, where nothing changed, and when somebody
        else saved a version since ``expected``.
        """
        if not reason.strip():
            raise refuse("“修改原因”还没有填写。", "Reason is still empty. Say why the strategy changes.")
        if strategy.scorecard != self.default.scorecard:
            raise refuse(
                f"这是记分卡 {strategy.scorecard} 的战略，在用的是 {self.default.scorecard}。",
                f"this is the strategy of scorecard {strategy.scorecard}; {self.default.scorecard} is in use.",
            )
        with self.store.writing(actor) as write:
            now = self._newest(write.connection)
            if now.version != expected:
                raise _overtaken(now)
            if now.strategy == strategy:
                raise refuse("没有任何改动，不需要保存。", "nothing was changed, so there is nothing to save.")
            record = StrategyRecord(
                version=now.version + 1,
                strategy=strategy,
                part=part,
                saved_at=write.at,
                saved_by=write.name,
                reason=storable(reason.strip()),
            )
            body = storable(strategy.model_dump_json())
            columns = record.model_dump(exclude={"strategy"}) | {"scorecard": strategy.scorecard, "body": body}
            write.connection.execute(insert(strategy_version).values(**columns))
            write.connection.execute(delete(strategy_draft).where(self._own(write.name, part)))
            what = f"{part}, content {sha256(body.encode()).hexdigest()}: {record.reason}"
            write.log("strategy.saved", f"strategy {strategy.scorecard} {record.version}", what)
        return record

    def draft(self, part: Part, author: str) -> Draft | None:
        """What the author entered and did not save."""
        query = select(strategy_draft).where(self._own(storable(author), part))
        with self.store.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Draft(base=row.base, form=json.loads(row.form), changed_at=row.changed_at)

    def keep_draft(self, part: Part, author: str, base: int, form: Form) -> None:
        """Keep what was entered until now, in place of an earlier draft of the part."""
        with self.store.writing(author) as write:
            write.connection.execute(delete(strategy_draft).where(self._own(write.name, part)))
            values = {"scorecard": self.default.scorecard, "author": write.name, "part": part, "base": base}
            said = json.dumps([{key: storable(text) for key, text in row.items()} for row in form], ensure_ascii=False)
            write.connection.execute(insert(strategy_draft).values(**values, form=said, changed_at=write.at))

    def drop_draft(self, part: Part, author: str) -> None:
        """Forget it."""
        with self.store.writing(author) as write:
            write.connection.execute(delete(strategy_draft).where(self._own(write.name, part)))

    def _own(self, author: str, part: str) -> ColumnElement[bool]:
        own = strategy_draft.c
        return and_(own.scorecard == self.default.scorecard, own.author == author, own.part == part)

    def _newest(self, connection: Connection) -> StrategyRecord:
        return next(iter(self._found(connection, None, 1)), StrategyRecord(version=0, strategy=self.default))

    def _found(
        self, connection: Connection, which: ColumnElement[bool] | None, limit: int | None = None
    ) -> list[StrategyRecord]:
        mine = strategy_version.c.scorecard == self.default.scorecard
        query = select(strategy_version).where(mine if which is None else and_(mine, which))
        rows = connection.execute(query.order_by(strategy_version.c.version.desc()).limit(limit)).mappings()
        return [
            StrategyRecord(
                strategy=Strategy.model_validate_json(row["body"]),
                **{name: row[name] for name in ("version", "part", "saved_at", "saved_by", "reason")},
            )
            for row in rows
        ]


def _overtaken(now: StrategyRecord) -> Refused:
    return refuse(
        f"{now.saved_by} 在此期间保存了战略版本 {now.version}（{now.reason}）。您填写的内容已保留，"
        "请先查看新版本，再决定是否在它之上保存。",
        f"{now.saved_by} saved version {now.version} of the strategy meanwhile ({now.reason}). What you entered is "
        "kept: look at that version first, then decide whether to save yours on top of it.",
    )
