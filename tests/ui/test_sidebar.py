from collections.abc import Iterator

import pytest
import streamlit as st

from kpi.organisation import Organisation, OrgUnit
from kpi.text import Text
from ui import data
from ui.components import sidebar


def unit(code: str, parent: str | None) -> OrgUnit:
    return OrgUnit(code=code, kind="branch" if parent else "head_office", parent=parent, name=Text(zh=code, en=code))


COMPANY = Organisation(
    name=Text(zh="公司", en="Company"),
    units=(
        unit("head", None),
        unit("north", "head"),
        unit("south", "head"),
        unit("n1", "north"),
        unit("n2", "north"),
        unit("s1", "south"),
    ),
)


@pytest.fixture(autouse=True)
def _company(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    st.cache_resource.clear()
    monkeypatch.setattr(data, "organisation_of", lambda _snapshot_id: COMPANY)
    yield
    st.cache_resource.clear()


def test_a_company_that_is_not_large_is_offered_whole() -> None:
    assert sidebar.units_in_reach(1, "n1") == ("head", "north", "south", "n1", "n2", "s1")


@pytest.mark.parametrize(
    ("chosen", "offered"),
    [
        ("head", ("head", "north", "south")),
        ("north", ("head", "north", "south", "n1", "n2")),
        ("s1", ("head", "north", "south", "s1")),
    ],
)
def test_of_a_large_company_the_way_to_the_chosen_unit_is_offered_and_what_lies_below_each_step(
    monkeypatch: pytest.MonkeyPatch, chosen: str, offered: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sidebar, "LONGEST_LIST", 5)
    assert sidebar.units_in_reach(1, chosen) == offered


def test_every_unit_can_be_reached_from_every_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidebar, "LONGEST_LIST", 5)
    seen, ahead = set[str](), ["s1"]
    while ahead:
        chosen = ahead.pop()
        if chosen not in seen:
            seen.add(chosen)
            ahead += sidebar.units_in_reach(1, chosen)
    assert seen == set(COMPANY.by_code)


def test_names_are_set_in_by_their_depth() -> None:
    names = sidebar.unit_names(1, "en")
    assert [names[code] for code in ("head", "north", "n1")] == ["head", "\u2003north", "\u2003\u2003n1"]
