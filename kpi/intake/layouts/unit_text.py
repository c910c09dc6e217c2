"""Units that are put together from a currency and a scale: RMB bn, ¥m, 千万元, （亿）, in thousands."""

import re
from decimal import Decimal

from kpi.intake.labels import normal, simplified
from kpi.text import Text
from kpi.units import Dimension, Unit, UnitTable

_SCALES = {
    **dict.fromkeys(("thousand", "thousands", "000", "000s", "k", "千"), 3),
    **dict.fromkeys(("million", "millions", "mn", "mln", "mil", "mm", "m", "百万"), 6),
    **dict.fromkeys(("billion", "billions", "bn", "bln", "b", "十亿"), 9),
    **{"万": 4, "十万": 5, "千万": 7, "亿": 8, "百亿": 10, "千亿": 11, "万亿": 12},
}
_LETTERS = frozenset({"k", "m", "b", "mm", "000", "千"})
_WORDS = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_YUAN = r"(?:rmb|cny|yuan|人民币|¥)"
_MONEY = re.compile(
    rf"{_YUAN}\s*(?:in\s+)?'?(?P<behind>{_WORDS})(?:元|\s*yuan)?|(?P<before>{_WORDS})\s*(?:of\s+)?(?:元|{_YUAN})"
)
_BEFORE = re.compile(
    r"^(?:(?:all )?(?:amounts?|figures?|values?|numbers?)?,? ?(?:are )?(?:expressed |stated |shown )?in )"
)
_IN_PARENTHESES = re.compile(r"^(?P<name>.+?)\s*[(\[【](?P<inside>[^()\[\]【】]+)[)\]】]\s*$")
_MARK = re.compile(r"\s*[,:;、|/]\s*|\s+-\s+|\s+in\s+|\s+", re.IGNORECASE)
_IN_SCALE = re.compile(rf"\bin (?:{_WORDS})\b", re.IGNORECASE)
_PLAIN = "scale_"
_MAY_SCALE = re.compile(rf"(?<![a-z])(?:{_WORDS})(?![a-z])|[百千万亿]", re.IGNORECASE)


def composed_unit(text: str, units: UnitTable) -> Unit | None:
    """The unit that a text consists of; a scale without a currency is one too, of which ``is_scale`` holds."""
    word = _BEFORE.sub("", simplified(normal(text)).casefold().strip(" ()[]【】.'"))
    match = _MONEY.fullmatch(word)
    if match:
        return _money(_SCALES[match["behind"] or match["before"]], units)
    power = _SCALES.get(word)
    if power is None or word in _LETTERS:
        return None
    return _scale(power, "" if word.isascii() else "zh_")


def split_composed(label: str, units: UnitTable) -> tuple[str, Unit | None]:
    """``保费（亿）`` or ``2025 RMB mn`` as name and unit; a label without such a unit stays whole."""
    text = normal(label)
    match = _IN_PARENTHESES.match(text)
    unit = composed_unit(match["inside"], units) if match else None
    if match and unit:
        return match["name"], unit
    for mark in _MARK.finditer(text):
        unit = composed_unit(text[mark.end() :], units) if mark.start() else None
        if unit and not is_scale(unit):
            return text[: mark.start()], unit
    return text, None


def scale_in(text: str, units: UnitTable) -> Unit | None:
    """The scale that a sentence speaks of: ``Results (in thousands)``."""
    match = _IN_SCALE.search(text)
    return composed_unit(match[0], units) if match else None


def is_scale(unit: Unit) -> bool:
    """Whether it is a scale of something that is not said."""
    return unit.code.startswith(_PLAIN)


def may_scale(text: str) -> bool:
    """Whether a unit that is not known may stand for more than one of something."""
    return bool(_MAY_SCALE.search(normal(text)))


def _money(power: int, units: UnitTable) -> Unit:
    factor = Decimal(10**power)
    known = (unit for unit in units.units if unit.dimension is Dimension.MONEY and unit.factor == factor)
    return next(known, None) or Unit(
        code=f"yuan_e{power}",
        dimension=Dimension.MONEY,
        factor=factor,
        name=Text(zh=f"元 x {factor}", en=f"yuan x {factor}"),
    )


def of_dimension(unit: Unit, dimension: Dimension, units: UnitTable) -> Unit | None:
    """A unit as one of this dimension: 万 of money is 万元, of things ten thousand; thousand of money may be of any
    currency, so it is none."""
    if not is_scale(unit):
        return unit
    if dimension is Dimension.COUNT:
        return unit
    chinese = unit.code.startswith(f"{_PLAIN}zh_")
    return _money(len(str(unit.factor)) - 1, units) if chinese and dimension is Dimension.MONEY else None


def _scale(power: int, written: str) -> Unit:
    factor = Decimal(10**power)
    name = Text(zh=f"x {factor}", en=f"x {factor}")
    return Unit(code=f"{_PLAIN}{written}{power}", dimension=Dimension.COUNT, factor=factor, name=name)
