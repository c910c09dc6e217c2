"""``verify`` as an auditor meets it: other machines, other code, signatures, the ledger. Each time a fresh process."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from forecast.determinism import required_switches
from forecast.manifest import FORMAT, MANIFEST, schema
from forecast.verdict import Verdict
from forecast.verify import verify
from forecast.zipped import pack, unpack
from kpi.settings import ROOT
from kpi.text import Text
from tests.forecast.company import Installation, install

pytestmark = pytest.mark.slow
RELEASED = Path(__file__).parent / "passports"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return install(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def passport(company: Installation) -> Path:
    return Path(company.forecast("run", "--json", "--reason", "board pack").json["passport"])


def clone(folder: Path) -> Path:
    """What a clone of this repository would hold, without its history."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.startswith(("forecast/", "kpi/", "data/", "requirements", ".gitignore")) and (ROOT / name).exists():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    return folder


def git(folder: Path, *command: str) -> None:
    who = ["-c", "user.name=li", "-c", "user.email=li@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True)


def verified(company: Installation, passport: Path, *options: str) -> Any:  # what the command documents
    return company.forecast("verify", str(passport), "--json", *options).json


def test_a_clean_clone_elsewhere_needs_nothing_but_the_passport(passport: Path, tmp_path: Path) -> None:
    there = {"TZ": "Pacific/Chatham", "LC_ALL": "C", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "77"}
    there |= {"HOME": str(tmp_path / "home"), "USER": "auditor", "LOGNAME": "auditor", "SCORECAST_USER": "auditor"}
    copied = tmp_path / "evidence.zip"
    shutil.copyfile(passport, copied)
    elsewhere = Installation(tmp_path / "nothing", there, clone(tmp_path / "a clone"))

    answer = verified(elsewhere, copied)

    assert answer["verdict"] == "EXACT"
    assert answer["notes"] == []
    assert not (tmp_path / "nothing").exists()


def test_a_quick_check_computes_all_but_the_training(company: Installation, passport: Path) -> None:
    answer = verified(company, passport, "--quick")

    assert (answer["verdict"], answer["trained"]) == ("EXACT", False)
    assert "the training was not repeated" in answer["message"]["en"]


def test_a_run_done_otherwise_on_purpose_gives_the_same_bytes(company: Installation, passport: Path) -> None:
    answer = verified(company, passport, "--varied")

    assert answer["tried"] == dict.fromkeys(("as it was", "threads, order, batches", "2 workers"), "EXACT")


def test_every_file_of_a_passport_is_named_when_a_byte_of_it_is_another(passport: Path) -> None:
    files, _ = unpack(passport.read_bytes())
    for name, content in files.items():
        for at in {0, len(content) // 3, len(content) // 2, len(content) - 1}:
            other = bytearray(content)
            other[at] ^= 1

            answer = verify(pack(files | {name: bytes(other)}), required_switches, never_trains)

            assert answer.verdict is Verdict.DIFFERENT
            assert any(name in difference.en for difference in answer.differences), name


def never_trains(_share: float, _message: Text) -> None:
    raise AssertionError("damage must be seen before anything is computed")


def test_the_passport_of_an_earlier_format_still_verifies(company: Installation) -> None:
    """Its numbers come out again by this code, or by its own where this code has learnt to forecast otherwise."""
    for path in sorted(RELEASED.glob("*.zip")):
        answer = verified(company, path)

        explained = any("the code here is another" in each["en"] for each in answer["differences"])
        assert answer["verdict"] == "EXACT" or explained, path.name
        assert len(answer["digests"]) >= 6


def test_code_that_moved_on_verifies_by_the_code_of_the_passport(tmp_path: Path) -> None:
    code = clone(tmp_path / "code")
    git(code, "init", "-q")
    git(code, "add", "-A")
    git(code, "commit", "-qm", "as it was")
    made = replace(install(tmp_path / "company"), code=code)
    passport = Path(made.forecast("run", "--json").json["passport"])
    paths = code / "forecast" / "paths.py"
    paths.write_text(paths.read_text(encoding="utf-8").replace("_STAYS: Final = 0.75", "_STAYS: Final = 0.5"))
    git(code, "commit", "-qam", "forecast otherwise")

    by_itself = verified(made, passport, "--varied")
    shutil.rmtree(code / ".git")
    without_history = verified(made, passport)

    assert by_itself["verdict"] == "EXACT"
    assert list(by_itself["tried"].values()) == ["EXACT"] * 3
    assert "by the passport's own code" in by_itself["notes"][0]["en"]
    assert without_history["verdict"] == "DIFFERENT"
    assert "Verify with the code of commit" in without_history["differences"][-1]["en"]


def test_a_re_runner_signs_what_came_out_again_and_a_policy_counts_the_two(
    company: Installation, passport: Path, tmp_path: Path
) -> None:
    auditor = Installation(tmp_path / "auditor")
    assert auditor.forecast("keys", "--new", "audit").code == 0
    copied = tmp_path / "evidence.zip"
    shutil.copyfile(passport, copied)
    policy = tmp_path / "policy.yaml"
    both = (company.data_dir / "keys" / "scorecast.pub.pem", auditor.data_dir / "keys" / "audit.pub.pem")
    policy.write_text(json.dumps({"threshold": 2, "reruns": 1, "keys": list(map(str, both))}))

    before = auditor.forecast("verify", str(copied), "--quick", "--policy", str(policy))
    signed = verified(auditor, copied, "--sign", "audit", "--trust", str(both[0]))
    after = verified(auditor, copied, "--quick", "--policy", str(policy))

    assert before.code == 2
    assert "signatures by 2 of 2 keys; there are 1" in before.err
    assert [(each["key"], each["kind"]) for each in signed["signatures"]] == [("scorecast", "run")]
    assert [(each["key"], each["kind"]) for each in after["signatures"]] == [("scorecast", "run"), ("audit", "rerun")]
    assert after["verdict"] == "EXACT"


def test_a_quick_check_is_not_enough_to_sign(company: Installation, passport: Path) -> None:
    before = passport.read_bytes()

    done = company.forecast("verify", str(passport), "--quick", "--sign", "scorecast")

    assert done.code == 2
    assert "does not repeat the training" in done.err
    assert passport.read_bytes() == before


def test_a_verdict_stands_whatever_was_to_be_done_with_it(
    company: Installation, passport: Path, tmp_path: Path
) -> None:
    """Neither a signature nor a ledger that cannot be written hides that the evidence was changed."""
    files, _ = unpack(passport.read_bytes())
    changed = tmp_path / "changed.zip"
    changed.write_bytes(pack(files | {"results/why.csv": b"else"}))
    broken = replace(company, environment={"SCORECAST_DATABASE_URL": "nonsense"})

    signed = company.forecast("verify", str(changed), "--sign", "scorecast")
    recorded = broken.forecast("verify", str(passport), "--quick", "--record")

    assert signed.code == 3
    assert "results/why.csv" in signed.out
    assert "nothing was signed" in signed.out
    assert not any(name.startswith("attestations/0002") for name in unpack(changed.read_bytes())[0])
    assert (recorded.code, recorded.out.split()[0]) == (0, "EXACT")
    assert "not put into the ledger" in recorded.out


def test_runs_and_recorded_verifications_stand_in_the_ledger(company: Installation, passport: Path) -> None:
    earlier = company.data_dir / "earlier.txt"
    earlier.write_text(company.forecast("ledger").out, encoding="utf-8")

    verified(company, passport, "--quick", "--record")

    told = company.forecast("ledger", "--json").json
    newest = told["lines"][-1]
    assert (newest["kind"], newest["verdict"]) == ("verification", "EXACT (not trained)")
    assert company.forecast("ledger", "--head").out.split(" · ")[0] == newest["number"]
    assert company.forecast("ledger", "--earlier", str(earlier)).code == 0
    earlier.write_text(earlier.read_text(encoding="utf-8").replace("local", "nobody"), encoding="utf-8")
    rewritten = company.forecast("ledger", "--earlier", str(earlier))
    assert rewritten.code == 3
    assert "line 1" in rewritten.err


def test_the_first_page_keeps_to_the_published_schema(passport: Path) -> None:
    files, _ = unpack(passport.read_bytes())
    published = (ROOT / "docs" / "schemas" / f"{FORMAT}.schema.json").read_bytes()

    assert published == schema() == files["passport.schema.json"]
    jsonschema.validate(json.loads(files[MANIFEST]), json.loads(published))


def test_the_passport_says_who_when_where_and_how_long_it_is_kept(passport: Path) -> None:
    occasion = json.loads(unpack(passport.read_bytes())[0][MANIFEST])["occasion"]

    assert (occasion["started_by"], occasion["reason"]) == ("local", "board pack")
    assert datetime.fromisoformat(occasion["started_local"]).utcoffset() is not None
    assert int(occasion["retain_until"][:4]) == int(occasion["finished_at"][:4]) + 10


def test_workbooks_are_inside_or_their_hashes_alone(company: Installation, passport: Path, tmp_path: Path) -> None:
    alone = install(tmp_path)
    alone = replace(alone, environment={"SCORECAST_PASSPORT_WORKBOOKS": "hashes", "SCORECAST_SIGNING_KEY": ""})

    made = alone.forecast("run", "--json")

    whole, bare = (unpack(Path(path).read_bytes())[0] for path in (passport, made.json["passport"]))
    names = [{name for name in files if name.startswith("workbooks/")} for files in (whole, bare)]
    assert [len(found) for found in names] == [1, 0]
    assert bare["evidence/origins.csv"] == whole["evidence/origins.csv"]
    assert not any(name.startswith("attestations/") for name in bare)
    assert "made the signing key" not in made.err
