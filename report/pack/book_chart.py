"""A chart on a sheet: native, its numbers on the same sheet to the right of what is printed."""

from typing import Any

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from kpi.text import Language
from report.pack.document import Chart
from report.pack.number_formats import number_format, shown_amount
from report.pack.palette import palette
from report.pack.series import largest, series_of

_DATA_COLUMN = 17
_POINT = 12700
_DASHES = {"solid": "solid", "dash": "dash", "dot": "sysDot"}


def add_chart(sheet: Worksheet, anchor: str, block: Chart, language: Language) -> None:
    """The lines of actual, plan and forecast with both ends of its interval."""
    found = series_of(block)
    first = sheet[anchor].row
    for column, series in enumerate(found, _DATA_COLUMN + 1):
        sheet.cell(first, column, series.name)
        for row, amount in enumerate(series.amounts, first + 1):
            if amount is not None:
                cell: Any = sheet.cell(row, column, shown_amount(amount, block.form))
                cell.number_format = number_format(block.form, language, amount)
    for row, quarter in enumerate(block.order, first + 1):
        sheet.cell(row, _DATA_COLUMN, quarter)
    chart: Any = LineChart()
    last = first + len(block.order)
    data = Reference(sheet, min_col=_DATA_COLUMN + 1, max_col=_DATA_COLUMN + len(found), min_row=first, max_row=last)
    chart.add_data(data, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=_DATA_COLUMN, min_row=first + 1, max_row=last))
    chart.width, chart.height = 30, 8.2
    chart.legend.position = "t"
    chart.y_axis.number_format = number_format(block.form, language, largest(found))
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_rgb("line")))
    chart.x_axis.tickLblPos = "low"
    for series, drawn in zip(found, chart.series, strict=True):
        look = LineProperties(
            solidFill=_rgb(series.colour), prstDash=_DASHES[series.dash], w=int(series.width * _POINT)
        )
        drawn.graphicalProperties = GraphicalProperties(ln=look)
        drawn.marker = Marker("circle", 5) if series.marked else Marker("none")
        if series.marked:
            drawn.marker.graphicalProperties = GraphicalProperties(solidFill=_rgb(series.colour))
        drawn.smooth = False
    sheet.add_chart(chart, anchor)


def _rgb(name: str) -> str:
    return palette("light")[name].removeprefix("#")
