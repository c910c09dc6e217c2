"""``python -m forecast predict`` in a fresh process; in the place of the network stands the seasonal naive method."""

import signal
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.forecast.company import Done, Installation
from tests.forecast.panels.files import Files, series

pytestmark = pytest.mark.slow

NAIVE = """
import sys
from forecast.determinism import seal
seal()
from tests.forecast import naive
sys.modules["forecast.pretrained"] = naive
from forecast.commands import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def predict(files: Files, *arguments: str, language: str = "en") -> Done:
    made = Installation(files.folder / "never made", {"SCORECAST_LANGUAGE": language})
    with made.start("-c", NAIVE, "predict", *arguments) as process:
        out, err = process.communicate(timeout=600)
    assert not made.data_dir.exists()
    return Done(process.returncode, out, err)


def test_a_panel_is_forecast_and_one_document_says_how(files: Files) -> None:
    source, output = files.csv(series("A") + series("B")), files.folder / "out.parquet"

    done = predict(files, str(source), "-o", str(output), "--horizon", "3", "--levels", "50,99.5", "--json")

    assert done.code == 0, done.err
    assert done.json.pop("seconds") >= 0
    assert done.json == {
        "series": 2,
        "rows": 24,
        "seconds": done.json["seconds"],
        "weights_digest": "0" * 64,
        "output": str(output),
        "horizon": 3,
        "levels": ["50", "99.5"],
        "numerics": "order_free",
        "device": "cpu",
    }
    assert "100% done" in done.err
    assert pq.read_schema(output).names[-2:] == ["scorecast-lo-99.5", "scorecast-hi-99.5"]
    assert files.stamps("B", "out.parquet") == ["2023Q1", "2023Q2", "2023Q3"]


def test_without_json_a_line_says_what_was_done_and_notes_what_may_surprise(files: Files) -> None:
    rows = [(*row, "x") for pair in zip(series("A"), series("B"), strict=True) for row in pair]
    source = files.csv(rows, names="unique_id,ds,y,extra")

    done = predict(files, str(source), "-o", str(files.folder / "out.csv"), language="zh")

    assert done.code == 0, done.err
    assert f"已预测 2 个序列（24 行）：{files.folder / 'out.csv'}" in done.out
    assert "未使用的列：extra。" in done.err
    assert "结果按 unique_id 排序" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("in.csv", "-o", "out.csv", "--levels", "80,0"), "'0' is not a level"),
        (("in.csv", "-o", "out.csv"), "y is 'x', not a finite number"),
    ],
)
def test_refusals_are_lines_on_standard_error(arguments: tuple[str, ...], says: str, files: Files) -> None:
    files.csv([*series("A"), ("B", "2020Q1", "x")])
    paths = [str(files.folder / part) if part.endswith(".csv") else part for part in arguments]

    refused = predict(files, *paths, "--json")

    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err
    assert "Traceback" not in refused.err
    assert files.names() == ["in.csv"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_work_and_nothing_half_written_is_left(number: signal.Signals, files: Files) -> None:
    count = 400_000
    ids, index = np.repeat(np.arange(count), 5), np.tile(np.arange(5), count)
    table = pa.table({"unique_id": pa.array(ids), "ds": pa.array(index), "y": pa.array(index.astype(np.float64))})
    pq.write_table(table, files.folder / "in.parquet")
    files.text("kept", "out.csv")
    made = Installation(files.folder / "never made")
    with made.start(
        "-c", NAIVE, "predict", str(files.folder / "in.parquet"), "-o", str(files.folder / "out.csv")
    ) as process:
        while not list(files.folder.glob(".out.csv.*/forecast.csv")):
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=600)

    assert (process.returncode, out) == (2, "")
    assert f"cancelled by {number.name}" in err
    assert files.names() == ["in.parquet", "out.csv"]
    assert (files.folder / "out.csv").read_text(encoding="utf-8") == "kept"
