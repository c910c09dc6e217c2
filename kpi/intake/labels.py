"""The words of a label taken apart: numbering before it, a unit or a scenario behind it."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from opencc import OpenCC

from kpi.facts import Scenario
from kpi.units import Dimension, Unit, UnitTable

_PARENTHESES = re.compile(r"^(?P<name>.+?)\s*[(\[【](?P<inside>[^()\[\]【】]+)[)\]】]\s*$")
_MARK = re.compile(r"\s*[,:;、|/]\s*|\s+-\s+|\s+in\s+|\s+", re.IGNORECASE)
_UNIT_WORD = re.compile(r"^(?:计量|計量)?(?:单位|單位):?\s*|^units?\b:?\s*", re.IGNORECASE)
_JOINTS = re.compile(r"[,;、/|\s]+")
_CIRCLED = re.compile(r"^\s*[\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]+\s*")
_COUNTED = "一二三四五六七八九十百"
_NUMBERING = re.compile(
    rf"""^\s*(?:
        \((?:[{_COUNTED}]{{1,3}}|\d{{1,3}}|[ivx]{{1,5}}|[a-z])\)[.、]?
        | 第?[{_COUNTED}]{{1,3}}[、.:)]
        | \d{{1,3}}(?:[.-]\d{{1,3}})*(?:[、.:)]|\s+(?=\D)|-(?=\D))
        | (?:[ivx]{{1,5}}|[a-z])[、.)](?=\D)
        | 其中:? | of\swhich:? | including:
        | [-–—―*•·●○■□◆◇▪▫►▸>※★☆✓√→]+
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST_NUMBERINGS = 4
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
SCENARIO_WORDS: Mapping[str, Scenario] = {
    **dict.fromkeys(("实际", "实际值", "实际数", "本期实际", "完成", "完成值", "actual", "actuals"), Scenario.ACTUAL),
    **dict.fromkeys(
        ("计划", "计划值", "计划数", "预算", "预算数", "目标", "目标值", "plan", "planned", "budget", "target"),
        Scenario.PLAN,
    ),
    **dict.fromkeys(("重述", "重述值", "restated"), Scenario.RESTATED),
}
TOTALS = frozenset({"合计", "总计", "小计", "共计", "total", "subtotal", "grandtotal", "sum"})


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """``text`` without case, width, blanks, punctuation and traditional characters, for comparison."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = re.sub(r"[^\w%‰]|_", "", plain)
    return simplified(plain) if _CHINESE.search(plain) else plain


@lru_cache(maxsize=20_000)
def simplified(text: str) -> str:
    """Traditional characters as simplified ones: by whole words, then each that is left by itself."""
    if not _CHINESE.search(text):
        return text
    words = _converter().convert(text)
    return "".join(_simplified_character(character) for character in words)


def normal(label: str) -> str:
    """``label`` without width and outer blanks."""
    return unicodedata.normalize("NFKC", label).strip()


def without_numbering(label: str) -> str:
    """``label`` without bullets and numbers of a list before it, such as 1、 （一） 1.2 ① 其中：."""
    text = normal(_CIRCLED.sub("", label))
    for _ in range(_MOST_NUMBERINGS):
        shorter = _NUMBERING.sub("", text, count=1)
        if shorter in ("", text):
            break
        text = shorter
    return text or normal(label)


def split_unit(label: str, units: UnitTable) -> tuple[str, Unit | None]:
    """``标准保费(万元)``, ``标准保费，万元`` or ``标准保费/万元`` as name and unit; a label without a unit stays whole.

    Behind a slash or a blank only money and percent are units: ``保费/人`` is premium a head.
    """
    text = normal(label)
    return _in_parentheses(text, units) or _behind_a_mark(text, units) or (text, None)


def split_scenario(word: str) -> list[tuple[str, Scenario]]:
    """What may stay of a folded label when a word for actual or plan before or behind it is taken off."""
    found = []
    for said, scenario in SCENARIO_WORDS.items():
        for rest in (word.removeprefix(said), word.removesuffix(said)):
            if rest and rest != word:
                found.append((rest, scenario))
    return found


def _in_parentheses(text: str, units: UnitTable) -> tuple[str, Unit] | None:
    match = _PARENTHESES.match(text)
    if match is None:
        return None
    inside = _UNIT_WORD.sub("", match["inside"].strip())
    unit = units.find(inside)
    if unit:
        return match["name"], unit
    parts = [_UNIT_WORD.sub("", part) for part in _JOINTS.split(inside) if part]
    named = [found for part in parts if (found := units.find(part))]
    rest = [part for part in parts if units.find(part) is None]
    if len(named) == 1 and rest and all(folded(part) in SCENARIO_WORDS for part in rest):
        return f"{match['name']}({rest[0]})" if len(rest) == 1 else match["name"], named[0]
    return None


def _behind_a_mark(text: str, units: UnitTable) -> tuple[str, Unit] | None:
    for mark in _MARK.finditer(text):
        unit = units.find(_UNIT_WORD.sub("", text[mark.end() :])) if mark.start() else None
        if unit and (_is_amount(unit) or mark.group().strip() in (",", ":", ";", "、", "|")):
            return text[: mark.start()], unit
    return None


def _is_amount(unit: Unit) -> bool:
    return unit.dimension is Dimension.MONEY or (unit.dimension is Dimension.SHARE and unit.factor < 1)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _simplified_character(character: str) -> str:
    return _converter().convert(character) if _CHINESE.match(character) else character
