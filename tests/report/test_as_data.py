import json
from dataclasses import asdict

from report.as_data import as_data
from report.tables import Column, Row, RowGroup, SparkCell, Table, TextCell

SPARK = SparkCell("trend", (1.0, None), (2.0, 2.5), (), (), ())
TABLE = Table(
    "KPIs", [Column("kpi", "KPI", link=True)], [RowGroup([Row("a", {"kpi": TextCell("A"), "t": SPARK})], "G")]
)


def test_a_table_is_sent_as_the_standard_library_would_spell_it() -> None:
    assert json.loads(json.dumps(as_data(TABLE))) == json.loads(json.dumps(asdict(TABLE)))


def test_no_list_is_left_for_the_platform_to_look_through() -> None:
    assert as_data([1, [2], {"a": [None]}]) == (1, (2,), {"a": (None,)})
