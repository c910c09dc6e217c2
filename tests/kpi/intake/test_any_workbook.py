"""Whatever stands in a workbook: an answer, never an exception, and no fact out of nothing."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError

from kpi.intake.readers import limits
from tests.kpi.intake.builders import DEMO, LONG_ZH, beginning, errors, inspect, saved, workbook

_WORDS = st.sampled_from(
    [
        *(
            "指标",
            "机构",
            "期间",
            "实际",
            "计划",
            "单位",
            "情景",
            "数值",
            "KPI",
            "Org unit",
            "Period",
            "Actual",
            "Plan",
            "Unit",
        ),
        *(
            "2026Q1",
            "2026Q2",
            "Q3 2025",
            "2026年",
            "2025年度",
            "2026Q9",
            "标准保费",
            "Claims paid",
            "risk_loss_ratio",
            "北京",
        ),
        *("Head office", "万元", "%", "元", "单位：万元", "合计", "—", "12%", "（3）", "1.2万", "#DIV/0!", "x", "备注"),
    ]
)
_CELLS = st.one_of(
    st.none(),
    _WORDS,
    st.text(max_size=6),
    st.integers(-(10**6), 10**6),
    st.integers(2018, 2028),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2035, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  (workbooks know no time zone)
)


def _book(grid: list[list[Any]], merges: list[tuple[int, int, int, int]]) -> bytes | None:
    book = Workbook()
    sheet: Any = book.active
    try:
        for row in grid:
            sheet.append(row)
    except IllegalCharacterError:
        return None
    for top, left, height, width in merges:
        area = {"start_row": top, "start_column": left, "end_row": top + height, "end_column": left + width}
        if not any(other.min_row <= top + height and other.max_row >= top for other in sheet.merged_cells.ranges):
            sheet.merge_cells(**area)
    return saved(book)


@given(
    st.lists(st.lists(_CELLS, max_size=8), max_size=10),
    st.lists(st.tuples(st.integers(1, 8), st.integers(1, 6), st.integers(0, 2), st.integers(0, 2)), max_size=2),
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
def test_any_grid_gets_an_answer_and_every_fact_stands_in_its_cell(
    grid: list[list[Any]], merges: list[tuple[int, int, int, int]]
) -> None:
    content = _book(grid, merges)
    if content is None:
        return
    inspection = inspect(content)

    assert inspection.facts or inspection.readings or inspection.findings or inspection.tables
    cells = [(fact.origin.sheet, fact.origin.cell) for fact in inspection.facts]
    assert len(cells) == len(set(cells))
    for fact in inspection.facts:
        assert fact.origin.text.strip()
        assert fact.value == fact.value  # no NaN


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_any_bytes_are_refused_politely(content: bytes) -> None:
    inspection = inspect(content)

    assert [item.code for item in inspection.findings] == ["file_unreadable"]
    assert inspection.refused


@given(st.integers(0, 4000), st.integers(1, 255))
@settings(max_examples=40)
def test_a_damaged_workbook_is_refused_or_read_never_a_crash(position: int, change: int) -> None:
    content = bytearray(beginning("06_restatement_long_en.xlsx"))
    content[position % len(content)] ^= change

    inspection = inspect(bytes(content))

    assert inspection.facts or inspection.findings


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "password", id="password or xls"),
        pytest.param(b"%PDF-1.7", "not an xlsx", id="another kind of file"),
    ],
)
def test_a_file_that_cannot_be_opened_says_what_it_is_and_what_to_do(content: bytes, word: str) -> None:
    (finding,) = inspect(content).findings

    assert word in finding.message.en
    assert finding.remedy.zh


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED", 1_000_000)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)

    (finding,) = inspect(buffer.getvalue()).findings

    assert "1 MB" in finding.message.en


def test_a_workbook_without_tables_says_so_and_an_extra_sheet_of_numbers_is_told() -> None:
    assert errors(inspect(workbook(("nothing", "here")))) == [("no_table", "", "")]

    book = Workbook()
    sheet: Any = book.active
    sheet.append(LONG_ZH)
    sheet.append(("承保件数", "北京", "2026Q1", "件", 5, None))
    other: Any = book.create_sheet("草稿")
    other["B2"] = 17
    inspection = inspect(saved(book))
    assert [(item.code, item.where) for item in inspection.findings] == [("sheet_not_read", "草稿!B2")]


def test_a_number_of_many_digits_stays_exact() -> None:
    (fact,) = inspect(workbook(LONG_ZH, ("标准保费", "北京", "2026Q1", "元", "123456789012345678.91", None))).facts

    assert fact.value == Decimal("123456789012345678.91")


def test_macros_in_a_demo_file_are_no_matter_because_nothing_is_run() -> None:
    buffer = BytesIO((DEMO / "06_restatement_long_en.xlsx").read_bytes())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Auto_Open")

    assert len(inspect(buffer.getvalue()).facts) == 1
