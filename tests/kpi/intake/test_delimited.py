"""Csv and tsv files: any usual encoding and delimiter, the same facts as a workbook, and no guess at commas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kpi.intake.builders import errors, facts, inspect, workbook

ROWS = (
    ("指标", "机构", "期间", "单位", "实际", "计划"),
    ("标准保费", "北京", "2026年二季度", "万元", "123.45", "120"),
    ("13个月保费继续率", "上海", "2026Q2", "%", "85.5", ""),
    ("结案件数", "广东", "Q2 2026", "件", '"1,204"', "—"),
)
WANTED = {
    "standard_premium|beijing|2026Q2|actual": "1234500",
    "standard_premium|beijing|2026Q2|plan": "1200000",
    "persistency_13m_premium|shanghai|2026Q2|actual": "0.855",
    "claims_closed|guangdong|2026Q2|actual": "1204",
}


def text(delimiter: str, end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(("delimiter", "name"), [(",", "csv"), ("\t", "tsv"), ("|", "csv")])
def test_every_encoding_and_delimiter_gives_the_same_facts(encoding: str, delimiter: str, name: str) -> None:
    inspection = inspect(text(delimiter, "\r\n").encode(encoding), filename=f"数据.{name}")

    assert facts(inspection) == WANTED
    assert errors(inspection) == []
    assert inspection.facts[0].origin.cell == "E2"
    assert inspection.facts[0].origin.sheet == "数据"


def test_semicolons_are_read_where_no_comma_is_in_doubt() -> None:
    content = text(";").replace('"1,204"', "1204").encode()

    assert facts(inspect(content, filename="a.csv")) == WANTED


def test_a_comma_that_may_be_a_decimal_one_is_asked_about() -> None:
    (finding,) = inspect(text(";").replace("123.45", "123,45").encode(), filename="a.csv").findings

    assert "line 2" in finding.message.en
    assert "123,45" in finding.message.zh


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_breaks() -> None:
    content = 'KPI,Org unit,Period,Actual,Plan,Remarks\nclaims_closed,beijing,2026Q2,12,,"two\nlines, ""quoted"""\n'

    assert facts(inspect(content.encode(), filename="a.csv")) == {"claims_closed|beijing|2026Q2|actual": "12"}


def test_a_sheet_named_after_its_org_unit_needs_no_column_for_it() -> None:
    content = "KPI,Period,Actual,Plan\nclaims_closed,2026Q2,12,\n"

    assert facts(inspect(content.encode(), filename="北京分公司.csv")) == {"claims_closed|beijing|2026Q2|actual": "12"}


def test_a_planted_fault_is_named_by_its_cell() -> None:
    content = text(",").replace("123.45", "about").encode()

    assert errors(inspect(content, filename="a.csv")) == [("not_a_number", "E2", "about")]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xff\xfe\x00", "unknown encoding"),
        (b"a,b\n\x00\x01,2", "unknown encoding"),
        (b'a,b\n"open,2', "not valid CSV"),
    ],
)
def test_what_is_no_text_table_is_refused_in_words(content: bytes, word: str) -> None:
    (finding,) = inspect(content, filename="a.csv").findings

    assert finding.code == "file_unreadable"
    assert word in finding.message.en


def test_a_workbook_that_is_called_csv_is_read_as_what_it_is() -> None:
    content = workbook(ROWS[0], ("结案件数", "北京", "2026Q2", "件", 12, None))

    assert facts(inspect(content, filename="a.csv")) == {"claims_closed|beijing|2026Q2|actual": "12"}


@given(st.binary(max_size=300))
@settings(max_examples=80)
def test_any_bytes_called_csv_get_an_answer(content: bytes) -> None:
    inspection = inspect(content, filename="a.csv")

    assert inspection.findings or inspection.facts


@given(
    st.lists(
        st.lists(st.sampled_from(["KPI", "Period", "2026Q1", "claims_closed", "1", "", "北京"]), max_size=6), max_size=6
    )
)
@settings(max_examples=60)
def test_any_rows_get_an_answer(rows: list[list[str]]) -> None:
    inspection = inspect("\n".join(",".join(row) for row in rows).encode(), filename="a.csv")

    assert inspection.findings or inspection.facts or inspection.tables
