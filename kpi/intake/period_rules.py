"""The spellings of periods as patterns, the longer before the shorter."""

import re

ORDINALS = {**{str(n): n for n in range(1, 5)}, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "首": 1}
ENGLISH = {
    "two": 2,
    "three": 3,
    "2": 2,
    "3": 3,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
MONTHS |= {
    f"{word}月": number
    for number, word in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)
}
_CHINESE_MONTH = "(?:十[一二]|[一二三四五六七八九十])月"
MONTH_NAME = "|".join(sorted((name for name in MONTHS if name.isascii()), key=len, reverse=True))
YEAR = r"(?<!\d)(?:fy ?)?(?P<y>(?:19|20|21)\d{2})(?!\d)"
YEAR_SHORT = r"(?:fy ?)?(?P<y>(?:19|20|21)\d{2}(?!\d)|'?\d{2}(?!\d))"
AGE = r"(?:年度?|财年)?[-_/. ]?"
_M = r"(?P<m>1[0-2]|0?[1-9])(?!\d)"
TO = r"\s?(?:-|–|—|~|～|至|到|to|through)\s?"
_CN = "[一二三四两1-4]"
END = r"(?:份|末|底)?"
NO_COUNT = r"(?![龄薪供均缴租内]|期(?![末间])|以[内上下])"  # 6月龄 counts months
_NO_WORD = r"(?![a-z])"


def year_of(text: str | None) -> int | None:
    """A year as it is written, of two digits one of this century."""
    if not text:
        return None
    digits = text.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _rules(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), kind) for pattern, kind in pairs)


RULES = _rules(
    (rf"{YEAR}[-/. ]?m0?1{TO}m{_M}", "to_month"),
    (rf"(?<!\d)(?P<m>3|6|9|12)m[-' ]*{YEAR_SHORT}", "to_month"),
    (rf"{YEAR}年?[-' ]*(?P<m>3|6|9|12)m{_NO_WORD}", "to_month"),
    (r"(?<![\w.])(?P<m>6|9)m(?!\w)", "to_month"),
    (rf"{YEAR}{AGE}前(?P<q>[二两三四2-4])个?季度?", "to_quarter"),
    (r"前(?P<q>[二两三四2-4])个?季度", "to_quarter"),
    (rf"(?<![a-z])(?:the )?first (?P<e>two|three|2|3) quarters(?: of)?(?![a-z])(?:,? {YEAR_SHORT})?", "to_quarter"),
    (rf"{YEAR}[-/. ]?h(?P<h>[12])(?!\d)", "half"),
    (rf"(?<![a-z])h(?P<h>[12])[-/.' ]*{YEAR_SHORT}", "half"),
    (rf"(?<!\d)(?P<h>[12])h[-/.' ]*{YEAR_SHORT}", "half"),
    (rf"{YEAR}{AGE}(?P<c>[上下])半年", "half"),
    (r"(?P<c>[上下])半年", "half"),
    (rf"(?<![a-z])(?P<e>first|second) half(?: of)?(?: {YEAR_SHORT})?", "half"),
    (r"(?<![\d.a-z])(?P<y>\d{2})[-_/. ]?h(?P<h>[12])(?!\d)", "half"),
    (rf"(?<![a-z])hy(?P<h>[12])[-/.', ]+{YEAR_SHORT}", "half"),
    (r"(?<![a-z\d])h(?P<h>[12])(?![\da-z])|(?<![\da-z])(?P<h2>[12])h(?![\da-z])", "half"),
    (rf"{YEAR}[-_/. ]*q(?P<q>[1-4])(?!\d)", "quarter"),
    (r"(?<![\d.])fy ?(?P<y>\d{2})[-_/. ]*q(?P<q>[1-4])(?!\d)", "quarter"),
    (r"(?<![\d.a-z])(?P<y>\d{2})[-_/. ]?q(?P<q>[1-4])(?!\d)", "quarter"),
    (rf"(?<![a-z])q(?P<q>[1-4])[-_/.', ]*{YEAR_SHORT}", "quarter"),
    (rf"(?<!\d)(?P<q>[1-4])q[-_/.', ]*{YEAR_SHORT}", "quarter"),
    (rf"{YEAR}{AGE}第?(?P<q>{_CN}) ?季度?", "quarter"),
    (r"(?<!\d)(?P<y>\d{2})年第?(?P<q>[一二三四1-4])季度?", "quarter"),
    (rf"第(?P<q>{_CN})季度?|(?<![\d十第])(?P<q2>{_CN}|首)季度", "quarter"),
    (r"(?<![a-z])(?:the )?(?P<e>first|second|third|fourth|1st|2nd|3rd|4th) (?:quarter|qtr)(?: of)?"
     rf"(?:,? {YEAR_SHORT})?", "quarter"),
    (rf"(?<![a-z])(?:quarter|qtr)\.? ?(?P<q>[1-4])(?!\d)(?:[-/., ]*{YEAR_SHORT})?", "quarter"),
    (r"(?<![a-z\d])q(?P<q>[1-4])(?![\da-z])|(?<![\da-z.])(?P<q2>[1-4])q(?![\da-z])", "quarter"),
    (rf"{YEAR}{AGE}(?:半年度?|中期)(?![一-鿿](?<![业报数末财实累计预]))", "half"),
    (rf"{YEAR}[-/. ]?hy(?P<h>[12])(?!\d)", "half"),
    (rf"(?<![a-z])(?:half[- ]year(?:ly)?|hy|interim(?: period)?)[-', ]*{YEAR_SHORT}", "half"),
    (rf"{YEAR}[-/. ]?(?:half[- ]year(?:ly)?|hy|interim(?: period| results| report)?)(?! ?[a-z\d])", "half"),
    (r"(?<!\d)(?P<y>(?:19|20|21)\d{2})([-/.])(?P<m>0?[1-9]|1[0-2])\2(?P<d>[12]\d|3[01]|0?[1-9])(?!\d)"
     r"(?: ?00:00:00)?", "day"),
    (r"(?<!\d)(?P<y>(?:19|20|21)\d{2})年 ?(?P<m>0?[1-9]|1[0-2])月 ?(?P<d>[12]\d|3[01]|0?[1-9])日?(?!\d)"
     r"(?: ?00:00:00)?", "day"),
    (r"(?<![\d./-])(?P<d>\d{1,2})([./-])(?P<m>\d{1,2})\2(?P<y>(?:19|20|21)\d{2})(?!\d)(?: ?00:00:00)?", "day_first"),
    (r"(?<![\d./-])(?P<m>0[1-9]|1[0-2])[/-](?P<y>(?:19|20|21)\d{2})(?![\d])(?![./-]\d)", "month"),
    (r"(?<![\d./-])(?P<m>[1-9])/(?P<y>(?:19|20|21)\d{2})(?!\d)", "whole_month"),
    (rf"(?<![a-z])(?P<name>{MONTH_NAME})\.? (?P<d>[12]\d|3[01]|0?[1-9]),? {YEAR}", "day"),
    (rf"(?<!\d)(?P<d>[12]\d|3[01]|0?[1-9])(?:(?:st|nd|rd|th|\.)? (?:of )?|-)(?P<name>{MONTH_NAME})"
     rf"\.?[-, ]+{YEAR_SHORT}", "day"),
    (rf"{YEAR}(?:[-/.]|年度?) ?{_M}(?![.\d])月?{END}", "month"),
    (rf"{YEAR}[-_/. ]?m{_M}", "month"),
    (rf"{YEAR}年度?(?P<name>{_CHINESE_MONTH}){END}", "month"),
    (rf"(?<![a-z])(?P<name>{MONTH_NAME})\.?[-_/', ]*{YEAR_SHORT}", "month"),
    (rf"{YEAR}[-_/', ]*(?P<name>{MONTH_NAME}){_NO_WORD}", "month"),
    (rf"(?<![\d])(?P<y>\d{{2}})[-'](?P<name>{MONTH_NAME}){_NO_WORD}", "day_or_month"),
    (rf"(?<![\d个第.十-])(?P<m>1[0-2]|0?[1-9])月(?!度数){NO_COUNT}{END}", "month"),
    (rf"(?P<name>(?<![个十]){_CHINESE_MONTH}){NO_COUNT}{END}", "month"),
    (rf"(?<![a-z])(?P<name>{MONTH_NAME}){_NO_WORD}", "bare_name"),
    (rf"(?<![a-z])(?:full year|fiscal year|year|fy|cy)[-_ ]?{YEAR_SHORT}", "year"),
    (rf"{YEAR}(?:年度|财年|会计年度|年全年|年末|年底|年|全年| ?fy| full year)?", "year"),
    (r"(?<!\d)(?P<y>\d{2})年(?![一-鿿])", "year"),
    (r"全年度?|full[- ]year|(?<![a-z])fy(?![a-z])", "whole_year"),
    (r"(?<![\w.])(?P<m>3|12)m(?!\w)", "whole_months"),
    (r"半年度|中期|(?<![a-z])(?:interim(?: period)?|half[- ]year)(?![a-z])", "whole_half"),
)  # fmt: skip
TO_DATE = re.compile(
    r"(?<![非不勿无])(?:(?:本年|当年|年初|全年)?累计(?:数|值|额|发生额?)?|(?:本年)?年初[至到](?:今|目前|本?报告期末?|本?期末?|本季度?末?|本月末?)|本年至今|本年数|年累)"
    r"|(?<!not )(?<![a-z])(?:ytd|year[- ]to[- ]date|cumulative(?:ly)?|cum\.?|accumulated)(?![a-z])"
)
SINGLE = re.compile(
    r"(?<!年初[至到])(?:当季度?|本季度?|单季度?|当期|本期)(?:数|值|额|发生额?)?"
    r"|(?<![a-z])(?:qtd|(?:current|this|single|discrete|standalone) (?:quarter|period)|in[- ]quarter"
    r"|for the quarter)(?![a-z])"
)
ONE_MONTH = re.compile(
    r"(?:当月|本月|单月)(?:数|值|额|发生额?)?|(?<![a-z])(?:mtd|(?:current|this|single) month|for the month)(?![a-z])"
)
ELSEWHERE = re.compile(
    r"[上下前]一?个?(?:季度?|月)[末底初]?"
    r"|(?:the )?(?:prior|previous|preceding|last|next) (?:quarter|month)(?:[- ]?end)?"
)
UP_TO = re.compile(r"截[至止](?!当期)")
AS_OF = re.compile(
    r"截[至止](?:到)?|报告期(?:间)?[:：]?|(?<=季度)[末底]|(?<=季)[末底]"
    r"|(?<![a-z])(?:as (?:of|at)|(?:period|quarter|month) (?:ended|ending)|(?<!months )(?<!year )ended|end of)(?![a-z])"
)
