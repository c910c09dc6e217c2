"""Hundreds of workbooks made from known facts: every fact that comes out is true, and hardly one is missing."""

from collections import Counter
from functools import cache

import pytest

from kpi.intake.report import Inspection
from tests.kpi.intake.builders import facts, inspect
from tests.kpi.intake.corpus import Case, cases
from tests.kpi.intake.corpus_faults import Fault, plant
from tests.kpi.intake.corpus_more_layouts import LAYOUTS

ENOUGH = 0.99
FAULTY_EACH = 6


@cache
def results(layout: str) -> tuple[tuple[Case, Inspection], ...]:
    """The inspections of all workbooks of a layout."""
    return tuple((case, inspect(case.content, filename=case.filename)) for case in cases(layout))


def untrue(case: Case, inspection: Inspection) -> dict[str, str]:
    """Facts that came out and are not true."""
    return {key: value for key, value in facts(inspection).items() if case.book.truth.get(key) != value}


def recalled(case: Case, inspection: Inspection) -> int:
    """How many of a workbook's facts came out; none when it was refused."""
    return 0 if inspection.refused else len(case.book.truth.items() & facts(inspection).items())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_workbook_gives_a_fact_that_is_not_true(layout: str) -> None:
    wrong = {case.name: found for case, inspection in results(layout) if (found := untrue(case, inspection))}

    assert wrong == {}


@pytest.mark.slow
def test_nearly_every_fact_of_the_corpus_is_found() -> None:
    stated, found, missing = Counter[str](), Counter[str](), []
    for layout in LAYOUTS:
        for case, inspection in results(layout):
            count, truth = recalled(case, inspection), len(case.book.truth)
            for habit in ("all", *case.habits):
                stated[habit] += truth
                found[habit] += count
            if count < truth:
                missing.append(f"{case.name}: {[(item.code, item.where) for item in inspection.findings][:4]}")

    by_habit = {habit: f"{found[habit]}/{stated[habit]}" for habit in stated if found[habit] < stated[habit]}
    assert sum(len(results(layout)) for layout in LAYOUTS) >= 500
    assert found["all"] >= ENOUGH * stated["all"], f"{by_habit}\n" + "\n".join(missing)


def faulty(layout: str) -> list[tuple[Case, Fault]]:
    """Workbooks with one fault each, of those that are read whole without it."""
    found: list[tuple[Case, Fault]] = []
    done = Counter[str]()
    for case in cases(layout):
        if case.book.style.csv or any(recalled(case, seen) < len(case.book.truth) for seen in [inspect(case.content)]):
            continue
        fault = plant(case.book, done)
        if fault:
            found.append((case, fault))
        if len(found) == FAULTY_EACH:
            break
    return found


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_planted_fault_is_told_at_its_cell_and_gives_no_wrong_fact_in_silence(layout: str) -> None:
    untold = []
    planted = faulty(layout)
    for case, fault in planted:
        inspection = inspect(case.content, filename=case.filename)
        at = [item.cell for item in inspection.findings if item.code in fault.codes and item.sheet == fault.sheet]
        told = bool(fault.cells & set(at)) if fault.cells else bool(at)
        silent = untrue(case, inspection) if not inspection.refused else {}
        if not told or silent:
            seen = [(item.code, item.where) for item in inspection.findings]
            untold.append((case.name, fault.name, sorted(fault.cells), seen, silent))

    assert untold == []
    assert len(planted) >= 5
