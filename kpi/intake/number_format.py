"""What an Excel number format says beside the digits: percent, hidden thousands, a unit."""

import re
from functools import cache

_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_WRITTEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].|([$¥￥€£元万亿])')


@cache
def is_percent(number_format: str) -> bool:
    """Whether numbers are shown times 100 with a percent sign."""
    return "%" in _ASIDE.sub("", number_format)


@cache
def hides_thousands(number_format: str) -> bool:
    """Whether numbers are shown divided by a thousand or more, as by ``#,##0,``."""
    return bool(_SCALED.search(_ASIDE.sub("", number_format.replace("!.", ""))))


@cache
def words(number_format: str) -> str:
    """The letters and signs that are shown with a positive number, such as ``万元`` or ``$``."""
    shown = "".join("".join(match.groups(default="")) for match in _WRITTEN.finditer(_first_section(number_format)))
    return shown.strip()


@cache
def says_more(number_format: str) -> bool:
    """Whether the format says anything that the number itself does not: percent, hidden thousands, or words."""
    if number_format == "General":
        return False
    return is_percent(number_format) or hides_thousands(number_format) or bool(words(number_format))


def _first_section(number_format: str) -> str:
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format)[0]
