import json
from pathlib import Path
from typing import Any

import pytest

from forecast.alerts.book import AlertBook
from forecast.alerts.checks import read_default_rules
from forecast.alerts.evaluate import Judgement
from forecast.commands import main
from kpi.errors import Refused
from kpi.settings import DATA
from kpi.store import Store, open_store
from tests.forecast.alerts.builders import low
from tests.forecast.alerts.test_book import finish
from tests.forecast.company import SCORECARD, install

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A company whose only run has raised one alert, where the command looks for it."""
    for name, value in (("DATA_DIR", str(tmp_path)), ("SCORECARD", SCORECARD), ("LANGUAGE", "en"), ("USER", "li")):
        monkeypatch.setenv(f"SCORECAST_{name}", value)
    install(tmp_path)
    opened = open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}")
    assert main(["alerts", "rules"]) == 0
    AlertBook(opened).settle(Judgement((low("gone_kpi", "beijing"),)), finish(opened, "a"), 1)
    return opened


def said(capsys: pytest.CaptureFixture[str], *command: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(["alerts", *command]) == code
    shown = capsys.readouterr()
    return shown.out if code == 0 else shown.err


def document(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    return json.loads(said(capsys, *command))


def test_alerts_are_listed_and_acknowledged(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1  open  " in said(capsys)
    assert said(capsys, "acknowledge", "1", "--note", "seen") == "alert 1 acknowledged\n"
    assert said(capsys).endswith("is 40 %, below 60 %. [li: seen]\n")
    (only,) = document(capsys, "--json")
    assert (only["state"], only["acknowledged_by"], only["occasion"]["chance"]) == ("acknowledged", "li", 0.4)
    assert set(only["text"]) == {"zh", "en"}
    assert "acknowledged by li already" in said(capsys, "acknowledge", "1", code=2)


def test_what_is_over_is_listed_only_when_asked_for(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    AlertBook(store).settle(Judgement(()), "a" * 64, 1)
    assert said(capsys) == "no alerts.\n"
    assert document(capsys, "--json") == []
    assert [each["state"] for each in document(capsys, "--all", "--json")] == ["over"]


def test_rules_are_listed_set_and_withdrawn(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    before = document(capsys, "--json", "rules")
    assert [each["rule"] for each in document(capsys, "rules", "--json")] == [each["rule"] for each in before]
    number = str(before[-1]["id"] + 1)

    assert f"rule {number} is in force" in said(capsys, "set", "red_likely", "--limit", "0.5", "--units", "beijing,")
    said(capsys, "set", "status_for", "--rule", number, "--quarters", "3", "--colour", "amber", "--units", "all")
    now = document(capsys, "rules", "--json")[-1]
    assert (now["id"], now["rule"]["kind"], now["rule"]["units"]) == (int(number), "status_for", "all")
    assert "Watch or off track 3 quarters running  (every KPI of the scorecard · every org unit)" in said(
        capsys, "rules"
    )
    assert said(capsys, "withdraw", number) == f"rule {number} withdrawn\n"
    assert document(capsys, "rules", "--json") == before


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("set", "chance_below"), "limit: Field required"),
        (("set", "chance_below", "--limit", "much"), "limit: Input should be a valid decimal"),
        (("set", "data_missing", "--kpis", "nonsense"), "there is no KPI nonsense; there are: "),
        (
            ("set", "data_missing", "--units", "atlantis"),
            "there is no org unit atlantis; there are: head_office, beijing, shanghai",
        ),
        (("withdraw", "99"), "there is no rule 99 in force"),
    ],
)
def test_a_rule_that_makes_no_sense_here_is_refused_in_words(
    store: Store, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], why: str
) -> None:
    assert why in said(capsys, *command, code=2)


def test_the_default_rules_are_sound_and_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    assert {rule.kind.value for rule in read_default_rules(DATA / "alerts")} >= {"chance_below", "status_for"}
    (tmp_path / "default.yaml").write_text("rules:\n- {kind: chance_below, limit: '2'}\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"default\.yaml:2: .*less than or equal to 1"):
        read_default_rules(tmp_path)
