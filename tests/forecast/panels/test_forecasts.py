"""What comes out for a sound panel."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forecast.commands.options import parser
from forecast.panels.blocks import blocks
from forecast.panels.problems import Problems
from forecast.panels.reading import Reader
from forecast.panels.regroup import Regrouped
from forecast.panels.source import open_source
from forecast.predict import AT_ONCE
from kpi.settings import ROOT
from tests.forecast.naive import SeasonalNaive
from tests.forecast.panels.files import MONTH_ENDS, QUARTERS, Files, series

DATES = [date.fromisoformat(text) for text in MONTH_ENDS]
MIDNIGHTS = [datetime.combine(day, time.min) for day in DATES]
AHEAD = [date(2023, 3, 31), date(2023, 6, 30)]
MIDNIGHTS_AHEAD = [datetime.combine(day, time.min) for day in AHEAD]


def test_each_series_gets_its_quarters_with_median_and_intervals(files: Files) -> None:
    summary = files.forecast(files.csv(series("A") + series("B", first=500.0)), levels="80,95")

    rows = files.rows()
    assert (summary.series, summary.rows, summary.regrouped) == (2, 24, False)
    assert list(rows[0]) == [
        "unique_id",
        "ds",
        "scorecast",
        *("scorecast-lo-80", "scorecast-hi-80", "scorecast-lo-95", "scorecast-hi-95"),
    ]
    assert [row["unique_id"] for row in rows] == ["A"] * 8 + ["B"] * 8
    # Seasonal naive: the value of a year ago; the usual miss of this series is 4.
    assert [row["scorecast"] for row in rows[:8]] == [18, 19, 20, 21] * 2
    assert rows[0]["scorecast-lo-80"] == 18 - 1.3 * 4
    assert rows[15]["scorecast-hi-95"] == 511 + 2 * 2.0 * 4


STAMPS: list[tuple[list[Any], list[Any]]] = [
    (list(range(1, 13)), ["13", "14"]),
    (list(range(-12, 0)), ["0", "1"]),
    (list(QUARTERS), ["2023Q1", "2023Q2"]),
    ([q.replace("Q", "-Q") for q in QUARTERS], ["2023-Q1", "2023-Q2"]),
    ([q.replace("Q", " Q") for q in QUARTERS], ["2023 Q1", "2023 Q2"]),
    ([q.replace("Q", "q") for q in QUARTERS], ["2023q1", "2023q2"]),
    ([f"{q[4:]} {q[:4]}" for q in QUARTERS], ["Q1 2023", "Q2 2023"]),
    ([q.replace("Q", "年Q") for q in QUARTERS], ["2023年Q1", "2023年Q2"]),
    (list(MONTH_ENDS), ["2023-03-31", "2023-06-30"]),
    ([m.replace("-", "/") for m in MONTH_ENDS], ["2023/03/31", "2023/06/30"]),
    ([f"{m} 00:00:00" for m in MONTH_ENDS], ["2023-03-31 00:00:00", "2023-06-30 00:00:00"]),
    ([f"{m}T00:00:00" for m in MONTH_ENDS], ["2023-03-31T00:00:00", "2023-06-30T00:00:00"]),
    ([f"{m[:7]}-01" for m in MONTH_ENDS], ["2023-03-01", "2023-06-01"]),
    # A fiscal year may start in any month; and February has an end of its own.
    (["2022-11-30", "2023-02-28", "2023-05-31", "2023-08-31", "2023-11-30"], ["2024-02-29", "2024-05-31"]),
    (["2022-10-15", "2023-01-15", "2023-04-15", "2023-07-15", "2023-10-15"], ["2024-01-15", "2024-04-15"]),
]


@pytest.mark.parametrize(("past", "ahead"), STAMPS)
def test_ds_goes_on_in_the_way_it_is_written(past: list[Any], ahead: list[str], files: Files) -> None:
    files.forecast(files.csv(series("A", past)), horizon=2)

    assert files.stamps("A") == ahead


@pytest.mark.parametrize(
    ("kind", "stamps", "ahead"),
    [
        (pa.int8(), list(range(12)), [12, 13]),
        (pa.uint64(), list(range(12)), [12, 13]),
        (pa.date32(), DATES, AHEAD),
        (pa.timestamp("ns"), MIDNIGHTS, MIDNIGHTS_AHEAD),
        (pa.timestamp("ms"), MIDNIGHTS, MIDNIGHTS_AHEAD),
        (pa.large_string(), list(QUARTERS), ["2023Q1", "2023Q2"]),
    ],
)
def test_a_parquet_file_keeps_the_types_of_its_columns(
    kind: pa.DataType, stamps: list[Any], ahead: list[Any], files: Files
) -> None:
    source = files.parquet(series(7, stamps), unique_id=pa.int16(), ds=kind, y=pa.float32())

    files.forecast(source, "out.parquet", horizon=2)

    schema = pq.read_schema(files.folder / "out.parquet")
    assert (schema.field("unique_id").type, schema.field("ds").type) == (pa.int16(), kind)
    assert schema.field("scorecast").type == pa.float64()
    assert files.stamps(7, "out.parquet") == ahead


def test_dictionary_encoded_columns_are_read_as_what_they_encode(files: Files) -> None:
    encoded = pa.dictionary(pa.int32(), pa.string())

    files.forecast(files.parquet(series("A"), unique_id=encoded, ds=encoded), "out.csv", horizon=1)

    assert files.stamps("A") == ["2023Q1"]


@pytest.mark.parametrize("kind", [pa.int64(), pa.float32(), pa.decimal128(12, 2)])
def test_any_type_of_numbers_is_read(kind: pa.DataType, files: Files) -> None:
    rows = [(unique_id, ds, int(y)) for unique_id, ds, y in series("A")]

    files.forecast(files.parquet(rows, y=kind), horizon=1)

    assert files.rows()[0]["scorecast"] == 18.0


def test_ids_are_kept_as_they_are_written(files: Files) -> None:
    ids = ["007", "7", " spaced", "上海分公司", '"with, comma"']

    files.forecast(files.csv([row for unique_id in ids for row in series(unique_id)]), horizon=1)

    assert [row["unique_id"] for row in files.rows()] == ["007", "7", " spaced", "上海分公司", "with, comma"]


def test_rows_of_a_series_may_come_in_any_order(files: Files) -> None:
    rows = series("A") + series("B")
    mixed = rows[:12][::-1] + rows[12:][::-1]
    files.forecast(files.csv(rows), "straight.csv")

    summary = files.forecast(files.csv(mixed), "mixed.csv")

    assert not summary.regrouped
    assert (files.folder / "mixed.csv").read_bytes() == (files.folder / "straight.csv").read_bytes()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_scattered_series_are_brought_together_and_sorted_by_id(kind: str, files: Files) -> None:
    ids = [f"S{index:03}" for index in range(50)]
    rows = [row for index, unique_id in enumerate(ids) for row in series(unique_id, first=float(index))]
    files.forecast(files.csv(rows), "straight.csv")
    random.Random(1).shuffle(rows)

    summary = files.forecast(files.csv(rows) if kind == "csv" else files.parquet(rows), "scattered.csv")

    assert (summary.series, summary.rows, summary.regrouped) == (50, 600, True)
    assert (files.folder / "scattered.csv").read_bytes() == (files.folder / "straight.csv").read_bytes()


def test_pieces_on_the_disk_cut_between_series_and_keep_the_numbers_of_the_rows(files: Files) -> None:
    rows = [row for index in range(400) for row in series(index, range(5))]
    random.Random(1).shuffle(rows)
    source = files.parquet(rows)
    pieces = files.folder / "pieces"
    pieces.mkdir()

    regrouped = Regrouped(open_source(source), pieces, lambda: None, piece=300)

    found = [row for each in regrouped.rows() for row in zip(each.unique_id.to_pylist(), each.number, strict=True)]
    assert len(list(pieces.iterdir())) > 3
    assert [unique_id for unique_id, _ in found] == sorted(row[0] for row in rows)
    assert all(rows[number - 1][0] == unique_id for unique_id, number in found)
    made = list(blocks(Reader(regrouped, Problems()), watch=False))
    assert sum(len(block) for block in made) == 400


def test_a_file_longer_than_a_batch_is_cut_between_series_whatever_their_length(files: Files) -> None:
    lengths = [5] * 2 * AT_ONCE + [5 + index % 90 for index in range(2000)]
    rows = [row for index, length in enumerate(lengths) for row in series(index, range(length), first=float(index))]

    summary = files.forecast(files.parquet(rows), "out.parquet", horizon=1)

    medians = {row["unique_id"]: row["scorecast"] for row in files.rows("out.parquet")}
    assert summary.rows == sum(lengths) > 100_000
    assert medians == {index: index + length - 4 for index, length in enumerate(lengths)}


def test_the_network_is_given_the_quarters_that_it_sees_and_the_year_before(files: Files) -> None:
    given: list[tuple[list[float], list[bool]]] = []

    class Watched(SeasonalNaive):
        context = 2

        def quantiles(self, values: Any, present: Any) -> Any:
            given.extend(zip(values.tolist(), present.tolist(), strict=True))
            return super().quantiles(values, present)

    files.forecast(files.csv(series("A", QUARTERS[:5]) + series("B") + series("C")), network=Watched())

    assert given[:2] == [
        ([0.0, 10.0, 11.0, 12.0, 13.0, 14.0], [False] + [True] * 5),
        ([16.0, 17.0, 18.0, 19.0, 20.0, 21.0], [True] * 6),
    ]


def test_columns_that_are_not_used_are_named(files: Files) -> None:
    rows = [(*row, "Macro") for row in series("A")]
    source = files.text("\n".join(["unique_id,ds,y,category", *(",".join(map(str, row)) for row in rows)]))

    assert files.forecast(source).unused_columns == ("category",)


def test_what_a_spreadsheet_adds_to_a_csv_file_does_no_harm(files: Files) -> None:
    lines = ["\ufeffunique_id,ds,y", *(",".join(map(str, row)) for row in series("A")), "", ""]

    assert files.forecast(files.text("\r\n".join(lines))).rows == 12


def test_numbers_may_be_written_in_any_usual_way(files: Files) -> None:
    written = ["1", "-2.5", ".5", "1e3", "+4", "5.", "0", "-0"]
    rows = [("A", index, y) for index, y in enumerate(written)]

    files.forecast(files.csv(rows), horizon=4)

    assert [row["scorecast"] for row in files.rows()] == [4, 5, 0, 0]


def test_numbers_of_the_output_give_the_same_doubles_back(files: Files) -> None:
    generator = np.random.default_rng(1)
    rows = [("A", index, float(generator.normal()) * 10.0**index) for index in range(12)]
    source = files.parquet(rows)

    files.forecast(source, "out.csv")
    files.forecast(source, "out.parquet")

    assert files.rows("out.csv") == [row | {"ds": str(row["ds"])} for row in files.rows("out.parquet")]


def test_an_older_output_is_replaced(files: Files) -> None:
    files.text("old", "out.csv")

    files.forecast(files.csv(series("A")))

    assert files.names() == ["in.csv", "out.csv"]
    assert len(files.rows()) == 8


def test_the_longest_month_is_no_trap_for_dates_near_its_end(files: Files) -> None:
    """On the 29th of each quarter's second month there is a February that has no such day."""
    past = ["2023-02-28", "2023-05-28", "2023-08-28", "2023-11-28", "2024-02-28"]
    files.forecast(files.csv(series("A", past)), horizon=4)

    days = [date.fromisoformat(text) for text in files.stamps("A")]
    assert [day.day for day in days] == [28] * 4
    assert days[-1] - days[-2] > timedelta(days=80)


def test_the_example_of_the_documentation_gives_what_it_says(files: Files) -> None:
    page = (ROOT / "docs" / "predict.md").read_text(encoding="utf-8")
    content = page.partition("```csv\n")[2].partition("```")[0]
    (line,) = [line for line in page.splitlines() if line.startswith("python -m forecast predict visits.csv")]
    command = parser().parse_args(line.split()[3:])

    files.forecast(files.text(content, command.input.name), command.output.name, command.horizon, command.levels)

    names, *rows = (files.folder / command.output).read_text(encoding="utf-8").splitlines()
    starts = [",".join(row.split(",")[:2]) for row in rows]
    assert starts == ["north,2026Q3", "north,2026Q4"]
    assert all(f"`{said}`" in page for said in (names, *starts))
