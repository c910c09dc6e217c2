"""``python -m forecast schedule`` for people: rules in, list out. Runs are watched in ``test_crashes``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from forecast.commands import main
from kpi.settings import ROOT


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, value in {"DATA_DIR": str(tmp_path), "LANGUAGE": "en", "DATABASE_URL": ""}.items():
        monkeypatch.setenv(f"SCORECAST_{name}", value)
    return tmp_path


def schedule(*arguments: str) -> int:
    return main(["schedule", *arguments])


def test_rules_are_added_listed_paused_resumed_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert schedule("add", "--approval") == 0
    assert schedule("add", "--working-day", "5", "--at", "06:30", "--zone", "Asia/Shanghai") == 0
    assert schedule("add", "--cron", "0 0 1 1 *", "--zone", "Europe/Berlin") == 0
    assert schedule("pause", "3") == 0
    capsys.readouterr()
    assert schedule("list") == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.split(maxsplit=2) == ["1", "-", "whenever a snapshot is approved"]
    assert "working day 5 after the end of a quarter, at 06:30 (Asia/Shanghai)" in second
    assert "T22:30+00:00" in second
    assert third.split(maxsplit=2) == ["3", "paused", "cron 0 0 1 1 * (Europe/Berlin)"]

    assert (schedule("resume", "3"), schedule("remove", "1")) == (0, 0)
    assert schedule("list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(rule["id"], rule["paused"]) for rule in told["rules"]] == [(2, False), (3, False)]
    assert told["rules"][1]["next"].endswith("-12-31T23:00:00+00:00")
    assert (told["runs"], told["schedulers"]) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("remove", "7"), "there is no rule 7; there are: —."),
        (("add", "--cron", "every day"), "is not understood"),
        (("add", "--cron", "* * * * *", "--zone", "Mars/Olympus"), "there is no time zone 'Mars/Olympus'"),
        (("add", "--working-day", "99"), "working day 99 is out of range; use 1 to 40."),
        (("add", "--working-day", "3", "--at", "08:00+02:00"), "carries an offset"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schedule(*arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_with_nothing_due_once_does_nothing_and_says_where_rules_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert schedule("--once", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert "there is no rule yet. Add one with python -m forecast schedule add" in told.err


def test_a_wrong_file_of_working_days_is_refused_before_anything_starts(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "days.txt").write_text("1 May off\n", encoding="utf-8")
    monkeypatch.setenv("SCORECAST_WORKING_DAYS_FILE", str(place / "days.txt"))
    assert schedule("--once") == 2
    assert "days.txt:1: '1 May off' is not understood" in capsys.readouterr().err


def test_the_scheduler_itself_needs_no_torch() -> None:
    code = "import sys, forecast.commands.schedule; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
