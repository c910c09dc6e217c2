"""Ranked guesses for a label that no spelling fits: near names, initials, short forms. None of them is ever certain."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kpi.facts import Scenario
from kpi.intake.labels import folded
from kpi.text import Text
from kpi.units import Unit

SAME = Text(zh="编码、名称或同义词一致", en="the same code, name or synonym")
SAME_APART = Text(zh="去掉编号、单位或情景词后名称一致", en="the same name but for numbering, unit or scenario")
SAME_PLACE = Text(zh="去掉机构后缀后名称一致", en="the same name but for words such as branch")
SEVERAL = Text(zh="同一名称可指多项", en="the name stands for more than one")
_NEAR = Text(zh="与“{name}”相近", en="like “{name}”")
_INITIALS = Text(zh="“{name}”的首字母缩写", en="the initials of “{name}”")
_SHORT = Text(zh="“{name}”的简称", en="short for “{name}”")
_LEAST, _SHORTLIST, _MOST_LETTERS = 50, 40, 120
_UNSAID = frozenset({"of", "the", "and", "to", "in", "for", "per", "by", "on", "a", "an", "with"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that a label may mean. ``certain``: it may be applied without asking. ``score`` runs from 0 to 1."""

    code: str
    spelling: str
    score: float
    reason: Text
    certain: bool = False
    scenario: Scenario | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a code."""

    text: str
    code: str
    scenario: Scenario | None = None


def ranked(found: Iterable[Candidate], limit: int) -> tuple[Candidate, ...]:
    """The best candidate of each code, the best first."""
    best: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.code not in best or candidate.score > best[candidate.code].score:
            best[candidate.code] = candidate
    return tuple(sorted(best.values(), key=lambda each: (-each.score, each.code))[:limit])


class NearNames:
    """Spellings, ready to be searched for what looks like a label."""

    def __init__(self, spellings: Iterable[Spelling]) -> None:
        self._spellings = tuple(spellings)
        self._folded = [folded(spelling.text)[:_MOST_LETTERS] for spelling in self._spellings]
        self._initials: dict[str, list[int]] = defaultdict(list)
        self._holding: dict[str, set[int]] = defaultdict(set)
        for index, spelling in enumerate(self._spellings):
            for short in initials(spelling.text):
                self._initials[short].append(index)
            for letter in set(self._folded[index]):
                self._holding[letter].add(index)

    def like(self, wanted: str, limit: int) -> tuple[Candidate, ...]:
        """What the folded label ``wanted`` may mean, the likeliest first."""
        if not wanted:
            return ()
        wanted = wanted[:_MOST_LETTERS]
        return ranked([*self._near(wanted), *self._abbreviated(wanted), *self._shortened(wanted)], limit)

    def _near(self, wanted: str) -> Iterable[Candidate]:
        shortlist = process.extract(wanted, self._folded, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=_SHORTLIST)
        for known, alike, index in shortlist:
            score = (alike / 100 + OSA.normalized_similarity(wanted, known)) / 2
            yield self._candidate(index, min(score, 0.99), _NEAR)

    def _abbreviated(self, wanted: str) -> Iterable[Candidate]:
        for index in self._initials.get(wanted, ()):
            yield self._candidate(index, 0.85, _INITIALS)

    def _shortened(self, wanted: str) -> Iterable[Candidate]:
        """Chinese short forms: 标保 for 标准保费."""
        if len(wanted) < 2 or wanted.isascii():
            return
        holding = (self._holding.get(letter, set()) for letter in sorted(set(wanted)))
        for index in set.intersection(*holding):
            name = self._folded[index]
            if len(name) > len(wanted) and _runs_through(wanted, name):
                start = 0.05 if name[0] == wanted[0] else 0.0
                yield self._candidate(index, 0.5 + start + 0.4 * len(wanted) / len(name), _SHORT)

    def _candidate(self, index: int, score: float, reason: Text) -> Candidate:
        spelling = self._spellings[index]
        said = Text(zh=reason.zh.format(name=spelling.text), en=reason.en.format(name=spelling.text))
        return Candidate(spelling.code, spelling.text, round(score, 4), said, scenario=spelling.scenario)


def initials(name: str) -> set[str]:
    """``gwp`` for Gross written premium, with and without small words; nothing for Chinese names and single words."""
    words = re.findall(r"[a-z]+|\d+", name.casefold()) if name.isascii() else []
    said = [word for word in words if word not in _UNSAID]
    shorts = ["".join(word if word.isdigit() else word[0] for word in chosen) for chosen in (words, said)]
    return {short for short in shorts if 2 <= len(short) <= 8 and short not in words}


def with_scenario(candidate: Candidate, scenario: Scenario | None, unit: Unit | None) -> Candidate:
    """``candidate`` with what the label says beside the name."""
    return replace(candidate, scenario=candidate.scenario or scenario, unit=unit)


def _runs_through(short: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in short)
