"""The command line, each time in a fresh process."""

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forecast.ledger import Ledger
from kpi.store import open_store
from tests.forecast.company import Done, Installation, install

pytestmark = pytest.mark.slow

RUN = ("run", "--device", "cpu", "--json")

# Dies with half of the passport on the disk.
KILLED_WRITING = """
import os, signal, sys
from forecast.determinism import seal
seal()
from forecast.commands import main

flush = os.fsync

def die(descriptor):
    if not os.readlink(f"/proc/self/fd/{descriptor}").endswith("passport.zip"):
        return flush(descriptor)
    os.ftruncate(descriptor, 1000)
    os.kill(os.getpid(), signal.SIGKILL)

os.fsync = die
main(sys.argv[1:])
"""

# Dies with the whole passport in its place, just before the ledger is told.
KILLED_BEFORE_THE_LAST_WORD = """
import os, signal, sys
from forecast.determinism import seal
seal()
from forecast.commands import main
from forecast.ledger import Ledger

Ledger.finish_run = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return install(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def first(company: Installation) -> Done:
    """The first run of all."""
    return company.forecast(*RUN)


@pytest.fixture(scope="module")
def answer(first: Done) -> Any:
    return first.json


def runs(installation: Installation) -> Any:
    """What ``runs`` says."""
    listed = installation.forecast("runs", "--json")
    assert (listed.code, listed.err) == (0, "")
    return listed.json


def test_a_run_prints_one_document_and_says_the_rest_on_standard_error(first: Done) -> None:
    assert first.code == 0
    assert first.json["computed"] is True
    assert (first.json["numerics"], first.json["device"], first.json["snapshot_id"]) == ("order_free", "cpu", 1)
    assert all(len(first.json[name]) == 64 for name in ("run_id", "weights_digest", "forecast_digest"))
    assert Path(first.json["passport"]).is_file()
    assert "100% done" in first.err


def test_the_same_run_again_in_a_fresh_process_trains_nothing(company: Installation, answer: Any) -> None:
    again = company.forecast(*RUN)

    assert again.code == 0
    assert again.json == answer | {"computed": False}
    assert "training" not in again.err


def test_fresh_trains_again_and_finds_the_same(company: Installation, answer: Any) -> None:
    fresh = company.forecast(*RUN, "--fresh")

    assert fresh.code == 0
    assert fresh.json == answer
    assert "training" in fresh.err


def test_fresh_that_finds_another_result_than_the_one_on_record_says_so_and_keeps_it(
    company: Installation, answer: Any
) -> None:
    store = open_store(f"sqlite:///{company.data_dir / 'scorecast.sqlite'}")
    forged = "UPDATE forecast_run SET weights_digest = '{}' WHERE weights_digest = '{}'"
    wrong, right = "0" * 64, answer["weights_digest"]
    with store.writing("forger") as write:
        write.connection.exec_driver_sql(forged.format(wrong, right))

    fresh = company.forecast(*RUN, "--fresh")

    with store.writing("forger") as write:
        write.connection.exec_driver_sql(forged.format(right, wrong))
    store.close()
    assert (fresh.code, fresh.out) == (3, "")
    assert "weights was 0000" in fresh.err
    assert runs(company)[0]["state"] == "done"


def test_another_data_directory_and_other_ways_to_start_give_the_same_digests(
    tmp_path: Path, company: Installation, answer: Any
) -> None:
    """Also with variables set that would change the arithmetic, were they not put right."""
    hostile = {"OMP_NUM_THREADS": "2", "MKL_CBWR": "AVX2", "ATEN_CPU_CAPABILITY": "default", "PYTHONHASHSEED": "7"}
    other = replace(install(tmp_path / "another place"), environment=hostile)

    there = other.forecast(*RUN, "--out", str(tmp_path / "out")).json

    same = ("run_id", "weights_digest", "forecast_digest")
    assert [there[name] for name in same] == [answer[name] for name in same]
    assert Path(there["passport"]).parent == tmp_path / "out"
    assert company.forecast("verify", there["passport"], "--json").json["verdict"] == "EXACT"


@pytest.mark.parametrize("setting", [{}, {"SCORECAST_FORECAST_SEED": "7"}])
def test_another_seed_is_another_run_with_other_paths(
    company: Installation, answer: Any, setting: dict[str, str]
) -> None:
    other = replace(company, environment=setting).forecast(*RUN, *([] if setting else ["--seed", "7"])).json

    assert other["run_id"] != answer["run_id"]
    assert other["forecast_digest"] != answer["forecast_digest"]
    assert {run["run_id"] for run in runs(company)} >= {answer["run_id"], other["run_id"]}


def test_a_passport_verifies_without_a_store(tmp_path: Path, answer: Any) -> None:
    nowhere = Installation(tmp_path / "never made")

    verified = nowhere.forecast("verify", answer["passport"], "--json")

    assert verified.code == 0
    assert verified.json["verdict"] == "EXACT"
    assert verified.json["run_id"] == answer["run_id"]
    assert verified.json["digests"]["weights"] == answer["weights_digest"]
    assert not nowhere.data_dir.exists()


def test_a_passport_with_a_changed_byte_is_different_and_the_file_is_named(
    tmp_path: Path, company: Installation, answer: Any
) -> None:
    content = bytearray(Path(answer["passport"]).read_bytes())
    content[content.index(b"kpi,org_unit,period,window") + 400] ^= 1
    (tmp_path / "changed.zip").write_bytes(content)

    in_json = company.forecast("verify", str(tmp_path / "changed.zip"), "--json")
    in_words = company.forecast("verify", str(tmp_path / "changed.zip"))

    assert (in_json.code, in_json.json["verdict"]) == (3, "DIFFERENT")
    assert in_words.code == 3
    assert "the file results/kpi_forecast.csv was changed" in in_words.out


def test_what_is_cut_short_or_not_there_cannot_be_verified(tmp_path: Path, company: Installation, answer: Any) -> None:
    content = Path(answer["passport"]).read_bytes()
    (tmp_path / "half.zip").write_bytes(content[: len(content) // 2])

    for name, says in (("half.zip", "not a readable zip file"), ("none.zip", "No such file")):
        verified = company.forecast("verify", str(tmp_path / name), "--json")

        assert (verified.code, verified.json["verdict"]) == (2, "CANNOT")
        assert says in verified.err
        assert "Traceback" not in verified.err


@pytest.mark.parametrize("moment", ["training", "writing the passport", "telling the ledger"])
def test_a_killed_run_is_shown_as_interrupted_and_the_next_one_completes(
    tmp_path: Path, answer: Any, moment: str
) -> None:
    made = install(tmp_path)
    code = {"writing the passport": KILLED_WRITING, "telling the ledger": KILLED_BEFORE_THE_LAST_WORD}.get(moment)
    with made.start(*(("-c", code) if code else ("-m", "forecast")), *RUN) as process:
        assert process.stderr is not None
        if code is None:
            next(line for line in process.stderr if "training" in line)
            process.kill()
        out, _ = process.communicate(timeout=120)

    assert (process.returncode, out) == (-signal.SIGKILL, "")
    (listed,) = runs(made)
    assert (listed["run_id"], listed["state"], listed["passport"]) == (answer["run_id"], "interrupted", "")
    assert listed["forecast_digest"] == ""
    store = open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}")
    assert Ledger(store).run_forecasts(listed["run_id"]) == []

    completed = made.forecast(*RUN)

    assert completed.json == answer | {"passport": completed.json["passport"]}
    assert made.forecast("verify", completed.json["passport"], "--json").json["verdict"] == "EXACT"
    assert [run["state"] for run in runs(made)] == ["done"]
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [".lock", ".notices", answer["run_id"]]
    assert store.check_audit() is None
    store.close()


def test_a_run_that_is_going_on_is_shown_as_running_and_can_be_stopped(tmp_path: Path) -> None:
    made = install(tmp_path)
    with made.start("-m", "forecast", *RUN) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if "training" in line)
        process.send_signal(signal.SIGSTOP)  # so that it cannot finish while it is looked at
        seen = runs(made)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=60)

    assert [run["state"] for run in seen] == ["running"]
    assert (process.returncode, out) == (2, "")
    assert "cancelled by SIGTERM" in err
    assert [run["state"] for run in runs(made)] == ["cancelled"]
    assert not list((tmp_path / "runs").glob("*/*.zip"))


def test_a_second_process_waits_and_then_finds_the_result_or_gives_up_on_a_signal(tmp_path: Path) -> None:
    made = install(tmp_path)
    with made.start("-m", "forecast", *RUN) as busy:
        assert busy.stderr is not None
        next(line for line in busy.stderr if "training" in line)
        busy.send_signal(signal.SIGSTOP)
        with made.start("-m", "forecast", *RUN) as impatient, made.start("-m", "forecast", *RUN) as patient:
            assert impatient.stderr is not None
            next(line for line in impatient.stderr if "waiting for it to finish" in line)
            impatient.send_signal(signal.SIGINT)
            assert "cancelled by SIGINT" in impatient.communicate(timeout=60)[1]
            busy.send_signal(signal.SIGCONT)
            busy_out, _ = busy.communicate(timeout=60)
            patient_out, _ = patient.communicate(timeout=60)

    assert impatient.returncode == 2
    first, second = Done(0, busy_out, "").json, Done(0, patient_out, "").json
    assert (first["computed"], second) == (True, first | {"computed": False})


def test_refusals_are_one_line_in_the_language_asked_for(tmp_path: Path, company: Installation) -> None:
    chinese = replace(company, environment={"SCORECAST_LANGUAGE": "zh"})
    cases = [
        (Installation(tmp_path), RUN, "there is no approved snapshot yet"),
        (company, ("run", "--snapshot", "9"), "there is no snapshot 9; there are: 1."),
        (company, ("run", "--device", "tpu"), "there is no device called 'tpu'"),
        (
            company,
            ("run", "--seed", "-1"),
            "the configuration is not valid: seed: Input should be greater than or equal to 0.",
        ),
        (replace(company, environment={"SCORECAST_FORECAST_STEPS": "50"}), RUN, "must be a multiple of check_every"),
        (chinese, ("run", "--snapshot", "9"), "没有快照 9"),
        (replace(company, environment={"SCORECAST_SCORECARD": "none"}), RUN, "no scorecard template none"),
    ]

    for installation, arguments, says in cases:
        refused = installation.forecast(*arguments)

        assert (refused.code, refused.out) == (2, "")
        assert says in refused.err
        assert "Traceback" not in refused.err


def test_a_snapshot_that_was_tampered_with_is_not_forecast(tmp_path: Path) -> None:
    made = install(tmp_path)
    store = open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}")
    with store.writing("forger") as write:
        write.connection.exec_driver_sql("UPDATE fact SET value = value || '0' WHERE id = 5")
    store.close()

    refused = made.forecast(*RUN)

    assert (refused.code, refused.out) == (2, "")
    assert "do not match its hash" in refused.err
