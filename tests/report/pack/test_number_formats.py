"""Numbers in spreadsheets: exact inside, and written as pages write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.text import LANGUAGES, Language
from kpi.units import Dimension
from report.pack import measures
from report.pack.document import Form, Number
from report.pack.number_formats import number_format, shown_amount, shown_number

FORMS: list[Form] = [*Dimension, "percent", "chance", "weight", "change"]


def signed(code: str) -> str:
    return f"+{code};-{code};{code}"


@given(st.decimals(-(10**12), 10**12, places=4, allow_nan=False))
def test_a_number_in_a_cell_is_the_exact_one_and_points_are_hundreds_of_shares(amount: Decimal) -> None:
    money, points = Number.of(amount, Dimension.MONEY), Number.of(amount, Dimension.SHARE_CHANGE)
    assert money is not None
    assert points is not None
    assert shown_number(money, "zh")[0] == float(amount)
    assert shown_number(points, "zh")[0] == float(amount * 100)


@pytest.mark.parametrize(
    ("form", "amount", "zh", "en"),
    [
        (Dimension.MONEY, "8123", '#,##0"元"', '"¥"#,##0'),
        (Dimension.MONEY, "-8123", '#,##0"元"', '"¥"#,##0'),
        (Dimension.MONEY, "12.5", '#,##0.0"元"', '"¥"#,##0.0'),
        (Dimension.MONEY, "12.105", '#,##0.00"元"', '"¥"#,##0.00'),
        (Dimension.MONEY, "-0.125", '#,##0.00"元"', '"¥"#,##0.00'),
        (Dimension.MONEY, "99999999", '0\\.00,,"亿元"', '"¥"#,##0.00,,"M"'),
        (Dimension.MONEY, "-250000000", '0\\.00,,"亿元"', '"¥"#,##0.00,,"M"'),
        (Dimension.MONEY, "3e12", '0\\.000,,,"万亿元"', '"¥"#,##0.00,,,,"T"'),
        (Dimension.COUNT, "41000", '0\\.0,"万"', "#,##0"),
        (Dimension.COUNT, "7", "#,##0", "#,##0"),
        (Dimension.DAYS, "3", '#,##0.0" 天"', '#,##0.0" days"'),
        (Dimension.SHARE, "-0.053", "0.0%", "0.0%"),
        (Dimension.SHARE, "-0.0053", "0.00%", "0.00%"),
        (
            Dimension.SHARE_CHANGE,
            "0.0004",
            '+0.00" 百分点";-0.00" 百分点";0.00" 百分点"',
            '+0.00" pp";-0.00" pp";0.00" pp"',
        ),
        ("change", "0.25", signed("0.0%"), signed("0.0%")),
    ],
)
def test_a_format_is_that_of_its_number(form: Form, amount: str, zh: str, en: str) -> None:
    assert number_format(form, "zh", Decimal(amount)) == zh
    assert number_format(form, "en", float(amount)) == en


@pytest.mark.parametrize(
    ("form", "amount", "zh", "en"),
    [
        (Dimension.SHARE_CHANGE, "0.0004", '0.00" 百分点"', '0.00" pp"'),
        (Dimension.SHARE_CHANGE, "-0.02", '0.0" 百分点"', '0.0" pp"'),
        ("change", "0.25", "0.0%", "0.0%"),
        (Dimension.DAYS, "0.02", '#,##0.00" 天"', '#,##0.00" days"'),
        (Dimension.SCORE, "-0.1", "0.0", "0.0"),
        (Dimension.MONEY, "-1200", '#,##0"元"', '"¥"#,##0'),
    ],
)
def test_a_change_has_its_sign_and_the_digits_that_tell_it_from_none(form: Form, amount: str, zh: str, en: str) -> None:
    for language, code in (("zh", zh), ("en", en)):
        number = Number.of(Decimal(amount), form, signed=True)
        assert number is not None
        assert shown_number(number, language)[1] == f"+{code};-{code};{code}"  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
@given(amount=st.floats(-1e13, 1e13) | st.sampled_from([1e26, -1e300]))
def test_every_format_has_a_digit_before_its_point_and_its_words_in_quotes(
    form: Form, language: Language, amount: float
) -> None:
    for section in number_format(form, language, amount).split(";"):
        bare = "".join(section.split('"')[::2])
        assert section.count('"') % 2 == 0
        assert "0" in bare or '"<1%"' in section or '">99%"' in section
        assert not bare.rstrip("%").endswith((".", "#"))
        assert bare.isascii()


@given(st.floats(-1e13, 1e13))
def test_the_size_of_a_number_alone_decides_how_money_is_shortened(amount: float) -> None:
    assert number_format(Dimension.MONEY, "zh", amount) == number_format(Dimension.MONEY, "zh", -amount)
    assert shown_amount(amount, Dimension.MONEY) == amount


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=80), st.floats(0.5, 12))
def test_lines_are_as_many_as_their_words_need(text: str, width: float) -> None:
    count = measures.lines(text, width, 10)
    assert count * width >= measures.inches(text, 10) - 0.01
    assert count == 1 or (count - 1) * width < measures.inches(text, 10) + 0.01


@given(st.text("word 赔付\n", max_size=400), st.integers(1, 6))
def test_a_text_is_cut_so_that_its_parts_fit_and_no_sign_is_lost(text: str, most: int) -> None:
    def fits(part: str) -> bool:
        return measures.lines(part, 1.0, 10) <= most or len(part) == 1

    parts, rest = [], text
    while rest:
        at = measures.cut(rest, fits)
        parts.append(rest[:at])
        rest = rest[at:]
    assert "".join(parts) == text
    assert all(fits(part) for part in parts)
