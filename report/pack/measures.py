"""How much room words take, for programs that lay out tables without telling: a careful guess, never too small."""

import unicodedata
from collections.abc import Callable

_WIDE = {"W", "F", "A"}
_LATIN = 0.56  # of the size of the type, a little above the mean of the fonts that office programs use
INCH = 72.0
_LONGEST_WORD = 40


def ems(text: str) -> float:
    """The width of ``text`` in sizes of its type: Chinese signs are one each."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in _WIDE else _LATIN for sign in text)


def inches(text: str, points: float) -> float:
    """The width of ``text`` on one line."""
    return ems(text) * points / INCH


def lines(text: str, width: float, points: float) -> int:
    """How many lines ``text`` takes in ``width`` inches; at least one."""
    return max(
        1, sum(-(-int(inches(line, points) * 1000) // max(1, int(width * 1000))) or 1 for line in text.split("\n"))
    )


def cut(text: str, fits: Callable[[str], bool]) -> int:
    """How many of the first signs of ``text`` fit, but for one all that do, up to the last blank if one is near."""
    if not text or fits(text):
        return len(text)
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    blank = max(text.rfind(sign, max(1, low - _LONGEST_WORD), low) for sign in " \n")
    return blank + 1 or low


def height(count: int, points: float) -> float:
    """The height of so many lines in inches."""
    return count * points * 1.22 / INCH


def widths(columns: list[list[str]], points: float, total: float, gap: float) -> list[float]:
    """Widths in inches for columns of words, adding up to ``total``, in proportion to their longest."""
    wanted = [max((inches(text, points) for text in column), default=0.0) + gap for column in columns]
    return [width * total / sum(wanted) for width in wanted]
