import struct
import xml.etree.ElementTree as ET

import pytest

from report import charts, pictures
from tests.report.test_charts import AXIS, NAMES, ORDER, row

ROWS = [row(quarter, "actual", 1e6 * at) for at, quarter in enumerate(ORDER, 1)]
SPEC = charts.history(ROWS, ORDER, AXIS, NAMES)


def test_a_picture_carries_title_labels_and_the_colours_of_the_mode() -> None:
    light, dark = pictures.svg(SPEC, "保费收入", "light"), pictures.svg(SPEC, "保费收入", "dark")
    for drawn, mode in ((light, "light"), (dark, "dark")):
        theme = pictures.theme()[mode]
        assert "保费收入" in "".join(ET.fromstring(drawn).itertext())
        assert theme["backgroundColor"].lower() in drawn.lower()
        assert theme["chartCategoricalColors"][0].lower() in drawn.lower()  # actual
    assert "2026Q3" in light
    assert "3M" in light


def test_a_png_is_twice_as_wide_as_the_chart_so_that_it_is_sharp_on_a_slide() -> None:
    png = pictures.png(SPEC, width=300)
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">I", png[16:20])[0] > 600


def test_drawing_a_picture_leaves_the_chart_of_the_page_as_it_was() -> None:
    before = repr(SPEC)
    pictures.svg(SPEC, "title")
    assert repr(SPEC) == before


def test_what_is_no_chart_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        pictures.svg({"mark": "nothing", "encoding": 3})
