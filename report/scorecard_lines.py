"""The lines of a scorecard's table: what is known of each KPI, and which of them are shown in which order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from forecast.attention import UNLIKELY
from forecast.records import KpiForecast
from kpi.catalogue.models import Catalogue
from kpi.scorecard.results import KpiResult, Scorecard, Status, Value
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Language, Text
from kpi.units import Dimension, Unit
from report.tables import Sorting

COLUMNS: Final = (
    *("weight", "score", "actual", "plan", "attainment", "status", "trend"),
    *("last_quarter", "last_year", "landing", "chance"),
)
_STATES: Final = (Status.RED, Status.AMBER, Status.GREEN, Status.NONE)  # the worst first


@dataclass(frozen=True)
class Line:
    """One KPI; ``relative`` says whether its changes are shares of what was before, ``landing`` is its year-end."""

    result: KpiResult
    name: Text
    objective: str
    group: str
    unit: Unit
    relative: bool
    landing: KpiForecast | None = None

    @property
    def kpi(self) -> str:
        """Its code."""
        return self.result.kpi

    @property
    def unlikely(self) -> bool:
        """Whether the year will more likely miss its plan than meet it."""
        return self.landing is not None and self.landing.chance is not None and self.landing.chance < UNLIKELY


def lines_of(
    card: Scorecard, template: ScorecardTemplate, catalogue: Catalogue, landings: Mapping[str, KpiForecast]
) -> tuple[Line, ...]:
    """A line for each KPI of ``card``, in its order; ``landings`` are by KPI."""
    return tuple(
        Line(
            result=row,
            name=catalogue.kpi[row.kpi].name,
            objective=row.objective,
            group=template.objective[row.objective].group,
            unit=catalogue.unit_of(row.kpi),
            relative=not catalogue.kpi[row.kpi].current.denominator,
            landing=landings.get(row.kpi),
        )
        for row in card.kpis
    )


def _change(line: Line, value: Value) -> Decimal | None:
    """A change as it is written: in percent, in points, or in the KPI's own unit."""
    shares = line.relative or line.unit.dimension in (Dimension.SHARE, Dimension.SHARE_CHANGE)
    return value.amount if value.amount is None else value.amount * (100 if shares else 1)


_KEYS: Final[Mapping[str, Callable[[Line], Decimal | float | int | None]]] = {
    "weight": lambda line: line.result.weight,
    "score": lambda line: line.result.score.amount,
    "attainment": lambda line: line.result.attainment.amount,
    "status": lambda line: _STATES.index(line.result.status),
    "last_quarter": lambda line: _change(line, line.result.on_last_quarter),
    "last_year": lambda line: _change(line, line.result.on_last_year),
    "chance": lambda line: line.landing.chance if line.landing else None,
}
ORDERS: Final = ("name", *_KEYS)


@dataclass(frozen=True)
class Shown:
    """What a visitor wants to see of a scorecard.

    ``order`` is one of ``ORDERS``, with a minus for the reverse, or empty for the scorecard's own. Empty ``states``,
    ``groups`` and ``columns`` are all of them.
    """

    order: str = ""
    find: str = ""
    states: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    unlikely: bool = False
    columns: tuple[str, ...] = ()

    @property
    def filters(self) -> int:
        """How many filters are on."""
        return bool(self.find) + bool(self.states) + bool(self.groups) + self.unlikely

    def has(self, column: str) -> bool:
        """Whether ``column`` is shown."""
        return not self.columns or column in self.columns

    def sorting(self, column: str) -> Sorting:
        """How the table is sorted by ``column``, in the words of ARIA; nothing where it can't be."""
        if column not in ORDERS:
            return ""
        if self.order.removeprefix("-") != column:
            return "none"
        return "descending" if self.order.startswith("-") else "ascending"

    def after_click(self, column: str) -> str:
        """The order after a click on a column's title: ascending, descending, the scorecard's own, in turn."""
        return {column: f"-{column}", f"-{column}": ""}.get(self.order, column)

    def params(self) -> dict[str, str]:
        """The choices as they stand in an address, those that say something."""
        lists = {name: ",".join(getattr(self, name)) for name in ("states", "groups", "columns")}
        said = {"order": self.order, "find": self.find, **lists, "outlook": "unlikely" if self.unlikely else ""}
        return {name: text for name, text in said.items() if text}


PARAMS: Final = ("order", "find", "states", "groups", "columns", "outlook")
"""The query parameters of :class:`Shown`."""


def read_shown(params: Mapping[str, str], groups: Sequence[str]) -> tuple[Shown, tuple[str, ...]]:
    """The choices that an address makes, and its codes that mean nothing."""
    unknown: list[str] = []

    def known(name: str, options: Iterable[str]) -> tuple[str, ...]:
        codes = [code for code in params.get(name, "").split(",") if code]
        wanted = tuple(option for option in options if option in codes)
        unknown.extend(code for code in codes if code not in wanted)
        return wanted

    order = known("order", (sign + name for name in ORDERS for sign in ("", "-")))
    shown = Shown(
        order=order[0] if order else "",
        find=params.get("find", "").strip(),
        states=known("states", map(str, _STATES)),
        groups=known("groups", groups),
        unlikely=bool(known("outlook", ("unlikely",))),
        columns=known("columns", COLUMNS),
    )
    return shown, tuple(unknown)


def arrange(lines: Sequence[Line], shown: Shown, language: Language) -> list[Line]:
    """The lines that are shown, in their order: those without a number come last whichever way it goes, and equals stay
    in the scorecard's order. Chinese names go by their sound, as their place in GB 18030 has it."""
    found = [line for line in lines if _fits(line, shown)]
    column, reverse = shown.order.removeprefix("-"), shown.order.startswith("-")
    if not column:
        return found
    if column == "name":
        return sorted(found, key=lambda line: line.name.in_(language).casefold().encode("gb18030"), reverse=reverse)
    key = _KEYS[column]
    known = [(value, line) for line in found if (value := key(line)) is not None]
    ordered = sorted(known, key=lambda pair: pair[0], reverse=reverse)
    return [line for _, line in ordered] + [line for line in found if key(line) is None]


def _fits(line: Line, shown: Shown) -> bool:
    words = (line.kpi, line.name.zh, line.name.en)
    return (
        (not shown.find or any(shown.find.casefold() in word.casefold() for word in words))
        and (not shown.states or line.result.status.value in shown.states)
        and (not shown.groups or line.group in shown.groups)
        and (line.unlikely or not shown.unlikely)
    )
