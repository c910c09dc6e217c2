"""The files for other schedulers say what those understand, and call a command that there is."""

import configparser
import shlex
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree

import pytest
import yaml

from forecast.commands.options import parser
from forecast.schedule.cron import checked
from kpi.settings import ROOT

DEPLOY = ROOT / "deploy"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def unit(name: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None, delimiters="=")
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return found


def task() -> ElementTree.Element:
    return ElementTree.fromstring((DEPLOY / "scorecast-schedule-task.xml").read_text(encoding="ascii"))


def cronjob() -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load((DEPLOY / "scorecast-schedule-cronjob.yaml").read_text(encoding="utf-8"))
    return loaded["spec"]  # type: ignore[return-value]


def cron_line() -> list[str]:
    lines = (DEPLOY / "scorecast.crontab").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if not line.startswith("#"))
    return line.split(maxsplit=5)


def by_cron() -> list[str]:
    words = shlex.split(cron_line()[5])
    return words[words.index("&&") + 1 : words.index("2>>")]


def by_systemd() -> list[str]:
    return shlex.split(unit("scorecast-schedule.service")["Service"]["ExecStart"])


def by_windows() -> list[str]:
    (call,) = task().iter(f"{TASK}Exec")
    return [call.findtext(f"{TASK}Command", ""), *call.findtext(f"{TASK}Arguments", "").split()]


def by_kubernetes() -> list[str]:
    pod = cronjob()["jobTemplate"]["spec"]["template"]["spec"]  # type: ignore[index]
    return list(pod["containers"][0]["command"])


@pytest.mark.parametrize("words", [by_cron, by_systemd, by_windows, by_kubernetes])
def test_each_calls_the_schedule_with_the_python_of_its_folder(words: Callable[[], list[str]]) -> None:
    python, module, package, *arguments = words()
    assert PureWindowsPath(python).stem == "python"
    assert (module, package) == ("-m", "forecast")
    chosen = parser().parse_args(arguments)
    assert (chosen.command, chosen.once, chosen.action) == ("schedule", True, None)


def test_all_look_every_five_minutes() -> None:
    assert cron_line()[:5] == ["*/5", *"****"]
    assert checked(str(cronjob()["schedule"])) == "*/5 * * * *"
    assert unit("scorecast-schedule.timer")["Timer"]["OnCalendar"] == "*:0/5"
    assert [found.text for found in task().iter(f"{TASK}Interval")] == ["PT5M"]


def test_none_starts_a_second_beside_the_first_and_none_ends_a_long_run() -> None:
    assert cronjob()["concurrencyPolicy"] == "Forbid"
    assert task().findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"
    assert task().findtext(f".//{TASK}ExecutionTimeLimit") == "PT0S"
    assert unit("scorecast-schedule.service")["Service"]["Type"] == "oneshot"


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_each_file_says_what_it_is_and_where_to_read_on(file: Path) -> None:
    head = "\n".join(file.read_text(encoding="utf-8").splitlines()[:4])
    assert "docs/schedule.md" in head or "scorecast-schedule.service" in head
