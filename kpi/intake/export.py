"""Facts out, as a long table that intake reads back to the same facts."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from kpi.catalogue.models import Catalogue
from kpi.facts import Fact, canonical_decimal
from kpi.intake.plain_text import cell_text
from kpi.organisation import Organisation
from kpi.text import Language, Text

_COLUMNS = (
    (Text(zh="指标编码", en="Code"), 32),
    (Text(zh="指标", en="Measure"), 34),
    (Text(zh="机构编码", en="Org unit code"), 20),
    (Text(zh="机构", en="Org unit"), 22),
    (Text(zh="期间", en="Period"), 10),
    (Text(zh="情景", en="Scenario"), 10),
    (Text(zh="单位", en="Unit"), 10),
    (Text(zh="数值", en="Value"), 22),
    (Text(zh="备注", en="Note"), 40),
)
_TITLE = Text(zh="已批准的数据 · 快照 {snapshot}", en="Approved facts · snapshot {snapshot}")
_MOST_DIGITS = 15  # what Excel keeps of a number


def facts_workbook(
    facts: Sequence[Fact], catalogue: Catalogue, organisation: Organisation, snapshot: int, language: Language
) -> bytes:
    """An xlsx with one row a fact in base units, and in the note the cell each came from.

    A number with more digits than Excel keeps is written as text, so that none is lost.
    """
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Scorecast")
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.column_dimensions["ABCDEFGHI"[column]].width = width
    sheet.freeze_panes = "A4"
    sheet.append([_TITLE.in_(language).format(snapshot=snapshot)])
    sheet.append([])
    sheet.append([_bold(sheet, name.in_(language)) for name, _ in _COLUMNS])
    for fact in facts:
        key, value = fact.key, fact.value
        exact = len(value.normalize().as_tuple().digits) <= _MOST_DIGITS
        sheet.append(
            [
                key.measure,
                cell_text(catalogue.name_of(key.measure).in_(language)),
                key.org_unit,
                cell_text(organisation.by_code[key.org_unit].name.in_(language)),
                str(key.period),
                key.scenario.value,
                _base_unit(key.measure, catalogue),
                value if exact else canonical_decimal(value),
                cell_text(f"{fact.origin.sheet}!{fact.origin.cell}"),
            ]
        )
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _base_unit(measure: str, catalogue: Catalogue) -> str:
    dimension = catalogue.unit_of(measure).dimension
    return next(unit.code for unit in catalogue.units.units if unit.dimension is dimension and unit.factor == 1)


def _bold(sheet: Any, text: str) -> Any:  # openpyxl has no types
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
