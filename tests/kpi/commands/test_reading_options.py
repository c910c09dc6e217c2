"""``load`` and ``inspect`` with corrections, with what is remembered, and with a password."""

import getpass
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi.commands import main
from kpi.commands.reading import PASSWORD
from kpi.store import open_store
from tests.kpi.intake.builders import LONG_EN, workbook
from tests.kpi.intake.files import locked

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
SAID = {"measures": {"Premium as we call it": "standard_premium"}}


def report(quarter: str, amount: int) -> bytes:
    known = ("Claims paid", "Beijing branch", quarter, "yuan", amount, None)
    return workbook(LONG_EN, known, ("Premium as we call it", "Beijing branch", quarter, "yuan", amount, None))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SCORECAST_LANGUAGE", "en")
    monkeypatch.delenv(PASSWORD, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def test_inspect_reads_a_label_as_the_corrections_say_and_stores_nothing(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "report.xlsx", report("2026Q3", 5))
    said = written(tmp_path, "said.json", json.dumps(SAID).encode())

    assert run("inspect", file)[0] == 2
    code, out, err = run("inspect", file, "--corrections", said, "--json")

    assert (code, err) == (0, "")
    assert [fact["measure"] for fact in json.loads(out)["facts"]] == ["claims_paid", "standard_premium"]
    assert not (tmp_path / "var").exists()


def test_what_one_load_was_told_the_next_workbook_of_that_form_is_read_with(run: Run, tmp_path: Path) -> None:
    said = written(tmp_path, "said.json", json.dumps(SAID).encode())
    assert run("load", written(tmp_path, "q2.xlsx", report("2026Q2", 5)), "--corrections", said)[0] == 0
    following = written(tmp_path, "q3.xlsx", report("2026Q3", 6))

    assert run("load", following)[0] == 2
    code, out, err = run("load", following, "--remembered")

    assert code == 0
    assert "2 facts" in out
    assert "read as local confirmed on" in err
    assert "premiumaswecallit -> standard_premium" in err
    store = open_store(f"sqlite:///{tmp_path / 'var' / 'scorecast.sqlite'}")
    assert [upload.corrections.count for upload in store.uploads()] == [1, 0, 1]
    actions = [entry.action for entry in store.audit_entries()]
    assert actions.count("corrections.remembered") == 1, "the same again is not another confirmation"


def test_nothing_remembered_is_told(run: Run, tmp_path: Path) -> None:
    code, _, err = run("load", written(tmp_path, "q3.xlsx", report("2026Q3", 6)), "--remembered")

    assert code == 2
    assert "nothing is remembered" in err


@pytest.mark.parametrize("content", [b"{", b'{"measures": 3}', b'{"labels": {}}', b"\xff"])
def test_a_file_that_holds_no_corrections_is_refused_in_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    said = written(tmp_path, "said.json", content)

    code, out, err = run("load", written(tmp_path, "a.xlsx", report("2026Q3", 6)), "--corrections", said)

    assert (code, out) == (2, "")
    assert "said.json holds no corrections" in err
    assert len(err.splitlines()) == 1


def test_a_locked_workbook_opens_with_the_password_of_the_environment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = workbook(LONG_EN, ("Standard premium", "Beijing branch", "2026Q3", "yuan", 5, None))
    file = written(tmp_path, "locked.xlsx", locked(known, "open sesame"))

    code, _, err = run("load", file)
    assert code == 2
    assert "protected by a password" in err

    monkeypatch.setenv(PASSWORD, "wrong")
    assert "password of locked.xlsx is wrong" in run("load", file)[2]

    monkeypatch.setenv(PASSWORD, "open sesame")
    assert run("inspect", file)[0] == 0
    assert run("load", file)[0] == 0


def test_a_password_is_asked_for_without_echo(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = workbook(LONG_EN, ("Standard premium", "Beijing branch", "2026Q3", "yuan", 5, None))
    file = written(tmp_path, "locked.xlsx", locked(known, "open sesame"))
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "open sesame")

    code, out, err = run("load", file, "--password")

    assert code == 0
    assert "open sesame" not in out + err


def test_without_a_terminal_the_password_is_refused_in_words(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", closed)

    code, _, err = run("load", written(tmp_path, "a.xlsx", report("2026Q3", 6)), "--password")

    assert code == 2
    assert PASSWORD in err
