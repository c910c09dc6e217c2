from collections.abc import Mapping

import numpy as np

from forecast.series import SeriesPanel
from forecast.totals import beside, rows_of, totals_of
from forecast.windows import Floats
from tests.forecast.branches import FLAT, organisation, panel
from tests.forecast.builders import TINY, catalogue, component
from tests.forecast.unfitted import unfitted, walks

TREE: Mapping[str, str | None] = {
    "head": None,
    "north": "head",
    "south": "head",
    "west": "head",
    "n1": "north",
    "n2": "north",
    "s1": "south",
    "w1": "west",
    "w2": "west",
}


def walking(*units: str, code: str = "claims", quarters: int = 20) -> dict[tuple[str, str], Floats]:
    return {(code, unit): row for unit, row in zip(units, walks(len(units), quarters), strict=True)}


def test_every_org_unit_with_two_parts_below_it_gets_a_total() -> None:
    """South has one branch, so it says what that branch says."""
    series = walking("n1", "n2", "s1", "w1", "w2")

    found = totals_of(panel(series), organisation(TREE), catalogue())

    assert found.ids == (("claims", "north"), ("claims", "west"), ("claims", "head"))
    assert found.parts == ((0, 1), (3, 4), (2, 5, 6))
    assert (found.values[2] == series["claims", "s1"] + found.values[0] + found.values[1]).all()
    assert found.present.all()


def test_an_org_unit_with_facts_of_its_own_is_shown_by_them_and_adds_up_nothing() -> None:
    series = walking("n1", "n2", "north", "s1")

    found = totals_of(panel(series), organisation(TREE), catalogue())

    assert found.ids == (("claims", "head"),)
    assert (found.values[0] == series["claims", "north"] + series["claims", "s1"]).all()


def test_what_exists_for_the_legal_entity_alone_is_not_added_up() -> None:
    alone = component("solvency", over_units="none")
    known = catalogue().model_copy(update={"components": (*catalogue().components, alone)})

    found = totals_of(panel(walking("n1", "n2", code="solvency")), organisation(TREE), known)

    assert found.ids == ()
    assert found.values.shape == (0, 20)


def test_a_series_that_ended_or_is_young_is_left_out() -> None:
    """A branch that was closed may not cut the total, nor one of seven quarters its history."""
    there = np.ones(20, dtype=np.bool_)
    present = {("claims", "b"): there & (np.arange(20) < 16), ("claims", "c"): there & (np.arange(20) >= 13)}

    found = totals_of(panel(walking("a", "b", "c", "d"), present), organisation(FLAT), catalogue())

    assert found.parts == ((0, 3),)
    assert found.present.all()


def test_a_total_is_missing_where_one_of_its_parts_is() -> None:
    present = {("claims", "b"): np.arange(20) != 7}

    found = totals_of(panel(walking("a", "b", "c", "d"), present), organisation(FLAT), catalogue())

    assert np.flatnonzero(~found.present[0]).tolist() == [7]
    assert found.values[0, 7] == 0.0


def test_the_order_of_org_units_changes_no_bit_of_a_total() -> None:
    given = panel(walking("n1", "n2", "s1", "w1", "w2"))
    backwards = {code: TREE[code] for code in ("head", "west", "south", "north", "w2", "w1", "s1", "n2", "n1")}

    one, other = (totals_of(given, organisation(parents), catalogue()) for parents in (TREE, backwards))

    assert (one.ids, one.parts, one.values.tobytes()) == (other.ids, other.parts, other.values.tobytes())


def test_what_was_found_of_series_and_totals_is_taken_apart_again() -> None:
    given = panel(walking("a", "b", "c", "d"))
    totals = totals_of(given, organisation(FLAT), catalogue())
    values, present = beside(given, totals)
    whole = unfitted(SeriesPanel((*given.ids, *totals.ids), given.quarters, values, present), TINY)

    own, above = rows_of(whole, 0, 4), rows_of(whole, 4, 5)

    alone = unfitted(given, TINY)
    assert own.validation.target.tobytes() == alone.validation.target.tobytes()
    assert own.newest.series.tolist() == [0, 1, 2, 3]
    assert set(above.validation.series.tolist()) == {0}
    assert len(above.validated) == len(alone.validated) // 4
