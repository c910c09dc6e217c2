from sqlalchemy import select

from kpi.organisation import Organisation, OrgUnit
from kpi.store import Store
from kpi.store.tables import organisation
from kpi.text import Text


def company(*branches: str) -> Organisation:
    head = OrgUnit(code="head", name=Text(zh="总公司", en="Head office"), kind="head_office")
    below = (OrgUnit(code=code, name=Text(zh=code, en=code), kind="branch", parent="head") for code in branches)
    return Organisation(name=Text(zh="示例寿险", en="Example Life"), units=(head, *below))


def test_a_new_store_has_no_organisation(store: Store) -> None:
    assert store.organisation() is None
    assert store.organisation_version() == 0


def test_the_newest_version_counts_and_the_earlier_ones_stay(store: Store) -> None:
    store.save_organisation(company("beijing"), "li", "start")
    store.save_organisation(company("beijing", "shanghai"), "wang", "a branch opened")

    assert store.organisation() == company("beijing", "shanghai")
    assert store.organisation_version() == 2
    with store.reading() as connection:
        rows = connection.execute(select(organisation).order_by(organisation.c.version)).all()
    assert [(row.version, row.saved_by, row.reason) for row in rows] == [
        (1, "li", "start"),
        (2, "wang", "a branch opened"),
    ]
    assert Organisation.model_validate_json(rows[0].body) == company("beijing")
    assert [entry.subject for entry in store.audit_entries()] == ["organisation 1", "organisation 2"]
