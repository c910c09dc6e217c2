import csv
from io import StringIO

from report.tables import BarCell, Cell, Column, Row, RowGroup, SparkCell, StatusCell, Table, TextCell, as_csv

COLUMNS = [Column("name", "指标"), Column("bar", "达成率"), Column("status", "状态"), Column("spark", "趋势")]
POINTS = (1.0, None)
CELLS: dict[str, Cell] = {
    "name": TextCell("保费, 标准", note="按年"),
    "bar": BarCell("99.8%", 0.66, "amber"),
    "status": StatusCell("amber", "关注"),
    "spark": SparkCell("", POINTS, POINTS, POINTS, POINTS, POINTS),
}


def read(table: Table) -> list[list[str]]:
    return list(csv.reader(StringIO(as_csv(table).decode("utf-8-sig"), newline="")))


def test_a_file_says_what_the_cells_say_in_their_order() -> None:
    table = Table("t", COLUMNS, [RowGroup([Row("a", CELLS)])])
    assert read(table) == [["指标", "达成率", "状态", "趋势"], ["保费, 标准 (按年)", "99.8%", "关注", ""]]


def test_titles_of_groups_stand_in_a_column_of_their_own() -> None:
    table = Table(
        "t", COLUMNS[:1], [RowGroup([Row("a", CELLS)], title="财务"), RowGroup([Row("b", CELLS)], title="客户")]
    )
    assert [line[0] for line in read(table)] == ["", "财务", "客户"]


def test_a_file_begins_with_the_mark_by_which_spreadsheet_programs_know_its_encoding() -> None:
    assert as_csv(Table("t", COLUMNS)).startswith(b"\xef\xbb\xbf")


def test_a_cell_that_is_missing_is_empty_and_the_others_stay_under_their_titles() -> None:
    table = Table("t", COLUMNS, [RowGroup([Row("a", {"status": CELLS["status"]})])])
    assert read(table)[1] == ["", "", "关注", ""]
