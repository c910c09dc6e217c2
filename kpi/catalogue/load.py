"""Reads the catalogue: all YAML files of a folder, each with any of ``units``, ``components``, ``kpis``, ``sources``.

The way to add or change a KPI is to add or edit a file; nothing in the code names one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic

from pydantic import BaseModel, ConfigDict

from kpi.catalogue.checks import check_dimensions, find_cycle
from kpi.catalogue.models import Catalogue, Component, Kpi, Term
from kpi.errors import refuse
from kpi.text import Text
from kpi.units import Unit, UnitTable
from kpi.yaml_lines import Document, M, Path_, read_document

_SECTIONS = ("units", "components", "kpis", "sources")


class Source(BaseModel):
    """Where a definition was seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    what: Text
    url: str | None = None


@dataclass(frozen=True)
class _Item(Generic[M]):
    model: M
    document: Document
    at: Path_


@dataclass
class _Found:
    units: list[_Item[Unit]] = field(default_factory=list)
    components: list[_Item[Component]] = field(default_factory=list)
    kpis: list[_Item[Kpi]] = field(default_factory=list)
    sources: list[_Item[Source]] = field(default_factory=list)


def load_catalogue(folder: Path) -> Catalogue:
    """The catalogue in ``folder`` and its subfolders.

    Raises Refused, naming file and line, for anything unreadable or inconsistent: unknown keys, units, components or
    sources, a code or a spelling that is used twice, components derived from each other in a circle, formulas whose
    units don't fit.
    """
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise refuse(f"{folder} 中没有指标目录文件(*.yaml)。", f"{folder} holds no catalogue files (*.yaml).")
    found = _Found()
    for file in files:
        _collect(read_document(file), found)
    for items in (found.units, found.components, found.kpis, found.sources):
        _refuse_repeated_codes(items)
    _refuse_shared_spellings(found)
    catalogue = Catalogue(
        units=UnitTable(units=tuple(item.model for item in found.units)),
        components=tuple(item.model for item in found.components),
        kpis=tuple(item.model for item in found.kpis),
    )
    _check_components(found, catalogue)
    _check_kpis(found, catalogue)
    return catalogue


def _collect(document: Document, found: _Found) -> None:
    content = document.content or {}
    if not isinstance(content, dict):
        raise document.refusal((), "应为 units、components、kpis 或 sources 各节", "expected sections such as kpis:")
    kinds: dict[str, tuple[type[BaseModel], list[Any]]] = {
        "units": (Unit, found.units),
        "components": (Component, found.components),
        "kpis": (Kpi, found.kpis),
        "sources": (Source, found.sources),
    }
    for section, entries in content.items():
        if section not in kinds:
            known = ", ".join(_SECTIONS)
            raise document.refusal(
                (section,), f"未知的节“{section}”,可用：{known}", f"unknown section {section!r}; {known}"
            )
        if entries is not None and not isinstance(entries, list):
            raise document.refusal((section,), f"{section} 下应为列表", f"a list is expected in {section}")
        kind, items = kinds[section]
        for index, entry in enumerate(entries or []):
            at = (section, index)
            items.append(_Item(document.model(kind, entry, at), document, at))


def _refuse_repeated_codes(items: list[Any]) -> None:
    first: dict[str, Any] = {}
    for item in items:
        code = item.model.code
        if code in first:
            other = f"{first[code].document.file}:{first[code].document.line(first[code].at)}"
            raise item.document.refusal(
                item.at,
                f"编码“{code}”已在 {other} 使用，请换一个",
                f"code {code!r} is already used in {other}; choose another",
            )
        first[code] = item


def _refuse_shared_spellings(found: _Found) -> None:
    """A name or synonym may mean one unit, one component and one KPI, but not two of either; a unit's code is one of
    its names."""
    for items in (found.units, found.components, found.kpis):
        owners: dict[str, str] = {}
        for item in items:
            model: Any = item.model
            names = [model.name.zh, model.name.en, *model.synonyms, *([model.code] if items is found.units else [])]
            for spelling in {name.casefold() for name in names}:
                owner = owners.setdefault(spelling, model.code)
                if owner != model.code:
                    zh = f"名称“{spelling}”同时属于 {owner} 和 {model.code}，请改其中一个"
                    raise item.document.refusal(
                        item.at, zh, f"the name {spelling!r} belongs to both {owner} and {model.code}; change one"
                    )


def _check_components(found: _Found, catalogue: Catalogue) -> None:
    for item in found.components:
        _check_unit(item, item.model.unit, catalogue, (*item.at, "unit"))
        if catalogue.units[item.model.unit].factor != 1:
            zh = f"构成项以基本单位存储，“{item.model.unit}”不是，请选换算系数为 1 的单位"
            en = f"components are stored in base units and {item.model.unit!r} is none; choose one with factor 1"
            raise item.document.refusal((*item.at, "unit"), zh, en)
        for index, term in enumerate(item.model.derived_from):
            _check_component(item, term, catalogue, (*item.at, "derived_from", index))
    cycle = find_cycle({c.code: [t.component for t in c.derived_from] for c in catalogue.components})
    if cycle:
        item = next(item for item in found.components if item.model.code == cycle[0])
        way = " -> ".join(cycle)
        raise item.document.refusal(
            (*item.at, "derived_from"), f"推导形成循环：{way}", f"components are derived from each other: {way}"
        )


def _check_kpis(found: _Found, catalogue: Catalogue) -> None:
    sources = {item.model.code for item in found.sources}
    for item in found.kpis:
        for index, source in enumerate(item.model.evidence.sources):
            if source not in sources:
                at = (*item.at, "evidence", "sources", index)
                raise item.document.refusal(
                    at, f"未知的来源“{source}”", f"unknown source {source!r}; list it under sources:"
                )
        for number, version in enumerate(item.model.versions):
            at = (*item.at, "versions", number)
            _check_unit(item, version.unit, catalogue, (*at, "unit"))
            for where, term in _terms(version.numerator, version.denominator):
                _check_component(item, term, catalogue, (*at, *where))
            planned = [term.scenario is not None for term in version.denominator]
            if any(planned) and not all(planned):
                zh, en = (
                    "分母要么全部取计划，要么全部取实际",
                    "take either all or none of the denominator from the plan",
                )
                raise item.document.refusal((*at, "denominator"), zh, en)
            problem = check_dimensions(version, catalogue)
            if problem:
                raise item.document.refusal((*at, "unit"), problem.zh, problem.en)


def _terms(numerator: tuple[Term, ...], denominator: tuple[Term, ...]) -> Iterator[tuple[Path_, Term]]:
    for side, terms in (("numerator", numerator), ("denominator", denominator)):
        for index, term in enumerate(terms):
            yield (side, index), term


def _check_unit(item: _Item[Any], code: str, catalogue: Catalogue, at: Path_) -> None:
    if all(unit.code != code for unit in catalogue.units.units):
        raise item.document.refusal(at, f"未知的计量单位“{code}”", f"unknown unit {code!r}; list it under units:")


def _check_component(item: _Item[Any], term: Term, catalogue: Catalogue, at: Path_) -> None:
    if term.component not in catalogue.component:
        zh = f"未知的构成项“{term.component}”,请在 components 中列出"
        raise item.document.refusal(at, zh, f"unknown component {term.component!r}; list it under components:")
