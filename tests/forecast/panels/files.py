"""Panel files for tests, and the forecast of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from forecast.levels import parse_levels
from forecast.network import Network
from forecast.predict import Summary, predict
from kpi.errors import Refused
from kpi.periods import Period, quarter_range
from kpi.text import Text
from tests.forecast.naive import SeasonalNaive

Row = tuple[Any, Any, Any]  # unique_id, ds, y of whatever type a file has

FIRST = Period.quarter(2020, 1)
QUARTERS = tuple(str(quarter) for quarter in quarter_range(FIRST, FIRST.shift(11)))
MONTH_ENDS = tuple(f"{year}-{end}" for year in (2020, 2021, 2022) for end in ("03-31", "06-30", "09-30", "12-31"))


def series(unique_id: Any, stamps: Iterable[Any] = QUARTERS, first: float = 10.0) -> list[Row]:
    """A series that rises by one a quarter, written with ``stamps``."""
    return [(unique_id, ds, first + index) for index, ds in enumerate(stamps)]


@dataclass(frozen=True)
class Files:
    """A folder with an input and, perhaps, its forecast."""

    folder: Path

    def csv(self, rows: Iterable[Sequence[Any]], names: str = "unique_id,ds,y", name: str = "in.csv") -> Path:
        """A CSV file of these rows, each value as ``str`` gives it."""
        lines = [names, *(",".join(str(value) for value in row) for row in rows)]
        return self.text("\n".join(lines) + "\n", name)

    def text(self, content: str, name: str = "in.csv") -> Path:
        """A file with this content."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def parquet(self, rows: Sequence[Row], **types: pa.DataType) -> Path:
        """A Parquet file of these rows; ``types`` by column, where they are not those of the values."""
        names = ("unique_id", "ds", "y")
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        arrays = {name: pa.array(columns[name], types.get(name)) for name in names}
        path = self.folder / "in.parquet"
        pq.write_table(pa.table(arrays), path, row_group_size=len(rows) // 5 + 1)
        return path

    def forecast(
        self,
        source: Path,
        output: str = "out.csv",
        horizon: int = 8,
        levels: str = "80,95",
        network: Network | None = None,
    ) -> Summary:
        """Forecast ``source`` by the seasonal naive method into ``output``."""
        asked = parse_levels(levels)
        return predict(source, self.folder / output, network or SeasonalNaive(), horizon, asked, _say_nothing)

    def refused(self, source: Path, output: str = "out.csv", horizon: int = 8) -> Text:
        """Why ``source`` is not forecast; sees to it that nothing is left behind."""
        before = self.names()
        with pytest.raises(Refused) as refusal:
            self.forecast(source, output, horizon)
        assert self.names() == before
        text = refusal.value.message
        assert len(text.zh.splitlines()) == len(text.en.splitlines())
        return text

    def names(self) -> list[str]:
        """What lies in the folder."""
        return sorted(path.name for path in self.folder.iterdir())

    def rows(self, output: str = "out.csv") -> list[dict[str, Any]]:
        """The forecast, row by row; in a CSV file ids and stamps are texts."""
        path = self.folder / output
        if path.suffix == ".parquet":
            return list(pq.read_table(path).to_pylist())
        texts = pa_csv.ConvertOptions(column_types={"unique_id": pa.string(), "ds": pa.string()})
        return list(pa_csv.read_csv(path, convert_options=texts).to_pylist())

    def stamps(self, unique_id: Any, output: str = "out.csv") -> list[Any]:
        """The ``ds`` of a series in the forecast."""
        return [row["ds"] for row in self.rows(output) if row["unique_id"] == unique_id]


def _say_nothing(_share: float, _message: Text) -> None:
    pass
