"""The PDF as a reader gets it: pages, feet, glyphs of embedded fonts; and clear words where it cannot be made."""

import builtins
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

import pytest

from kpi.errors import Refused
from kpi.text import LANGUAGES
from report.pack.pdf import engine, pdf_file
from tests.report.pack.builders import document, stamp
from tests.report.pack.pdf_text import read_pdf

pytestmark = pytest.mark.slow


def test_every_page_has_its_words_its_number_and_the_foot() -> None:
    made = document(
        "zh", ["cover", "overview", "loss_ratio", "evidence"], {"overview": "赔付率上升 <b>&</b> 费用可控。"}
    )
    found = read_pdf(pdf_file(made, stamp(made)))
    assert len(found.pages) == 4
    for number, text in enumerate(found.pages, 1):
        assert stamp(made).foot(made) in text.replace("\n", "")
        assert f"{number} / 4" in text
    assert "赔付率上升 <b>&</b> 费用可控。" in found.pages[1]
    assert "董事会报告" in found.pages[0]
    assert stamp(made).content in found.pages[3].replace("\n", "")


def test_every_font_is_inside_and_chinese_is_drawn_by_a_chinese_one() -> None:
    made = document("zh", ["cover", "overview"])
    found = read_pdf(pdf_file(made, stamp(made)))
    assert found.embedded
    assert any("CJK" in name or "SC" in name for name in found.embedded)
    assert not any("?" in page for page in found.pages)


def test_the_file_carries_no_time_but_that_of_its_run_and_is_known_by_its_content() -> None:
    made = document(pages=["cover"])
    content = pdf_file(made, stamp(made))
    assert content == pdf_file(made, stamp(made))
    about = read_pdf(content).about
    assert b"D:20261102123000" in about
    assert stamp(made).content.encode() in about


def test_where_pango_is_missing_the_refusal_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def broken(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002  (the names that Python gives them)
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        if name == "weasyprint":
            print("WeasyPrint could not import some external libraries.")
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, globals, locals, fromlist, level)

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(Refused) as refusal:
        engine()
    for language in LANGUAGES:
        assert "apt install libpango-1.0-0" in refusal.value.in_(language)
        assert "--format pptx,xlsx,html" in refusal.value.in_(language)
    assert capsys.readouterr().out == ""
