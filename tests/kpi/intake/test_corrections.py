"""What was said about a workbook, and the form by which the next one is known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.intake.corrections import ASIDE, Corrections, SheetCorrection, key_of, shape_of
from kpi.intake.grid import Raw, Sheet, Workbook

LABELS = st.text(max_size=12)
SHEETS = st.builds(
    SheetCorrection,
    skip=st.booleans(),
    org_unit=st.sampled_from(["", "jiangsu"]),
    scenario=st.sampled_from(["", "actual", "plan", "restated"]),
    year=st.none() | st.integers(2000, 2050),
    unit=st.sampled_from(["", "wan_yuan"]),
    cumulative=st.none() | st.booleans(),
)
CODES = st.sampled_from(["", "claims", "agents"])
ANY = st.builds(
    Corrections,
    measures=st.dictionaries(LABELS, CODES, max_size=4),
    org_units=st.dictionaries(LABELS, CODES, max_size=4),
    sheets=st.dictionaries(st.text(max_size=8), SHEETS, max_size=4),
)


def book(*sheets: tuple[str, list[list[Raw]]]) -> Workbook:
    return Workbook("book.xlsx", "0" * 64, tuple(Sheet(name, rows) for name, rows in sheets))


@given(ANY)
def test_corrections_come_back_from_json_as_they_were(corrections: Corrections) -> None:
    assert Corrections.model_validate_json(corrections.model_dump_json()) == corrections


@given(ANY, ANY, ANY)
def test_merging_keeps_both_and_lets_the_later_one_count(
    one: Corrections, two: Corrections, three: Corrections
) -> None:
    merged = one.merged_with(two)

    assert merged.measures == {**one.measures, **two.measures}
    assert merged.merged_with(three) == one.merged_with(two.merged_with(three))
    assert Corrections().merged_with(one) == one == one.merged_with(Corrections())


def test_a_label_is_found_however_it_is_written() -> None:
    corrections = Corrections(
        measures={"标保 (万元)": "standard_premium", "小计": ASIDE}, org_units={"苏分": "jiangsu"}
    )

    assert corrections.measure("標保（萬元）") == "standard_premium"
    assert corrections.measure(" 小 计 ") == ASIDE
    assert corrections.measure("保费") is None
    assert corrections.org_unit("苏分") == "jiangsu"
    assert corrections.count == 3
    assert Corrections().count == 0


def test_a_label_of_signs_alone_has_a_key_of_its_own() -> None:
    assert key_of("***") == "***"
    assert key_of("—") != key_of("***")


def test_a_sheet_of_the_next_quarter_follows_the_last_one_and_two_that_differ_are_not_followed() -> None:
    plan = SheetCorrection(scenario="plan")
    one = Corrections(sheets={"2026Q3 预算": plan})
    two = Corrections(sheets={"2026Q1": plan, "2026Q2": SheetCorrection(skip=True)})

    assert one.sheet("2026Q4 预算") == plan
    assert one.sheet("2026Q4") == SheetCorrection()
    assert two.sheet("2026Q1") == plan
    assert two.sheet("2026Q3") == SheetCorrection()


def test_the_year_is_not_carried_to_the_next_file() -> None:
    corrections = Corrections(
        measures={"标保": "standard_premium"},
        sheets={"a": SheetCorrection(year=2026, unit="wan_yuan"), "b": SheetCorrection(year=2026)},
    )

    assert corrections.lasting().sheets == {"a": SheetCorrection(unit="wan_yuan")}
    assert corrections.lasting().measures == corrections.measures


def quarter(year: int, name: str, month: str, *values: Raw) -> Workbook:
    return book(
        (f"{year}{name}", [["指标", "机构", f"{year}年{name}", f"{month}-26"], ["标准保费（万元）", "江苏", *values]]),
        ("说明", [[f"截至{year}年{month}"]]),
    )


@pytest.mark.parametrize(
    "later",
    [
        quarter(2026, "四季度", "Dec", 5, 6.5),
        quarter(2027, "一季度", "Mar", "1,234.5", "12.5%"),
        quarter(2026, "三季度", "Sep", None, date(2026, 9, 30)),
        quarter(2026, "三季度", "Sep", "比上季增长" + "，比上季增长" * 20, 1),
    ],
)
def test_the_file_of_the_next_quarter_has_the_same_shape(later: Workbook) -> None:
    assert shape_of(later) == shape_of(quarter(2026, "三季度", "Sep", 1, 2))


def test_another_quarter_sheet_of_the_same_form_does_not_change_the_shape() -> None:
    sheets: list[tuple[str, list[list[Raw]]]] = [
        (f"2026Q{number}", [["指标", "值"], ["标准保费", number]]) for number in (1, 2, 3)
    ]

    assert shape_of(book(*sheets)) == shape_of(book(*sheets[:2]))


@pytest.mark.parametrize(
    "other",
    [
        book(("Q3", [["指标", "计划"], ["标准保费", 1]])),
        book(("Q3", [["指标", "实际"], ["保费", 1]])),
        book(("表", [["指标", "实际"], ["标准保费", 1]])),
        book(("Q3", [["指标", "实际"], ["标准保费", 1]]), ("说明", [["备注"]])),
        book(),
    ],
)
def test_another_form_has_another_shape(other: Workbook) -> None:
    assert shape_of(other) != shape_of(book(("Q3", [["指标", "实际"], ["标准保费", 1]])))


def test_what_stands_far_below_does_not_count() -> None:
    row: list[Raw] = ["标准保费", 1]
    rows: list[list[Raw]] = [["指标", "实际"], *([row] * 250)]

    assert shape_of(book(("Q3", [*rows, ["尾注", 1]]))) == shape_of(book(("Q3", rows)))
