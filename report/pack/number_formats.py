"""How spreadsheets and slides show exact numbers: formats that say 万 and 亿, or million, without changing the number.

``0\\.00,,`` is the known way to 亿: two commas divide by a million, the point is written before the last two digits.
"""

from decimal import Decimal

from kpi.text import Language
from kpi.units import Dimension
from report.pack.document import Form, Number

_ZH = '[>=100000000]0\\.00,,"亿{unit}";[>=10000]0\\.0,"万{unit}";#,##0.##"{unit}"'
_EN = '[>=1000000000]"{unit}"#,##0.00,,,"B";[>=1000000]"{unit}"#,##0.00,,"M";"{unit}"#,##0.##'
_WORDS = {
    Dimension.DAYS: {"zh": "天", "en": "days"},
    Dimension.HOURS: {"zh": "小时", "en": "hours"},
    Dimension.AREA: {"zh": "平方米", "en": "m²"},
    Dimension.SHARE_CHANGE: {"zh": "百分点", "en": "pp"},
}
_PLAIN: dict[Form, str] = {
    Dimension.SHARE: "[<0.02]0.00%;0.0%",
    Dimension.SCORE: "0.0",
    "percent": "0.0%",
    "chance": '[<0.01]"<1%";[>0.99]">99%";0%',
    "weight": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
}


def number_format(form: Form, language: Language) -> str:
    """The format code for a number as :func:`shown_number` gives it."""
    if form in (Dimension.MONEY, Dimension.COUNT):
        money = form is Dimension.MONEY
        return _ZH.format(unit="元" if money else "") if language == "zh" else _EN.format(unit="¥" if money else "")
    if form in _PLAIN:
        return _PLAIN[form]
    word = _WORDS[Dimension(form)][language]
    if form is Dimension.SHARE_CHANGE:
        return f'+0.0" {word}";-0.0" {word}";0.0" {word}"'
    return f'#,##0.0" {word}"'


def shown_number(number: Number) -> float:
    """The number for a cell, to the digits that spreadsheets keep; a difference of shares in percentage points."""
    exact = Decimal(number.digits)
    return float(exact * 100 if number.form is Dimension.SHARE_CHANGE else exact)
