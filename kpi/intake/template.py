"""Our own template: a workbook that goes out prefilled and comes back with values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kpi.catalogue.models import Catalogue, Term
from kpi.facts import Scenario
from kpi.intake.plain_text import cell_text
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.template import ScorecardTemplate
from kpi.text import Language, Text
from kpi.units import Dimension, Unit

_SHOWN_UNITS = {Dimension.MONEY: "wan_yuan", Dimension.SHARE: "percent"}
_HEADER_ROW = 4
_COLUMNS: tuple[tuple[str, Text, int], ...] = (
    ("code", Text(zh="指标编码", en="Code"), 30),
    ("measure", Text(zh="指标", en="Measure"), 34),
    ("org_code", Text(zh="机构编码", en="Org unit code"), 18),
    ("org_unit", Text(zh="机构", en="Org unit"), 20),
    ("period", Text(zh="期间", en="Period"), 11),
    ("unit", Text(zh="单位", en="Unit"), 12),
    ("last", Text(zh="上期值", en="Last value"), 15),
    ("actual", Text(zh="实际", en="Actual"), 15),
    ("plan", Text(zh="计划", en="Plan"), 15),
    ("note", Text(zh="备注", en="Note"), 46),
)
_TITLE = Text(zh="Scorecast 数据模板 · {quarter}", en="Scorecast template · {quarter}")
_HINT = Text(
    zh="只填“实际”和“计划”两列；没有数据请留空，不要填 0。其余各列已预填。",
    en="Fill in the columns Actual and Plan only; leave a cell empty, not 0, when there is no value.",
)
_NOTES = (
    Text(
        zh="每行是一个数据项、一个机构、一个季度。可以增加行，编码、机构和期间请照已有的写法。",
        en="A row is one quantity, one org unit and one quarter. Rows may be added in the same spelling.",
    ),
    Text(
        zh="“单位”可以改，例如把万元改为元；数值按所写的单位读取。",
        en="The unit may be changed, for example to yuan; values are read in the unit that stands there.",
    ),
    Text(
        zh="百分比可以写成 85%，也可以在单位为 % 时写成 85。",
        en="Write a percentage as 85%, or as 85 where the unit is percent.",
    ),
    Text(
        zh="请填当季数，不要填累计数；累计由系统计算。",
        en="Give the quarter on its own, not year to date; the system adds quarters up.",
    ),
    Text(
        zh="上传后先检查：每个问题都会指出工作表和单元格。批准之前不会改变任何数字。",
        en="An upload is checked first: every remark names its sheet and cell. No figure changes before approval.",
    ),
)
_SHEETS = {
    "data": Text(zh="数据", en="Data"),
    "notes": Text(zh="说明", en="Notes"),
    "lists": Text(zh="列表", en="Lists"),
}
_USED_IN = Text(zh="用于：{names}", en="Used in: {names}")
_NOT_A_NUMBER = Text(zh="请填写数字，没有数据时留空。", en="Write a number, or leave the cell empty.")
_NOT_IN_LIST = Text(zh="请从列表中选择。", en="Choose from the list.")

_HEAD_FILL, _INPUT_FILL = PatternFill("solid", fgColor="1F5F8B"), PatternFill("solid", fgColor="FFF9E5")
_LINE = Border(bottom=Side("thin", color="DCE3E9"))


@dataclass(frozen=True)
class TemplateRow:
    """One row to fill in: a measure in an org unit, and its last value in base units."""

    measure: str
    org_unit: str
    last: Decimal | None


def template_rows(
    scorecard: ScorecardTemplate,
    catalogue: Catalogue,
    organisation: Organisation,
    last_values: Mapping[tuple[str, str], Decimal],
) -> list[TemplateRow]:
    """Every quantity that the scorecard needs, in each org unit that reported it before.

    A quantity that nobody has reported yet is asked of the head office.
    """
    rows = []
    for measure in _measures(scorecard, catalogue):
        reporting = [unit.code for unit in organisation.units if (measure, unit.code) in last_values]
        rows += [
            TemplateRow(measure, unit, last_values.get((measure, unit)))
            for unit in reporting or [organisation.root.code]
        ]
    return rows


def write_template(
    rows: Iterable[TemplateRow],
    scorecard: ScorecardTemplate,
    catalogue: Catalogue,
    organisation: Organisation,
    quarter: Period,
    language: Language,
) -> bytes:
    """The workbook: a sheet to fill in, one with notes, and a hidden one with the drop-down lists."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _SHEETS["data"].in_(language)
    sheet["A1"] = _TITLE.in_(language).format(quarter=quarter)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = _HINT.in_(language)
    sheet["A2"].font = Font(color="55626E")
    _write_header(sheet, language)
    used_in = _used_in(scorecard, catalogue, language)
    rows = list(rows)
    for number, row in enumerate(rows, _HEADER_ROW + 1):
        unit = shown_unit(row.measure, catalogue)
        values = {
            "code": row.measure,
            "measure": catalogue.name_of(row.measure).in_(language),
            "org_code": row.org_unit,
            "org_unit": organisation.by_code[row.org_unit].name.in_(language),
            "period": str(quarter),
            "unit": unit.name.in_(language),
            "last": None if row.last is None else unit.from_base(row.last),
            "actual": None,
            "plan": None,
            "note": used_in.get(row.measure, ""),
        }
        _write_row(sheet, number, values)
    last = _HEADER_ROW + max(len(rows), 1)
    sheet.auto_filter.ref = f"A{_HEADER_ROW}:{get_column_letter(len(_COLUMNS))}{last}"
    sheet.freeze_panes = f"C{_HEADER_ROW + 1}"
    _add_lists(book, sheet, last + 200, catalogue, quarter, language)
    _add_notes(book, language)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def shown_unit(measure: str, catalogue: Catalogue) -> Unit:
    """The unit in which people write the measure: money in 万元, shares in percent, anything else as it is kept."""
    unit = catalogue.unit_of(measure)
    return catalogue.units[_SHOWN_UNITS[unit.dimension]] if unit.dimension in _SHOWN_UNITS else unit


def _measures(scorecard: ScorecardTemplate, catalogue: Catalogue) -> list[str]:
    """The components behind the scorecard's KPIs and gates, derived ones as what they are derived from."""
    found: dict[str, None] = {}

    def visit(terms: Iterable[Term]) -> None:
        for term in terms:
            derived = catalogue.component[term.component].derived_from
            if derived:
                visit(derived)
            else:
                found[term.component] = None

    for code in (*(entry.kpi for entry in scorecard.entries), *(gate.kpi for gate in scorecard.gates)):
        version = catalogue.kpi[code].current
        visit((*version.numerator, *version.denominator))
    return list(found)


def _used_in(scorecard: ScorecardTemplate, catalogue: Catalogue, language: Language) -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for entry in scorecard.entries:
        kpi = catalogue.kpi[entry.kpi]
        for term in (*kpi.current.numerator, *kpi.current.denominator):
            shown = names.setdefault(term.component, [])
            if kpi.name.in_(language) not in shown:
                shown.append(kpi.name.in_(language))
    joint = "、" if language == "zh" else ", "
    return {measure: _USED_IN.in_(language).format(names=joint.join(shown)) for measure, shown in names.items()}


def _write_header(sheet: Any, language: Language) -> None:  # openpyxl has no types
    for column, (_, name, width) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(_HEADER_ROW, column, name.in_(language))
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[_HEADER_ROW].height = 22


def _write_row(sheet: Any, number: int, values: Mapping[str, object]) -> None:  # openpyxl has no types
    for column, (role, _, _) in enumerate(_COLUMNS, 1):
        value = values[role]
        cell = sheet.cell(number, column, cell_text(value) if isinstance(value, str) else value)
        cell.border = _LINE
        if role in ("actual", "plan"):
            cell.fill = _INPUT_FILL
        if role in ("last", "actual", "plan"):
            cell.number_format = "#,##0.######"
        elif role in ("code", "org_code", "note"):
            cell.font = Font(color="55626E")


def _add_lists(
    book: Workbook, sheet: Any, last: int, catalogue: Catalogue, quarter: Period, language: Language
) -> None:
    lists: Any = book.create_sheet(_SHEETS["lists"].in_(language))
    lists.sheet_state = "hidden"
    choices = {
        "unit": [unit.name.in_(language) for unit in catalogue.units.units],
        "period": [str(quarter.shift(step)) for step in range(-8, 5)],
    }
    position = {role: column for column, (role, _, _) in enumerate(_COLUMNS, 1)}
    for column, (role, words) in enumerate(choices.items(), 1):
        for row, word in enumerate(words, 1):
            lists.cell(row, column, word)
        letter = get_column_letter(column)
        validation = DataValidation(
            type="list", formula1=f"='{lists.title}'!${letter}$1:${letter}${len(words)}", allow_blank=True
        )
        _watch(sheet, validation, position[role], last, _NOT_IN_LIST.in_(language))
    for role in ("actual", "plan"):
        numbers = DataValidation(
            type="decimal", operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True
        )
        _watch(sheet, numbers, position[role], last, _NOT_A_NUMBER.in_(language))


def _watch(sheet: Any, validation: DataValidation, column: int, last: int, message: str) -> None:
    letter = get_column_letter(column)
    validation.error, validation.showErrorMessage = message, True
    validation.add(f"{letter}{_HEADER_ROW + 1}:{letter}{last}")
    sheet.add_data_validation(validation)


def _add_notes(book: Workbook, language: Language) -> None:
    notes: Any = book.create_sheet(_SHEETS["notes"].in_(language), 1)
    notes.column_dimensions["A"].width = 110
    for row, text in enumerate(_NOTES, 1):
        notes.cell(row, 1, text.in_(language)).alignment = Alignment(wrap_text=True, vertical="top")


def last_values(
    rows: Iterable[tuple[str, str, Period, Scenario, Decimal]],
) -> tuple[dict[tuple[str, str], Decimal], Period | None]:
    """The newest actual of every measure and org unit, and the newest quarter of all."""
    newest: dict[tuple[str, str], tuple[Period, Decimal]] = {}
    for measure, unit, period, scenario, value in rows:
        if scenario is not Scenario.PLAN and ((measure, unit) not in newest or newest[measure, unit][0] <= period):
            newest[measure, unit] = (period, value)
    last = max((period for period, _ in newest.values()), default=None)
    return {key: value for key, (_, value) in newest.items()}, last
