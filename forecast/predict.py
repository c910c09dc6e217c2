"""Forecast a panel file: check all of it, then forecast and write block by block, and put the output in place.

Memory holds a block at a time and eight bytes a series, so it hardly grows with the file.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from forecast.levels import Level, quantile_at
from forecast.network import Network
from forecast.panels.blocks import Block, NotGrouped, blocks
from forecast.panels.checks import Check
from forecast.panels.columns import Floats
from forecast.panels.forms import Form
from forecast.panels.output import check_ending, forecast_table, open_sink, output_schema
from forecast.panels.problems import Problems
from forecast.panels.reading import Reader
from forecast.panels.regroup import Regrouped
from forecast.panels.source import Source, open_source
from forecast.windows import SEASON
from kpi.errors import refuse
from kpi.text import Text

Progress = Callable[[float, Text], None]

NAME: Final = "scorecast"
AT_ONCE: Final = 2048  # series the network is given together
_HALF: Final = Decimal("0.5")
_CHECKING_TAKES: Final = 0.1  # of the whole, as a guess
_NEARLY: Final = 1.0 - 2.0**-30  # the last share at which the work can still be ended

_CHECKING = Text(zh="读取并检查", en="reading and checking")
_REGROUPING = Text(zh="按 unique_id 归并", en="grouping by unique_id")
_FORECASTING = Text(zh="预测", en="forecasting")
_DONE = Text(zh="完成", en="done")


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done: series and rows read, and whether their rows had to be brought together first."""

    series: int
    rows: int
    regrouped: bool
    unused_columns: tuple[str, ...]


def check_call(source: Path, output: Path, horizon: int, longest: int) -> None:
    """Raises Refused for what can be known to be wrong before anything is read."""
    check_ending(output)
    if not 1 <= horizon <= longest:
        raise refuse(
            f"不能预测 {horizon} 个季度：网络最多预测 {longest} 个，最少 1 个。请用 --horizon {longest}。",
            f"{horizon} quarters cannot be forecast: the network gives 1 to {longest}. Use --horizon {longest}.",
        )
    if not output.parent.is_dir():
        raise refuse(f"没有文件夹 {output.parent}，请先建立。", f"there is no folder {output.parent}. Make it first.")
    if output.is_dir():
        raise refuse(f"{output} 是文件夹。请写文件名。", f"{output} is a folder. Name a file instead.")
    if output.exists() and source.exists() and output.samefile(source):
        raise refuse(
            f"输出 {output} 就是输入文件。请换一个名称。", f"the output {output} is the input. Give it another name."
        )


def predict(
    source: Path, output: Path, network: Network, horizon: int, levels: tuple[Level, ...], progress: Progress
) -> Summary:
    """Write the forecast of every series of ``source`` to ``output``, all of it or nothing.

    ``progress`` is told the share that is done and may raise to end the work. Raises Refused listing what is wrong
    with the input.
    """
    check_call(source, output, horizon, network.horizon)
    panel = open_source(source)
    with _beside(output) as folder:
        found = _check(panel, folder, progress)
        half = folder / f"forecast{output.suffix}"
        _write(found, half, network, horizon, levels, progress)
        progress(_NEARLY, _FORECASTING)
        half.replace(output)
    progress(1.0, _DONE)
    return Summary(found.series, found.rows, found.panel is not panel, panel.unused)


@contextmanager
def _beside(output: Path) -> Iterator[Path]:
    """A folder beside ``output`` for what is not finished; gone at the end, however it ends."""
    try:
        with TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as folder:
            yield Path(folder)
    except OSError as problem:
        said = problem.strerror or problem
        raise refuse(f"无法写入 {output}：{said}。", f"cannot write {output}: {said}.") from problem


@dataclass(frozen=True, slots=True)
class _Checked:
    """A panel in which nothing is wrong; ``share`` of the whole work is done with that."""

    panel: Source
    form: Form
    series: int
    rows: int
    share: float


def _check(panel: Source, folder: Path, progress: Progress) -> _Checked:
    """The whole panel looked at once, and once more when its series had to be brought together first."""
    try:
        return _look(panel, 0.0, progress)
    except NotGrouped:
        regrouped = Regrouped(panel, folder, partial(progress, _CHECKING_TAKES, _REGROUPING))
        return _look(regrouped, _CHECKING_TAKES, progress)


def _look(panel: Source, begun: float, progress: Progress) -> _Checked:
    problems = Problems()
    reader = Reader(panel, problems)
    series = rows = 0
    for block in _checked_blocks(reader, watch=not isinstance(panel, Regrouped)):
        series += len(block)
        rows += len(block.rows)
        progress(begun + _CHECKING_TAKES * panel.share(), _CHECKING)
    problems.refuse_if_any()
    if reader.form is None:
        raise refuse(
            "文件里没有数据行。请放入每个季度一行的 unique_id、ds、y。",
            "the file has no rows. It needs unique_id, ds and y, one row a quarter.",
        )
    return _Checked(panel, reader.form, series, rows, begun + _CHECKING_TAKES)


def _checked_blocks(reader: Reader, *, watch: bool) -> Iterator[Block]:
    for block in blocks(reader, watch=watch):
        if reader.form is not None:
            Check(block, reader, reader.form).all()
        yield block


def _write(
    found: _Checked, path: Path, network: Network, horizon: int, levels: tuple[Level, ...], progress: Progress
) -> None:
    columns = [(NAME, _HALF)]
    for level in levels:
        columns += [(f"{NAME}-lo-{level.text}", level.low), (f"{NAME}-hi-{level.text}", level.high)]
    schema = output_schema(found.panel.fields, [name for name, _ in columns])
    problems = Problems()
    done = 0
    with open_sink(path, path.suffix, schema) as sink:
        for block in _checked_blocks(Reader(found.panel, problems), watch=False):
            problems.refuse_if_any()  # somebody may have written to the file since it was checked
            for part in block.parts(AT_ONCE):
                quantiles = _quantiles(part, network)[:, :horizon]
                wanted = [quantile_at(probability, network.levels, quantiles) for _, probability in columns]
                sink.write(forecast_table(part, found.form, np.stack(wanted, 2), schema))
                done += len(part)
                progress(found.share + (_NEARLY - found.share) * min(done / found.series, 1.0), _FORECASTING)
    if done != found.series:
        raise refuse(
            "输入文件在读取期间被改动，没有写出结果。请再运行一次。",
            "the input was changed while it was read, so nothing was written. Run it once more.",
        )


def _quantiles(block: Block, network: Network) -> Floats:
    """Raises Refused where a forecast leaves the range of doubles."""
    # With the year before, which the first of the quarters seen are compared to.
    values, present = block.newest(network.context + SEASON)
    quantiles = network.quantiles(values, present)
    finite = np.isfinite(quantiles).all((1, 2))
    if not finite.all():
        names = ", ".join(str(each) for each in block.unique_id.filter(~finite).slice(0, 5).to_pylist())
        raise refuse(
            f"这些序列的数值太大，无法计算：{names}。请换用更大的单位（如万元改为亿元）。",
            f"the values of these series are too large to compute with: {names}. State them in a larger unit.",
        )
    return quantiles
