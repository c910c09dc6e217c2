"""Moves between two quarters as tables and a chart: every KPI of an org unit side by side, and who moved most."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpi.catalogue.models import Catalogue
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.moves import Move, Ranking
from kpi.scorecard.results import Reason, Status, Value
from kpi.scorecard.template import ScorecardTemplate
from report.charts import QUIET, ROLES, Spec
from report.contribution_bars import contribution_bars
from report.format import NOTHING, Format
from report.heat_cells import change_texts
from report.sheets import Number, Sheet, SheetColumn, SheetRow
from report.tables import BarCell, Cell, Column, Row, RowGroup, StatusCell, Table, TextCell
from report.words import Words

_ROW = 26  # px of a KPI in the chart
_WIDEST = Decimal(2)  # attainments beyond 200 % stand at the edge, with their number beside them


@dataclass(frozen=True)
class MoveWords:
    """What moves are written with: two quarters, names, units, formats."""

    before: Period
    now: Period
    catalogue: Catalogue
    organisation: Organisation
    t: Words
    fmt: Format

    def kpi(self, code: str) -> str:
        """The name of a KPI."""
        return self.catalogue.kpi[code].name.in_(self.t.language)

    def org_unit(self, code: str) -> str:
        """The name of an org unit."""
        return self.organisation.by_code[code].name.in_(self.t.language)

    def value(self, kpi: str, value: Value, reached: Value) -> TextCell:
        """A value with its attainment below; a dash with its reason where there is none."""
        if value.amount is None:
            return self.nothing(value.reason)
        note = "" if reached.amount is None else self.fmt.percent(reached.amount)
        return TextCell(self.fmt.value(value.amount, self.catalogue.unit_of(kpi)), note=note)

    def change(self, move: Move) -> TextCell:
        """The change of the value; a dash with its reason where none is told."""
        if move.change.amount is None:
            return self.nothing(move.change.reason)
        relative = not self.catalogue.kpi[move.kpi].current.denominator
        return TextCell(change_texts(move.change.amount, self.catalogue.unit_of(move.kpi), relative, self.fmt)[1])

    def improvement(self, move: Move) -> TextCell:
        """The difference of the attainments in percentage points; a dash with its reason where none is told."""
        improved = move.improvement
        return self.nothing(improved.reason) if improved.amount is None else TextCell(self.fmt.points(improved.amount))

    def nothing(self, reason: Reason | None) -> TextCell:
        """No number, and why."""
        return TextCell(NOTHING, title=self.t(f"reason.{(reason or Reason.NO_DATA).value}"))

    def status(self, status: Status) -> StatusCell:
        """A traffic light."""
        return StatusCell(status.value, self.t(f"status.{status.value}"))


def side_by_side(
    moves: Mapping[str, Move],
    statuses: Mapping[str, tuple[Status, Status]],
    template: ScorecardTemplate,
    words: MoveWords,
    link: Callable[[str], str],
) -> Table:
    """Every KPI of the scorecard in two quarters; ``statuses`` are those of both, ``link`` the address of a KPI."""
    t, fmt = words.t, words.fmt
    columns = (
        Column("kpi", t("heat.column_kpi"), link=True),
        Column("before", fmt.period(words.before), "right", help=t("heat.help_value")),
        Column("now", fmt.period(words.now), "right", help=t("heat.help_value")),
        Column("change", t("heat.column_change"), "right", help=t("heat.help_change")),
        Column("improvement", t("heat.column_improvement"), "right", help=t("heat.help_improvement")),
        Column("status_before", t("heat.status_then", quarter=fmt.period(words.before))),
        Column("status_now", t("heat.status_then", quarter=fmt.period(words.now))),
    )

    def row(kpi: str) -> Row:
        move, (before, now) = moves[kpi], statuses[kpi]
        cells: dict[str, Cell] = {
            "kpi": TextCell(words.kpi(kpi)),
            "before": words.value(kpi, move.before, move.reached_before),
            "now": words.value(kpi, move.now, move.reached),
            "change": words.change(move),
            "improvement": words.improvement(move),
            "status_before": words.status(before),
            "status_now": words.status(now),
        }
        return Row(kpi, cells, href=link(kpi))

    groups = [
        RowGroup(
            [row(e.kpi) for e in template.entries if template.objective[e.objective].group == group.code],
            group.name.in_(t.language),
        )
        for group in template.groups
    ]
    return Table(t("heat.side_by_side"), columns, groups)


def dumbbells(moves: Iterable[Move], statuses: Mapping[str, Status], words: MoveWords) -> Spec | None:
    """Attainment then (hollow) and now (filled, by its status) of each KPI that has both; None when none has."""
    rows: list[dict[str, str | float]] = []
    for move in moves:
        then, now = move.reached_before.amount, move.reached.amount
        if then is None or now is None or move.improvement.amount is None:
            continue
        texts = words.fmt.percent(then), words.fmt.percent(now)
        role = statuses[move.kpi].value
        ends = [float(min(max(share, Decimal(0)), _WIDEST)) for share in (then, now)]
        rows.append(
            {
                "name": words.kpi(move.kpi),
                "before": ends[0],
                "after": ends[1],
                "edge": max(ends),
                "label": texts[1],
                "text": f"{words.fmt.period(words.before)} {texts[0]} → {words.fmt.period(words.now)} {texts[1]}",
                "role": role,
                "status": words.t(f"status.{role}"),
            }
        )
    return _dumbbells(rows, words.t("heat.target")) if rows else None


def _dumbbells(rows: Sequence[Mapping[str, str | float]], target: str) -> Spec:
    font = {"labelFontSize": 12, "labelLimit": 240}
    axis = {"title": None, "ticks": False, "domain": False, "grid": True, "labelFlush": False, **font}
    y = {"field": "name", "type": "nominal", "sort": [row["name"] for row in rows], "axis": axis}
    scale = {"zero": False, "nice": False, "padding": 30}
    percent = {"title": None, "format": ".0%", "tickCount": 6, "grid": False, "domain": False, "ticks": False, **font}
    x = {"type": "quantitative", "scale": scale, "axis": percent}
    colour = {"field": "role", "type": "nominal", "scale": {"domain": list(ROLES)}, "legend": None}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("name", "text", "status")]
    mark = {"size": 90, "strokeWidth": 2, "opacity": 1}
    return {
        "height": _ROW * len(rows) + _ROW // 2,
        "data": {"values": list(rows)},
        "layer": [
            {
                "data": {"values": [{"at": 1.0, "target": target}]},
                "layer": [
                    {
                        "mark": {"type": "rule", "strokeDash": [3, 3], "color": QUIET},
                        "encoding": {"x": {**x, "field": "at"}},
                    },
                    {
                        "mark": {"type": "text", "align": "left", "dx": 5, "dy": -8, "fontSize": 11, "color": QUIET},
                        "encoding": {
                            "x": {**x, "field": "at"},
                            "y": {"value": 0},
                            "text": {"field": "target", "type": "nominal"},
                        },
                    },
                ],
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6, "color": QUIET},
                "encoding": {"y": y, "x": {**x, "field": "before"}, "x2": {"field": "after"}},
            },
            {
                "mark": {"type": "point", "filled": False, "color": QUIET, **mark},
                "encoding": {"y": y, "x": {**x, "field": "before"}, "tooltip": tooltip},
            },
            {
                "mark": {"type": "point", "filled": True, **mark},
                "encoding": {"y": y, "x": {**x, "field": "after"}, "color": colour, "tooltip": tooltip},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 12, "color": QUIET},
                "encoding": {"y": y, "x": {**x, "field": "edge"}, "text": {"field": "label", "type": "nominal"}},
            },
        ],
        "config": {"view": {"stroke": None}},
    }


def movers(moves: Sequence[Move], label: str, words: MoveWords, link: Callable[[Move], str]) -> Table:
    """The moves as ranked, the greatest first: who, from where to where, and by how much as a bar."""
    t, fmt = words.t, words.fmt
    columns = (
        Column("who", t("heat.column_who"), link=True),
        Column("reached", t("heat.column_reached"), "right"),
        Column("improvement", t("heat.column_by"), "left", help=t("heat.help_improvement")),
    )
    told = [(move, move.improvement.amount) for move in moves if move.improvement.amount is not None]
    most = max((abs(improved) for _, improved in told), default=Decimal(1))

    def row(move: Move, improved: Decimal) -> Row:
        bar = BarCell(fmt.points(improved), float(abs(improved) / most), "green" if improved > 0 else "red", mark=0)
        cells: dict[str, Cell] = {
            "who": TextCell(words.kpi(move.kpi), note=words.org_unit(move.org_unit)),
            "reached": TextCell(f"{fmt.percent(move.reached_before.amount)} → {fmt.percent(move.reached.amount)}"),
            "improvement": bar,
        }
        return Row(f"{move.kpi} {move.org_unit}", cells, href=link(move))

    return Table(label, columns, [RowGroup([row(*each) for each in told])])


def movers_chart(best: Sequence[Move], worst: Sequence[Move], words: MoveWords) -> Spec:
    """The same moves as bars to both sides of a line, from the most improved down to the one that fell back most; both
    are given with the greatest first."""
    t, fmt = words.t, words.fmt

    def bar(move: Move, role: str, word: str) -> Mapping[str, str | float]:
        now, improved = move.reached.amount, move.improvement.amount or Decimal(0)
        way = f"{fmt.percent(move.reached_before.amount)} → {fmt.percent(now)}"
        who = f"{words.org_unit(move.org_unit)} · {words.kpi(move.kpi)}"
        text = f"{way} ({fmt.points(improved)})"
        return {"name": who, "amount": float(improved), "text": text, "role": role, "word": t(f"heat.{word}")}

    better = [bar(move, "green", "better") for move in best]
    return contribution_bars([*better, *(bar(move, "red", "worse") for move in reversed(worst))])


def ranking_sheet(
    ranking: Ranking, title: str, about: Mapping[str, str], stamp: Mapping[str, str], words: MoveWords
) -> Sheet:
    """Every ranked move for those who go on calculating, from the most improved to the one that fell back most."""
    t, fmt = words.t, words.fmt
    columns = [
        SheetColumn("org_unit", t("heat.column_org_unit"), 30),
        SheetColumn("kpi", t("heat.column_kpi"), 38),
        SheetColumn("before", f"{t('heat.column_reached')} {fmt.period(words.before)}", 18),
        SheetColumn("now", f"{t('heat.column_reached')} {fmt.period(words.now)}", 18),
        SheetColumn("improvement", t("heat.column_improvement"), 18),
    ]

    def row(move: Move) -> SheetRow:
        shares = {"before": move.reached_before, "now": move.reached, "improvement": move.improvement}
        numbers = {key: Number(share.amount, "0.0%") for key, share in shares.items()}
        return SheetRow({"org_unit": words.org_unit(move.org_unit), "kpi": words.kpi(move.kpi), **numbers})

    rows = [row(move) for move in (*ranking.best, *ranking.worst[::-1])]
    return Sheet("Scorecast", [(title, ""), *about.items()], columns, rows, stamp)
