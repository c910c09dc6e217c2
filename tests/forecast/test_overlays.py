from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from forecast.overlays import Overlay, Overlays, OverlayState, overlays_csv
from kpi.errors import Refused
from kpi.periods import Period
from kpi.store import open_store

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
YEAR_END = Period.quarter(2026, 4)


@pytest.fixture
def overlays(store_url: str) -> Iterator[Overlays]:
    store = open_store(store_url, clock=lambda: NOON)
    yield Overlays(store)
    store.close()


def proposed(overlays: Overlays, value: str = "0.62", org_unit: str = "beijing") -> Overlay:
    return overlays.propose("loss_ratio", org_unit, YEAR_END, Decimal(value), "a hail storm in October", "li")


def test_an_overlay_counts_once_somebody_else_approved_it(overlays: Overlays) -> None:
    made = proposed(overlays)
    assert overlays.standing() == []

    approved = overlays.approve(made.id, "seen the claims", "wang")

    assert overlays.standing() == [approved]
    assert (approved.value, approved.reason) == (Decimal("0.62"), "a hail storm in October")
    assert (approved.made_by, approved.decided_by, approved.decided_at) == ("li", "wang", NOON)


def test_nobody_approves_an_overlay_of_their_own(overlays: Overlays) -> None:
    made = proposed(overlays)

    with pytest.raises(Refused, match="somebody else has to approve"):
        overlays.approve(made.id, "", "li")
    assert overlays.standing() == []


def test_a_later_overlay_of_the_same_landing_replaces_the_earlier_one(overlays: Overlays) -> None:
    for value, org_unit in (("0.62", "beijing"), ("0.7", "shanghai"), ("0.65", "beijing")):
        overlays.approve(proposed(overlays, value, org_unit).id, "", "wang")

    assert [(made.org_unit, made.value) for made in overlays.standing()] == [
        ("shanghai", Decimal("0.7")),
        ("beijing", Decimal("0.65")),
    ]
    assert overlays.every()[0].decision_reason == "replaced by overlay 3"


def test_a_withdrawn_overlay_stays_on_record_and_counts_no_longer(overlays: Overlays) -> None:
    made = overlays.approve(proposed(overlays).id, "", "wang")

    overlays.withdraw(made.id, "the claims were smaller", "li")

    assert overlays.standing() == []
    assert [each.state for each in overlays.every()] == [OverlayState.WITHDRAWN]
    with pytest.raises(Refused, match="withdrawn already"):
        overlays.withdraw(made.id, "", "li")
    with pytest.raises(Refused, match="withdrawn already"):
        overlays.approve(made.id, "", "wang")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_overlay_without_a_reason_is_refused(overlays: Overlays, reason: str) -> None:
    with pytest.raises(Refused, match="needs a reason"):
        overlays.propose("loss_ratio", "beijing", YEAR_END, Decimal(1), reason, "li")


def test_an_overlay_that_is_not_there_is_refused(overlays: Overlays) -> None:
    with pytest.raises(Refused, match="no overlay 7"):
        overlays.approve(7, "", "wang")


def test_a_passport_tells_value_reason_and_approver(overlays: Overlays) -> None:
    made = overlays.approve(proposed(overlays, "0.620").id, "seen the claims", "wang")

    header, row = overlays_csv([made]).decode().splitlines()

    assert header.startswith("id,kpi,org_unit,year_end,value,reason,made_at,made_by,decided_at")
    assert row == (
        "1,loss_ratio,beijing,2026Q4,0.62,a hail storm in October,2026-11-26T12:00:00Z,li,2026-11-26T12:00:00Z,wang,"
        "seen the claims"
    )


def test_every_step_is_in_the_audit_log(overlays: Overlays) -> None:
    made = proposed(overlays)
    overlays.approve(made.id, "", "wang")
    overlays.withdraw(made.id, "", "wang")

    assert [entry.action for entry in overlays.store.audit_entries()] == [
        "overlay.proposed",
        "overlay.approved",
        "overlay.withdrawn",
    ]
