"""The spellings of periods as patterns, the longer before the shorter."""

import re

ORDINALS = {**{str(n): n for n in range(1, 5)}, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "首": 1}
ENGLISH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
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
_NAME = "|".join(sorted((name for name in MONTHS if name.isascii()), key=len, reverse=True))
_Y = r"(?<!\d)(?:fy ?)?(?P<y>(?:19|20|21)\d{2})(?!\d)"
_YY = r"(?:fy ?)?(?P<y>(?:19|20|21)\d{2}(?!\d)|'?\d{2}(?!\d))"
_AGE = r"(?:年度?|财年)?[-_/. ]?"
_M = r"(?P<m>1[0-2]|0?[1-9])(?!\d)"
_TO = r"\s?(?:-|–|—|~|～|至|到|to)\s?"
_CN = "[一二三四两1-4]"
_END = r"(?:份|末|底)?"
_NO_WORD = r"(?![a-z])"


def _rules(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), kind) for pattern, kind in pairs)


RULES = _rules(
    (rf"{_Y}{_AGE}0?1月?{_TO}{_M}月{_END}", "to_month"),
    (rf"{_Y}[-/. ]?m0?1{_TO}m{_M}", "to_month"),
    (rf"(?<![\d个-])0?1月?{_TO}{_M}月{_END}", "to_month"),
    (rf"(?<![a-z])jan(?:uary)?\.?{_TO}(?P<name>{_NAME})\.?[-' ,]*{_YY}", "to_month"),
    (rf"(?<![a-z])jan(?:uary)?\.?{_TO}(?P<name>{_NAME}){_NO_WORD}", "to_month"),
    (rf"(?<!\d)(?P<m>3|6|9|12)m[-' ]*{_YY}", "to_month"),
    (rf"{_Y}[-' ]*(?P<m>3|6|9|12)m{_NO_WORD}", "to_month"),
    (r"(?<![\w.])(?P<m>6|9)m(?!\w)", "to_month"),
    (rf"{_Y}{_AGE}前(?P<q>[二两三四2-4])个?季度?", "to_quarter"),
    (r"前(?P<q>[二两三四2-4])个?季度", "to_quarter"),
    (rf"{_Y}{_AGE}第?[一1]{_TO}第?(?P<q>[二三四2-4])季度?", "to_quarter"),
    (rf"第?[一1](?:季度)?{_TO}第?(?P<q>[二三四2-4])季度", "to_quarter"),
    (rf"{_Y}[-/. ]?q1{_TO}q?(?P<q>[2-4])(?!\d)", "to_quarter"),
    (rf"(?<![a-z])q1{_TO}q?(?P<q>[2-4])[-/.' ]*{_YY}", "to_quarter"),
    (rf"(?<![a-z])q1{_TO}q(?P<q>[2-4])(?!\d)", "to_quarter"),
    (r"(?:for the )?(?P<words>three|six|nine|twelve) months (?:ended|ending|to)(?: \d{1,2}(?:st|nd|rd|th)?)? "
     rf"(?P<name>{_NAME})\.?(?: \d{{1,2}},?)?(?: {_Y})?", "months_ended"),
    (rf"(?:for the )?(?:financial |fiscal )?year (?:ended|ending|to)(?: \d{{1,2}}(?:st|nd|rd|th)?)? (?:{_NAME})"
     rf"\.?(?: \d{{1,2}},?)? {_Y}", "year_ended"),
    (rf"{_Y}[-/. ]?h(?P<h>[12])(?!\d)", "half"),
    (rf"(?<![a-z])h(?P<h>[12])[-/.' ]*{_YY}", "half"),
    (rf"(?<!\d)(?P<h>[12])h[-/.' ]*{_YY}", "half"),
    (rf"{_Y}{_AGE}(?P<c>[上下])半年", "half"),
    (r"(?P<c>[上下])半年", "half"),
    (rf"(?<![a-z])(?P<e>first|second) half(?: of)?(?: {_YY})?", "half"),
    (r"(?<![a-z\d])h(?P<h>[12])(?![\da-z])|(?<![\da-z])(?P<h2>[12])h(?![\da-z])", "half"),
    (rf"{_Y}[-_/. ]*q(?P<q>[1-4])(?!\d)", "quarter"),
    (r"(?<![\d.])fy ?(?P<y>\d{2})[-_/. ]*q(?P<q>[1-4])(?!\d)", "quarter"),
    (r"(?<![\d.a-z])(?P<y>\d{2})[-_/. ]?q(?P<q>[1-4])(?!\d)", "quarter"),
    (rf"(?<![a-z])q(?P<q>[1-4])[-_/.', ]*{_YY}", "quarter"),
    (rf"(?<!\d)(?P<q>[1-4])q[-_/.', ]*{_YY}", "quarter"),
    (rf"{_Y}{_AGE}第?(?P<q>{_CN}) ?季度?", "quarter"),
    (r"(?<!\d)(?P<y>\d{2})年第?(?P<q>[一二三四1-4])季度?", "quarter"),
    (rf"第(?P<q>{_CN})季度?|(?<![\d十第])(?P<q2>{_CN}|首)季度", "quarter"),
    (r"(?<![a-z])(?:the )?(?P<e>first|second|third|fourth|1st|2nd|3rd|4th) (?:quarter|qtr)(?: of)?"
     rf"(?:,? {_YY})?", "quarter"),
    (rf"(?<![a-z])(?:quarter|qtr)\.? ?(?P<q>[1-4])(?!\d)(?:[-/., ]*{_YY})?", "quarter"),
    (r"(?<![a-z\d])q(?P<q>[1-4])(?![\da-z])|(?<![\da-z.])(?P<q2>[1-4])q(?![\da-z])", "quarter"),
    (r"(?<!\d)(?P<y>(?:19|20|21)\d{2})(?:-|/|\.|年)(?P<m>0?[1-9]|1[0-2])(?:-|/|\.|月)(?P<d>[12]\d|3[01]|0?[1-9])"
     r"日?(?!\d)(?: ?00:00:00)?", "day"),
    (rf"(?<![a-z])(?P<name>{_NAME})\.? (?P<d>[12]\d|3[01]|0?[1-9]),? {_Y}", "day"),
    (rf"(?<!\d)(?P<d>[12]\d|3[01]|0?[1-9])[- ](?P<name>{_NAME})\.?[-, ]+{_YY}", "day"),
    (rf"{_Y}(?:[-/.]|年度?) ?{_M}(?![.\d])月?{_END}", "month"),
    (rf"{_Y}[-_/. ]?m{_M}", "month"),
    (rf"{_Y}年度?(?P<name>{_CHINESE_MONTH}){_END}", "month"),
    (rf"(?<![a-z])(?P<name>{_NAME})\.?[-_/', ]*{_YY}", "month"),
    (rf"{_Y}[-_/', ]*(?P<name>{_NAME}){_NO_WORD}", "month"),
    (rf"(?<![\d])(?P<y>\d{{2}})[-'](?P<name>{_NAME}){_NO_WORD}", "month"),
    (rf"(?<![\d个第.十-])(?P<m>1[0-2]|0?[1-9])月(?!度数){_END}", "month"),
    (rf"(?P<name>(?<![个十]){_CHINESE_MONTH}){_END}", "month"),
    (rf"(?<![a-z])(?P<name>{_NAME}){_NO_WORD}", "bare_name"),
    (rf"(?<![a-z])(?:full year|fiscal year|year|fy|cy)[-_ ]?{_YY}", "year"),
    (rf"{_Y}(?:年度|财年|会计年度|年全年|年末|年底|年|全年| ?fy| full year)?", "year"),
    (r"(?<!\d)(?P<y>\d{2})年(?![一-鿿])", "year"),
    (r"全年度?|full[- ]year|(?<![a-z])fy(?![a-z])", "whole_year"),
)  # fmt: skip
TO_DATE = re.compile(
    r"(?<![非不勿无])(?:(?:本年|当年|年初|全年)?累计(?:数|值|额|发生额?)?|年初至今|本年至今|本年数|年累)"
    r"|(?<!not )(?<![a-z])(?:ytd|year[- ]to[- ]date|cumulative(?:ly)?|cum\.?|accumulated)(?![a-z])"
)
SINGLE = re.compile(
    r"(?:当季度?|本季度?|单季度?|当期|本期)(?:数|值|额|发生额?)?"
    r"|(?<![a-z])(?:qtd|(?:current|this|single|discrete|standalone) (?:quarter|period)|in[- ]quarter"
    r"|for the quarter)(?![a-z])"
)
ONE_MONTH = re.compile(
    r"(?:当月|本月|单月)(?:数|值|额|发生额?)?|(?<![a-z])(?:mtd|(?:current|this|single) month|for the month)(?![a-z])"
)
UP_TO = re.compile(r"截[至止](?!当期)")
AS_OF = re.compile(
    r"截[至止](?:到)?|报告期(?:间)?[:：]?|(?<=季度)[末底]|(?<=季)[末底]"
    r"|(?<![a-z])(?:as (?:of|at)|(?:period|quarter|month) (?:ended|ending)|(?<!months )(?<!year )ended|end of)(?![a-z])"
)
