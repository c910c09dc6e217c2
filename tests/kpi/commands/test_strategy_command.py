"""The strategy from the command line: what is checked, written and loaded."""

import json
from pathlib import Path

import pytest

from kpi.store import open_store
from tests.kpi.commands.test_commands import Run, data_dir, run

pytestmark = pytest.mark.slow

__all__ = ["data_dir", "run"]


def test_check_reads_without_making_a_store(run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECAST_SCORECARD", "classic")
    code, out, err = run("strategy", "check", "--json")

    document = json.loads(out)
    assert (code, err) == (0, "")
    assert (document["scorecard"], document["version"]) == ("classic", 0)
    assert document["findings"][0] == {
        "rule": "kpi_count",
        "where": "the whole scorecard",
        "found": "26 KPIs",
        "expected": "about 20 (15 to 25)",
        "remedy": "drop KPIs that overlap or decide nothing",
    }
    assert not data_dir.exists()


def test_check_in_words_has_a_line_a_finding(run: Run) -> None:
    code, out, err = run("strategy", "check")
    assert (code, out) == (0, "")
    assert "balanced, version 0: 0 findings" in err


def test_what_was_exported_changed_and_loaded_is_the_next_version(run: Run, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "strategy.yaml"
    assert run("strategy", "export", file)[0] == 0
    file.write_text(file.read_text(encoding="utf-8").replace("'100000000'", "'120000000'"), encoding="utf-8")

    code, out, _ = run("strategy", "load", file, "--reason", "the year's result")

    assert (code, out) == (0, "balanced, version 1\n")
    code, out, _ = run("strategy", "check", "--json")
    assert [finding["rule"] for finding in json.loads(out)["findings"]] == ["timetable"]
    store = open_store(f"sqlite:///{data_dir / 'scorecast.sqlite'}")
    (entry,) = store.audit_entries()
    store.close()
    assert entry.action == "strategy.saved"
    assert entry.detail.endswith("the year's result")
    before = tmp_path / "before.yaml"
    assert run("strategy", "export", before, "--version", "0")[0] == 0
    assert "'100000000'" in before.read_text(encoding="utf-8")


def test_what_cannot_be_loaded_is_refused_and_keeps_nothing(run: Run, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "strategy.yaml"
    file.write_text("scorecard: balanced\nlinks:\n- {cause: moon, effect: fast_claims, reason: {zh: x, en: x}}\n")
    code, out, err = run("strategy", "load", file, "--reason", "why")
    assert (code, out) == (2, "")
    assert "strategy.yaml:3: unknown objective 'moon'" in err
    assert not data_dir.exists()


def test_a_version_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run("strategy", "export", tmp_path / "out.yaml", "--version", "3")
    assert code == 2
    assert "no version 3" in err
