import ast
import re
import string
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import yaml
from pydantic import ValidationError

from forecast.alerts.records import AlertState
from forecast.alerts.rules import RuleKind
from forecast.choice import Method
from forecast.config import ForecastConfig
from forecast.records import RunState
from forecast.schedule.records import TaskState
from kpi.catalogue.models import Direction, Evidence, OverTime
from kpi.facts import Scenario
from kpi.findings import Severity
from kpi.notes.records import Kind
from kpi.scorecard.changes import Against
from kpi.scorecard.results import Reason, Status
from kpi.settings import ROOT
from kpi.store.records import UploadState
from kpi.text import LANGUAGES
from report.heat_builder import Metric
from report.words import TRANSLATIONS, Words, load_translations
from ui.address import COMPARE, KPI_PAGE, WINDOWS
from ui.mapping import ROLES, STATES
from ui.site import ICONS

SOURCES = sorted(path for room in ("ui", "report") for path in (ROOT / room).rglob("*.py"))
FILES = sorted(TRANSLATIONS.glob("*.yaml"))
SUBJECTS = "|".join(path.stem for path in FILES)
KEY = re.compile(rf"({SUBJECTS})\.[a-z0-9_]+")
LAYOUTS = ("template", "long", "wide")


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES)


def is_words(call: ast.AST) -> bool:
    """Whether ``call`` is ``t(...)`` or ``view.t(...)``."""
    if not isinstance(call, ast.Call):
        return False
    name = call.func
    return (isinstance(name, ast.Name) and name.id == "t") or (isinstance(name, ast.Attribute) and name.attr == "t")


def literal_keys() -> set[str]:
    """Every string in the sources that reads like a key, whichever way it reaches ``t``."""
    nodes = [node for _, tree in trees() for node in ast.walk(tree)]
    pieces = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    constants = {node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in pieces}
    return {text for text in constants if isinstance(text, str) and KEY.fullmatch(text)}


def empty_keys() -> set[str]:
    """The keys of empty states, which are named by their reason alone."""
    calls = (node for _, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call.args[1] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "empty")
    reasons = {str(reason.value) for reason in named if isinstance(reason, ast.Constant)}
    return {"empty." + reason + end for reason in reasons for end in ("", "_next")}


def patterns() -> set[str]:
    """Keys put together in the sources, as regular expressions: ``f"status.{code}"`` is ``status.<anything>``."""
    found = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else None for part in node.values)
                text = "".join("[a-z0-9_]+" if part is None else re.escape(str(part)) for part in parts)
                if re.match(rf"({SUBJECTS})\\\.", text):
                    found.add(text)
    return found


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_text_has_words_in_both_languages(file: Path) -> None:
    for key, text in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        assert set(text) == set(LANGUAGES), key
        assert all(isinstance(words, str) and words.strip() for words in text.values()), key


def test_both_languages_leave_the_same_places_to_fill() -> None:
    different = {key for key, text in load_translations().items() if places(text.zh) != places(text.en)}
    assert different == set()


def test_every_key_in_the_sources_has_its_text() -> None:
    assert len(literal_keys()) > 100
    assert literal_keys() | empty_keys() <= load_translations().keys()


def test_every_key_that_is_put_together_can_meet_a_text() -> None:
    for pattern in patterns():
        assert any(re.fullmatch(pattern, key) for key in load_translations()), pattern


def test_no_text_is_kept_that_no_page_uses() -> None:
    used = literal_keys() | empty_keys()
    whole = [pattern for pattern in patterns() if not pattern.startswith("empty")]
    unused = {
        key
        for key in load_translations()
        if key not in used and not any(re.fullmatch(pattern, key) for pattern in whole)
    }
    assert unused == set()


def test_every_call_fills_exactly_the_places_of_its_text() -> None:
    wrong = []
    for path, tree in trees():
        for call in filter(is_words, ast.walk(tree)):
            assert isinstance(call, ast.Call)
            key = call.args[0]
            if isinstance(key, ast.Constant) and all(keyword.arg for keyword in call.keywords):
                given = {keyword.arg for keyword in call.keywords}
                if given != places(load_translations()[str(key.value)].en):
                    wrong.append(f"{path.name}:{call.lineno}")
    assert wrong == []


@pytest.mark.parametrize(
    ("subject", "codes"),
    [
        ("status", Status),
        ("reason", Reason),
        ("run_state", RunState),
        ("task_state", TaskState),
        ("alert_state", AlertState),
        ("alerts", [f"kind_{kind.value}" for kind in RuleKind]),
        ("upload_state", UploadState),
        ("severity", Severity),
        ("severity_count", Severity),
        ("scenario", Scenario),
        ("direction", Direction),
        ("over_time", OverTime),
        ("evidence", get_args(Evidence.model_fields["level"].annotation)),
        ("method", get_args(Method)),
        ("layout", LAYOUTS),
        ("window", WINDOWS),
        ("numerics", get_args(ForecastConfig.model_fields["numerics"].annotation)),
        ("series", ("actual", "plan", "forecast")),
        ("formula", ("plan", "opening", "prior_year")),
        ("site", ICONS),
        ("heat", [f"metric_{metric.value}" for metric in Metric]),
        ("heat", [f"{name}_{code}" for name, codes in COMPARE.items() for code in codes]),
        ("kpi", [f"years_{code}" for code in KPI_PAGE["years"]]),
        ("kpi", [f"beside_{code}" for code in KPI_PAGE["units"]]),
        ("change", Against),
        ("change", [f"headline_{code}" for code in Against]),
        ("note", [f"turn_{code}" for code in (Kind.DONE, Kind.REOPENED)]),
        ("cell_role", ROLES),
        ("label_state", STATES),
    ],
)
def test_every_code_that_becomes_a_key_has_its_words(subject: str, codes: Iterable[str]) -> None:
    codes = [str(code) for code in codes]
    assert codes
    for language in LANGUAGES:
        words = Words(language)
        assert len({words(f"{subject}.{code}") for code in codes}) == len(codes), "two codes share their words"


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_a_decision_on_an_upload_has_its_words(state: str) -> None:
    text = Words("en")(f"upload.was_{state}", who="li", at="noon", reason="closing")
    assert text.endswith("by li at noon: closing")


def test_the_names_of_the_lines_can_stand_inside_quotes_of_the_chart() -> None:
    for role in ("actual", "plan", "forecast"):
        assert not re.search(r"['\\]", load_translations()[f"series.{role}"].zh + Words("en")(f"series.{role}"))


def test_places_are_filled_and_braces_of_a_value_are_left_alone() -> None:
    assert Words("en")("scorecard.title", org_unit="{unit}") == "{unit} scorecard"
    assert Words("zh")("status.partial", present=3, expected=8) == "8 项数据中有 3 项"


def test_an_unknown_key_is_an_error_and_not_an_empty_label() -> None:
    with pytest.raises(KeyError):
        Words("zh")("site.nowhere")


def test_a_text_in_one_language_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half.yaml").write_text("key: {en: half}", encoding="utf-8")
    with pytest.raises(ValidationError):
        load_translations(tmp_path)
