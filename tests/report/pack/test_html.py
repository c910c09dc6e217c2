"""The HTML file: everything inside, nothing from outside, words that stay words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.text import LANGUAGES, Language
from report.pack.html_file import html_file
from report.pack.html_marks import spark
from report.pack.palette import palette, turned
from report.tables import SparkCell
from tests.report.pack.builders import document, stamp

pytestmark = pytest.mark.slow


def written(language: Language = "en", said: str = "") -> str:
    made = document(language, commentary={"overview": said} if said else {})
    return html_file(made, stamp(made)).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_asked_of_anybody_else(language: Language) -> None:
    text = written(language)
    named = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?([^\"')>\s]+)", text)
    assert named
    assert all(address.startswith("#page-") for address in named)
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert "@import" not in text


def test_commentary_is_text_whatever_it_looks_like() -> None:
    text = written(said="<script>alert(1)</script> \"'&</p>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#x27;&amp;&lt;/p&gt;" in text
    assert "<script" not in text


def test_every_page_has_a_title_and_the_foot_and_every_chart_its_words() -> None:
    made = document()
    text = html_file(made, stamp(made)).decode()
    assert text.count('<section class="page') == len(made.pages) == text.count('<p class="foot">')
    assert text.count("<h1>") == len(made.pages)
    pictures = re.findall(r'<div class="picture" role="img" aria-label="([^"]*)"', text)
    assert len(pictures) == 5
    assert all(pictures)
    assert '<html lang="en">' in text


def test_the_dark_mode_has_a_colour_for_each_of_the_light_one_that_pictures_use() -> None:
    text = written()
    used = {colour.upper() for colour in re.findall(r'(?:fill|stroke)="(#[0-9A-Fa-f]{6})"', text)}
    assert used
    used -= {"#4C78A8"}  # of the layer that is not seen and catches the pointer
    assert used <= turned().keys()
    assert turned()[palette("light")["actual"]] == palette("dark")["actual"]
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


Points = st.lists(st.none() | st.floats(-1e12, 1e12), min_size=3, max_size=3).map(tuple)


@given(Points, Points, Points)
def test_a_sparkline_stays_inside_its_picture(actual: object, target: object, ahead: object) -> None:
    drawn = spark(SparkCell("words", actual, target, ahead, ahead, ahead))  # type: ignore[arg-type]
    for place in re.findall(r"(-?[\d.]+),(-?[\d.]+)", drawn):
        x, y = map(float, place)
        assert 0 <= x <= 88
        assert 0 <= y <= 18
