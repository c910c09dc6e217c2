"""Finds the measure or org unit that a label names."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpi.catalogue.models import Catalogue
from kpi.facts import Scenario
from kpi.organisation import Organisation
from kpi.units import Unit, UnitTable

_PARENTHESES = re.compile(r"^(?P<name>.+?)\s*[(\[【](?P<inside>[^()\[\]【】]+)[)\]】]\s*$")
_UNIT_WORD = re.compile(r"^(?:计量)?单位:?|^units?:?\s*", re.IGNORECASE)
SCENARIO_WORDS: Mapping[str, Scenario] = {
    **dict.fromkeys(("实际", "实际值", "实际数", "本期实际", "完成", "完成值", "actual", "actuals"), Scenario.ACTUAL),
    **dict.fromkeys(
        ("计划", "计划值", "计划数", "预算", "预算数", "目标", "目标值", "plan", "planned", "budget", "target"),
        Scenario.PLAN,
    ),
    **dict.fromkeys(("重述", "重述值", "restated"), Scenario.RESTATED),
}
TOTALS = frozenset({"合计", "总计", "小计", "共计", "total", "subtotal", "grandtotal", "sum"})


def folded(text: str) -> str:
    """``text`` without case, width, blanks and punctuation, for comparison."""
    return re.sub(r"[^\w%‰]|_", "", unicodedata.normalize("NFKC", text).casefold())


def split_unit(label: str, units: UnitTable) -> tuple[str, Unit | None]:
    """``标准保费(万元)`` as name and unit; a label without a unit stays whole."""
    text = unicodedata.normalize("NFKC", label).strip()
    match = _PARENTHESES.match(text)
    unit = units.find(_UNIT_WORD.sub("", match["inside"].strip())) if match else None
    return (match["name"], unit) if match and unit else (text, None)


@dataclass(frozen=True, slots=True)
class MeasureName:
    """A component or KPI, and the scenario and unit if its label says them."""

    measure: str
    scenario: Scenario | None = None
    unit: Unit | None = None


class Names:
    """All spellings of one catalogue and one organisation."""

    def __init__(self, catalogue: Catalogue, organisation: Organisation) -> None:
        """Where a KPI and a component share a name, the component is meant: it can be added up."""
        self._units = catalogue.units
        self._measures: dict[str, tuple[str, Scenario | None]] = {}
        self._shown: dict[str, str] = {}
        for kpi in catalogue.kpis:
            self._add(kpi.code, None, (kpi.code, kpi.name.zh, kpi.name.en, *kpi.synonyms))
        for component in catalogue.components:
            self._add(component.code, None, (component.code, component.name.zh, component.name.en, *component.synonyms))
            self._add(component.code, Scenario.PLAN, component.plan_synonyms)
        self._org_units: dict[str, str] = {}
        for unit in organisation.units:
            for spelling in (unit.code, unit.name.zh, unit.name.en, *unit.synonyms):
                self._org_units.setdefault(folded(spelling), unit.code)
        for spelling in (organisation.name.zh, organisation.name.en):
            self._org_units.setdefault(folded(spelling), organisation.root.code)
        self._org_names = [text for unit in organisation.units for text in (unit.name.zh, unit.name.en)]

    def _add(self, code: str, scenario: Scenario | None, spellings: Iterable[str]) -> None:
        for spelling in spellings:
            self._measures[folded(spelling)] = (code, scenario)
            self._shown.setdefault(folded(spelling), spelling)

    def measure(self, label: str) -> MeasureName | None:
        """What ``label`` names: a code, a name or synonym in either language, with or without its unit in parentheses
        and a word for actual or plan before or behind."""
        name, unit = split_unit(label, self._units)
        wanted = folded(name)
        if wanted in self._measures:
            return MeasureName(*self._measures[wanted], unit)
        for word, scenario in SCENARIO_WORDS.items():
            for rest in (wanted.removeprefix(word), wanted.removesuffix(word)):
                if rest != wanted and rest in self._measures:
                    return MeasureName(self._measures[rest][0], scenario, unit)
        return None

    def org_unit(self, label: str) -> str | None:
        """The code of the org unit that ``label`` names."""
        return self._org_units.get(folded(label))

    def similar_measures(self, label: str) -> list[str]:
        """Up to three known spellings that look like ``label``, the nearest first."""
        wanted = folded(split_unit(label, self._units)[0])
        return [self._shown[key] for key in difflib.get_close_matches(wanted, self._shown, 3, 0.6)]

    def similar_org_units(self, label: str) -> list[str]:
        """Up to three known names that look like ``label``, the nearest first."""
        return difflib.get_close_matches(label.strip(), self._org_names, 3, 0.5)
