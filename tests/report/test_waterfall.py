from report.pictures import svg
from report.waterfall import Bar, waterfall

BARS = (
    Bar("Forecast", 100.0, 100.0, "100.00", "forecast"),
    Bar("Claims ratio on earned risk premium (life)", 100.0, 100.5, "▲ +0.50", "green"),
    Bar("标准保费达成率", 100.5, 100.2, "▼ -0.30", "red"),
    Bar("Scenario", 100.2, 100.2, "100.20", "forecast"),
)


def test_every_step_is_written_beside_its_bar_in_the_order_given() -> None:
    steps, totals, texts = waterfall(BARS)["layer"]

    assert [row["text"] for row in texts["data"]["values"]] == ["100.00", "▲ +0.50", "▼ -0.30", "100.20"]
    assert [(row["start"], row["end"]) for row in steps["data"]["values"]] == [(100.0, 100.5), (100.5, 100.2)]
    assert [row["end"] for row in totals["data"]["values"]] == [100.0, 100.2]
    assert texts["encoding"]["y"]["sort"][0] == "Forecast"


def test_a_long_name_is_told_in_lines_and_whole_where_it_is_read_out() -> None:
    row = waterfall(BARS)["layer"][2]["data"]["values"][1]

    assert row["name"] == "Claims ratio on earned\nrisk premium (life)"
    assert row["said"] == "Claims ratio on earned risk premium (life) ▲ +0.50"


def test_it_is_drawn_without_a_browser() -> None:
    drawn = svg(waterfall(BARS), "What if", "light")

    for words in ("risk premium (life)", "标准保费达成率", "▼ -0.30"):
        assert words in drawn


def test_a_waterfall_without_a_step_has_its_totals_alone() -> None:
    assert len(waterfall((BARS[0], BARS[3]))["layer"]) == 2
