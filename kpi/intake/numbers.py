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
_SIGN, _YUAN = r"(?P<{}>[+-])?", r"(?:¥|rmb|cny|人民币)?"
_NUMBER = re.compile(
    rf"{_SIGN.format('sign')}{_YUAN}(?P<open>\()?{_SIGN.format('inner')}{_YUAN}{_SIGN.format('innermost')}"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)?(?P<fraction>\.\d+)?"
    r"(?P<scale>k|m|百万|千|万|萬|亿|億)?(?P<yuan>元)?"
    r"(?P<percent>%)?(?P<trailing>-)?(?P<close>\))?(?P<outer>%)?",
    re.IGNORECASE,
)
_TWO_NUMBERS = re.compile(r"\d[\s'’]+\d")
_GROUPS = re.compile(
    r"(?<![\d.,])(?:[1-9]\d{0,2}(?P<gap>[\u00a0\u2007\u2009\u202f])\d{3}(?:(?P=gap)\d{3})*"
    r"|[1-9]\d?(?: \d{3})+)(?![\d,])"  # 120 130 may be two numbers
)
_MARK = re.compile(
    r"(?<=[\d%)）％元万亿km])\s{0,3}(?P<mark>\*{1,3}|[†‡※]|(?P<open>[(（])?(?:注|notes?) ?\d{0,2}(?(open)[)）]))$",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"(?:3|6|9|12)m", re.IGNORECASE)
_MOST_DIGITS = 24  # more are not exact once a unit is applied


@dataclass(frozen=True, slots=True)
class Number:
    """``value`` as written, without its percent sign; ``percent`` when one stood there or the cell shows one.

    ``value`` of a percent is already a share: 85 % is 0.85. ``conversions`` tells what was done;
    ``scaled`` when 万, 元 or the like stood behind the digits: then no unit said elsewhere may scale it again.
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
    """A number written as text: full-width digits, commas or blanks between thousands, parentheses or a trailing minus
    for negatives, yuan, 万 and 亿, percent, a mark such as * or 注1 behind it.

    None for anything else: two numbers in one cell, footnote marks such as ² that may be digits, and 9M, which may be
    nine months."""
    text = text.strip()
    marked = _MARK.search(text)
    written = _GROUPS.sub(lambda match: re.sub(r"\s", "", match[0]), text[: marked.start()] if marked else text)
    if _TWO_NUMBERS.search(written) or any(unicodedata.category(sign) == "No" for sign in written):
        return None
    plain = _plain(written)
    match = _NUMBER.fullmatch(plain)
    if match is None or _MONTHS.fullmatch(plain) or not _is_whole(match):
        return None
    if sum(sign.isdigit() for sign in plain) > _MOST_DIGITS:
        return None
    conversions = [f"'{text}' read as a number"]
    if marked:
        conversions.append(f"mark '{marked['mark']}' left out")
    return _converted(match, conversions)


def _is_whole(match: re.Match[str]) -> bool:
    """Whether what was found has digits, each parenthesis its other half, and at most one sign and one percent."""
    signs = [sign for sign in ("sign", "inner", "innermost", "trailing", "open") if match[sign]]
    percents = bool(match["percent"]) + bool(match["outer"])
    return (
        bool(match["digits"] or match["fraction"])
        and bool(match["open"]) == bool(match["close"])
        and len(signs) <= 1
        and percents <= 1
        and not (percents and (match["scale"] or match["yuan"]))
        and not (match["outer"] and not match["close"])
    )


def _converted(match: re.Match[str], conversions: list[str]) -> Number:
    value = Decimal((match["digits"] or "0").replace(",", "") + (match["fraction"] or ""))
    scale = _SCALES[(match["scale"] or "").casefold()]
    percent = bool(match["percent"] or match["outer"])
    if scale != 1:
        conversions.append(f"{match['scale']} = x {scale}")
    if percent:
        value = value.scaleb(-2)
        conversions.append("% -> share")
    said = (match[sign] for sign in ("sign", "inner", "innermost", "trailing"))
    scaled = bool(match["scale"] or match["yuan"])
    negative = "-" in said or bool(match["open"])
    return Number(-value * scale if negative else value * scale, percent, tuple(conversions), scaled)


def _plain(text: str) -> str:
    """Half-width, without blanks and apostrophes, one kind of minus."""
    half = unicodedata.normalize("NFKC", text).replace("−", "-").replace("‑", "-").replace("﹣", "-")
    return re.sub(r"(?<![^(¥])–(?=[\d.(¥])", "-", re.sub(r"[\s'’]", "", half))
