"""Column types that give back exactly what was put in, on SQLite and PostgreSQL alike."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from kpi.facts import canonical_decimal

# NUL, which PostgreSQL refuses, and half a surrogate pair, which no encoding of a database has.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """``text`` with ``?`` for what is no character, as in a file name of another encoding."""
    return UNSTORABLE.sub("?", text)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept as its canonical digits: equal numbers are equal texts, so SQL may compare them for equality."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Digits for the database."""
        return None if value is None else canonical_decimal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The number."""
        return None if value is None else Decimal(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on the way in and out; SQLite itself keeps it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for the database. Raises ValueError for a naive time, which could mean any zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
