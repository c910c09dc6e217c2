"""Slides: tables and charts that can be changed, everything inside its slide, and no word left out."""

import io
from dataclasses import replace

import pptx
import pytest
from pptx.util import Inches

from kpi.text import LANGUAGES, Language
from kpi.units import Dimension
from report.pack.document import Band, Card, Cards, Chart, Document, Need, Needs, Page
from report.pack.slides import pptx_file
from report.pack.source import Source
from tests.report.pack.builders import SNAPSHOT, document, overlay, source, stamp

LONG = "这一季度的赔付率高于计划，原因是两家分公司的大额理赔集中到账。" * 60 + "\n\n" + "word " * 700


def deck(made: Document) -> "pptx.presentation.Presentation":
    return pptx.Presentation(io.BytesIO(pptx_file(made, stamp(made))))


def texts(slide: object) -> list[str]:
    shapes = slide.shapes  # type: ignore[attr-defined]
    said = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    cells = [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return said + cells


def inside(found: "pptx.presentation.Presentation") -> None:
    for slide in found.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= found.slide_width
            assert shape.top + shape.height <= Inches(7.5)


def on_one_page(*bands: Band) -> Document:
    return document(pages=["cover"]).model_copy(update={"pages": (Page(code="overview", title="T", bands=bands),)})


def words(found: "pptx.presentation.Presentation") -> list[str]:
    return [line for slide in found.slides for text in texts(slide) for line in text.replace("\x0b", "\n").split("\n")]


def without_a_branch() -> Source:
    """A company whose value of the third quarter rests on a part of its branches."""
    rows = tuple(row for row in source().inputs.rows if not (row[1] == "beijing" and str(row[2]) == "2026Q3"))
    return source(facts=rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_have_titles_native_tables_and_charts_and_the_foot(language: Language) -> None:
    made = document(language)
    slides = list(deck(made).slides)
    assert [slide.shapes.title.text.split("   ")[0] for slide in slides] == [page.title for page in made.pages]
    for slide in slides:
        assert stamp(made).foot(made) in texts(slide)
    kpi = slides[4]
    chart = next(shape.chart for shape in kpi.shapes if shape.has_chart)
    assert [series.name for series in chart.plots[0].series][-3:] == ["P50", "P10", "P90"]
    assert any(shape.has_table for shape in kpi.shapes)


def test_a_long_commentary_goes_on_over_slides_and_no_word_is_lost_or_outside() -> None:
    made = document("zh", ["overview"], {"overview": LONG})
    found = deck(made)
    assert len(found.slides) > 2
    said = "".join(text for slide in found.slides for text in texts(slide))
    squeezed = "".join(said.split())
    assert squeezed.count("大额理赔集中到账") == 60
    assert squeezed.count("word") == 700
    inside(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_every_card_is_on_a_slide(language: Language) -> None:
    made = document(language, of=without_a_branch())
    cards = [card for page in made.pages for block in page.blocks if isinstance(block, Cards) for card in block.cards]
    said = words(deck(made))
    assert any(len(card.lines) > 1 for card in cards)
    for card in cards:
        assert not [line for line in card.lines if line not in said]


def test_cards_that_one_slide_cannot_hold_go_on_upon_the_next() -> None:
    many = tuple(Card(label=f"L{index}", text="1", lines=("a", "b", "c", "d")) for index in range(30))
    found = deck(on_one_page(Band(columns=((Cards(cards=many),), (Cards(cards=many[:2]),)))))
    assert len(found.slides) > 1
    assert {f"L{index}" for index in range(30)} <= set(words(found))
    inside(found)


def test_how_many_matters_are_left_out_is_told_even_when_it_falls_on_the_next_slide() -> None:
    for count in range(1, 40):
        items = tuple(Need(status="red", word="Red", subject=f"S{index}", reason="r") for index in range(count))
        found = deck(on_one_page(Band.of(Needs(title="N", items=items, empty="", more="and 9 more"))))
        said = words(found)
        assert said.count("and 9 more") == 1
        assert [said.count(item.subject) for item in items] == [1] * count


def test_a_landing_set_by_hand_stands_on_its_kpi_and_among_the_landings_however_long_its_reason_is() -> None:
    reason = "We expect more.\x0b" + "大额理赔集中到账。" * 700
    made = document(pages=["landings", "loss_ratio"], of=replace(source(), overlays=(overlay("loss_ratio", reason),)))
    found = deck(made)
    said = "".join("".join(words(found)).split())
    assert [said.count(sign) for sign in "大额理赔"] == [1400] * 4
    assert said.count("(byli,approvedbywang)") == 2
    inside(found)


def test_an_approval_that_says_more_than_a_slide_holds_goes_on_upon_the_next() -> None:
    given = replace(source(), snapshot=SNAPSHOT.model_copy(update={"reason": "word " * 4000}))
    found = deck(document(pages=["evidence"], of=given))
    assert " ".join(words(found)).split().count("word") == 4000
    inside(found)


def test_the_axis_of_a_chart_is_written_in_one_size() -> None:
    chart = next(block for block in document().pages[4].blocks if isinstance(block, Chart))
    points = tuple(point.model_copy(update={"amount": 2.5e8, "low": None, "high": None}) for point in chart.points)
    money = chart.model_copy(update={"form": Dimension.MONEY, "points": points})
    axes = [
        shape.chart.value_axis.tick_labels.number_format
        for slide in deck(on_one_page(Band.of(money))).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert axes == ['"¥"#,##0.00,,"M"']
