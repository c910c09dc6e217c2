"""Whatever byte of a passport is changed, the verdict is never EXACT and never a crash."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forecast.calculate import calculate
from forecast.determinism import required_switches
from forecast.device import choose_device
from forecast.manifest import MANIFEST, SEAL, Occasion
from forecast.passport import write_passport
from forecast.verdict import Verdict
from forecast.verify import verify
from forecast.zipped import pack, unpack
from kpi.text import Text
from tests.forecast.builders import TINY, inputs
from tests.forecast.test_passport import judge, resealed

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def quiet(_share: float, _message: Text) -> None:
    pass


@pytest.fixture(scope="module")
def passport() -> bytes:
    occasion = Occasion(started_by="li", reason="", started_at=NOON, finished_at=NOON, snapshot_id=1)
    outcome = calculate(inputs(), TINY, "cpu", quiet)
    return write_passport(inputs(), TINY, choose_device("cpu"), required_switches(), {}, outcome, occasion)


def never_trains(_share: float, _message: Text) -> None:
    raise AssertionError("damage must be seen before anything is computed")


def verdict(content: bytes) -> Verdict:
    return verify(content, required_switches, never_trains).verdict


def structure(passport: bytes) -> range:
    """The zip's table of contents, where a byte means most."""
    with zipfile.ZipFile(io.BytesIO(passport)) as archive:
        return range(archive.start_dir, len(passport))


@pytest.mark.parametrize("change", [lambda byte: byte ^ 1, lambda byte: byte ^ 0x80, lambda _: 0, lambda _: 255])
def test_no_byte_of_the_zips_own_structure_can_be_changed_unseen(passport: bytes, change: Callable[[int], int]) -> None:
    contents = structure(passport)
    with zipfile.ZipFile(io.BytesIO(passport)) as archive:
        heads = [entry.header_offset + at for entry in archive.infolist()[:2] for at in range(30)]

    for at in (*contents, *heads):
        if (new := change(passport[at])) != passport[at]:
            assert verdict(passport[:at] + bytes([new]) + passport[at + 1 :]) in (Verdict.DIFFERENT, Verdict.CANNOT)


@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
@settings(max_examples=60)
@example(share=0.0, flip=1)
def test_no_byte_anywhere_can_be_changed_unseen(passport: bytes, share: float, flip: int) -> None:
    at = int(share * len(passport))

    assert verdict(passport[:at] + bytes([passport[at] ^ flip]) + passport[at + 1 :]) is not Verdict.EXACT


@given(share=st.floats(0, 1, exclude_max=True))
@settings(max_examples=30)
def test_a_passport_cut_short_anywhere_cannot_be_verified(passport: bytes, share: float) -> None:
    assert verdict(passport[: int(share * len(passport))]) is Verdict.CANNOT


@pytest.mark.parametrize(
    "results", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"kpi,org_unit,period,window,p10\nx,y,2026Q4,year,many\n"]
)
def test_results_that_are_no_table_are_different_not_a_crash(passport: bytes, results: bytes) -> None:
    answer = judge(resealed(passport, {"results/kpi_forecast.csv": results}))

    assert answer.verdict is Verdict.DIFFERENT


def test_a_passport_resealed_without_its_results_is_different(passport: bytes) -> None:
    assert judge(without(passport, "results/kpi_forecast.csv")).verdict is Verdict.DIFFERENT


def without(passport: bytes, name: str) -> bytes:
    """A forger's passport that never speaks of the file."""
    files, _ = unpack(passport)
    del files[name]
    stated = json.loads(files[MANIFEST])
    del stated["files"][name]
    files[MANIFEST] = json.dumps(stated).encode()
    files[SEAL] = f"{sha256(files[MANIFEST]).hexdigest()}  {MANIFEST}\n".encode()
    return pack(files)
