"""The journal: every run and every verification, a line each, chained so that history cannot be rewritten unseen.

A line is text with tabs between its fields. Its last field is the SHA-256 of the line before it with its line end, so
``sed -n 7p journal.txt | sha256sum`` is what line 8 ends with, and anybody can follow the chain with plain tools.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, func, insert, select

from forecast.records import RunRecord
from forecast.verdict import Verification
from kpi.store import Store
from kpi.store.forecast_tables import journal
from kpi.store.store import Actor

FIELDS: Final = ("number", "at", "kind", "run", "seal", "weights", "forecast", "verdict", "by", "previous")
_BEGINNING: Final = "0" * 64
_CONTROL: Final = dict.fromkeys((*range(32), 127, 133, 8232, 8233), " ")


@dataclass(frozen=True)
class Head:
    """The last line: its number, when it was written, and its hash, which stands for all lines up to it."""

    number: int
    at: str
    hash: str

    @property
    def printed(self) -> str:
        """Short enough for the foot of a page, long enough that nobody finds another history with the same."""
        return f"{self.number} · {self.at} · {self.hash[:32]}"


class Journal:
    """The journal of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def lines(self) -> list[str]:
        """Every line, without line ends, in order."""
        with self.store.reading() as connection:
            return list(connection.execute(select(journal.c.line).order_by(journal.c.id)).scalars())

    def verified(self, answer: Verification, by: str) -> str:
        """Put a verification on record; the line that was written."""
        with self.store.writing(by) as write:
            verdict = answer.verdict.value if answer.trained else f"{answer.verdict.value} (not trained)"
            digests = (answer.digests.get("weights", ""), answer.digests.get("forecast", ""))
            line = append(write, "verification", (answer.run_id, answer.manifest, *digests, verdict))
            write.log("run.verified", f"run {answer.run_id}", verdict)
        return line


def append_run(write: Actor, record: RunRecord) -> str:
    """Put a run that is done on record, in the transaction that makes it so."""
    return append(write, "run", (record.run_id, record.seal, record.weights_digest, record.forecast_digest, ""))


def append(write: Actor, kind: str, about: Sequence[str]) -> str:
    """Add a line in the transaction of ``write``, which no other writer overlaps."""
    last = _last(write.connection)
    number, previous = (0, _BEGINNING) if last is None else (int(last.split("\t")[0]), line_hash(last))
    fields = (str(number + 1), _time(write.at), kind, *about, write.name, previous)
    line = "\t".join(field.translate(_CONTROL) for field in fields)
    write.connection.execute(insert(journal).values(id=number + 1, line=line))
    return line


def _last(connection: Connection) -> str | None:
    newest = select(func.max(journal.c.id)).scalar_subquery()
    return connection.execute(select(journal.c.line).where(journal.c.id == newest)).scalar_one_or_none()


def line_hash(line: str) -> str:
    """SHA-256 of a line with its line end."""
    return sha256(f"{line}\n".encode()).hexdigest()


def exported(lines: Iterable[str]) -> str:
    """The journal as a file."""
    return "".join(f"{line}\n" for line in lines)


def head(lines: Sequence[str]) -> Head | None:
    """The last line; None of an empty journal."""
    if not lines:
        return None
    number, at, *_ = lines[-1].split("\t")
    return Head(int(number), at, line_hash(lines[-1]))


def on_record(lines: Iterable[str], record: RunRecord) -> bool:
    """Whether a line has the run with just the seal and digests of ``record``."""
    about = ["run", record.run_id, record.seal, record.weights_digest, record.forecast_digest]
    return any(line.split("\t")[2:7] == about for line in lines)


def first_broken(lines: Iterable[str]) -> int | None:
    """The place (from 1) of the first line that does not follow the one before it; None when all hold."""
    previous = _BEGINNING
    for place, line in enumerate(lines, 1):
        fields = line.split("\t")
        if len(fields) != len(FIELDS) or fields[0] != str(place) or fields[-1] != previous:
            return place
        previous = line_hash(line)
    return None


def first_parted(earlier: Sequence[str], now: Sequence[str]) -> int | None:
    """The place of the first line of an ``earlier`` export that is not in the journal ``now``; None when all are."""
    for place, line in enumerate(earlier):
        if place >= len(now) or now[place] != line:
            return place + 1
    return None


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
