"""The page of the schedule as a visitor meets it, without a browser."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from forecast.schedule.occasions import Days
from forecast.schedule.records import Attempt, Patience
from forecast.schedule.rule_book import RuleBook
from forecast.schedule.rules import OnApproval, OnCron
from forecast.schedule.task_book import TaskBook
from kpi.settings import ROOT
from kpi.store import Store, open_store
from tests.forecast.company import SCORECARD, install
from tests.ui.test_jobs import ended
from ui import data

pytestmark = pytest.mark.slow

SCRIPT = f"""
from pathlib import Path
from ui.components.notices import show_notices
from ui.view import current_view
show_notices(current_view())
exec(compile(Path({str(ROOT / "ui" / "pages" / "schedule.py")!r}).read_text("utf-8"), "schedule.py", "exec"), {{}})
"""
YEARLY = OnCron(line="0 8 1 1 *", zone="Asia/Shanghai")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of a company with one approved snapshot, behind the pages."""
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCORECAST_SCORECARD", SCORECARD)
    install(tmp_path)
    st.cache_resource.clear()
    opened = open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}")
    yield opened
    opened.close()
    data.store().close()
    st.cache_resource.clear()


def visit(lang: str = "en") -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    page.query_params["lang"] = lang
    page.run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.error, page.warning, page.success)
    return "\n".join(str(value) for kind in kinds for value in kind.values).replace("\\", "")


def choose(page: AppTest, kind: str) -> None:
    control: Any = page.get("button_group")[0]  # the library's type for it knows no values
    control.set_value(kind).run()


def press(page: AppTest, label: str) -> None:
    next(each for each in page.button if each.label == label).click().run()
    assert not page.exception


@pytest.mark.parametrize(
    ("lang", "nobody", "empty"),
    [("en", "No scheduler has been at work yet", "There is no rule yet"), ("zh", "还没有调度程序工作过", "还没有规则")],
)
def test_without_rules_the_page_says_what_to_do(store: Store, lang: str, nobody: str, empty: str) -> None:
    page = visit(lang)
    assert nobody in text(page)
    assert empty in text(page)


def test_a_rule_of_each_kind_is_added_by_the_form(store: Store) -> None:
    page = visit()
    press(page, "Add")
    choose(page, "working_day")
    page.number_input(key="rule_day").set_value(3)
    page.selectbox(key="rule_zone").set_value("Europe/Berlin")
    press(page, "Add")
    choose(page, "cron")
    page.text_input(key="rule_line").set_value("0 9 * * 1")
    press(page, "Add")
    assert [record.rule.words.en for record in RuleBook(store).rules()][:2] == [
        "whenever a snapshot is approved",
        "working day 3 after the end of a quarter, at 08:00 (Europe/Berlin)",
    ]
    assert "Cron 0 9 * * 1" in text(page)


@pytest.mark.parametrize(("lang", "said"), [("en", "is not understood"), ("zh", "无法理解 cron 行")])
def test_a_line_that_means_nothing_is_refused_beside_the_form(store: Store, lang: str, said: str) -> None:
    page = visit(lang)
    choose(page, "cron")
    page.text_input(key="rule_line").set_value("every monday")
    press(page, {"en": "Add", "zh": "添加"}[lang])
    assert said in page.error[0].value
    assert RuleBook(store).rules() == []


def test_a_rule_shows_its_next_time_where_it_is_meant_and_can_be_paused_resumed_and_removed(store: Store) -> None:
    RuleBook(store).add(YEARLY, "li")
    page = visit()
    assert f"Next: {datetime.now(UTC).year + 1}-01-01 08:00 Asia/Shanghai" in text(page)
    press(page, "Pause")
    assert RuleBook(store).rules()[0].paused
    assert "Paused. What comes due meanwhile is not made up." in text(page)
    press(page, "Resume")
    assert not RuleBook(store).rules()[0].paused
    press(page, "Remove")
    assert RuleBook(store).rules() == []


def test_what_somebody_else_removed_is_refused_politely(store: Store) -> None:
    RuleBook(store).add(YEARLY, "li")
    page = visit()
    RuleBook(store).remove(1, "wang")
    press(page, "Pause")
    assert "there is no rule 1" in text(page)


def test_a_silent_scheduler_is_told(store: Store) -> None:
    long_ago = open_store(str(store._engine.url), lambda: datetime.now(UTC) - timedelta(minutes=40))
    TaskBook(long_ago, Patience()).note_seen("office:/var/scorecast")
    long_ago.close()
    assert "(40 min ago), office:/var/scorecast. Check that it still runs" in page_warning(visit())
    TaskBook(store, Patience()).note_seen("office:/var/scorecast")
    assert not visit().warning


def page_warning(page: AppTest) -> str:
    return page.warning[0].value.replace("\\", "")


def test_the_last_runs_stand_with_rule_and_outcome(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    monkeypatch.setattr("ui.components.schedule_parts.show_table", lambda table, key: shown.append(table))
    earlier = open_store(str(store._engine.url), lambda: datetime(2025, 12, 1, tzinfo=UTC))
    RuleBook(earlier).add(YEARLY, "li")
    earlier.close()
    tasks = TaskBook(store, Patience())
    tasks.note_due(Days())
    task = tasks.take("li", "here")
    assert task is not None
    tasks.conclude(task, Attempt(1, message="out of memory"))
    visit()
    (row,) = shown[-1].groups[0].rows
    assert row.cells["due"].text.endswith("-01-01 08:00 Asia/Shanghai")
    assert row.cells["state"].text == "Waiting"
    assert row.cells["due"].note == "cron 0 8 1 1 * (Asia/Shanghai)"
    assert row.cells["outcome"].text == "out of memory"
    assert row.cells["outcome"].note.startswith("failed attempts: 1; next at")


def test_run_now_starts_the_forecast_of_the_newest_snapshot(store: Store) -> None:
    job = data.forecast_job()
    job.command = ("sh", "-c", "exit 0")
    page = visit()
    press(page, "Run now")
    ended(job)
    assert "The forecast of snapshot #1 has started" in text(page)


def test_rules_that_wait_for_an_approval_say_so(store: Store) -> None:
    RuleBook(store).add(OnApproval(), "li")
    assert "Next: when new data is approved" in text(visit())
