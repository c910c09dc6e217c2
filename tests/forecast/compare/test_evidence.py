"""Comparisons of real passports of a tiny network."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from forecast.calculate import calculate
from forecast.code_version import code_hash
from forecast.commands import main
from forecast.compare.changes import Cause
from forecast.compare.comparison import Comparison, compare
from forecast.compare.evidence import Level, places, read_evidence
from forecast.compare.kept import keep, kept, place_of
from forecast.compare.split import State
from forecast.config import ForecastConfig
from forecast.determinism import required_switches
from forecast.device import choose_device
from forecast.inputs import RunInputs
from forecast.passport import write_passport
from forecast.zipped import pack, unpack
from kpi.errors import Refused
from tests.forecast.builders import TINY, inputs
from tests.forecast.company import Installation
from tests.forecast.compare.builders import OTHER, more_facts, retargeted
from tests.forecast.test_passport import ARITHMETIC, OCCASION, quiet

pytestmark = pytest.mark.slow


def write(path: Path, given: RunInputs, config: ForecastConfig) -> Path:
    outcome = calculate(given, config, "cpu", quiet)
    path.write_bytes(
        write_passport(given, config, choose_device("cpu"), required_switches(), ARITHMETIC, outcome, OCCASION)
    )
    return path


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("old") / "passport.zip", inputs(), TINY)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More facts, another target, another seed."""
    given = replace(retargeted(), rows=inputs(more_facts()).rows)
    return write(tmp_path_factory.mktemp("new") / "passport.zip", given, OTHER)


@pytest.fixture(scope="module")
def split(old: Path, new: Path) -> Comparison:
    return compare(read_evidence(old), read_evidence(new), code_hash(), computed)


def computed(state: State) -> Level:
    config = ForecastConfig.model_validate(state.by.config)
    return places(calculate(state.inputs, config, "cpu", quiet).landings.kpis)


def test_a_run_is_read_from_its_passport(old: Path) -> None:
    run = read_evidence(old)
    assert (run.inputs, run.config["seed"], run.code, run.order_free) == (inputs(), TINY.seed, code_hash(), True)
    assert len(run.run_id) == 64
    assert {kpi for kpi, _, _ in run.forecasts} == {entry.kpi for entry in inputs().template.entries}


def test_the_parts_of_real_moves_add_up_to_them_exactly(split: Comparison) -> None:
    assert split.computations == 2
    assert split.changes.causes == (Cause.DATA, Cause.DEFINITIONS, Cause.CONFIGURATION)
    assert len(split.moves) > 50
    for move in split.moves:
        assert move.parts is not None
        assert sum(Fraction(part.change) for part in move.parts) == Fraction(move.change)
        if move.chance_change is not None:
            assert move.chance_parts is not None
            assert sum(Fraction(part.change) for part in move.chance_parts) == Fraction(move.chance_change)
    moved = {
        cause: any(part.change for m in split.moves for part in m.parts or () if cause in part.causes)
        for cause in Cause
    }
    assert (moved[Cause.DATA], moved[Cause.CONFIGURATION]) == (True, True)


def test_another_target_moves_chances_and_not_values(split: Comparison) -> None:
    definitions = [part for move in split.moves for part in move.parts or () if part.causes == (Cause.DEFINITIONS,)]
    chances = [
        part.change
        for move in split.moves
        for part in move.chance_parts or ()
        if part.causes == (Cause.DEFINITIONS,) and move.kpi == "in_time_rate"
    ]
    assert {part.change for part in definitions} == {Decimal(0)}
    assert any(chances)


def test_a_kept_comparison_comes_back_for_these_passports_alone(
    tmp_path: Path, old: Path, new: Path, split: Comparison
) -> None:
    first, second = read_evidence(old), read_evidence(new)
    assert kept(tmp_path, first, second) is None

    keep(tmp_path, split)

    assert kept(tmp_path, first, second) == split
    assert kept(tmp_path, second, first) is None
    assert kept(tmp_path, replace(first, seal="0" * 64), second) is None
    assert [file.name for file in place_of(tmp_path, first.run_id, second.run_id).parent.iterdir()] == [
        place_of(tmp_path, first.run_id, second.run_id).name
    ]


def test_half_a_file_counts_as_none(tmp_path: Path, old: Path, new: Path, split: Comparison) -> None:
    first, second = read_evidence(old), read_evidence(new)
    keep(tmp_path, split)
    place = place_of(tmp_path, first.run_id, second.run_id)
    place.write_bytes(place.read_bytes()[:1000])
    assert kept(tmp_path, first, second) is None


def test_a_passport_that_was_changed_is_not_compared(tmp_path: Path, old: Path) -> None:
    files, _ = unpack(old.read_bytes())
    name = "results/kpi_forecast.csv"
    forged = tmp_path / "forged.zip"
    forged.write_bytes(pack(files | {name: files[name].replace(b"0", b"1", 1)}))
    with pytest.raises(Refused, match=rf"{name} in the passport .* was changed"):
        read_evidence(forged)


@pytest.mark.parametrize("content", [b"", b"no zip", pack({"readme.txt": b"hello"}), pack({"manifest.json": b"{}"})])
def test_what_is_no_passport_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "not-a-passport.zip"
    path.write_bytes(content)
    with pytest.raises(Refused, match=r"not-a-passport\.zip cannot be read"):
        read_evidence(path)


def test_the_command_prints_one_document(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: Path, new: Path
) -> None:
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    assert main(["compare", str(old), str(new), "--json"]) == 0
    printed = capsys.readouterr()
    assert (json.loads(printed.out)["split"], printed.err) == (False, "")
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_changed_and_how_to_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: Path, new: Path
) -> None:
    said = partial(monkeypatch.setenv, "SCORECAST_LANGUAGE")
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    for language, changed, go_on in (
        ("en", "data: 1 added, 1 changed", "takes 2 computations: add --split"),
        ("zh", "数据: 新增 1 个，变更 1 个", "需要 2 次计算：加上 --split"),
    ):
        said(language)
        assert main(["compare", str(old), str(new)]) == 0
        printed = capsys.readouterr()
        assert changed in printed.out
        assert go_on in printed.err


def test_the_command_refuses_a_run_that_is_not_there_and_a_run_beside_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: Path
) -> None:
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCORECAST_LANGUAGE", "en")
    for other, said in (("abc", "neither a passport file nor"), (str(old), "nothing to compare")):
        assert main(["compare", str(old), other, "--json"]) == 2
        printed = capsys.readouterr()
        assert said in printed.err
        assert printed.out == ""


@pytest.mark.slow
def test_the_command_splits_and_keeps_what_it_found(tmp_path: Path, old: Path, new: Path, split: Comparison) -> None:
    """In a fresh process, to the same numbers; the second time nothing is computed."""
    company = Installation(tmp_path)

    first = company.forecast("compare", str(old), str(new), "--split", "--json")
    again = company.forecast("compare", str(old), str(new), "--split", "--json")

    assert (first.code, again.code) == (0, 0)
    assert Comparison.model_validate(first.json) == split
    assert (again.json, again.err) == (first.json, "")
    assert "computation 2/2: training the network" in first.err
