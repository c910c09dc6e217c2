"""The org unit that a label names, whatever words such as branch stand behind it."""

import re
from collections import defaultdict
from collections.abc import Iterator

from kpi.intake.labels import folded, normal, without_numbering
from kpi.intake.matching import SAME, SAME_PLACE, SEVERAL, Candidate, NearNames, Spelling, ranked
from kpi.organisation import Organisation, OrgUnit

_BRANCH, _BELOW, _BARE = "branch", "below", "bare"
_BELOW_WORDS = re.compile(
    r"(?:中心支公司|支公司|营业部|营销服务部|服务部|营业区|subbranch|centralsubbranch|salesoffice)$"
)
_BRANCH_WORDS = re.compile(
    r"(?:省|市|自治区|特别行政区)?(?:分公司|分行|省公司|市公司)$|(?:provincial|municipal|province|city)?branch(?:office)?$"
)
_REGION_WORDS = re.compile(
    r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$|(?:province|municipality|city)$"
)
_KEPT = 20_000
_LONGEST = 120


class OrgNames:
    """All spellings of one organisation."""

    def __init__(self, organisation: Organisation) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._cores: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._names = {unit.code: unit.name.zh for unit in organisation.units}
        self._root = organisation.root.code
        self._cache: dict[str, tuple[set[str], bool]] = {}
        spellings = [Spelling(text, unit.code) for unit in organisation.units for text in _spellings(unit)]
        for unit in organisation.units:
            own = level_of(folded(unit.name.zh))[1]
            for text in _spellings(unit):
                word = folded(text)
                self._exact[word].add(unit.code)
                core, level = level_of(word)
                if unit.kind == "branch" and core:
                    self._cores[core, (own if own != _BARE else _BRANCH) if level == _BARE else level].add(unit.code)
        company = [organisation.name.zh, organisation.name.en]
        for text in company:
            self._exact.setdefault(folded(text), {self._root})
        heads = {folded(text) for text in (*company, *organisation.root.synonyms)}
        self._company = sorted((head for head in heads if len(head) > 3), key=len, reverse=True)
        self._near = NearNames(spellings)

    def find(self, label: str) -> str | None:
        """The code of the one org unit that ``label`` certainly names."""
        codes, _ = self._found(label)
        return next(iter(codes)) if len(codes) == 1 else None

    def candidates(self, label: str, limit: int = 5) -> tuple[Candidate, ...]:
        """What ``label`` may mean, the likeliest first; a certain one has score 1."""
        codes, exact = self._found(label)
        certain = len(codes) == 1
        reason = (SAME if exact else SAME_PLACE) if certain else SEVERAL
        found = [Candidate(code, self._names[code], 1.0, reason, certain) for code in codes]
        near = self._near.like(folded(without_numbering(label[:_LONGEST])), limit)
        return ranked([*found, *(each for each in near if each.code not in codes)], limit)

    def _found(self, label: str) -> tuple[set[str], bool]:
        if label not in self._cache:
            if len(self._cache) > _KEPT:
                self._cache.clear()
            self._cache[label] = next(self._stages(label), (set(), False)) if len(label) <= _LONGEST else (set(), False)
        return self._cache[label]

    def _stages(self, label: str) -> Iterator[tuple[set[str], bool]]:
        """Org units by the plainest reading of the label first."""
        words = list(dict.fromkeys((folded(normal(label)), folded(without_numbering(label)))))
        words += [word[len(head) :] for word in words for head in self._company if word.startswith(head)]
        for word in words:
            if word in self._exact:
                yield self._exact[word], word == words[0]
        for word in words:
            core, level = level_of(word)
            levels = (_BRANCH, _BELOW) if level == _BARE else (level,)
            codes = set().union(*(self._cores.get((core, each), set()) for each in levels))
            if codes:
                yield codes, False


def level_of(word: str) -> tuple[str, str]:
    """A folded name without its words for branch, province or city, and what it says it is."""
    for pattern, level in ((_BELOW_WORDS, _BELOW), (_BRANCH_WORDS, _BRANCH), (_REGION_WORDS, _BARE)):
        core = pattern.sub("", word, count=1)
        if core and core != word:
            return _REGION_WORDS.sub("", core) or core if level == _BRANCH else core, level
    return word, _BARE


def _spellings(unit: OrgUnit) -> tuple[str, ...]:
    return (unit.name.zh, unit.name.en, *unit.synonyms, unit.code)
