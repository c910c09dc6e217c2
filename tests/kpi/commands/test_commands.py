"""The command line as a scheduler sees it: exit codes, one JSON document, nothing changed by a refusal."""

import csv
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kpi.commands import main
from kpi.settings import ROOT
from tests.kpi.intake.builders import DEMO, demo_with

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
PLAN = DEMO / "04_annual_plan_2026_zh.xlsx"
RESTATEMENT = DEMO / "06_restatement_long_en.xlsx"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var"
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(folder))
    monkeypatch.setenv("SCORECAST_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def faulty(folder: Path) -> Path:
    """A workbook with a text where a number belongs."""

    def plant(sheet: Any) -> None:
        sheet["D6"] = "tbd"

    path = folder / "faulty.xlsx"
    path.write_bytes(demo_with(PLAN.name, plant))
    return path


def content_of(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        return list(connection.iterdump())


def test_inspect_gives_one_document_and_makes_no_store(run: Run, data_dir: Path) -> None:
    code, out, err = run("inspect", PLAN, "--json")

    document = json.loads(out)
    assert code == 0
    assert err == ""
    assert document["findings"] == []
    assert document["tables"][0]["layout"] == "wide"
    assert document["facts"][0]["origin"]["cell"].startswith("D")
    assert not data_dir.exists()


def test_inspect_of_several_files_is_still_one_document(run: Run) -> None:
    code, out, _ = run("inspect", PLAN, RESTATEMENT, "--json")

    assert code == 0
    assert [len(book["facts"]) for book in json.loads(out)["workbooks"]] == [9, 1]


def test_an_error_is_named_with_its_cell_in_the_language_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run("inspect", faulty(tmp_path))
    assert code == 2
    assert "年度计划!D6" in err
    assert "A number belongs here." in err

    monkeypatch.setenv("SCORECAST_LANGUAGE", "zh")
    assert "这里应为数字" in run("inspect", faulty(tmp_path))[2]


def test_a_refused_inspection_changes_no_byte_of_the_store(run: Run, data_dir: Path, tmp_path: Path) -> None:
    run("load", PLAN)
    before = content_of(data_dir / "scorecast.sqlite")

    code, out, _ = run("inspect", faulty(tmp_path), "--json")

    assert code == 2
    assert json.loads(out)["refused"]
    assert content_of(data_dir / "scorecast.sqlite") == before


def test_every_number_understood_goes_into_a_csv(run: Run, tmp_path: Path) -> None:
    run("inspect", RESTATEMENT, "--facts", tmp_path / "facts.csv")

    with (tmp_path / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["sheet"] == "Restatement"
    assert row["component"] == "company_expense"
    assert row["period"] == "2025Q4"
    assert row["scenario"] == "restated"
    assert row["cumulative"] == "no"
    assert list(row) == [
        *(
            "sheet",
            "cell",
            "label",
            "kpi",
            "component",
            "org_unit",
            "period",
            "scenario",
            "cumulative",
            "value",
            "unit",
        ),
        "conversions",
    ]


def test_an_org_unit_with_data_can_not_be_dropped_from_the_company(run: Run, tmp_path: Path) -> None:
    run("load", PLAN)
    run("approve", 1, "--reason", "test")
    smaller = tmp_path / "smaller.yaml"
    lines = (DEMO / "organisation.yaml").read_text(encoding="utf-8").splitlines()
    smaller.write_text("\n".join(line for line in lines if "liaoning" not in line), encoding="utf-8")

    code, _, err = run("organisation", smaller, "--reason", "closed")

    assert code == 2
    assert "liaoning" in err


def test_load_approve_export_and_read_back(run: Run, tmp_path: Path) -> None:
    _, out, _ = run("load", PLAN, "--json")
    upload = json.loads(out)
    assert upload["state"] == "checked"

    code, out, _ = run("approve", upload["upload"], "--reason", "Board, 12 January", "--json")
    assert code == 0
    assert json.loads(out)["snapshot"] == 1

    # The organisation of the settings is enough to read with, but facts leave only with the store's own.
    assert run("export", tmp_path / "out.xlsx")[0] == 2
    assert run("organisation", DEMO / "organisation.yaml", "--reason", "founded")[0] == 0
    assert run("export", tmp_path / "out.xlsx")[0] == 0
    code, out, _ = run("inspect", tmp_path / "out.xlsx", "--json")
    assert code == 0
    assert len(json.loads(out)["facts"]) == upload["facts"]


def test_a_workbook_with_errors_is_kept_but_can_not_be_approved(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("load", faulty(tmp_path), "--json")
    assert code == 2

    code, _, err = run("approve", json.loads(out)["upload"], "--reason", "please")
    assert code == 2
    assert "cannot be approved" in err
    assert json.loads(run("snapshots", "--json")[1]) == []


def test_the_audit_check_names_the_first_row_that_was_changed(run: Run, data_dir: Path) -> None:
    run("load", PLAN)
    run("reject", 1, "--reason", "test")
    assert run("audit", "--check")[0] == 0

    with sqlite3.connect(data_dir / "scorecast.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_log_no_update")
        connection.execute("UPDATE audit_log SET actor = 'nobody' WHERE id = 2")

    code, out, _ = run("audit", "--check", "--json")
    assert code == 3
    assert json.loads(out)["first_broken"]["id"] == 2
    assert "row 2" in run("audit", "--check")[2]


def test_the_template_is_written_without_a_store(run: Run, data_dir: Path, tmp_path: Path) -> None:
    code, _, _ = run("template", tmp_path / "out.xlsx", "--quarter", "2026Q4", "--language", "zh")

    assert code == 0
    assert load_workbook(tmp_path / "out.xlsx").sheetnames[0] == "数据"
    assert not data_dir.exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("inspect", "missing.xlsx"), "missing.xlsx"),
        (("template", "out.xlsx", "--quarter", "2026H1"), "2026H1"),
        (("template", "no/such/folder/out.xlsx"), "cannot write"),
        (("approve", "7", "--reason", "x"), "no upload 7"),
        (("approve", "7", "--reason", "  "), "--reason"),
        (("audit", "--check"), "no database"),
        (("export", "out.xlsx"), "no approved data"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(run: Run, arguments: tuple[str, ...], word: str) -> None:
    code, out, err = run(*arguments)

    assert code == 2
    assert out == ""
    assert word in err
    assert len(err.strip().splitlines()) == 1


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECAST_CALENDAR__FIRST_MONTH", "13")

    code, _, err = run("uploads")

    assert code == 2
    assert "SCORECAST_CALENDAR__FIRST_MONTH" in err


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_gets_no_traceback(data_dir: Path) -> None:
    command = [sys.executable, "-m", "kpi", "inspect", str(DEMO / "02_claims_and_service_long_en.xlsx"), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()

    assert process.returncode == 0
    assert said == b""
    assert not data_dir.exists()


def test_load_counts_what_is_new_changed_unchanged_and_missing(run: Run) -> None:
    run("load", PLAN)
    run("approve", 1, "--reason", "plan")

    first = run("load", PLAN, "--json")[1]
    again = run("load", PLAN)[1]

    assert json.loads(first)["difference"] == {"new": 0, "changed": 0, "unchanged": 9, "missing": 0}
    assert "new 0  changed 0  unchanged 9  missing 0" in again
