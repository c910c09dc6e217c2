import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forecast.commands import main
from forecast.scenario.book import ScenarioBook
from kpi.store import Store, open_store
from tests.forecast.company import SCORECARD, install
from tests.forecast.scenario.company import copied, finish, install_with_run

pytestmark = pytest.mark.slow

CHANGE = {"driver": "green_premium", "org_unit": "head_office", "quarter": "2026Q4", "by": "percent", "amount": 0.1}
FILE = {"name": "a good autumn", "reason": "the harvest", "changes": [CHANGE]}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the commands look."""
    for name, value in (("DATA_DIR", str(tmp_path)), ("SCORECARD", SCORECARD), ("LANGUAGE", "en"), ("USER", "li")):
        monkeypatch.setenv(f"SCORECAST_{name}", value)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company with a finished run, to be copied."""
    folder = tmp_path_factory.mktemp("installed")
    install_with_run(folder).close()
    return folder


@pytest.fixture
def store(settings: None, installed: Path, tmp_path: Path) -> Iterator[Store]:
    """The company, where the commands look for it."""
    opened = copied(installed, tmp_path)
    yield opened
    opened.close()


def written(tmp_path: Path, **changed: Any) -> str:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(FILE | changed), encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_scenario_is_saved_listed_shown_and_withdrawn(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario", "save", written(tmp_path), "--json"]) == 0
    (saved,) = said(capsys)
    short = saved["hash"][:12]

    assert main(["scenario", "list"]) == 0
    assert capsys.readouterr().out.startswith(f"{short}  a good autumn  snapshot 1  run aaaaaaaa  1 changes")

    assert main(["scenario", "show", short, "--json"]) == 0
    shown = said(capsys)
    assert (shown["actual"], shown["org_unit"], shown["year"]) == (False, "head_office", 2026)
    before, after = (shown[side]["kpis"]["green_premium_growth"] for side in ("before", "after"))
    assert Decimal(after["value"]) > Decimal(before["value"])
    assert shown["before"]["kpis"]["economic_value_added_rate"] == shown["after"]["kpis"]["economic_value_added_rate"]

    assert main(["scenario", "show", short, "--unit", "beijing", "--year", "2027"]) == 0
    assert capsys.readouterr().out.startswith("A scenario, not actual figures.")

    assert main(["scenario", "withdraw", short, "--reason", "rain"]) == 0
    capsys.readouterr()
    assert main(["scenario", "list", "--json"]) == 0
    assert said(capsys) == []
    assert main(["scenario", "list", "--all"]) == 0
    assert capsys.readouterr().out.endswith("withdrawn by li: rain\n")
    assert store.check_audit() is None


def test_a_scenario_of_an_older_run_is_shown_as_it_was_then(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["scenario", "save", written(tmp_path), "--json"])
    short = said(capsys)[0]["hash"][:12]
    main(["scenario", "show", short, "--json"])
    then = said(capsys)

    finish(store, tmp_path, "b", percent=150, later=1)

    main(["scenario", "show", short, "--json"])
    assert said(capsys) == then
    main(["scenario", "save", written(tmp_path, name="again", based_on=short), "--json"])
    (again,) = said(capsys)
    assert (again["run_id"], again["based_on"], again["hash"][:12] != short) == ("b" * 64, 1, True)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"changes": [CHANGE | {"quarter": "2026Q3"}]}, "no forecast of green_premium"),
        ({"changes": [CHANGE | {"amount": "much"}]}, "changes.0.amount"),
        ({"changes": []}, "at least one change"),
        ({"based_on": "feed"}, "no one scenario whose hash begins with 'feed'"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_cannot_be_saved_is_refused_in_one_line(
    changed: dict[str, Any], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario", "save", written(tmp_path, **changed)]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert len(told.splitlines()) == 1


def test_what_is_not_there_is_refused(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["scenario", "save", written(tmp_path), "--json"])
    short = said(capsys)[0]["hash"][:12]

    for arguments in (["show", "feed"], ["show", short, "--unit", "atlantis"], ["show", short, "--year", "2031"]):
        assert main(["scenario", *arguments]) == 2
        assert capsys.readouterr().err
    assert main(["scenario", "save", str(tmp_path / "nothing.json")]) == 2
    assert len(ScenarioBook(store).every()) == 1


@pytest.mark.usefixtures("settings")
def test_without_a_forecast_there_is_nothing_to_assume(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(tmp_path)
    assert main(["scenario", "save", written(tmp_path)]) == 2
    assert "no forecast of the newest snapshot" in capsys.readouterr().err
    open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}").close()
