"""How spreadsheets and slides show exact numbers: formats that say 万 and 亿, or million, without changing the number.

A format is made for one number, since a format code knows three sizes at most and no signs beside them. ``0\\.00,,`` is
the known way to 亿: two commas divide by a million, the point is written before the last two digits.
"""

from decimal import Decimal, localcontext
from typing import Final

from kpi.text import Language
from kpi.units import Dimension
from report.format import HALVES_UP, STEPS, around, enough_digits
from report.pack.document import Form, Number

Amount = Decimal | float
_CODES: Final[dict[int, tuple[str, int]]] = {
    10**12: (r"0\.000,,,", 3),
    10**8: (r"0\.00,,", 2),
    10**4: (r"0\.0,", 1),
}
"""The codes that divide by the Chinese steps, which no number of commas does, with their digits after the point."""
_PLAIN: Final[dict[Form, str]] = {
    "percent": "0.0%",
    "chance": '[<0.01]"<1%";[>0.99]">99%";0%',
    "weight": "0.0%",
}
_CHANGES: Final[set[Form]] = {"change", Dimension.SHARE_CHANGE}
_SMALL_SHARE: Final = Decimal("0.02")
_WHOLE: Final = 1000


def number_format(form: Form, language: Language, amount: Amount, signed: bool = False) -> str:
    """The format code for ``amount`` (base units) as :func:`shown_amount` gives it; for an axis that of its top. One
    that is ``signed`` has a plus as well as a minus, and the digits that tell it from none."""
    code = _code_of(form, language, amount, signed)
    return f"+{code};-{code};{code}" if signed or form in _CHANGES else code


def _code_of(form: Form, language: Language, amount: Amount, signed: bool) -> str:
    if form in _PLAIN:
        return _PLAIN[form]
    if form == "change":
        return f"{_digits(enough_digits(amount * 100))}%"
    match dimension := Dimension(form):
        case Dimension.SHARE:
            return "0.00%" if abs(Decimal(str(amount))) < _SMALL_SHARE else "0.0%"
        case Dimension.SHARE_CHANGE:
            word = {"zh": "百分点", "en": "pp"}[language]
            return f'{_digits(enough_digits(amount * 100))}" {word}"'
        case Dimension.SCORE:
            return _digits(enough_digits(amount) if signed else 1)
        case Dimension.MONEY | Dimension.COUNT:
            code, word = _scaled(language, amount)
        case _:
            code, word = f"#,##{_digits(enough_digits(amount) if signed else 1)}", ""
    before, after = around(dimension, language)
    return (f'"{before}"' if before else "") + code + (f'"{word}{after}"' if word or after else "")


def _digits(count: int) -> str:
    return "0." + "0" * count


def _scaled(language: Language, amount: Amount) -> tuple[str, str]:
    """The code and the word for a number of its size, to two digits after the point as far as there are any."""
    size = abs(Decimal(str(amount)))
    step = _step(language, size)
    if step:
        digits = _code(language, step)[1]
        with localcontext(HALVES_UP):
            step = _step(language, round(size / step, digits) * step)  # 99 999 999 is 1亿, not 10000万
        return _code(language, step)[0], dict(STEPS[language])[step]
    shown = HALVES_UP.quantize(size, Decimal("0.01"))
    if size >= _WHOLE or shown == shown.to_integral_value():
        return "#,##0", ""
    return ("#,##0.0" if shown == round(shown, 1) else "#,##0.00"), ""


def _step(language: Language, size: Decimal) -> int:
    return next((step for step, _ in STEPS[language] if size >= step), 0)


def _code(language: Language, step: int) -> tuple[str, int]:
    """The code that divides by a step and its digits after the point."""
    commas = len(str(step)) // 3
    return _CODES[step] if language == "zh" else (f"#,##0.00{',' * commas}", 2)


def shown_amount(amount: Amount, form: Form) -> float:
    """The number for a cell, to the digits that spreadsheets keep; a difference of shares in percentage points."""
    return float(amount * 100 if form is Dimension.SHARE_CHANGE else amount)


def shown_number(number: Number, language: Language) -> tuple[float, str]:
    """The number for a cell with its format code."""
    exact = Decimal(number.digits)
    return shown_amount(exact, number.form), number_format(number.form, language, exact, number.signed)
