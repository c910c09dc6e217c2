from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.text import Text
from report.scorecard_lines import COLUMNS, ORDERS, Line, Shown, arrange, read_shown
from tests.report.cards import lines

GROUPS = ("money", "work")
choices = st.builds(
    Shown,
    order=st.sampled_from(("", *ORDERS, *(f"-{column}" for column in ORDERS))),
    find=st.text(max_size=6).map(str.strip),
    states=st.sets(st.sampled_from(("red", "amber", "green", "none"))).map(
        lambda found: tuple(each for each in ("red", "amber", "green", "none") if each in found)
    ),
    groups=st.sets(st.sampled_from(GROUPS)).map(lambda found: tuple(each for each in GROUPS if each in found)),
    unlikely=st.booleans(),
    columns=st.sets(st.sampled_from(COLUMNS)).map(lambda found: tuple(each for each in COLUMNS if each in found)),
)


def codes(shown: Shown, of: tuple[Line, ...] | None = None) -> list[str]:
    return [line.kpi for line in arrange(of or lines(sales_kpi=0.9, lapse_rate=0.2), shown, "en")]


@given(choices)
def test_what_an_address_says_is_read_back(shown: Shown) -> None:
    assert read_shown(shown.params(), GROUPS) == (shown, ())


@given(choices)
def test_sorting_and_filtering_add_nothing_and_repeat_nothing(shown: Shown) -> None:
    found = codes(shown)
    assert len(found) == len(set(found))
    assert set(found) <= {"sales_kpi", "lapse_rate", "surveys"}


def test_the_scorecards_own_order_says_nothing_in_the_address() -> None:
    assert Shown().params() == {}
    assert codes(Shown()) == ["sales_kpi", "lapse_rate", "surveys"]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("score", ["lapse_rate", "sales_kpi", "surveys"]),
        ("-score", ["sales_kpi", "lapse_rate", "surveys"]),
        ("chance", ["lapse_rate", "sales_kpi", "surveys"]),
        ("-chance", ["sales_kpi", "lapse_rate", "surveys"]),
        ("status", ["lapse_rate", "sales_kpi", "surveys"]),
        ("weight", ["surveys", "lapse_rate", "sales_kpi"]),
        ("name", ["lapse_rate", "sales_kpi", "surveys"]),
        ("-name", ["surveys", "sales_kpi", "lapse_rate"]),
    ],
)
def test_what_has_no_number_comes_last_whichever_way_the_others_go(order: str, found: list[str]) -> None:
    assert codes(Shown(order=order)) == found


def test_chinese_names_go_by_their_sound() -> None:
    some = lines()
    named = [replace(some[0], name=Text(zh=zh, en=zh)) for zh in ("赔付率", "标准保费", "核保差错率")]
    found = [line.name.zh for line in arrange(named, Shown(order="name"), "zh")]
    assert found == ["标准保费", "核保差错率", "赔付率"]  # biao, he, pei


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (Shown(find="LAPSE"), ["lapse_rate"]),
        (Shown(find="kpi(中"), ["sales_kpi"]),
        (Shown(find="_"), ["sales_kpi", "lapse_rate"]),
        (Shown(states=("green", "none")), ["sales_kpi", "surveys"]),
        (Shown(groups=("work",)), ["lapse_rate", "surveys"]),
        (Shown(unlikely=True), ["lapse_rate"]),
        (Shown(unlikely=True, groups=("money",)), []),
    ],
)
def test_names_in_either_language_codes_and_filters_find(shown: Shown, found: list[str]) -> None:
    assert codes(shown) == found


def test_a_chance_of_one_half_is_not_unlikely_and_none_is_not_either() -> None:
    assert [line.unlikely for line in lines(sales_kpi=0.5, lapse_rate=0.49, surveys=None)] == [False, True, False]


def test_a_title_clicked_three_times_leads_back_to_where_it_began() -> None:
    shown = Shown()
    seen = []
    for _ in range(3):
        shown = replace(shown, order=shown.after_click("score"))
        seen.append((shown.order, shown.sorting("score"), shown.sorting("weight"), shown.sorting("plan")))
    assert seen == [
        ("score", "ascending", "none", ""),
        ("-score", "descending", "none", ""),
        ("", "none", "none", ""),
    ]


def test_no_choice_of_columns_is_all_of_them() -> None:
    assert all(Shown().has(column) for column in COLUMNS)
    assert [column for column in COLUMNS if Shown(columns=("plan", "score")).has(column)] == ["score", "plan"]
