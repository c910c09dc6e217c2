import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from forecast.journal import FIELDS, Journal, append_run, exported, first_broken, first_parted, head, line_hash
from forecast.records import RunRecord, RunState
from forecast.verdict import Verdict, Verification
from kpi.store import open_store
from kpi.store.forecast_tables import journal
from kpi.text import Text

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANSWER = Verification(
    verdict=Verdict.EXACT,
    message=Text(zh="", en=""),
    run_id="a" * 64,
    manifest="b" * 64,
    digests={"weights": "c" * 64, "forecast": "d" * 64},
    trained=True,
)
RUN = RunRecord(
    run_id="a" * 64,
    snapshot_id=1,
    state=RunState.DONE,
    progress=1.0,
    started_at=NOON,
    started_by="li",
    numerics="order_free",
    device="cpu",
    weights_digest="c" * 64,
    forecast_digest="d" * 64,
    seal="b" * 64,
)


@pytest.fixture
def made(store_url: str) -> Iterator[Journal]:
    """An empty journal."""
    store = open_store(store_url, clock=lambda: NOON)
    yield Journal(store)
    store.close()


@pytest.fixture
def kept(made: Journal) -> Journal:
    """A journal with one run and two verifications."""
    with made.store.writing("li") as write:
        append_run(write, RUN)
    made.verified(ANSWER, "wang")
    made.verified(ANSWER.model_copy(update={"trained": False}), "wang")
    return made


def test_runs_and_verifications_stand_in_one_chain(kept: Journal) -> None:
    rows = [dict(zip(FIELDS, line.split("\t"), strict=True)) for line in kept.lines()]

    assert [(row["number"], row["kind"], row["verdict"], row["by"]) for row in rows] == [
        ("1", "run", "", "li"),
        ("2", "verification", "EXACT", "wang"),
        ("3", "verification", "EXACT (not trained)", "wang"),
    ]
    assert first_broken(kept.lines()) is None


def test_the_chain_can_be_followed_with_sha256sum(kept: Journal, tmp_path: Path) -> None:
    (tmp_path / "journal.txt").write_text(exported(kept.lines()), encoding="utf-8")

    for place in (1, 2):
        command = f"sed -n {place}p journal.txt | sha256sum"
        said = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        assert said.split()[0] == kept.lines()[place].split("\t")[-1]


def test_the_head_stands_for_the_whole_history(kept: Journal) -> None:
    found = head(kept.lines())

    assert found is not None
    assert (found.number, found.hash) == (3, line_hash(kept.lines()[-1]))
    assert found.printed.startswith("3 · 2026-11-26T12:00:00Z · ")
    assert head([]) is None


@pytest.mark.parametrize("change", [update(journal).values(line="x"), delete(journal)])
def test_the_database_refuses_to_change_or_drop_a_line(kept: Journal, change: object) -> None:
    with pytest.raises(DBAPIError, match="append-only"), kept.store.writing("li") as write:
        write.connection.execute(change)  # type: ignore[call-overload]
    assert len(kept.lines()) == 3


def test_names_with_tabs_and_line_ends_stay_in_their_field(made: Journal) -> None:
    made.verified(ANSWER, "li\t9\nwang\r")

    (line,) = made.lines()
    assert len(line.split("\t")) == len(FIELDS)
    assert exported([line]).splitlines() == [line]


LINES = [f"{number}\t2026\trun\ta\tb\tc\td\t\tli" for number in range(1, 6)]


def chain(bodies: list[str]) -> list[str]:
    lines: list[str] = []
    for body in bodies:
        lines.append(f"{body}\t{line_hash(lines[-1]) if lines else '0' * 64}")
    return lines


@given(place=st.integers(0, 3), what=st.sampled_from(["drop", "swap", "change", "repeat"]))
def test_no_line_but_the_last_can_be_touched_unseen(place: int, what: str) -> None:
    lines = chain(LINES)
    if what == "drop":
        del lines[place]
    elif what == "swap":
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    elif what == "change":
        lines[place] = lines[place].replace("\trun\t", "\tran\t")
    else:
        lines.insert(place, lines[place])

    assert first_broken(lines) is not None


@given(kept=st.integers(0, 5))
def test_a_history_that_was_written_anew_is_not_that_of_an_earlier_export(kept: int) -> None:
    before = chain(LINES)
    anew = chain([*LINES[:kept], *(line.replace("li", "wu") for line in LINES[kept:])])

    assert first_broken(anew) is None
    assert first_parted(before, anew) == (None if kept == 5 else kept + 1)
    assert first_parted(before[:kept], before) is None
    assert first_parted(before, before[:kept]) == (None if kept == 5 else kept + 1)
