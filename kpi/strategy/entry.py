"""What people type into the steps, read exactly: amounts with their unit, shares, years, dates. Raises Refused naming
the field."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from kpi.errors import refuse
from kpi.facts import canonical_decimal
from kpi.text import Language, Text
from kpi.units import Dimension, Unit, UnitTable

ENTRY_UNIT: Mapping[Language, str] = {"zh": "wan_yuan", "en": "million_yuan"}
"""The unit of an amount without one, by the language it is typed in."""
_AMOUNT = re.compile(r"(?P<digits>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)\s*(?P<unit>[^\d\s][^\d]*)?")
_MOST_DIGITS = 24


def amount_and_unit(text: str, units: UnitTable) -> tuple[Decimal, Unit | None] | None:
    """An amount and the unit of money behind it, if one stands there; None when ``text`` is no amount.

    Full-width digits and commas between thousands are read; 亿 means 亿元, million means million yuan.
    """
    match = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None or len(match["digits"]) > _MOST_DIGITS:
        return None
    try:
        number = Decimal(match["digits"].replace(",", ""))
    except InvalidOperation:
        return None
    if match["unit"] is None:
        return number, None
    word = match["unit"].strip()
    found = (units.find(spelling) for spelling in (word, f"{word}元", f"{word} yuan"))
    unit = next((each for each in found if each is not None and each.dimension is Dimension.MONEY), None)
    return None if unit is None else (number, unit)


def with_unit(text: str, language: Language, units: UnitTable) -> str:
    """``text`` as it is kept: an amount without a unit gets that of ``language``, so that it means the same in the
    other language; all else stays as it was typed."""
    found = amount_and_unit(text, units)
    if found is None or found[1] is not None:
        return text
    return f"{text.strip()} {units[ENTRY_UNIT[language]].name.in_(language)}"


def shown_amount(kept: str, language: Language, units: UnitTable) -> str:
    """What was kept, as a number in the unit of ``language``; as it was typed where it is no amount."""
    found = amount_and_unit(kept, units)
    if found is None or found[1] is None:
        return kept
    number, unit = found[0], found[1]
    return canonical_decimal(units[ENTRY_UNIT[language]].from_base(unit.to_base(number)))


def kept_amount(yuan: Decimal) -> str:
    """Yuan as :func:`with_unit` keeps them."""
    return f"{canonical_decimal(yuan)} yuan"


def read_amount(text: str, field: Text, units: UnitTable, *, negative: bool = True) -> Decimal:
    """Yuan."""
    found = amount_and_unit(_filled(text, field), units)
    if found is None or found[1] is None:
        raise refuse(
            f"“{field.zh}”：“{text}”不是金额。请填写数字，可带单位，例如 50000 万元 或 5 亿元。",
            f"{field.en}: “{text}” is no amount. Write a number, with a unit if you like, such as 500 million yuan.",
        )
    if found[0] < 0 and not negative:
        raise refuse(
            f"“{field.zh}”：“{text}”小于零。请填写零或正数。",
            f"{field.en}: “{text}” is below zero. Write zero or more.",
        )
    return found[1].to_base(found[0])


def read_percent(text: str, field: Text) -> Decimal:
    """A share from 0 to 1; typed as 0 to 100 with or without the sign."""
    plain = unicodedata.normalize("NFKC", _filled(text, field)).strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", plain) or not 0 <= Decimal(plain) <= 100:
        raise refuse(
            f"“{field.zh}”：“{text}”不是 0 至 100 之间的百分数。请填写例如 65。",
            f"{field.en}: “{text}” is not a percentage from 0 to 100. Write 65, for instance.",
        )
    return Decimal(plain).scaleb(-2)


def read_year(text: str, field: Text) -> int:
    """A year."""
    plain = unicodedata.normalize("NFKC", _filled(text, field)).strip().removesuffix("年").strip()
    if not re.fullmatch(r"(19|2\d)\d\d", plain):
        raise refuse(
            f"“{field.zh}”：“{text}”不是年份。请填写四位数字，例如 2028。",
            f"{field.en}: “{text}” is not a year. Write four digits, such as 2028.",
        )
    return int(plain)


def read_date(text: str, field: Text) -> date:
    """A day."""
    try:
        return date.fromisoformat(_filled(text, field).strip())
    except ValueError as problem:
        raise refuse(
            f"“{field.zh}”：“{text}”不是日期。请按 2027-06-30 的格式填写。",
            f"{field.en}: “{text}” is not a date. Write it like 2027-06-30.",
        ) from problem


def read_words(row: Mapping[str, str], name: str, field: Text, *, required: bool = True) -> Text:
    """Words in both languages; where one is empty it has those of the other."""
    zh, en = (row.get(f"{name}.{language}", "").strip() for language in ("zh", "en"))
    if required:
        _filled(zh or en, field)
    return Text(zh=zh or en, en=en or zh)


def _filled(text: str, field: Text) -> str:
    if not text.strip():
        raise refuse(f"“{field.zh}”还没有填写。", f"{field.en} is still empty. Fill it in.")
    return text
