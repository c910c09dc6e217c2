"""The scorecard as a sheet: the lines and columns that are shown, with their numbers as they are calculated with."""

from collections.abc import Mapping, Sequence
from typing import Final

from kpi.scorecard.results import PartResult, Scorecard
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Language
from kpi.units import Dimension, Unit
from report.scorecard_lines import COLUMNS, Line, Shown
from report.sheets import Entry, Number, Sheet, SheetColumn, SheetRow
from report.words import Words

_PATTERNS: Final = {
    Dimension.MONEY: "#,##0.00",
    Dimension.COUNT: "#,##0.##",
    Dimension.SHARE: "0.0%",
    Dimension.SHARE_CHANGE: "0.0%",
}
_PERCENT, _SCORE, _CHANCE = "0.0%", "0.0", "0%"
_PARTS: Final = {"trend": (), "landing": ("landing_p10", "landing", "landing_p90")}
"""What stands in place of a column in a file; a picture has no number."""


def pattern_of(unit: Unit) -> str:
    """How a spreadsheet program writes a value in base units."""
    return _PATTERNS.get(unit.dimension, "#,##0.0")


def scorecard_sheet(
    card: Scorecard,
    template: ScorecardTemplate,
    lines: Sequence[Line],
    shown: Shown,
    language: Language,
    about: Mapping[str, str],
    stamp: Mapping[str, str],
) -> Sheet:
    """``lines`` as they are shown: in the scorecard's order beneath their objectives, perspectives and the total, in
    any other beneath the total alone. ``about`` and ``stamp`` say whose facts and forecast these are."""
    t = Words(language)
    keys = [key for column in COLUMNS if shown.has(column) for key in _PARTS.get(column, (column,))]
    fixed = [
        SheetColumn("name", t("scorecard.column_kpi"), 38),
        SheetColumn("code", t("scorecard.column_code"), 32),
        SheetColumn("unit", t("scorecard.column_unit"), 10),
    ]
    columns = [*fixed, *(SheetColumn(key, t(f"scorecard.column_{key}")) for key in keys)]
    if any(key in keys for key in ("last_quarter", "last_year")):
        columns.append(SheetColumn("change_is", t("scorecard.column_change_is"), 16))
    page = _Page(card, template, t, language)
    rows = [page.total(), *([page.kpi(line, 0) for line in lines] if shown.order else page.nested(lines))]
    title = t("scorecard.sheet_title")
    return Sheet(title, [(title, ""), *about.items()], columns, rows, stamp)


class _Page:
    def __init__(self, card: Scorecard, template: ScorecardTemplate, t: Words, language: Language) -> None:
        self.card, self.template, self.t, self.language = card, template, t, language

    def total(self) -> SheetRow:
        """The total score."""
        return self._part(self.t("scorecard.total"), self.card.whole, 0)

    def nested(self, lines: Sequence[Line]) -> list[SheetRow]:
        """Every line beneath its objective and perspective, and those that have one shown."""
        card, template = self.card, self.template
        rows: list[SheetRow] = []
        objectives = {part.code: part for part in card.objectives}
        for group in card.groups:
            inside = [line for line in lines if line.group == group.code]
            if inside:
                rows.append(self._part(template.group[group.code].name.in_(self.language), group, 0))
            for code in dict.fromkeys(line.objective for line in inside):
                rows.append(self._part(template.objective[code].name.in_(self.language), objectives[code], 1))
                rows += [self.kpi(line, 2) for line in inside if line.objective == code]
        return rows

    def _part(self, name: str, part: PartResult, level: int) -> SheetRow:
        entries: dict[str, Entry] = {
            "name": name,
            "code": part.code,
            "weight": Number(part.weight, _PERCENT),
            "score": Number(part.score.amount, _SCORE),
            "status": self.t(f"status.{part.status.value}"),
        }
        return SheetRow(entries, level, strong=True)

    def kpi(self, line: Line, level: int) -> SheetRow:
        """One line with every number it has."""
        result, landing, value = line.result, line.landing, pattern_of(line.unit)
        change = _PERCENT if line.relative or value == _PERCENT else value
        entries: dict[str, Entry] = {
            "name": line.name.in_(self.language),
            "code": line.kpi,
            "unit": self.t(f"dimension.{line.unit.dimension.value}"),
            "weight": Number(result.weight, _PERCENT),
            "score": Number(result.score.amount, _SCORE),
            "actual": Number(result.value.amount, value),
            "plan": Number(result.target.amount, value),
            "attainment": Number(result.attainment.amount, _PERCENT),
            "status": self.t(f"status.{result.status.value}"),
            "last_quarter": Number(result.on_last_quarter.amount, f"+{change};-{change};{change}"),
            "last_year": Number(result.on_last_year.amount, f"+{change};-{change};{change}"),
            "landing_p10": Number(landing.p10 if landing else None, value),
            "landing": Number(landing.p50 if landing else None, value),
            "landing_p90": Number(landing.p90 if landing else None, value),
            "chance": Number(landing.chance if landing else None, _CHANCE),
            "change_is": self.t("scorecard.relative" if line.relative else "scorecard.difference"),
        }
        return SheetRow(entries, level)
