"""A chart on a slide: native, with its numbers behind it, so that whoever presents it can change it."""

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from kpi.text import Language
from report.pack.document import Chart
from report.pack.number_formats import number_format, shown_amount
from report.pack.series import Series, largest, series_of
from report.pack.slide import Put, Slide, colour

_HIGHEST, _LOWEST = 2.9, 1.6
_HEAD = 0.26
_LABELS = 8
_DATA: Any = CategoryChartData  # the library has no types
_DASHES = {"solid": None, "dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT}


def add_chart(
    slide: Slide, left: float, top: float, width: float, room: float, block: Chart, language: Language
) -> Put:
    """The lines of actual, plan and forecast with both ends of its interval."""
    high = min(_HIGHEST if width > 6 else 2.0, room - _HEAD)
    if high < _LOWEST:
        return 0.0, block
    slide.write(block.label, left, top, width, _HEAD, 11, "text", bold=True)
    data = _DATA()
    data.categories = block.order
    found = series_of(block)
    for series in found:
        amounts = [None if amount is None else shown_amount(amount, block.form) for amount in series.amounts]
        data.add_series(series.name, amounts)
    places = map(Inches, (left, top + _HEAD, width, high))
    frame: Any = slide.slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *places, data)
    frame.name = block.label
    frame._element.nvGraphicFramePr.cNvPr.set("descr", block.label)
    _look(frame.chart, found, number_format(block.form, language, largest(found)))
    return _HEAD + high, None


def _look(chart: Any, found: tuple[Series, ...], form: str) -> None:
    chart.font.size, chart.font.color.rgb = Pt(9), colour("text")
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    values, quarters = chart.value_axis, chart.category_axis
    values.has_major_gridlines, values.tick_labels.number_format = True, form
    values.tick_labels.number_format_is_linked = False
    values.major_gridlines.format.line.color.rgb = quarters.format.line.color.rgb = colour("line")
    values.format.line.fill.background()
    quarters.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _name_every(quarters, -(-len(found[0].amounts) // _LABELS))
    for series, drawn in zip(found, chart.plots[0].series, strict=True):
        line = drawn.format.line
        line.color.rgb, line.width = (
            colour(series.colour),
            Pt(series.width),
        )
        if _DASHES[series.dash] is not None:
            line.dash_style = _DASHES[series.dash]
        drawn.smooth = False
        drawn.marker.style = XL_MARKER_STYLE.CIRCLE if series.marked else XL_MARKER_STYLE.NONE
        if series.marked:
            drawn.marker.size = 5
            drawn.marker.format.fill.solid()
            drawn.marker.format.fill.fore_color.rgb = line.color.rgb
            drawn.marker.format.line.color.rgb = line.color.rgb


def _name_every(axis: Any, step: int) -> None:
    """Name each ``step``-th quarter alone; more would stand aslant."""
    last = axis._element.find(qn("c:noMultiLvlLbl"))
    last.addprevious(last.makeelement(qn("c:tickLblSkip"), {"val": str(step)}))
