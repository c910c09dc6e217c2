"""A chart as a picture, drawn on this machine without a browser: SVG for documents, PNG for slides and mails.

Colours are those of the dashboard in the mode asked for. Source of the renderer: https://github.com/vega/vl-convert
"""

import json
import tomllib
from functools import cache
from typing import Any, Literal

import vl_convert

from kpi.settings import ROOT
from report.charts import TEXT, Spec

Mode = Literal["light", "dark"]
FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Noto Sans, sans-serif"
WIDTH = 720
_QUIET_GRID = 0.6


@cache
def theme() -> dict[str, Any]:
    """The dashboard's theme as its settings file has it: colours of both modes by name."""
    return dict(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"])


def config(mode: Mode) -> Spec:
    """What a Vega-Lite chart of the dashboard is drawn with: background, text, grid, the colours by role."""
    colours = theme()[mode]
    text, line = colours["textColor"], colours["borderColor"]
    return {
        "background": colours["backgroundColor"],
        "font": FONT,
        "range": {"category": colours["chartCategoricalColors"], "diverging": colours["chartDivergingColors"]},
        "text": {"color": text},
        "axis": {
            "labelColor": text,
            "titleColor": text,
            "gridColor": line,
            "gridOpacity": _QUIET_GRID,
            "domainColor": line,
            "tickColor": line,
            "labelPadding": 8,
        },
        "legend": {"labelColor": text, "titleColor": text},
        "header": {"labelColor": text, "titleColor": text},
        "title": {"color": text},
        "view": {"stroke": None},
    }


def drawable(spec: Spec, title: str = "", mode: Mode = "light", width: int = WIDTH) -> Spec:
    """``spec`` with everything that the page around it gives: width in px, colours, title. ``spec`` stays as it is."""
    text = theme()[mode]["textColor"]
    spec = json.loads(json.dumps(spec).replace(json.dumps(TEXT), json.dumps(text)))
    own = spec.get("config", {})
    head = {"title": {"text": title, "anchor": "start", "fontSize": 15, "offset": 14}} if title else {}
    sized = {} if "width" in spec or "columns" in spec or "facet" in spec else {"width": width}
    return {**spec, **head, **sized, "padding": 16, "config": {**config(mode), **own}}


def svg(spec: Spec, title: str = "", mode: Mode = "light", width: int = WIDTH) -> str:
    """The chart as SVG. Raises ValueError when ``spec`` is no chart."""
    return str(vl_convert.vegalite_to_svg(drawable(spec, title, mode, width)))


def png(spec: Spec, title: str = "", mode: Mode = "light", width: int = WIDTH) -> bytes:
    """The chart as PNG at twice its size, for screens and slides. Raises ValueError when ``spec`` is no chart."""
    return bytes(vl_convert.vegalite_to_png(drawable(spec, title, mode, width), scale=2))


def svg_as_png(drawing: str) -> bytes:
    """An SVG drawing as PNG at twice its size. Raises ValueError when it is none."""
    return bytes(vl_convert.svg_to_png(drawing, scale=2))
