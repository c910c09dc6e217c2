"""Working days: Monday to Friday, but for what a file says of single days."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from kpi.errors import Refused, refuse

_DAY = timedelta(days=1)
_WORDS = {"off": False, "work": True}


@dataclass(frozen=True)
class WorkingDays:
    """``off`` are holidays on weekdays, ``work`` are make-up days on weekends (调休)."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """The calendar of a file with one day a line, ``2026-10-01 off National Day`` or ``2026-10-10 work``.

        What follows the second word is a note; ``#`` opens a comment. Without a file only weekends are off.
        Raises Refused naming the line that cannot be understood, or the file that cannot be read.
        """
        if path is None:
            return cls()
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as problem:
            raise refuse(
                f"无法读取工作日文件 {path}:{problem}。请检查 SCORECAST_WORKING_DAYS_FILE，文件应为 UTF-8 文本。",
                f"cannot read the file of working days {path}: {problem}. Check SCORECAST_WORKING_DAYS_FILE; the file "
                "is UTF-8 text.",
            ) from problem
        said: dict[date, bool] = {}
        for number, line in enumerate(lines, start=1):
            words = line.partition("#")[0].split()
            if words:
                day, works = _line(words, f"{path}:{number}")
                if said.setdefault(day, works) != works:
                    raise refuse(
                        f"{path}:{number}:{day} 既是休息日又是工作日。请只保留一行。",
                        f"{path}:{number}: {day} is both off and work. Keep one of the lines.",
                    )
        return cls(
            off=frozenset(day for day, works in said.items() if not works),
            work=frozenset(day for day, works in said.items() if works),
        )

    def works(self, day: date) -> bool:
        """Whether people work on ``day``."""
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def nth_after(self, day: date, count: int) -> date:
        """The ``count``-th (from 1) working day after ``day``, which itself is not counted."""
        while count:
            day += _DAY
            count -= self.works(day)
        return day


def _line(words: list[str], place: str) -> tuple[date, bool]:
    try:
        if len(words) < 2:
            raise ValueError
        return date.fromisoformat(words[0]), _WORDS[words[1].lower()]
    except (ValueError, KeyError) as problem:
        raise _unclear(place, " ".join(words)) from problem


def _unclear(place: str, found: str) -> Refused:
    return refuse(
        f"{place}:无法理解 {found!r}。每行写一个日期和 off(休息)或 work(上班)，例如 2026-10-01 off。",
        f"{place}: {found!r} is not understood. Write a date and off or work on each line, such as 2026-10-01 off.",
    )
