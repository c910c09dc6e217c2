import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from kpi.periods import Period
from kpi.text import Language, Text
from kpi.units import Dimension, Unit
from report.format import NOTHING, Format, plain

ZH, EN = Format("zh"), Format("en")
amounts = st.decimals(min_value=-(10**18), max_value=10**18, allow_nan=False, allow_infinity=False, places=6)
languages = st.sampled_from((ZH, EN))


def unit(dimension: Dimension) -> Unit:
    return Unit(code="u", dimension=dimension, factor=Decimal(1), name=Text(zh="单位", en="unit"))


units = st.sampled_from(list(Dimension)).map(unit)
MONEY, COUNT, SHARE = unit(Dimension.MONEY), unit(Dimension.COUNT), unit(Dimension.SHARE)
POINTS, DAYS = unit(Dimension.SHARE_CHANGE), unit(Dimension.DAYS)


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ("0", "0元", "¥0"),
        ("12.5", "12.5元", "¥12.5"),
        ("9999", "9,999元", "¥9,999"),
        ("12345", "1.23万元", "¥12,345"),
        ("1234567", "123.46万元", "¥1.23M"),
        ("123456789", "1.23亿元", "¥123.46M"),
        ("3400000000", "34亿元", "¥3.4B"),
        ("1200000000000", "1.2万亿元", "¥1.2T"),
    ],
)
def test_money_is_shortened_as_each_language_does(amount: str, zh: str, en: str) -> None:
    assert (ZH.value(Decimal(amount), MONEY), EN.value(Decimal(amount), MONEY)) == (zh, en)


def test_what_rounds_up_to_the_next_step_is_written_with_it() -> None:
    """99 999 999 was once written as 10000万, and 999 999 999 as 1000M."""
    assert ZH.value(Decimal(99_999_999), MONEY) == "1亿元"
    assert EN.value(Decimal(999_999_999), MONEY) == "¥1B"
    assert EN.value(Decimal(995_000_000), MONEY) == "¥995M"


def test_the_sign_of_negative_money_stands_before_the_currency() -> None:
    assert ZH.value(Decimal(-123_456), MONEY) == "-12.35万元"
    assert EN.value(Decimal(-12_345_678), MONEY) == "-¥12.35M"


def test_a_missing_amount_is_a_dash_and_never_a_zero() -> None:
    for fmt in (ZH, EN):
        assert {fmt.value(None, MONEY), fmt.change(None, SHARE, relative=True), fmt.score(None)} == {NOTHING}
        assert {fmt.percent(None), fmt.difference(None), fmt.chance(None)} == {NOTHING}


def test_shares_are_percent_with_one_digit() -> None:
    assert ZH.value(Decimal("0.62345"), SHARE) == "62.3%"
    assert EN.value(Decimal("-0.04"), SHARE) == "-4.0%"


def test_differences_of_shares_are_percentage_points() -> None:
    assert ZH.change(Decimal("0.0125"), SHARE, relative=False) == "+1.3 百分点"
    assert EN.value(Decimal("-0.031"), POINTS) == "-3.1 pp"


def test_a_relative_change_is_percent_and_a_plain_one_keeps_its_unit() -> None:
    assert EN.change(Decimal("0.105"), MONEY, relative=True) == "+10.5%"
    assert ZH.change(Decimal(-20_000), MONEY, relative=False) == "-2万元"
    assert EN.change(Decimal(0), DAYS, relative=False) == "0 days"


def test_every_dimension_names_its_unit() -> None:
    shown = {dimension: EN.value(Decimal("2.5"), unit(dimension)) for dimension in Dimension}
    assert shown == {
        Dimension.MONEY: "¥2.5",
        Dimension.COUNT: "2.5",
        Dimension.SHARE: "250.0%",
        Dimension.SHARE_CHANGE: "+250.0 pp",
        Dimension.DAYS: "2.5 days",
        Dimension.HOURS: "2.5 hours",
        Dimension.SCORE: "2.5 points",
        Dimension.AREA: "2.5 m²",
    }


@given(st.decimals(-(10**9), 10**9, places=12), st.integers(0, 4))
def test_what_is_rounded_before_it_is_written_is_what_babel_writes_when_halves_go_up(
    amount: Decimal, digits: int
) -> None:
    """The other way round numbers are kept by all their digits, of which most are never seen."""
    zeros = "." * bool(digits) + "0" * digits
    with localcontext(rounding=ROUND_HALF_UP):
        assert EN.percent(amount, digits) == format_percent(amount, f"#,##0{zeros}%", "en_GB")
        assert EN.score(amount, 1) == format_decimal(amount, "#,##0.0", "en_GB")
        assert EN.decimal(amount, digits) == format_decimal(amount, f"#,##0{zeros.replace('0', '#')}", "en_GB")


def test_whatever_a_workbook_can_hold_can_be_written() -> None:
    assert EN.number(Decimal("1e26")) == "100,000,000,000,000T"
    assert ZH.value(-1e300, MONEY).startswith("-1")
    assert EN.percent(1e300).endswith("0.0%")
    assert EN.number(1e-320) == "0"


def test_a_half_is_rounded_up_as_in_spreadsheets() -> None:
    assert [EN.percent(share, 0) for share in (0.225, Decimal("0.235"), -0.225)] == ["23%", "24%", "-23%"]
    assert EN.decimal(2.5, 0) == "3"


@given(amounts, units, languages, st.booleans())
def test_a_minus_sign_is_never_lost_and_never_invented(amount: Decimal, unit: Unit, fmt: Format, rel: bool) -> None:
    for text in (fmt.value(amount, unit), fmt.change(amount, unit, rel), fmt.difference(amount)):
        assert text.count("-") == (amount < 0)


@given(amounts, units, languages, st.booleans())
def test_a_change_says_plus_when_it_is_one(amount: Decimal, unit: Unit, fmt: Format, rel: bool) -> None:
    assert fmt.change(amount, unit, rel).count("+") == (amount > 0)


@given(amounts, languages)
def test_a_shortened_number_is_true_to_the_last_digit_shown(amount: Decimal, fmt: Format) -> None:
    digits, word = re.fullmatch(r"(-?[\d,.]+)(\D*)", fmt.number(amount)).groups()  # type: ignore[union-attr]
    step = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12, "M": 10**6, "B": 10**9, "T": 10**12}[word]
    last = Decimal(1) if not word and abs(amount) >= 1000 else Decimal("0.01")
    assert abs(Decimal(digits.replace(",", "")) * step - amount) <= last * step / 2


def test_a_chance_is_never_a_bare_nought_or_hundred_even_where_every_path_agrees() -> None:
    shown = [EN.chance(share) for share in (0.0, 1e-9, 0.0099, 0.01, 0.5, 0.99, 0.9901, 0.999999, 1.0)]
    assert shown == ["<1%", "<1%", "<1%", "1%", "50%", "99%", ">99%", ">99%", ">99%"]


@pytest.mark.parametrize(
    ("amount", "points", "relative", "score"),
    [
        ("0.0123", "+1.2 pp", "+1.2%", "+0.01"),
        ("0.0002", "+0.02 pp", "+0.02%", "+0.0002"),
        ("-0.0004", "-0.04 pp", "-0.04%", "-0.0004"),
        ("0", "0.0 pp", "0.0%", "0.0"),
    ],
)
def test_a_small_change_has_as_many_digits_as_tell_it_from_none(
    amount: str, points: str, relative: str, score: str
) -> None:
    change = Decimal(amount)
    assert EN.points(change) == points
    assert EN.change(change, SHARE, relative=True) == relative
    assert EN.difference(change) == score


@pytest.mark.parametrize(("amount", "text"), [("0.004", "+0.004 days"), ("-0.04", "-0.04 days"), ("0.26", "+0.3 days")])
def test_so_has_a_change_of_days(amount: str, text: str) -> None:
    assert EN.change(Decimal(amount), DAYS, relative=False) == text


@given(st.floats(min_value=0, max_value=1))
def test_what_is_not_certain_is_never_written_as_certain(share: float) -> None:
    assert ZH.chance(share) not in {"0%", "100%"}


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [("2026Q3", "2026年第3季度", "Q3 2026"), ("2026", "2026年", "2026"), ("2026H1", "2026H1", "2026H1")],
)
def test_periods_are_written_as_people_say_them(period: str, zh: str, en: str) -> None:
    assert (ZH.period(Period.parse(period)), EN.period(Period.parse(period))) == (zh, en)


def test_scores_always_show_one_digit_so_that_columns_line_up() -> None:
    assert [EN.score(Decimal(text)) for text in ("93.48", "110", "0")] == ["93.5", "110.0", "0.0"]
    assert EN.difference(Decimal("4.14")) == "+4.1"


def test_weights_show_no_needless_digits() -> None:
    assert [ZH.weight(Decimal(text)) for text in ("0.35", "0.1633", "1")] == ["35%", "16.33%", "100%"]


@pytest.mark.parametrize(
    ("fmt", "top", "divisor", "suffix"),
    [(ZH, 3e8, 1e8, "亿"), (ZH, 5e4, 1e4, "万"), (EN, 2e9, 1e9, "B"), (EN, 5e4, 1.0, "")],
)
def test_an_axis_is_labelled_by_its_greatest_number(fmt: Format, top: float, divisor: float, suffix: str) -> None:
    assert fmt.axis(top, MONEY) == (False, divisor, suffix)


def test_an_axis_of_shares_is_in_percent() -> None:
    assert EN.axis(0.8, SHARE) == (True, 1.0, "")


def test_times_sizes_and_lengths_of_time_are_short() -> None:
    assert EN.moment(datetime(2026, 11, 2, 12, 5, 59, tzinfo=UTC)) == "2026-11-02 12:05 UTC"


def test_a_moment_can_be_shown_as_the_clocks_of_a_place_show_it() -> None:
    at = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)
    assert EN.moment_in(at, ZoneInfo("Asia/Shanghai")) == "2026-11-03 06:30 Asia/Shanghai"
    assert (ZH.duration(59.4), ZH.duration(125), EN.duration(125)) == ("59 秒", "2 分 5 秒", "2 min 5 s")
    assert (EN.size(1500), EN.size(2_340_000)) == ("2 KB", "2.3 MB")


@given(st.text())
def test_no_text_can_be_taken_for_markup_once_it_is_plain(text: str) -> None:
    escaped = plain(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>*_`\[\]#$:]", escaped)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_that_came_as_floats_are_written_like_decimals(language: Language) -> None:
    fmt = Format(language)
    assert fmt.value(1234567.0, MONEY) == fmt.value(Decimal(1234567), MONEY)


def test_small_shares_get_a_second_digit_so_that_they_can_be_told_from_their_target() -> None:
    shown = [EN.value(Decimal(share), SHARE) for share in ("0.0101", "0.01", "0.62", "-0.0049")]
    assert shown == ["1.01%", "1.00%", "62.0%", "-0.49%"]


@given(amounts, units, st.booleans(), languages)
def test_a_change_is_its_distance_with_a_sign(amount: Decimal, unit: Unit, relative: bool, fmt: Format) -> None:
    sign, distance = "+" if amount > 0 else "-" if amount < 0 else "", fmt.distance(amount, unit, relative)
    if amount == 0 or any(digit in distance for digit in "123456789"):
        assert fmt.change(amount, unit, relative) == sign + distance
    assert distance == fmt.distance(-amount, unit, relative)


@pytest.mark.parametrize(
    ("amount", "dimension", "text"),
    [
        ("0.00342", Dimension.SHARE, "+0.34 pp"),
        ("-0.00004", Dimension.SHARE_CHANGE, "-0.004 pp"),
        ("-0.126", Dimension.DAYS, "-0.13 days"),
        ("0", Dimension.SCORE, "0 points"),
        ("1234567", Dimension.MONEY, "+¥1.23M"),
        ("-3", Dimension.COUNT, "-3"),
    ],
)
def test_a_part_of_a_change_has_a_digit_more_where_digits_are_few(amount: str, dimension: Dimension, text: str) -> None:
    assert EN.part(Decimal(amount), unit(dimension)) == text
