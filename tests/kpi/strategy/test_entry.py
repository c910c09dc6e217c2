from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import Refused
from kpi.strategy import entry
from kpi.text import LANGUAGES, Language, Text
from tests.kpi.strategy.builders import catalogue

FIELD = Text(zh="预算", en="Budget")
UNITS = catalogue().units
languages = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("50000 万元", 500_000_000),
        ("5亿", 500_000_000),
        ("5 亿元", 500_000_000),
        ("500 million", 500_000_000),
        ("500 million yuan", 500_000_000),
        ("1,250.5 万元", 12_505_000),
        ("５００ 万元", 5_000_000),
        ("-3 百万元", -3_000_000),
        ("0.01 元", Decimal("0.01")),
    ],
)
def test_an_amount_with_its_unit_is_read_exactly(typed: str, yuan: Decimal) -> None:
    assert entry.read_amount(typed, FIELD, UNITS) == yuan


@pytest.mark.parametrize(("language", "yuan"), [("zh", 5_000_000), ("en", 500_000_000)])
def test_an_amount_without_a_unit_has_that_of_the_language(language: Language, yuan: int) -> None:
    assert entry.read_amount(entry.with_unit("500", language, UNITS), FIELD, UNITS) == yuan


@pytest.mark.parametrize("typed", ["five", "5 kg", "1 2 万元", "12,34 万元", "万元", "5%", "1" * 30, "5 万元左右", "-"])
def test_what_is_no_amount_is_refused_by_the_name_of_the_field(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        entry.read_amount(typed, FIELD, UNITS)
    assert refusal.value.message.en.startswith(f"Budget: “{typed}” is no amount.")
    assert refusal.value.message.zh.startswith(f"“预算”：“{typed}”不是金额。")


def test_an_amount_below_zero_is_refused_where_that_has_no_meaning() -> None:
    with pytest.raises(Refused, match="below zero"):
        entry.read_amount("-1 万元", FIELD, UNITS, negative=False)


@given(yuan=st.decimals(min_value=-(10**12), max_value=10**12, places=2), first=languages, second=languages)
def test_an_amount_means_the_same_in_whichever_language_it_is_shown_and_kept(
    yuan: Decimal, first: Language, second: Language
) -> None:
    kept = entry.kept_amount(yuan)
    for language in (first, second):
        kept = entry.with_unit(entry.shown_amount(kept, language, UNITS), language, UNITS)
    assert entry.read_amount(kept, FIELD, UNITS) == yuan


@given(typed=st.text(max_size=20), language=languages)
def test_whatever_is_typed_is_kept_and_shown_without_a_fault(typed: str, language: Language) -> None:
    kept = entry.with_unit(typed, language, UNITS)
    assert entry.amount_and_unit(typed, UNITS) is not None or kept == entry.shown_amount(kept, language, UNITS) == typed


@pytest.mark.parametrize(
    ("typed", "share"), [("65", "0.65"), ("65%", "0.65"), ("０", "0"), ("100 %", "1"), ("0.5", "0.005")]
)
def test_a_percentage_is_read_as_a_share(typed: str, share: str) -> None:
    assert entry.read_percent(typed, FIELD) == Decimal(share)


@pytest.mark.parametrize("typed", ["101", "-1", "half", "1e1", "65 points"])
def test_what_is_no_percentage_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"Budget: .* is not a percentage from 0 to 100"):
        entry.read_percent(typed, FIELD)


def test_years_and_dates_are_read_and_refused() -> None:
    assert entry.read_year(" 2028年", FIELD) == 2028
    assert entry.read_date("2027-06-30", FIELD) == date(2027, 6, 30)
    for read, typed in ((entry.read_year, "28"), (entry.read_date, "30.6.2027"), (entry.read_date, "2027-02-30")):
        with pytest.raises(Refused, match="Budget"):
            read(typed, FIELD)


def test_what_is_empty_is_said_to_be_empty() -> None:
    for read in (entry.read_year, entry.read_date, entry.read_percent):
        with pytest.raises(Refused, match="Budget is still empty"):
            read(" ", FIELD)


def test_words_in_one_language_stand_for_both_until_there_are_others() -> None:
    assert entry.read_words({"name.zh": " 理赔 "}, "name", FIELD) == Text(zh="理赔", en="理赔")
    assert entry.read_words({"name.zh": "理赔", "name.en": "Claims"}, "name", FIELD) == Text(zh="理赔", en="Claims")
    with pytest.raises(Refused, match="still empty"):
        entry.read_words({"name.en": " "}, "name", FIELD)
