"""The page of scenarios as a visitor meets it, without a browser."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import streamlit as st
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from forecast.ledger import Ledger
from forecast.scenario.book import ScenarioBook, ScenarioRecord
from forecast.scenario.changes import read_changes
from kpi.settings import ROOT
from kpi.store import Store
from tests.forecast.company import SCORECARD, install
from tests.forecast.scenario.company import copied, finish, install_with_run
from ui import data
from ui.address import WINDOWS

pytestmark = pytest.mark.slow

SCRIPT = f"""
from pathlib import Path
from ui.components.notices import show_notices
from ui.view import current_view
show_notices(current_view())
exec(compile(Path({str(ROOT / "ui" / "pages" / "whatif.py")!r}).read_text("utf-8"), "whatif.py", "exec"), {{}})
"""
GREEN = "green_premium.head_office.2026Q4.p0.1"
VALUE = "economic_value_added.beijing.2026Q4.v1000"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the pages look for the company."""
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCORECAST_SCORECARD", SCORECARD)
    st.cache_resource.clear()
    yield tmp_path
    data.store().close()
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company with a finished run, to be copied."""
    folder = tmp_path_factory.mktemp("installed")
    install_with_run(folder).close()
    return folder


@pytest.fixture
def store(installed: Path, place: Path) -> Iterator[Store]:
    """A company with a finished run, behind the pages."""
    opened = copied(installed, place)
    yield opened
    opened.close()


def visit(lang: str = "en", **params: str) -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, value in {"lang": lang, **params}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    kinds = (page.title, page.markdown, page.caption, page.info, page.error, page.warning, page.success)
    return "\n".join(str(value) for kind in kinds for value in kind.values).replace("\\", "")


def tables(page: AppTest) -> str:
    """Everything our own tables were given."""
    return "\n".join(str(each.proto) for each in page.get("bidi_component"))


def banner(page: AppTest) -> bool:
    return any("assumptions" in str(each.value) for each in page.warning)


def press(page: AppTest, key: str) -> None:
    page.button(key=key).click().run()
    assert not page.exception


def kept(store: Store, changes: str = GREEN, name: str = "a good autumn") -> ScenarioRecord:
    snapshot, run = store.latest_snapshot(), Ledger(store).runs()[-1]
    assert snapshot is not None
    return ScenarioBook(store).save(name, "the harvest", snapshot, run, read_changes(changes), "li")


def param(page: AppTest, name: str) -> str:
    """A query parameter, which a run may leave as a list of one."""
    found = page.query_params[name]
    return found if isinstance(found, str) else "".join(found)


def changes_of(page: AppTest) -> str:
    return param(page, "changes")


@pytest.mark.usefixtures("store")
def test_without_a_change_the_page_shows_the_forecast_and_no_banner() -> None:
    page = visit()
    assert not banner(page)
    assert "Type a number above" in text(page)
    assert page.metric[0].label == "Total score"


@pytest.mark.usefixtures("store")
def test_a_number_that_is_typed_counts_at_once_and_stands_in_the_address() -> None:
    page = visit(driver="green_premium", by="percent")

    page.number_input(key="assume_green_premium_head_office_2026Q4_percent_en").set_value(10.0).run()

    assert not page.exception
    assert changes_of(page) == GREEN
    assert banner(page)
    assert "Green insurance premium" in tables(page)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("lang", "typed"), [("en", 1.5), ("zh", 150.0)])
def test_money_is_typed_in_the_unit_of_the_language_and_kept_in_yuan(lang: str, typed: float) -> None:
    page = visit(lang, driver="green_premium", by="value", place="beijing")

    page.number_input(key=f"assume_green_premium_beijing_2026Q4_value_{lang}").set_value(typed).run()

    assert changes_of(page) == "green_premium.beijing.2026Q4.v1500000"


@pytest.mark.usefixtures("store")
def test_a_number_that_is_cleared_is_taken_back() -> None:
    page = visit(driver="green_premium", changes=GREEN)

    page.number_input(key="assume_green_premium_head_office_2026Q4_percent_en").set_value(None).run()

    assert changes_of(page) == "none"
    assert not banner(page)


@pytest.mark.usefixtures("store")
def test_what_is_in_hand_is_there_again_after_a_look_at_another_page() -> None:
    page = visit(changes=GREEN)
    del page.query_params["changes"]

    page.run()

    assert not page.exception
    assert changes_of(page) == GREEN
    assert banner(page)


def test_a_scenario_is_kept_and_opened_by_its_hash(store: Store) -> None:
    page = visit(changes=GREEN)
    page.text_input(key="scenario_name").set_value("a good autumn")
    page.text_input(key="scenario_reason").set_value("the harvest")

    press(page, "save_scenario")

    (made,) = ScenarioBook(store).every()
    assert param(page, "scenario") == made.short
    assert "changes" not in page.query_params
    assert (made.name, made.reason, str(made.changes[0])) == ("a good autumn", "the harvest", GREEN)
    assert f"“a good autumn” · {made.short}" in text(page)
    assert "Kept by" in text(page)


@pytest.mark.usefixtures("store")
def test_what_is_typed_is_not_lost_when_keeping_is_refused() -> None:
    page = visit(changes=GREEN)
    page.text_input(key="scenario_name").set_value("a good autumn")

    press(page, "save_scenario")

    assert "a name, a reason and at least one change" in text(page)
    assert page.text_input(key="scenario_name").value == "a good autumn"
    assert changes_of(page) == GREEN


def test_a_kept_scenario_that_is_changed_says_what_it_was_made_from(store: Store) -> None:
    made = kept(store)
    page = visit(scenario=made.short, changes=f"{VALUE}~{GREEN}")
    assert "Changed from “a good autumn”" in text(page)
    page.text_input(key="scenario_name").set_value("better still")
    page.text_input(key="scenario_reason").set_value("why not")

    press(page, "save_scenario")

    assert ScenarioBook(store).every()[1].based_on == made.id
    assert ScenarioBook(store).every()[0] == made


def test_discarding_goes_back_to_the_kept_one(store: Store) -> None:
    made = kept(store)
    page = visit(scenario=made.short, changes=VALUE)

    press(page, "discard")

    assert param(page, "scenario") == made.short
    assert "changes" not in page.query_params


def test_a_scenario_of_an_older_forecast_says_so_and_is_worked_out_anew_as_another(store: Store, place: Path) -> None:
    made = kept(store)
    finish(store, place, "b", percent=150, later=1)
    page = visit(scenario=made.short)
    assert "There is newer data or a newer forecast" in text(page)
    assert "forecast run aaaaaaaa" in text(page)
    assert not page.number_input

    press(page, "recompute")

    assert changes_of(page) == GREEN
    assert "forecast run bbbbbbbb" in text(page)
    assert "There is newer data" not in text(page)
    page.text_input(key="scenario_name").set_value("anew")
    page.text_input(key="scenario_reason").set_value("newer forecast")
    press(page, "save_scenario")
    assert [(each.run_id[0], each.based_on) for each in ScenarioBook(store).every()] == [("a", None), ("b", 1)]


def test_a_scenario_is_renamed_and_withdrawn(store: Store) -> None:
    made = kept(store)
    page = visit(scenario=made.short)
    page.text_input(key="new_name").set_value("autumn")
    press(page, "rename_scenario")
    assert "It is called “autumn” now" in text(page)

    page.text_input(key="withdraw_why").set_value("rain")
    press(page, "withdraw_scenario")

    assert [each.stands for each in ScenarioBook(store).every()] == [False, False]
    assert "Withdrawn by" in text(page)
    assert "rain" in text(page)


def test_two_scenarios_stand_side_by_side(store: Store) -> None:
    one, other = kept(store), kept(store, VALUE, "more value")
    assert "Apart" not in tables(visit(scenario=one.short))

    shown = tables(visit(scenario=one.short, against=other.short))

    assert "more value" in shown
    assert "Apart" in shown


@pytest.mark.usefixtures("store")
def test_changes_that_deny_each_other_are_told_and_can_be_taken_back() -> None:
    page = visit(changes=f"{GREEN}~green_premium.beijing.2026Q4.v5")
    assert "two changes are about the same number of green_premium" in text(page)
    assert "Take back" in tables(page)
    assert not page.metric


@pytest.mark.usefixtures("store")
def test_a_link_with_what_nobody_understands_says_so() -> None:
    page = visit(scenario="feedfeed", changes="luck.head_office.2026Q4.v1")
    assert "feedfeed, luck.head_office.2026Q4.v1" in text(page)
    page = visit(changes="anything")
    assert "anything" in text(page)


def test_a_passport_that_is_gone_is_told_with_what_to_do(store: Store) -> None:
    Path(Ledger(store).runs()[0].passport).unlink()
    assert "Forecast again" in text(visit())
    assert "请重新运行预测" in text(visit("zh"))


def test_without_a_forecast_the_next_step_is_named(place: Path) -> None:
    install(place)
    assert "This snapshot has no forecast yet" in text(visit())


def test_no_other_door_to_numbers_knows_of_scenarios(store: Store) -> None:
    """What every other page and export is made of, before and after, each read anew."""

    def all_else() -> object:
        st.cache_resource.clear()
        snapshot = store.latest_snapshot()
        assert snapshot is not None
        run, quarter = data.shown_run(snapshot, data.ledger().runs()), data.panel(snapshot).last_actual
        assert quarter is not None
        cards = [
            data.card(snapshot, unit, quarter, window) for unit in ("head_office", "beijing") for window in WINDOWS
        ]
        book = CalamineWorkbook.from_filelike(BytesIO(data.template_workbook("en")))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return snapshot, cards, data.forecasts(run), data.scores(run), sheets, data.health()

    before = all_else()
    made = kept(store)
    visit(scenario=made.short)

    assert all_else() == before
    assert Decimal(made.changes[0].amount) == Decimal("0.1")
