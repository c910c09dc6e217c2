"""What is wrong with an input: each problem with its place, what was found and what to do, in both languages."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forecast.levels import parse_levels
from forecast.panels.problems import TOLD
from forecast.predict import predict
from kpi.errors import Refused
from kpi.text import Text
from tests.forecast.naive import SeasonalNaive
from tests.forecast.panels.files import MONTH_ENDS, QUARTERS, Files, Row, series

NOON = datetime.combine(date(2020, 3, 31), time(12))


def changed(at: int, row: Row) -> list[Row]:
    """Series A with another row at place ``at``; its first line in the file is 2."""
    rows = series("A")
    rows[at] = row
    return rows


def test_a_missing_column_is_named_beside_those_that_are_there(files: Files) -> None:
    text = files.refused(files.csv(series("A"), names="id,ds,value"))

    assert "there is no column unique_id; there are: id, ds, value. Rename one" in text.en
    assert "there is no column y" in text.en
    assert "缺少列 unique_id" in text.zh


def test_a_column_that_is_there_twice_is_refused(files: Files) -> None:
    source = files.text("unique_id,ds,y,y\nA,1,2,3\n")

    assert "column y is there 2 times. Keep one." in files.refused(source).en


@pytest.mark.parametrize(
    ("y", "says", "zh"),
    [
        ("", "y is empty. Write its value", "y 为空"),
        ("NaN", "y is 'NaN', not a finite number", "不是有限的数"),
        ("inf", "y is 'inf', not a finite number", "不是有限的数"),
        ("-Infinity", "y is '-Infinity', not a finite number", "不是有限的数"),
        ("1e999", "y is '1e999', not a finite number", "不是有限的数"),
        ("12 k", "y is '12 k', not a finite number", "不是有限的数"),
        (" 12", "y is ' 12', not a finite number", "不是有限的数"),
        ("1_000", "y is '1_000', not a finite number", "不是有限的数"),
        ('"1,000"', "y is '1,000', not a finite number", "不是有限的数"),
        ("0x10", "y is '0x10', not a finite number", "不是有限的数"),
        ("12%", "y is '12%', not a finite number", "不是有限的数"),
    ],
)
def test_a_value_that_is_no_number_is_refused_with_its_place(y: str, says: str, zh: str, files: Files) -> None:
    text = files.refused(files.csv(changed(2, ("A", "2020Q3", y))))

    assert text.en.startswith(f"line 4, unique_id A, ds 2020Q3: {says}")
    assert text.zh.startswith("第 4 行（unique_id A，ds 2020Q3）")
    assert zh in text.zh
    assert len(text.en.splitlines()) == 1


@pytest.mark.parametrize("y", [None, float("nan"), float("inf")])
def test_in_a_parquet_file_missing_and_infinite_values_are_refused_too(y: float | None, files: Files) -> None:
    assert files.refused(files.parquet(changed(2, ("A", "2020Q3", y)))).en.startswith("row 3, unique_id A, ds 2020Q3")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("", "2020Q3", 1), "line 4, unique_id , ds 2020Q3: unique_id is empty"),
        (("A", "", 1), "line 4, unique_id A, ds : ds is empty"),
        (("A", "2020Q5", 1), "line 4, unique_id A, ds 2020Q5: ds is not a quarter such as 2026Q3. Correct it."),
        (("A", "2020-09-30", 1), "ds is a date such as 2026-09-30, but the file began with a quarter such as 2026Q3."),
        (("A", "2020-Q3", 1), "ds is a quarter such as 2026-Q3, but the file began with a quarter such as 2026Q3."),
        (("A", "3", 1), "ds is an integer, but the file began with a quarter such as 2026Q3."),
        (("A", "2020Q4", 1), "line 5, unique_id A, ds 2020Q4: this quarter has a value already in line 4. Keep one."),
    ],
)
def test_a_row_that_names_no_series_or_quarter_of_its_own_is_refused(row: Row, says: str, files: Files) -> None:
    text = files.refused(files.csv(changed(2, row)))

    assert says in text.en


def test_a_file_whose_stamps_are_of_no_known_form_says_which_are_known(files: Files) -> None:
    text = files.refused(files.csv(series("A", ["Mar-20", "Jun-20"])))

    assert text.en.startswith("line 2, unique_id A, ds Mar-20: this ds is not understood. Write an integer, a date")
    assert len(text.en.splitlines()) == 2


def test_each_gap_names_the_quarters_that_are_missing(files: Files) -> None:
    rows = series("A")
    left = [row for index, row in enumerate(rows) if index not in {3, 7, 8}]

    assert files.refused(files.csv(left)).en.splitlines() == [
        "line 5, unique_id A, ds 2021Q1: 2020Q4 is missing before it. Fill it in, or keep only the quarters after the "
        "gap.",
        "line 8, unique_id A, ds 2022Q2: 2021Q4 .. 2022Q1 is missing before it. Fill it in, or keep only the quarters "
        "after the gap.",
    ]


def test_a_gap_between_dates_is_told_in_dates(files: Files) -> None:
    left = [row for index, row in enumerate(series("A", MONTH_ENDS)) if index != 2]

    assert "2020-09-30 is missing before it" in files.refused(files.csv(left)).en


@pytest.mark.parametrize(
    "stamps",
    [
        [f"2020-{month:02}-01" for month in range(1, 13)],
        [f"{year}-12-31" for year in range(2010, 2020)],
        [f"{year}Q4" for year in range(2010, 2020)],
        [f"{year}-{half}" for year in range(2015, 2020) for half in ("06-30", "12-31")],
        [*MONTH_ENDS[:6], "2021-10-31", *MONTH_ENDS[7:]],
    ],
)
def test_monthly_half_yearly_and_yearly_data_is_refused_once_a_series(stamps: list[str], files: Files) -> None:
    text = files.refused(files.csv(series("A", stamps) + series("B", stamps)))

    assert len(text.en.splitlines()) == 2
    assert "which is not one quarter earlier. Quarterly data is needed: make quarters of months first" in text.en
    assert "月度数据请先汇总成季度" in text.zh


def test_dates_on_changing_days_are_refused(files: Files) -> None:
    stamps = [*MONTH_ENDS[:4], "2021-03-30", *MONTH_ENDS[5:]]

    text = files.refused(files.csv(series("A", stamps)))

    assert text.en.startswith("line 6, unique_id A, ds 2021-03-30: the dates are neither all month ends nor all on one")
    assert len(text.en.splitlines()) == 1


def test_a_series_of_fewer_than_five_quarters_is_too_short(files: Files) -> None:
    text = files.refused(files.csv(series("A") + series("B", QUARTERS[:4])))

    assert text.en == (
        "line 14, unique_id B, ds 2020Q1: the series has 4 of 5 quarters it needs. Add earlier ones or leave it out."
    )
    assert "只有 4 个季度" in text.zh


def test_all_problems_of_a_file_are_told_at_once(files: Files) -> None:
    rows = [*changed(1, ("A", "2020Q2", "x")), *series("B", QUARTERS[:3]), *series("C", QUARTERS[1:6] + QUARTERS[7:])]

    lines = files.refused(files.csv(rows)).en.splitlines()

    assert [line.partition(":")[0] for line in lines] == [
        "line 3, unique_id A, ds 2020Q2",
        "line 14, unique_id B, ds 2020Q1",
        "line 22, unique_id C, ds 2021Q4",
    ]


def test_a_long_list_of_problems_is_cut_and_counted(files: Files) -> None:
    rows = [(unique_id, ds, "x") for unique_id, ds, _ in series("A") + series("B") + series("C")]

    lines = files.refused(files.csv([*rows, *series("D", QUARTERS[:1])])).en.splitlines()

    assert len(lines) == TOLD + 1
    assert lines[-1] == "and 17 more problems that are not listed."


def test_problems_of_a_scattered_file_have_their_places_in_it(files: Files) -> None:
    rows = [row for pair in zip(series("A"), series("B"), strict=True) for row in pair]
    rows[5] = ("B", "2020Q3", "x")
    del rows[10]

    assert [line.partition(". ")[0] for line in files.refused(files.csv(rows)).en.splitlines()] == [
        "line 7, unique_id B, ds 2020Q3: y is 'x', not a finite number",
        "line 13, unique_id A, ds 2021Q3: 2021Q2 is missing before it",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "cannot be read as a CSV file: Empty CSV file"),
        ("unique_id,ds,y\n", "the file has no rows"),
        ("unique_id,ds,y\n\n\n", "the file has no rows"),
        ("unique_id;ds;y\nA;1;2\n", "there is no column unique_id; there are: unique_id;ds;y."),
        ("unique_id,ds,y\nA,1,2\nA,2\nA,3,4,5\n", "line 3: 2 columns instead of 3.\n"),
    ],
)
def test_a_file_that_is_no_table_is_refused(content: str, says: str, files: Files) -> None:
    assert says in files.refused(files.text(content)).en


def test_a_file_in_another_encoding_is_refused(files: Files) -> None:
    source = files.folder / "in.csv"
    source.write_bytes("unique_id,ds,y\n上海,2020Q1,1\n".encode("gbk"))

    assert "Export it again (CSV in UTF-8)" in files.refused(source).en


def test_a_damaged_parquet_file_is_refused_wherever_the_damage_is(files: Files) -> None:
    whole = files.parquet(series("A")).read_bytes()
    for content in (b"", b"PAR1 not really PAR1", whole[: len(whole) // 2], whole[:4] + b"\xff" * 60 + whole[64:]):
        (files.folder / "in.parquet").write_bytes(content)

        assert "in.parquet cannot be read as a Parquet file" in files.refused(files.folder / "in.parquet").en


@pytest.mark.parametrize(
    ("types", "rows", "says"),
    [
        ({"y": pa.string()}, [("A", 1, "2")], "column y is of type string, not numbers"),
        ({"y": pa.bool_()}, [("A", 1, True)], "column y is of type bool, not numbers"),
        ({"unique_id": pa.float64()}, [(1.0, 1, 2.0)], "column unique_id is of type double, not text or integers"),
        ({"ds": pa.float64()}, [("A", 1.0, 2.0)], "column ds is of type double. Store an integer, a date"),
        (
            {"ds": pa.timestamp("us", "UTC")},
            [("A", datetime(2020, 3, 31, tzinfo=UTC), 2.0)],
            "column ds is of type timestamp[us, tz=UTC]",
        ),
        ({"ds": pa.timestamp("us")}, [("A", NOON, 2.0)], "this ds is not understood"),
        ({"ds": pa.timestamp("ns")}, [("A", 1, 2.0)], "this ds is not understood"),
        ({"ds": pa.int8()}, [("A", 120, 2.0)], "this ds is not understood"),
        ({"ds": pa.date32()}, [("A", date(2600, 3, 31), 2.0)], "this ds is not understood"),
    ],
)
def test_columns_of_types_that_hold_something_else_are_refused(
    types: dict[str, Any], rows: list[Row], says: str, files: Files
) -> None:
    assert says in files.refused(files.parquet(rows, **types)).en


def test_periods_that_only_look_like_integers_are_refused(files: Files) -> None:
    """Pandas keeps months as a count of months; taken for an index of quarters they would be forecast."""
    kept = {"ARROW:extension:name": "pandas.period", "ARROW:extension:metadata": '{"freq": "M"}'}
    pandas_period = pa.field("ds", pa.int64(), metadata=kept)
    source = files.parquet(series("A", range(12)))
    table = pq.read_table(source)
    schema = pa.schema([table.schema.field("unique_id"), pandas_period, table.schema.field("y")])
    pq.write_table(table.cast(schema), source)

    assert "column ds is of type" in files.refused(source).en


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda files: files.refused(files.csv(series("A"), name="in.txt")),
            "Give a file that ends in .csv or .parquet",
        ),
        (lambda files: files.refused(files.csv(series("A")), "out.xlsx"), "Let the output end in .csv or .parquet"),
        (lambda files: files.refused(files.csv(series("A")), "none/out.csv"), "there is no folder"),
        (lambda files: files.refused(files.csv(series("A")), "in.csv"), "is the input. Give it another name"),
        (lambda files: files.refused(files.folder / "none.csv"), "there is no file"),
        (lambda files: files.refused(files.csv(series("A")), horizon=9), "the network gives 1 to 8. Use --horizon 8."),
        (lambda files: files.refused(files.csv(series("A")), horizon=0), "0 quarters cannot be forecast"),
    ],
)
def test_a_call_that_cannot_be_done_is_refused(call: Callable[[Files], Text], says: str, files: Files) -> None:
    assert says in call(files).en


def test_a_folder_in_the_place_of_the_file_is_refused(files: Files) -> None:
    (files.folder / "in.csv").mkdir()

    assert "cannot be read as a CSV file" in files.refused(files.folder / "in.csv").en


def test_a_folder_in_the_place_of_the_output_is_refused(files: Files) -> None:
    (files.folder / "out.csv").mkdir()

    assert "out.csv is a folder" in files.refused(files.csv(series("A"))).en


def test_a_forecast_that_leaves_the_range_of_doubles_is_refused_by_name(files: Files) -> None:
    class Overflowing(SeasonalNaive):
        def quantiles(self, values: Any, present: Any) -> Any:
            quantiles = super().quantiles(values, present)
            quantiles[values[:, -1] > 1000.0, :, -1] = np.inf
            return quantiles

    source = files.csv(series("A") + series("B", first=1e300))

    with pytest.raises(Refused, match="the values of these series are too large to compute with: B"):
        files.forecast(source, network=Overflowing())

    assert files.names() == ["in.csv"]


@pytest.mark.parametrize(
    ("later", "says"),
    [
        (series("A"), "the input was changed while it was read, so nothing was written. Run it once more."),
        ([*series("A"), *series("B", QUARTERS[:3])], "the series has 3 of 5 quarters it needs"),
        ([*series("A"), ("B", "2020Q1", "x")], "y is 'x', not a finite number"),
    ],
)
def test_an_input_that_changes_between_its_two_readings_is_refused(later: list[Row], says: str, files: Files) -> None:
    source = files.csv(series("A") + series("B"))

    def meddle(_share: float, message: Text) -> None:
        if "checking" in message.en:
            files.csv(later)

    with pytest.raises(Refused, match=re.escape(says)):
        predict(source, files.folder / "out.csv", SeasonalNaive(), 8, parse_levels("80"), meddle)

    assert files.names() == ["in.csv"]
