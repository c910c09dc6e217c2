"""Progress, and an end before the end."""

import random

import pytest

from forecast.levels import parse_levels
from forecast.predict import predict
from forecast.progress import Cancelled
from kpi.errors import Refused
from kpi.text import Text
from tests.forecast.naive import SeasonalNaive
from tests.forecast.panels.files import Files, Row, series


def panel(*, scattered: bool) -> list[Row]:
    rows = [row for index in range(30) for row in series(f"S{index}")]
    if scattered:
        random.Random(1).shuffle(rows)
    return rows


def told(files: Files, *, scattered: bool, end_after: int | None = None) -> list[float]:
    """The shares that a forecast tells of; it is cancelled after so many."""
    source = files.csv(panel(scattered=scattered))
    shares: list[float] = []

    def progress(share: float, _message: Text) -> None:
        if len(shares) == end_after and share < 1.0:
            raise Cancelled(Text(zh="取消", en="cancelled"))
        shares.append(share)

    predict(source, files.folder / "out.csv", SeasonalNaive(), 8, parse_levels("80"), progress)
    return shares


@pytest.mark.parametrize("scattered", [False, True])
def test_progress_never_falls_and_only_the_finished_forecast_is_all_of_it(scattered: bool, files: Files) -> None:
    shares = told(files, scattered=scattered)

    assert shares == sorted(shares)
    assert shares[-2] < shares[-1] == 1.0


@pytest.mark.parametrize("scattered", [False, True])
def test_whenever_it_is_cancelled_the_older_output_stands_and_nothing_else(scattered: bool, files: Files) -> None:
    moments = len(told(files, scattered=scattered)) - 1
    files.text("older", "out.csv")

    for moment in range(moments):
        with pytest.raises(Refused, match="cancelled"):
            told(files, scattered=scattered, end_after=moment)

        assert files.names() == ["in.csv", "out.csv"]
        assert (files.folder / "out.csv").read_text(encoding="utf-8") == "older"
    assert moments >= 4
