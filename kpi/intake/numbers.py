"""Numbers as people write them, read exactly."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from kpi.intake.grid import Cell

MISSING = frozenset(
    {"-", "--", "—", "——", "–", "/", "\\", "n/a", "na", "nil", "none", "null", "无", "缺", "未报", "暂无", "…", "..."}
)
_SCALES = {
    "": 1,
    "k": 10**3,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "m": 10**6,
    "百万": 10**6,
    "亿": 10**8,
    "億": 10**8,
}
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[+-]?)¥?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)?(?P<fraction>\.\d+)?(?P<scale>k|m|百万|千|万|萬|亿|億)?"
    r"(?P<percent>%)?(?P<trailing>-)?(?P<close>\))?",
    re.IGNORECASE,
)
_TWO_NUMBERS = re.compile(r"\d[\s'’]+\d")
_MOST_DIGITS = 24  # more are not exact once a unit is applied


@dataclass(frozen=True, slots=True)
class Number:
    """``value`` as written, without its percent sign; ``percent`` when one stood there or the cell shows one.

    ``value`` of a percent is already a share: 85 % is 0.85. ``conversions`` tells what was done;
    ``scaled`` when 万 or the like stood behind the digits.
    """

    value: Decimal
    percent: bool = False
    conversions: tuple[str, ...] = ()
    scaled: bool = False


def is_missing(cell: Cell) -> bool:
    """Whether the cell says in words that there is no value."""
    return isinstance(cell.content, str) and _plain(cell.content).casefold() in MISSING


def read_number(cell: Cell) -> Number | None:
    """The number in a cell; None when its content is not one."""
    if isinstance(cell.content, Decimal):
        if cell.content.adjusted() > _MOST_DIGITS:
            return None
        return Number(cell.content, cell.shown_as_percent)
    return parse_number(cell.content) if isinstance(cell.content, str) else None


def parse_number(text: str) -> Number | None:
    """A number written as text: full-width digits, thousands separators, parentheses or a trailing minus for
    negatives, 万 and 亿, percent. None for anything else: two numbers in one cell and footnote marks such as ² among
    them."""
    if _TWO_NUMBERS.search(text) or any(unicodedata.category(sign) == "No" for sign in text):
        return None
    plain = _plain(text)
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match["digits"] or match["fraction"]) or bool(match["open"]) != bool(match["close"]):
        return None
    if sum(sign.isdigit() for sign in plain) > _MOST_DIGITS:
        return None
    minuses = (match["sign"] == "-") + bool(match["trailing"]) + bool(match["open"])
    if minuses > 1:
        return None
    value = Decimal((match["digits"] or "0").replace(",", "") + (match["fraction"] or ""))
    scale = _SCALES[(match["scale"] or "").casefold()]
    if match["percent"] and scale != 1:
        return None
    conversions = [f"'{text.strip()}' read as a number"]
    if scale != 1:
        conversions.append(f"{match['scale']} = x {scale}")
    if match["percent"]:
        value = value.scaleb(-2)
        conversions.append("% -> share")
    return Number(-value * scale if minuses else value * scale, bool(match["percent"]), tuple(conversions), scale != 1)


def _plain(text: str) -> str:
    """Half-width, without blanks and apostrophes, one kind of minus."""
    half = unicodedata.normalize("NFKC", text).replace("−", "-").replace("‑", "-").replace("﹣", "-")
    return re.sub(r"[\s'’]", "", half)
