import pytest
from pydantic import ValidationError

from kpi.organisation import Organisation, OrgUnit
from kpi.text import Text


def unit(code: str, parent: str | None = None) -> OrgUnit:
    kind = "branch" if parent else "head_office"
    return OrgUnit.model_validate({"code": code, "name": {"zh": code, "en": code}, "kind": kind, "parent": parent})


def company(*units: OrgUnit) -> Organisation:
    return Organisation(name=Text(zh="公司", en="Company"), units=units)


def test_a_tree_knows_its_root_children_and_ancestors() -> None:
    tree = company(unit("head"), unit("beijing", "head"), unit("haidian", "beijing"))
    assert tree.root.code == "head"
    assert [child.code for child in tree.children("head")] == ["beijing"]
    assert [above.code for above in tree.ancestors("haidian")] == ["beijing", "head"]


@pytest.mark.parametrize(
    ("units", "complaint"),
    [
        ((unit("head"), unit("beijing", "head"), unit("beijing", "head")), "listed twice"),
        ((unit("head"), unit("other")), "second root"),
        ((unit("head"), unit("haidian", "beijing"), unit("beijing", "head")), "must be listed before it"),
        ((), "at least one"),
    ],
)
def test_anything_but_one_tree_is_refused(units: tuple[OrgUnit, ...], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        company(*units)
