"""The catalogue and scorecards that are shipped, and KPIs that users add as files."""

import re
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue, Direction
from kpi.periods import Period
from kpi.scorecard.load import load_templates
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.values import kpi_value
from kpi.text import Text
from tests.kpi.catalogue.builders import CATALOGUE, EXTRA
from tests.kpi.catalogue.reference import CODES
from tests.kpi.scorecard.builders import fact, panel

DATA = Path(__file__).parents[3] / "data"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(DATA / "catalogue")


@pytest.fixture(scope="module")
def templates(catalogue: Catalogue) -> dict[str, ScorecardTemplate]:
    return load_templates(DATA / "scorecards", catalogue)


def test_every_kpi_of_the_reference_is_in_the_catalogue(catalogue: Catalogue) -> None:
    assert len(set(CODES)) == len(CODES) == 106
    assert set(CODES) <= set(catalogue.kpi)


def test_every_kpi_and_component_is_written_in_chinese_and_english(catalogue: Catalogue) -> None:
    texts = [text for k in catalogue.kpis for text in (k.name, k.description, k.owner, k.data_source)]
    texts += [text for k in catalogue.kpis for text in (k.note, *(v.note for v in k.versions)) if text is not None]
    texts += [component.name for component in catalogue.components]
    assert all(isinstance(text, Text) for text in texts)
    assert [text.zh for text in texts if not CHINESE.search(text.zh)] == []
    assert [text.en for text in texts if CHINESE.search(text.en) or not text.en.strip()] == []


def test_a_published_formula_that_is_not_followed_says_why(catalogue: Catalogue) -> None:
    unsound = [v.published for k in catalogue.kpis for v in k.versions if v.published is not None]
    assert unsound
    assert all(formula.why_not.zh and formula.why_not.en for formula in unsound)


def test_kpis_go_in_all_three_directions_and_bands_belong_to_one(catalogue: Catalogue) -> None:
    versions = [version for k in catalogue.kpis for version in k.versions]
    assert {version.direction for version in versions} == set(Direction)


def test_ratios_of_money_keep_shares_and_days_per_case_keep_days(catalogue: Catalogue) -> None:
    assert catalogue.unit_of("risk_loss_ratio").code == "percent"
    assert catalogue.unit_of("claim_cycle_days").code == "day"
    assert catalogue.unit_of("standard_premium").code == "yuan"


def test_all_three_scorecards_load(templates: dict[str, ScorecardTemplate]) -> None:
    assert set(templates) == {"balanced", "classic", "finance_ministry"}


def test_the_balanced_scorecard_has_twenty_kpis_four_four_eight_four(
    catalogue: Catalogue, templates: dict[str, ScorecardTemplate]
) -> None:
    balanced = templates["balanced"]
    held = Counter(catalogue.kpi[entry.kpi].perspective for entry in balanced.entries)
    assert held == {"financial": 4, "customer": 4, "internal": 8, "learning": 4}
    assert {gate.kpi for gate in balanced.gates} == {"core_solvency_ratio", "comprehensive_solvency_ratio"}


def test_cause_and_effect_of_the_balanced_scorecard_end_in_money(templates: dict[str, ScorecardTemplate]) -> None:
    balanced = templates["balanced"]
    causes = {link.cause for link in balanced.links}
    ends = {link.effect for link in balanced.links} - causes
    assert {balanced.objective[code].group for code in ends} == {"financial"}


def test_the_ministrys_scorecard_has_four_equal_groups_and_its_growth_rule(
    templates: dict[str, ScorecardTemplate],
) -> None:
    ministry = templates["finance_ministry"]
    assert [group.weight for group in ministry.groups] == [Decimal("0.25")] * 4
    grown = [entry.scoring for entry in ministry.entries if entry.scoring is not None]
    assert {scoring.kind for scoring in grown} == {"growth"}


def test_a_kpi_added_as_a_file_is_computed_without_touching_code(tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(DATA / "catalogue", folder)
    (folder / "kpis" / "my_own.yaml").write_text(EXTRA.replace("unit: day", "unit: one"), encoding="utf-8")
    extended = load_catalogue(folder)
    facts = [fact("calls_answered", "n1", "2026Q1", 90), fact("calls_received", "n1", "2026Q1", 120)]
    found = kpi_value(panel(facts, extended), "answer_rate", "head", Period.quarter(2026, 1))
    assert found.amount == Decimal("0.75")


def test_files_may_lie_in_any_folder_and_hold_any_sections(tmp_path: Path) -> None:
    (tmp_path / "deep" / "down").mkdir(parents=True)
    (tmp_path / "deep" / "down" / "all.yaml").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "empty.yaml").write_text("# nothing yet\n", encoding="utf-8")
    (tmp_path / "bare.yaml").write_text("kpis:\n", encoding="utf-8")
    found = load_catalogue(tmp_path)
    assert (len(found.units.units), len(found.components), len(found.kpis)) == (4, 3, 1)


def test_numbers_in_files_stay_exact(tmp_path: Path) -> None:
    precise = CATALOGUE.replace('factor: "-1"', "factor: -0.1000000000000000055511151231257827")
    (tmp_path / "a.yaml").write_text(precise, encoding="utf-8")
    result = load_catalogue(tmp_path).component["result"]
    assert result.derived_from[1].factor == Decimal("-0.1000000000000000055511151231257827")
