"""What the text of one cell says: a period or a part of one, a scenario, a unit, a measure, an org unit, a total."""

import re
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace

from kpi.intake.context import IntakeContext
from kpi.intake.grid import Cell
from kpi.intake.layouts.lines import unit_phrase
from kpi.intake.layouts.unit_text import split_composed
from kpi.intake.layouts.words import DERIVED, ROLE_WORDS, SCENARIOS, TOTAL_WORDS
from kpi.intake.names import MeasureName, folded, split_unit
from kpi.intake.period_text import NOTHING, PeriodParts, parts_of, plain, take_period
from kpi.periods import Grain
from kpi.units import Unit

LONGEST_HEADING = 60
_ODD_PERIOD = re.compile(
    r"\d{4}\s*[-/.年]?\s*(?:q|h|第|\d|[一-十]季)|第?[\d一-十]季度?|(?<![a-z])q\d|\d{1,2}月", re.IGNORECASE
)
_LETTERS = {"a": "actual", "e": "forecast", "f": "forecast"}
_LETTERS_OF_YEARS = {**_LETTERS, "b": "plan", "p": "plan"}
_ANNUAL = re.compile(r"年度|全年|annual|full[- ]year|(?<![a-z])fy|yearly")
_NOTE_NUMBER = re.compile(
    r"附注[一二三四五六七八九十\d]*(?:编号|序号|号)?|notes?(?:ref|refs|reference|references|no|nos|number)"
)
_JOINTS = " -_/、,:;.()[]的和及"
_UNIT_ALONE = re.compile(
    r"^[(\[【]?\s*(?:(?:计量|金额)?单位\s*[:：]?|units?\s*:)?\s*(?P<unit>[^()\[\]【】:：]+?)\s*[)\]】]?$", re.IGNORECASE
)
_SHORT_MONEY = {"万": "万元", "亿": "亿元", "百万": "百万元", "萬": "万元", "億": "亿元"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The senses of one text; a text may have several, and ``rest`` is what has none.

    ``scenario`` is one of the stored ones, ``prior_year``, ``forecast``, or a derived figure (``growth``, ``share``,
    ``variance``, ``other``). ``annual``: a plan or forecast of the whole year. ``odd`` looks like a period and is none.
    ``either``: the whole text names a measure as well as a scenario, as ``预算达成率`` does.
    ``beside``: the unknown name that the scenario is said of; ``loose``: the scenario may well be a part of that name,
    as in ``Plan assets``, and is one only where a table tells it from another of the same name.
    ``aside``: somebody said to leave the numbers of this label out.
    """

    role: str = ""
    parts: PeriodParts = NOTHING
    scenario: str = ""
    annual: bool = False
    unit: Unit | None = None
    measure: MeasureName | None = None
    org_unit: str = ""
    total: bool = False
    rest: str = ""
    odd: bool = False
    either: bool = False
    aside: bool = False
    beside: str = ""
    loose: bool = False

    @property
    def heads(self) -> bool:
        """Whether the text is at home in a heading."""
        return bool(self.role or self.scenario or self.parts != NOTHING or self.odd)

    @property
    def is_period(self) -> bool:
        """Whether the text names a period, or a part of one, and nothing else but a scenario or unit."""
        return self.parts.says_period and not self.rest and self.measure is None and not self.org_unit

    @property
    def says_nothing(self) -> bool:
        """Whether no sense was found in the text."""
        return not (self.heads or self.unit or self.measure or self.org_unit or self.total)


def _alternatives(words: dict[str, str]) -> tuple[str, str]:
    chosen = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
    zh = "|".join(re.escape(word) for word in chosen if not word.isascii())
    return zh, ""


_ZH_ENDINGS = re.compile(f"(?:{_alternatives(SCENARIOS)[0]})$")
_ZH_TO_START = re.compile("^(?:上年同期|去年同期|上年|去年|本年|今年)")
_EN_WORDS = {
    "actual": "actual", "actuals": "actual", "act": "actual", "plan": "plan", "budget": "plan", "target": "plan",
    "prior year": "prior_year", "last year": "prior_year", "py": "prior_year", "forecast": "forecast",
    "aop": "plan", "reforecast": "forecast", "outlook": "forecast", "latest estimate": "forecast",
    "% chg": "growth", "chg": "variance",
    "growth": "growth", "yoy": "growth", "variance": "variance", "var": "variance",
    "attainment": "other", "achievement": "other", "vs plan": "other", "vs budget": "other", "restated": "restated",
    "growth %": "growth", "yoy %": "growth", "variance %": "other", "% change": "growth", "change": "variance",
}  # fmt: skip
_EN_ENDING = re.compile(
    rf"(?:^|[\s\-_/,(:])(?P<word>{'|'.join(sorted(map(re.escape, _EN_WORDS), key=len, reverse=True))})\)?$"
)
_NEVER_OF_A_NAME = re.compile(
    r"预算|预测|预计|同比|环比|率|增速|增幅|占比|比例|上年|去年|同期|实际|完成|达成|进度|重述|年度|全年|合计"
    r"|budget|forecast|yoy|%|actual|\bact\b|prior|last|\bpy\b|aop|vs|restated|attainment|achievement"
)
_COMPARES = re.compile(r"^[较比与]|\b(?:vs\.?|versus)\b")
_VERSION = re.compile(
    r"[^\W\d]?\W*\d*|(?:rev(?:ised)?|original|initial|final|draft|new|version|修订|调整|最新|初步)\W*\d*"
)
_EN_START = re.compile(rf"^(?P<word>{'|'.join(sorted(map(re.escape, _EN_WORDS), key=len, reverse=True))})[\s\-_/,:]+")


class Vocabulary:
    """The meanings of texts in one context, each worked out once."""

    def __init__(self, context: IntakeContext) -> None:
        self.context = context
        self._units, self._names = context.catalogue.units, context.names
        self._known: dict[str, Meaning] = {}
        self._told: frozenset[str] | None = None

    def of_table(self, texts: Iterable[str]) -> "Vocabulary":
        """The same for a table with these texts: Plan assets have a plan only where Actual assets, or assets alone,
        stand beside."""
        texts = list(texts)
        said = {text: self.of_text(text) for text in texts}
        if not any(meaning.loose for meaning in said.values()):
            return self
        scenarios: dict[str, set[str]] = defaultdict(set)
        for text, meaning in said.items():
            scenarios[meaning.beside or folded(text)].add(meaning.scenario)
        own = copy(self)
        own._told = frozenset(name for name, several in scenarios.items() if len(several) > 1)
        return own

    def of(self, cell: Cell | None) -> Meaning:
        """What a cell says as a label or heading; a date or a number like 2026 says a period."""
        if cell is None or cell.content is None:
            return Meaning()
        if isinstance(cell.content, str):
            return self.of_text(cell.content)
        parts = None if isinstance(cell.content, bool) else parts_of(cell.content)
        return Meaning(parts=parts) if parts else Meaning(rest=cell.text)

    def of_text(self, text: str) -> Meaning:
        """What a text says."""
        if text not in self._known:
            if self._names.is_aside(text):
                self._known[text] = Meaning(rest=text, aside=True)
            else:
                self._known[text] = self._read(text) if len(text) <= LONGEST_HEADING else Meaning(rest=text)
        meaning = self._known[text]
        if meaning.loose and self._told is not None and meaning.beside not in self._told:
            return replace(meaning, scenario="", annual=False, rest=text, beside="", loose=False)
        return meaning

    def unit_named(self, text: str) -> Unit | None:
        """The unit that a text consists of, in parentheses or not: ``（万元）``, ``单位：万元``, ``RMB million``."""
        match = _UNIT_ALONE.match(plain(text))
        word = match["unit"] if match else ""
        found = self._units.find(_SHORT_MONEY.get(word, word)) if word else None
        return found or unit_phrase(text, self._units)

    def _read(self, text: str) -> Meaning:
        name, unit = split_unit(text, self._units)
        measure = self._names.measure(text)
        if unit is None:
            name, unit = split_composed(text, self._units)
            named = self._names.measure(name) if unit else None
            measure = measure or (named and replace(named, unit=unit))
        word = folded(name)
        known = self._whole(name, word, unit, folded(text))
        if measure is not None:
            whole = known or Meaning()
            return replace(whole, measure=measure, unit=measure.unit or unit, either=bool(whole.scenario))
        alone = None if known else self.unit_named(text)
        if known or alone:
            return known or Meaning(unit=alone)
        parts, rest = take_period(plain(name))
        rest = rest.strip(_JOINTS)
        if parts == NOTHING:
            return self._with_ending(name, unit)
        letter = _lettered(rest, parts)
        if not rest or letter:
            return Meaning(parts=parts, unit=unit, scenario=letter)
        inner = self._inside(rest)
        if inner.scenario in ("plan", "forecast") and parts.grain is None and _ANNUAL.search(plain(name)):
            inner, parts = replace(inner, annual=True), parts._replace(grain=Grain.YEAR)
        odd = bool(inner.rest and _ODD_PERIOD.search(plain(name)) and self._looks_odd(rest))
        return replace(inner, parts=parts, unit=unit or inner.unit, odd=odd)

    def _looks_odd(self, rest: str) -> bool:
        return len(rest) <= 6 and (_ODD_PERIOD.search(rest) is not None or rest.lstrip("-/.").isdigit())

    def _whole(self, name: str, word: str, unit: Unit | None, whole: str = "") -> Meaning | None:
        """What a text says that is one known word, ``word`` without its unit or ``whole`` with it."""
        role, scenario = ROLE_WORDS.get(word, ""), SCENARIOS.get(whole or word, "") or SCENARIOS.get(word, "")
        role = role or _twofold_role(name) or ("note" if _NOTE_NUMBER.fullmatch(word) else "")
        total = word in TOTAL_WORDS
        org_unit = self._org_unit(name)
        if not (role or scenario or total or org_unit):
            return None
        parts = PeriodParts(cumulative=True) if "累计" in word and scenario else NOTHING
        found = Meaning(role=role, parts=parts, unit=unit, org_unit=org_unit, total=total)
        return _with_scenario(found, scenario)

    def _org_unit(self, name: str) -> str:
        """The org unit of a name; a department's whole name only, as Claims is rather what a column is about."""
        code = self._names.org_unit(name) or ""
        unit = self.context.organisation.by_code.get(code)
        if unit is None or unit.kind != "department":
            return code
        spellings = (unit.code, unit.name.zh, unit.name.en)
        return code if folded(name) in {folded(spelling) for spelling in spellings} else ""

    def _inside(self, rest: str) -> Meaning:
        """What is said beside a period: ``累计实际``, ``标准保费``, ``北京分公司``, or something unknown."""
        known = self._whole(rest, folded(rest), None)
        measure = self._names.measure(rest)
        if measure is not None:
            return replace(known or Meaning(), measure=measure, unit=measure.unit)
        return known or self._with_ending(rest, None)

    def _with_ending(self, name: str, unit: Unit | None) -> Meaning:
        """An unknown name, with the scenario that stands behind or before it."""
        text = plain(name)
        if (match := _ZH_ENDINGS.search(text)) and match.start():
            scenario, rest = SCENARIOS[folded(match[0])], text[: match.start()]
        elif (match := _EN_ENDING.search(text)) and match.start():
            scenario, rest = _EN_WORDS[match["word"]], text[: match.start()]
        elif match := _ZH_TO_START.search(text):
            scenario, rest = SCENARIOS[folded(match[0])] if match[0] != "今年" else "actual", text[match.end() :]
        elif match := _EN_START.search(text):
            scenario, rest = _EN_WORDS[match["word"]], text[match.end() :]
        else:
            total = any(folded(text).endswith(word) for word in TOTAL_WORDS)
            odd = bool(_ODD_PERIOD.search(text)) and self._looks_odd_whole(text)
            return Meaning(rest=name, unit=unit, total=total, odd=odd)
        word = text.removeprefix(rest).removesuffix(rest)
        rest = rest.strip(_JOINTS)
        inner = self._inside_once(rest)
        found = _with_scenario(replace(inner, unit=unit or inner.unit), scenario)
        if inner.rest != rest or not rest:
            return found
        apart = re.search(r"[-_/:,(]", word) or _VERSION.fullmatch(rest) or _COMPARES.search(rest)
        return replace(found, beside=folded(rest), loose=not (apart or _NEVER_OF_A_NAME.search(word)))

    def _looks_odd_whole(self, text: str) -> bool:
        return bool(re.fullmatch(r"\(?(?:fy)?[\d年度第\-/. qhm季月一-十]{3,12}\)?", text))

    def _inside_once(self, rest: str) -> Meaning:
        if not rest:
            return Meaning()
        word = folded(rest)
        known = self._whole(rest, word, None)
        measure = self._names.measure(rest)
        if measure is not None:
            return replace(known or Meaning(), measure=measure, unit=measure.unit)
        return known or Meaning(rest=rest)


def _twofold_role(name: str) -> str:
    """The role of a heading in two languages or lines, where each part names the same: ``指标 / KPI``."""
    roles = {ROLE_WORDS.get(folded(part), "") for part in re.split(r"[\n/|]", name) if part.strip()}
    return roles.pop() if len(roles) == 1 else ""


def _lettered(rest: str, parts: PeriodParts) -> str:
    """The scenario of a letter behind a period: 2025A, 2026E, and behind a year 2026B."""
    if parts.year is None:
        return ""
    return (_LETTERS if parts.grain else _LETTERS_OF_YEARS).get(rest, "")


def _with_scenario(meaning: Meaning, scenario: str) -> Meaning:
    """``scenario`` added, unless a derived one is said already: the growth of a plan is growth."""
    if meaning.scenario in DERIVED or not scenario:
        return meaning
    if scenario in ("plan_year", "forecast_year"):
        return replace(
            meaning,
            scenario=scenario.removesuffix("_year"),
            annual=True,
            parts=meaning.parts._replace(grain=Grain.YEAR) if meaning.parts.grain is None else meaning.parts,
        )
    return replace(meaning, scenario=scenario)
