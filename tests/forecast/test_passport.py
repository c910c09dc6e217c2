import io
import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from forecast.calculate import Outcome, calculate
from forecast.determinism import Switches, required_switches
from forecast.device import Device, choose_device
from forecast.fingerprint import fingerprint
from forecast.inputs import RunInputs
from forecast.manifest import MANIFEST, SEAL, Identity, Manifest, Occasion, sealed
from forecast.passport import write_passport
from forecast.passport_text import README, readme
from forecast.progress import Cancelled
from forecast.recipe import NumericsName
from forecast.results_book import BOOK, results_book
from forecast.verdict import Verdict, Verification
from forecast.verify import verify
from forecast.weights import pack_weights, unpack_weights, weights_digest
from forecast.zipped import pack, unpack
from kpi.errors import refuse
from kpi.facts import CellOfOrigin, Fact, FactKey, content_hash
from kpi.text import Text
from tests.forecast.builders import TINY, inputs, rows

pytestmark = pytest.mark.slow

ARITHMETIC = fingerprint("cpu")
OCCASION = Occasion(
    started_by="li",
    reason="board pack",
    started_at=datetime(2026, 11, 2, 8, tzinfo=UTC),
    finished_at=datetime(2026, 11, 2, 8, 1, tzinfo=UTC),
    snapshot_id=1,
)
STANDARD = TINY.model_copy(update={"numerics": "standard"})
FILES = (
    MANIFEST,
    SEAL,
    "inputs/calendar.json",
    "inputs/catalogue.json",
    "inputs/facts.csv",
    "inputs/organisation.json",
    "inputs/panel.csv",
    "inputs/template.json",
    "passport.schema.json",
    "README.txt",
    "results/backtest.csv",
    "results/forecast.csv",
    "results/kpi_forecast.csv",
    "results/kpi_record.csv",
    "results/rates.csv",
    "results/reconciliation.csv",
    "results/results.xlsx",
    "results/score_forecast.csv",
    "results/series.csv",
    "results/why.csv",
    "software/distributions.csv",
    "software/requirements.lock",
    "training/chain.csv",
    "training/past.safetensors",
    "weights/final.safetensors",
    "weights/initial.safetensors",
)


def quiet(_share: float, _message: Text) -> None:
    pass


def judge(content: bytes) -> Verification:
    return verify(content, required_switches, quiet)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return calculate(inputs(), TINY, "cpu", quiet)


@pytest.fixture(scope="module")
def passport(outcome: Outcome) -> bytes:
    return write_passport(inputs(), TINY, choose_device("cpu"), required_switches(), ARITHMETIC, outcome, OCCASION)


def resealed(passport: bytes, change: dict[str, bytes], **manifest: object) -> bytes:
    """The passport with other contents, and all that follows from them made to fit: a forger's work."""
    files, _ = unpack(passport)
    files |= change
    stated = json.loads(files[MANIFEST])
    for name, value in manifest.items():
        stated[name] = stated[name] | value if isinstance(value, dict) else value
    with suppress(ValueError):  # a table that is none has no workbook either
        files[BOOK] = results_book(files)
    files[README] = readme(Manifest.model_validate(stated)).encode()
    stated["files"] = {name: sha256(files[name]).hexdigest() for name in stated["files"]}
    return pack(files | sealed(Manifest.model_validate(stated)))


def test_a_passport_verifies_exactly_with_nothing_but_itself(passport: bytes) -> None:
    answer = judge(passport)

    assert answer.verdict is Verdict.EXACT
    assert answer.verdict.exit_code == 0
    assert answer.notes == ()


def test_two_passports_of_one_run_are_the_same_bytes(passport: bytes, outcome: Outcome) -> None:
    again = write_passport(
        inputs(rows()[::-1]), TINY, choose_device("cpu"), required_switches(), ARITHMETIC, outcome, OCCASION
    )

    assert again == passport


def test_a_passport_can_be_read_with_plain_tools(passport: bytes, outcome: Outcome) -> None:
    with zipfile.ZipFile(io.BytesIO(passport)) as archive:
        assert tuple(sorted(archive.namelist())) == tuple(sorted(FILES))
        manifest = json.loads(archive.read(MANIFEST))
        first = archive.read("results/kpi_forecast.csv").decode().splitlines()[:2]
        weights = archive.read("weights/final.safetensors")

    assert manifest["occasion"]["started_by"] == "li"
    assert manifest["switches"] == required_switches()
    assert manifest["identity"]["facts"] == inputs().facts_hash
    assert sum(manifest["training"]["methods"].values()) == 12
    assert manifest["digests"]["weights"] == sha256(weights).hexdigest() == weights_digest(outcome.fitted.weights)
    assert (
        first[0]
        == "kpi,org_unit,period,window,p2_5,p10,p25,p50,p75,p90,p97_5,chance,green,amber,red,needed,expected,reason"
    )
    assert float(first[1].split(",")[7]) == outcome.landings.kpis[0].p50


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_in_any_file_is_found_and_named(passport: bytes, name: str) -> None:
    """Flipped in place, so the zip's own check sum fails; and in a zip that was packed again after the change."""
    files, _ = unpack(passport)
    content = bytearray(files[name])
    content[len(content) // 2] ^= 1
    at = passport.index(files[name])
    in_place = passport[:at] + bytes(content) + passport[at + len(content) :]

    for forged in (in_place, pack(files | {name: bytes(content)})):
        answer = judge(forged)
        assert answer.verdict is Verdict.DIFFERENT
        assert any(name in difference.en and name in difference.zh for difference in answer.differences)


def test_a_changed_byte_outside_of_the_files_is_found(passport: bytes) -> None:
    """In the zip's own structure: a time stamp of the first entry."""
    changed = bytearray(passport)
    changed[10] ^= 1

    answer = judge(bytes(changed))

    assert answer.verdict is Verdict.DIFFERENT
    assert "container" in answer.differences[0].en


@pytest.mark.parametrize("name", ["inputs/facts.csv", "weights/final.safetensors"])
def test_a_missing_file_is_named(passport: bytes, name: str) -> None:
    files, _ = unpack(passport)
    del files[name]

    answer = judge(pack(files))

    assert answer.verdict is Verdict.DIFFERENT
    assert f"{name} is missing" in answer.differences[0].en


@pytest.mark.parametrize("results", ["results/kpi_forecast.csv", "results/score_forecast.csv"])
def test_forged_results_with_fitting_hashes_are_found_by_the_rerun(passport: bytes, results: str) -> None:
    files, _ = unpack(passport)
    lines = files[results].decode().splitlines()
    cells = lines[1].split(",")
    cells[5] = repr(float(cells[5]) * 1.01)
    forged = "\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n"

    answer = judge(resealed(passport, {results: forged.encode()}))

    assert answer.verdict is Verdict.DIFFERENT
    assert answer.verdict.exit_code == 3
    assert answer.largest_difference == pytest.approx(0.01, rel=0.02)
    assert cells[0] in answer.differences[-2].en
    assert "nothing explains it" in answer.differences[-1].en


def test_forged_inputs_with_fitting_file_hashes_contradict_the_identity(passport: bytes) -> None:
    files, _ = unpack(passport)
    facts = files["inputs/facts.csv"].replace(b"2020Q1,actual,", b"2020Q1,actual,9", 1)

    answer = judge(resealed(passport, {"inputs/facts.csv": facts}))

    assert answer.verdict is Verdict.DIFFERENT
    assert "facts" in answer.differences[0].en


def test_where_a_training_parted_is_told_by_step_tensor_and_kpi(passport: bytes) -> None:
    """Weights of another training, with the numbers and the chain that would go with them."""
    files, _ = unpack(passport)
    weights = unpack_weights(files["weights/final.safetensors"])
    name, values = weights[1]
    other = pack_weights([weights[0], (name, values + 0.5), *weights[2:]])
    links = files["training/chain.csv"].decode().splitlines()
    leg, step, *_ = links[2].split(",")
    chain = "\n".join([*links[:2], f"{leg},{step},{'0' * 64},{'0' * 64}", *links[3:]]) + "\n"
    rows = files["results/kpi_forecast.csv"].decode().splitlines()
    cells = rows[3].split(",")
    cells[5] = repr(float(cells[5]) * 2.0)
    results = "\n".join([*rows[:3], ",".join(cells), *rows[4:]]) + "\n"
    change = {"weights/final.safetensors": other, "training/chain.csv": chain.encode()}

    answer = judge(
        resealed(
            passport,
            change | {"results/kpi_forecast.csv": results.encode()},
            digests={"weights": sha256(other).hexdigest()},
        )
    )

    said = " ".join(difference.en for difference in answer.differences)
    assert answer.verdict is Verdict.DIFFERENT
    assert f"the weights part first at step {step} of {leg}" in said
    assert f"the first tensor to differ is {name}, by up to 5.0e-01" in said
    assert f"the first KPI to differ is {' '.join(cells[:4])}" in said


def test_a_difference_in_the_last_digits_is_within_tolerance_and_says_how_close(passport: bytes) -> None:
    files, _ = unpack(passport)
    lines = files["results/kpi_forecast.csv"].decode().splitlines()
    cells = lines[1].split(",")
    cells[5] = repr(float(cells[5]) * (1 + 1e-12))
    nudged = "\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n"

    answer = judge(
        resealed(passport, {"results/kpi_forecast.csv": nudged.encode()}, digests={"forecast": "another machine's"})
    )

    assert answer.verdict is Verdict.WITHIN_TOLERANCE
    assert answer.verdict.exit_code == 0
    assert answer.largest_difference == pytest.approx(1e-12, rel=0.1)


def test_a_false_digest_beside_equal_numbers_is_not_called_tolerance(passport: bytes) -> None:
    answer = judge(resealed(passport, {}, digests={"forecast": "0" * 64}))

    assert answer.verdict is Verdict.DIFFERENT


def test_another_version_of_the_software_is_noted(passport: bytes) -> None:
    answer = judge(resealed(passport, {}, software={"torch": "2.11.0"}))

    assert answer.verdict is Verdict.EXACT
    assert "torch: 2.11.0 then" in answer.notes[0].en


def test_probes_that_part_from_those_of_the_run_are_named(passport: bytes) -> None:
    elsewhere = judge(resealed(passport, {}, fingerprint={"torch.sqrt.float64": "another"}))
    impossible = judge(resealed(passport, {}, fingerprint={"order_free.exp": "another"}))

    assert elsewhere.verdict is impossible.verdict is Verdict.EXACT
    assert "(1/40 probes): torch.sqrt.float64" in elsewhere.notes[0].en
    assert "order_free.exp differ on this machine, which should never be" in impossible.notes[0].en


@pytest.mark.parametrize("content", [b"", b"no zip at all", pack({"readme.txt": b"hello"})])
def test_what_is_no_passport_cannot_be_verified(content: bytes) -> None:
    answer = judge(content)

    assert answer.verdict is Verdict.CANNOT
    assert answer.verdict.exit_code == 2


def test_a_passport_of_a_later_format_cannot_be_verified(passport: bytes) -> None:
    answer = judge(resealed(passport, {}, format="scorecast-passport-9"))

    assert answer.verdict is Verdict.CANNOT
    assert "scorecast-passport-9" in answer.message.en


def test_a_standard_passport_from_a_device_that_is_not_here_cannot_be_verified(outcome: Outcome) -> None:
    far = Device("cuda:77", Text(zh="", en=""), {})
    elsewhere = write_passport(inputs(), STANDARD, far, required_switches(), ARITHMETIC, outcome, OCCASION)

    answer = judge(elsewhere)

    assert answer.verdict is Verdict.CANNOT
    assert "cuda:77" in answer.message.en


def test_the_record_verifies_on_any_device(passport: bytes) -> None:
    answer = judge(resealed(passport, {}, device={"name": "cuda:77"}))

    assert answer.verdict is Verdict.EXACT


def test_switches_that_do_not_take_stop_the_verification(passport: bytes) -> None:
    def broken(_numerics: NumericsName) -> Switches:
        raise refuse("开关", "torch.threads should be 1")

    answer = verify(passport, broken, quiet)

    assert answer.verdict is Verdict.CANNOT
    assert "torch.threads" in answer.message.en


def test_a_cancelled_verification_is_no_verdict(passport: bytes) -> None:
    def stop(_share: float, _message: Text) -> None:
        raise Cancelled(Text(zh="取消", en="cancelled"))

    with pytest.raises(Cancelled):
        verify(passport, required_switches, stop)


@pytest.fixture
def identity() -> Identity:
    return Identity.of(inputs(), TINY, "cpu")


def test_the_run_id_follows_from_inputs_and_configuration_and_for_standard_numerics_from_the_device(
    identity: Identity,
) -> None:
    facts = rows()
    facts[3] = (*facts[3][:4], facts[3][4] + 1)
    fewer = inputs().template.model_copy(update={"entries": inputs().template.entries[1:]})

    others = [
        Identity.of(inputs(facts), TINY, "cpu"),
        Identity.of(replace(inputs(), template=fewer), TINY, "cpu"),
        Identity.of(inputs(), TINY.model_copy(update={"seed": 2}), "cpu"),
        Identity.of(inputs(), STANDARD, "cpu"),
        Identity.of(inputs(), STANDARD, "cuda"),
    ]

    assert Identity.of(inputs(facts=rows()[::-1]), TINY, "cpu").run_id == identity.run_id
    assert len({identity.run_id, *(other.run_id for other in others)}) == 6


def test_the_record_is_the_same_run_on_any_device(identity: Identity) -> None:
    assert Identity.of(inputs(), TINY, "cuda").run_id == identity.run_id


def test_inputs_come_back_from_their_files_with_the_hash_of_their_snapshot() -> None:
    again = RunInputs.from_files(inputs().files())

    origin = CellOfOrigin(workbook="0" * 64, sheet="s", cell="A1", text="1")
    facts = [
        Fact(key=FactKey(measure=m, org_unit=u, period=p, scenario=s), value=v, origin=origin)
        for m, u, p, s, v in rows()
    ]
    assert again == inputs()
    assert again.digests == inputs().digests
    assert again.facts_hash == content_hash(facts)
