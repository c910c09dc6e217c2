"""Inconsistent files are refused with file and line; each test spoils one place of a valid file."""

from pathlib import Path

import pytest

from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.errors import Refused
from kpi.scorecard.load import load_template, load_templates
from kpi.scorecard.template import ScorecardTemplate
from tests.kpi.catalogue.builders import CATALOGUE, EXTRA, SCORECARD, changed, line_of, place_of


def read_catalogue(folder: Path, text: str, extra: str = EXTRA) -> Catalogue:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    (folder / "b.yaml").write_text(extra, encoding="utf-8")
    return load_catalogue(folder)


def refusal(folder: Path, text: str, extra: str = EXTRA) -> Refused:
    with pytest.raises(Refused) as caught:
        read_catalogue(folder, text, extra)
    return caught.value


def read_scorecard(folder: Path, text: str) -> ScorecardTemplate:
    known = read_catalogue(folder, CATALOGUE)
    (folder / "card.yaml").write_text(text, encoding="utf-8")
    return load_template(folder / "card.yaml", known)


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("numerator: [{component: claims}]", "numerator: [{component: claim}]", "claim}]", "unknown component 'claim'"),
        ("{component: claims, factor", "{component: claim, factor", "component: claim,", "unknown component 'claim'"),
        ("    unit: percent", "    unit: per_cent", "unit: per_cent", "unknown unit 'per_cent'"),
        ("  unit: yuan", "  unit: yen", "unit: yen", "unknown unit 'yen'"),
        ("  unit: yuan", "  unit: wan_yuan", "unit: wan_yuan", "stored in base units"),
        ("{code: premium,", "{code: claims,", "zh: 保费", "code 'claims' is already used in"),
        ("en: Premium}", "en: Claims}", "zh: 保费", "the name 'claims' belongs to both"),
        ("{zh: 万元,", "{zh: 元,", "wan_yuan", "the name '元' belongs to both"),
        (
            "{component: premium}, {",
            "{component: result}, {",
            "derived_from",
            "derived from each other: result -> result",
        ),
        ("sources: [BOOK]", "sources: [BOOKS]", "BOOKS", "unknown source 'BOOKS'"),
        ("    unit: percent", "    unit: yuan", "    unit: yuan", "the formula gives share"),
        ("[{component: premium}]\n", "[]\n", "effective_from", "a ratio needs a denominator"),
        ("direction: lower_better", "direction: sideways", "sideways", "direction"),
        ("direction: lower_better", "direction: on_target", "effective_from", "bands belong to direction on_target"),
        ("    measure: ratio", "    measured: ratio", "effective_from", "measure"),
        ("  perspective: financial", "  perspective: legal", "legal", "perspective"),
        ("  evidence: {level", "  evidences: {level", "code: loss_ratio", "evidence"),
        ('factor: "-1"', "factor: minus", "minus", "factor"),
        ("sources:\n-", "origins:\n-", "origins:", "unknown section 'origins'"),
        ("kpis:\n", "kpis: [\n", "code: loss_ratio", "not valid YAML"),
        ("  perspective: financial", "  owner: nobody", "owner: {", "'owner' stands twice"),
    ],
)
def test_a_mistake_in_the_catalogue_is_refused_with_file_and_line(
    old: str, new: str, at: str, message: str, tmp_path: Path
) -> None:
    text = changed(CATALOGUE, old, new)
    refused = refusal(tmp_path, text)
    assert message in str(refused)
    assert place_of(refused) == ("a.yaml", line_of(text, at))
    assert refused.message.zh != refused.message.en


def test_a_code_used_in_two_files_is_refused_and_the_other_place_is_named(tmp_path: Path) -> None:
    refused = refusal(tmp_path, CATALOGUE, changed(EXTRA, "code: answer_rate", "code: loss_ratio"))
    assert place_of(refused) == ("b.yaml", line_of(EXTRA, "code: answer_rate"))
    assert f"a.yaml:{line_of(CATALOGUE, 'code: loss_ratio')}" in str(refused)


def test_a_circle_of_two_components_is_refused(tmp_path: Path) -> None:
    circle = "unit: yuan, derived_from: [{component: result}]}\n- code: result"
    refused = refusal(tmp_path, changed(CATALOGUE, "unit: yuan}\n- code: result", circle))
    assert "derived from each other: premium -> result -> premium" in str(refused)


def test_versions_out_of_order_are_refused(tmp_path: Path) -> None:
    again = CATALOGUE[CATALOGUE.index("  - effective_from") : CATALOGUE.index("sources:\n-")]
    text = changed(CATALOGUE, "sources:\n-", f"{again}sources:\n-")
    assert "in order of effective_from" in str(refusal(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("kpis: [", "not valid YAML", 1),
        ("units:\n\tcode: x", "not valid YAML", 2),
        ("units: []\nkpis: \x07", "is not allowed", 2),
        ("- a list", "expected sections such as kpis:", 1),
        ("sources: []\nunits: word", "a list is expected in units", 2),
        ("units: {code: yuan}", "a list is expected in units", 1),
        ("kpis: &self [*self]", "a part of itself", 1),
        ("---\nunits: []\n---\nunits: []\n", "not valid YAML", 3),
    ],
)
def test_what_is_not_yaml_of_the_expected_shape_is_refused(text: str, message: str, line: int, tmp_path: Path) -> None:
    refused = refusal(tmp_path, text)
    assert message in str(refused)
    assert place_of(refused) == ("a.yaml", line)


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("units: 赔款率".encode("gb18030"))
    with pytest.raises(Refused, match=r"a\.yaml: cannot be read"):
        load_catalogue(tmp_path)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="holds no catalogue files"):
        load_catalogue(tmp_path)


def test_the_small_scorecard_is_valid(tmp_path: Path) -> None:
    assert read_scorecard(tmp_path, SCORECARD).code == "small"


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('Money}, weight: "0.6"', 'Money}, weight: "0.5"', "groups:", "group weights must sum to 1, not 0.9"),
        ('earn, weight: "1"', 'earn, weight: "0.9"', "kpi: loss_ratio, o", "weights of group 'money' must sum to 1"),
        ('"0.2", "0.1"]', '"0.2", "0.2"]', "phasing", "the phasing must sum to 1, not 1.1"),
        ("kpi: answer_rate", "kpi: answers", "kpi: answers", "unknown KPI 'answers'"),
        ("kpi: answer_rate", "kpi: loss_ratio", "answer, weight", "KPI 'loss_ratio' stands twice"),
        ("objective: answer", "objective: call", "objective: call", "unknown objective 'call'"),
        ("group: customers", "group: people", "group: people", "unknown group 'people'"),
        ("objective: answer", "objective: earn", "code: answer", "objective 'answer' has no KPI"),
        ("cause: answer", "cause: call", "cause: call", "unknown objective 'call'"),
        ("effect: earn}", "effect: earn}\n- {cause: earn, effect: answer}", "links:", "run in a circle"),
        ("cause: answer", "cause: earn", "links:", "run in a circle: earn -> earn"),
        ("gates:\n- {kpi: loss_ratio", "gates:\n- {kpi: loss", "kpi: loss,", "unknown KPI 'loss'"),
        ('amber: "0.66"', 'amber: "0.5"', "limits", "the green limit is worse than the amber one"),
        ('["0.5", "0"]', '["1", "0"]', "scoring", "two anchors have the same x"),
        ('["1", "100"]', '["1", "-5"]', "scoring", "a better value scores lower"),
        ('["1", "100"]]', '["3", "100"], ["2", "200"]]', "scoring", "anchors must be in order"),
        ('weight: "0.6"', "weight: heavy", "heavy", "weight"),
    ],
)
def test_a_mistake_in_a_scorecard_is_refused_with_file_and_line(
    old: str, new: str, at: str, message: str, tmp_path: Path
) -> None:
    text = changed(SCORECARD, old, new)
    with pytest.raises(Refused) as caught:
        read_scorecard(tmp_path, text)
    assert message in str(caught.value)
    assert place_of(caught.value) == ("card.yaml", line_of(text, at))


def test_equal_limits_leave_no_room_for_amber_and_are_allowed_in_both_directions(tmp_path: Path) -> None:
    """They used to be refused where less is better."""
    assert read_scorecard(tmp_path, changed(SCORECARD, 'amber: "0.66"', 'amber: "0.6"')).entries[0].limits is not None


def test_a_code_shared_by_two_scorecards_is_refused(tmp_path: Path) -> None:
    known = read_catalogue(tmp_path, CATALOGUE)
    cards = tmp_path / "cards"
    cards.mkdir()
    for name in ("one.yaml", "two.yaml"):
        (cards / name).write_text(SCORECARD, encoding="utf-8")
    with pytest.raises(Refused, match=r"two\.yaml:1: code 'small' is used twice"):
        load_templates(cards, known)
