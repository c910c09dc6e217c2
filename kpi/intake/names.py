"""Finds the measure or org unit that a label names, and what an unknown label may have meant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpi.catalogue.models import Catalogue
from kpi.facts import Scenario
from kpi.intake.corrections import ASIDE, Corrections
from kpi.intake.labels import (
    SCENARIO_WORDS,
    TOTALS,
    folded,
    normal,
    split_scenario,
    split_unit,
    without_numbering,
)
from kpi.intake.matching import SAME, SAME_APART, SEVERAL, Candidate, NearNames, Spelling, ranked, with_scenario
from kpi.intake.org_names import OrgNames
from kpi.organisation import Organisation
from kpi.units import Unit

__all__ = ["SCENARIO_WORDS", "TOTALS", "Candidate", "CorrectedNames", "MeasureName", "Names", "folded", "split_unit"]

_KEPT = 20_000
_LONGEST = 200
_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class MeasureName:
    """A component or KPI, and the scenario and unit if its label says them."""

    measure: str
    scenario: Scenario | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a label stands for: one meaning is certain, several are not."""

    meanings: tuple[MeasureName, ...] = ()
    whole: bool = False


class Names:
    """All spellings of one catalogue and one organisation."""

    def __init__(self, catalogue: Catalogue, organisation: Organisation) -> None:
        """Where a KPI and a component share a name, the component is meant: it can be added up."""
        self._units = catalogue.units
        self._names = {kpi.code: kpi.name.zh for kpi in catalogue.kpis}
        self._names |= {component.code: component.name.zh for component in catalogue.components}
        self._meanings: dict[str, set[tuple[str, Scenario | None]]] = defaultdict(set)
        of_kpis = [
            Spelling(text, kpi.code)
            for kpi in catalogue.kpis
            for text in (kpi.name.zh, kpi.name.en, *kpi.synonyms, kpi.code)
        ]
        of_components = [
            spelling
            for each in catalogue.components
            for spelling in (
                *(Spelling(text, each.code) for text in (each.name.zh, each.name.en, *each.synonyms, each.code)),
                *(Spelling(text, each.code, Scenario.PLAN) for text in each.plan_synonyms),
            )
        ]
        self._add(of_components)
        self._add(spelling for spelling in of_kpis if folded(spelling.text) not in self._meanings)
        self._near = NearNames((*of_components, *of_kpis))
        self._org_units = OrgNames(organisation)
        self._cache: dict[str, _Found] = {}
        self._guesses: dict[tuple[str, int], tuple[Candidate, ...]] = {}

    def _add(self, spellings: Iterable[Spelling]) -> None:
        for spelling in list(spellings):
            self._meanings[folded(spelling.text)].add((spelling.code, spelling.scenario))

    def measure(self, label: str) -> MeasureName | None:
        """What ``label`` certainly names: a code, a name or synonym in either language and script, with or without
        numbering before it, its unit behind it and a word for actual or plan before or behind."""
        found = self._found(label).meanings
        return found[0] if len(found) == 1 else None

    def measure_candidates(self, label: str, limit: int = 5) -> tuple[Candidate, ...]:
        """What ``label`` may mean, the likeliest first; at most one of them is certain, and that has score 1."""
        key = (label, limit)
        if key not in self._guesses:
            if len(self._guesses) >= _KEPT:
                self._guesses.clear()
            self._guesses[key] = self._candidates(label[:_LONGEST], limit, self._found(label))
        return self._guesses[key]

    def org_unit(self, label: str) -> str | None:
        """The code of the org unit that ``label`` certainly names, with or without words such as branch."""
        return self._org_units.find(label)

    def org_unit_candidates(self, label: str, limit: int = 5) -> tuple[Candidate, ...]:
        """What ``label`` may mean, the likeliest first; at most one of them is certain, and that has score 1."""
        return self._org_units.candidates(label, limit)

    def similar_measures(self, label: str) -> list[str]:
        """Up to three known spellings that look like ``label``, the nearest first."""
        return [each.spelling for each in self.measure_candidates(label, 3) if each.score >= _ENOUGH]

    def similar_org_units(self, label: str) -> list[str]:
        """Up to three known names that look like ``label``, the nearest first."""
        return [each.spelling for each in self.org_unit_candidates(label, 3) if each.score >= _ENOUGH]

    def _found(self, label: str) -> _Found:
        if label not in self._cache:
            if len(self._cache) >= _KEPT:
                self._cache.clear()
            self._cache[label] = next(self._stages(label), _Found()) if len(label) <= _LONGEST else _Found()
        return self._cache[label]

    def _stages(self, label: str) -> Iterator[_Found]:
        """Meanings by the plainest reading of the label first."""
        for word, unit, whole in self._words(label):
            if word in self._meanings:
                meanings = sorted(self._meanings[word], key=str)
                yield _Found(tuple(MeasureName(*meaning, unit) for meaning in meanings), whole)
        for word, unit, _ in self._words(label):
            stripped = {
                MeasureName(code, scenario, unit)
                for rest, scenario in split_scenario(word)
                for code, own in self._meanings.get(rest, ())
                if own in (None, scenario)
            }
            if stripped:
                yield _Found(tuple(sorted(stripped, key=lambda name: (name.measure, str(name.scenario)))))

    def _words(self, label: str) -> Iterator[tuple[str, Unit | None, bool]]:
        """The folded label whole, without its unit, without numbering, and without both."""
        whole, bare = normal(label), without_numbering(label)
        yield folded(whole), None, True
        for text in dict.fromkeys((whole, bare)):
            name, unit = split_unit(text, self._units)
            yield folded(text), None, False
            if unit:
                yield folded(name), unit, False

    def _candidates(self, label: str, limit: int, found: _Found) -> tuple[Candidate, ...]:
        certain = len(found.meanings) == 1
        reason = (SAME if found.whole else SAME_APART) if certain else SEVERAL
        known = [
            Candidate(
                each.measure,
                self._names[each.measure] if certain else each.measure,
                1.0,
                reason,
                certain,
                each.scenario,
                each.unit,
            )
            for each in found.meanings
        ]
        codes = {each.code for each in known}
        guesses = [guess for guess in self._guessed(label, limit + len(codes)) if guess.code not in codes]
        return ranked([*known, *guesses], limit)

    def _guessed(self, label: str, limit: int) -> list[Candidate]:
        name, unit = split_unit(without_numbering(label), self._units)
        word = folded(name)
        guesses = [with_scenario(guess, None, unit) for guess in self._near.like(word, limit)]
        for rest, scenario in split_scenario(word):
            guesses += [with_scenario(guess, scenario, unit) for guess in self._near.like(rest, limit)]
        return guesses


class CorrectedNames(Names):
    """All spellings, where what somebody said of a label counts before them."""

    def __init__(self, catalogue: Catalogue, organisation: Organisation, corrections: Corrections) -> None:
        """A label that was set aside names nothing."""
        super().__init__(catalogue, organisation)
        self._corrections = corrections
        self._known = {*(kpi.code for kpi in catalogue.kpis), *(each.code for each in catalogue.components)}
        self._units_known = {unit.code for unit in organisation.units}

    def measure(self, label: str) -> MeasureName | None:
        """What was said of the label, else what it certainly names; a unit behind it still counts."""
        name, unit = split_unit(label, self._units)
        said = next((code for text in (label, name) if (code := self._corrections.measure(text)) is not None), None)
        if said is None:
            return super().measure(label)
        return MeasureName(said, None, unit) if said in self._known else None

    def org_unit(self, label: str) -> str | None:
        """What was said of the label, else what it certainly names."""
        said = self._corrections.org_unit(label)
        return super().org_unit(label) if said is None else said if said in self._units_known else None

    def is_aside(self, label: str) -> bool:
        """Whether somebody set the label aside."""
        return ASIDE in (self._corrections.measure(label), self._corrections.org_unit(label))
