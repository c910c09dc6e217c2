"""What a visitor assumes and has not kept: in the address, so that a refresh and a link have it, and in the session, so
that other pages may be looked at in between."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from pydantic import ValidationError

from forecast.records import RunRecord
from forecast.scenario.book import ScenarioRecord, find
from forecast.scenario.changes import Change, Changes, ordered, read_changes, spell
from kpi.errors import Refused
from kpi.periods import Period
from ui import data, whatif
from ui.view import DataView
from ui.whatif import Ground

NOTHING = "none"  # of an address whose changes were all taken back
_KEPT = "_assumed"


@dataclass(frozen=True)
class Assumed:
    """What the page works out. ``opened`` is the kept scenario it began with; ``newest`` whether ``ground`` is the
    newest there is; ``unknown`` holds what the address says and nobody understands."""

    ground: Ground
    changes: Changes
    opened: ScenarioRecord | None
    newest: bool
    unknown: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether these are the changes of the opened scenario, on its own ground."""
        opened, ground = self.opened, self.ground
        own = opened is not None and opened.rests_on(ground.snapshot, ground.run)
        return opened is not None and own and spell(self.changes) == spell(opened.changes)

    def on(self, driver: str, org_unit: str) -> dict[Period, Change]:
        """The changes of a driver in an org unit."""
        return {each.quarter: each for each in self.changes if each.place[:2] == (driver, org_unit)}


def assumed(view: DataView, run: RunRecord, records: Sequence[ScenarioRecord]) -> Assumed:
    """What the address says; a kept scenario stands on its own ground until somebody changes it."""
    newest, opened = Ground(view.snapshot, run), find(records, view.address.scenario)
    unknown = (view.address.scenario,) if view.address.scenario and opened is None else ()
    if not view.address.changes:
        own = whatif.ground_of(opened) if opened else None
        if opened is None or own is None:
            return Assumed(newest, (), opened, newest=True, unknown=unknown)
        return Assumed(own, opened.changes, opened, newest=own.key[:3] == newest.key[:3], unknown=unknown)
    try:
        said = () if view.address.changes == NOTHING else read_changes(view.address.changes)
    except (Refused, ValidationError, ValueError):
        return Assumed(newest, (), opened, newest=True, unknown=(*unknown, view.address.changes))
    known = tuple(each for each in said if _known(view, each))
    strange = (str(each) for each in said if each not in known)
    return Assumed(newest, known, opened, newest=True, unknown=(*unknown, *strange))


def _known(view: DataView, change: Change) -> bool:
    catalogue = data.catalogue()
    driver = change.driver in catalogue.component or change.driver in catalogue.kpi
    return driver and change.org_unit in view.organisation.by_code


def recall() -> bool:
    """Put what was in hand when the page was left back into an address that says nothing; whether there was any."""
    found: dict[str, str] = st.session_state.get(_KEPT, {})
    if found and not any(st.query_params.get(name) for name in ("scenario", "changes")):
        st.query_params.update(found)
        return True
    return False


def remember(view: DataView) -> None:
    """Keep what is in hand for when the visitor comes back."""
    params = {"scenario": view.address.scenario, "changes": view.address.changes}
    st.session_state[_KEPT] = {name: code for name, code in params.items() if code}


def put(changes: Sequence[Change]) -> None:
    """Have just these changes in hand; for callbacks."""
    st.query_params["changes"] = spell(changes) or NOTHING


def say(now: Assumed, change: Change | None, place: tuple[str, str, Period]) -> None:
    """Put ``change`` in the place of what was said of ``place``, None to take it back; for callbacks."""
    others = [each for each in now.changes if each.place != place]
    put(ordered([*others, change] if change else others))


def open_scenario(short: str) -> None:
    """Leave what is in hand and open a kept scenario, or with no name an empty sheet; for callbacks."""
    st.session_state.pop(_KEPT, None)
    for name in ("scenario", "changes"):
        st.query_params.pop(name, None)
    if short:
        st.query_params["scenario"] = short
