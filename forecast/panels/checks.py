"""What has to hold of a series: no quarter twice, none missing, enough of them, and quarters indeed."""

import numpy as np

from forecast.panels.blocks import Block
from forecast.panels.columns import Mask
from forecast.panels.forms import MONTH_END, Form
from forecast.panels.reading import Reader
from forecast.panels.source import Int64
from forecast.windows import SHORTEST
from kpi.text import Text


class Check:
    """What has to hold of each series of a block whose stamps could all be read."""

    def __init__(self, block: Block, reader: Reader, form: Form) -> None:
        self.block, self.rows, self.reader, self.form = block, block.rows, reader, form
        self.sound = np.logical_and.reduceat(block.rows.sound, block.start)

    def all(self) -> None:
        """Look at every step between neighbours, then at whole series."""
        step = np.diff(self.rows.position)
        within = np.repeat(self.sound, self.block.count)[1:]
        within[self.block.start[1:] - 1] = False  # from one series to the next
        self._steps(step, within & (step != self.form.step))
        self._days()
        self._length()

    def _steps(self, step: Int64, wrong: Mask) -> None:
        """A series of another frequency is told once; else each quarter that is there twice or missing."""
        if self.reader.problems.room <= 0 or not wrong.any():
            self.reader.problems.add_untold(int(wrong.sum()))
            return
        series = np.repeat(np.arange(len(self.block)), self.block.count)[1:]
        other = np.zeros(len(self.block), dtype=np.bool_)
        for at in np.unique(series[wrong]).tolist():
            begin = int(self.block.start[at])
            own = step[begin : begin + int(self.block.count[at]) - 1]
            moved = own[own != 0]
            uneven = bool((moved % self.form.step != 0).any())
            regular = len(moved) >= 2 and moved[0] != self.form.step and bool((moved == moved[0]).all())
            other[at] = uneven or regular
            if other[at]:
                self._tell_frequency(begin + int(np.flatnonzero(own != self.form.step)[0]) + 1)
        for index in np.flatnonzero(wrong & ~other[series]).tolist():
            self._tell_step(index + 1, int(step[index]))

    def _tell_frequency(self, index: int) -> None:
        before, place = self._ds(index - 1), self._place(index)
        self.reader.problems.add(
            f"{place.zh}：前一个 ds 是 {before}，相隔不是一个季度。需要季度数据：月度数据请先汇总成季度，"
            "年度或半年度数据不能预测。",
            f"{place.en}: the ds before it is {before}, which is not one quarter earlier. Quarterly data is "
            "needed: make quarters of months first; yearly or half-yearly data cannot be forecast.",
        )

    def _tell_step(self, index: int, step: int) -> None:
        place = self._place(index)
        if step == 0:
            row, other = self.reader.source.row, self.rows.number[index - 1]
            self.reader.problems.add(
                f"{place.zh}：这个季度在第 {other} {row.zh}已有一个值。请只留一个。",
                f"{place.en}: this quarter has a value already in {row.en} {other}. Keep one.",
            )
            return
        first = self._ds(index - 1, self.form.step)
        last = self._ds(index, -self.form.step)
        span = first if first == last else f"{first} .. {last}"
        self.reader.problems.add(
            f"{place.zh}：之前缺少 {span}。请补上，或只保留缺口之后的季度。",
            f"{place.en}: {span} is missing before it. Fill it in, or keep only the quarters after the gap.",
        )

    def _days(self) -> None:
        low = np.minimum.reduceat(self.rows.day, self.block.start)
        high = np.maximum.reduceat(self.rows.day, self.block.start)
        for at in self._told(self.sound & (self.block.day != MONTH_END) & (low != high)):
            begin = int(self.block.start[at])
            own = slice(begin, begin + int(self.block.count[at]))
            place = self._place(begin + _odd_one_out(self.rows.day[own], self.rows.last[own]))
            self.reader.problems.add(
                f"{place.zh}：日期既不都是月末，也不都在每月的同一天。请统一，如 2026-09-30。",
                f"{place.en}: the dates are neither all month ends nor all on one day of the month. Make them alike, "
                "such as 2026-09-30.",
            )

    def _length(self) -> None:
        for at in self._told(self.sound & (self.block.count < SHORTEST)):
            self._tell_short(at)

    def _told(self, bad: Mask) -> list[int]:
        """The series among ``bad`` that there is room to tell of; the others are counted."""
        at = np.flatnonzero(bad)
        room = max(self.reader.problems.room, 0)
        self.reader.problems.add_untold(len(at[room:]))
        return [int(each) for each in at[:room]]

    def _tell_short(self, at: int) -> None:
        begin, count = int(self.block.start[at]), int(self.block.count[at])
        place = self._place(begin)
        self.reader.problems.add(
            f"{place.zh}：序列只有 {count} 个季度，至少需要 {SHORTEST} 个。请补充历史，或去掉这个序列。",
            f"{place.en}: the series has {count} of {SHORTEST} quarters it needs. Add earlier ones or leave it out.",
        )

    def _place(self, index: int) -> Text:
        ident = self.rows.unique_id[index].as_py()
        return self.reader.place(int(self.rows.number[index]), ident, self._ds(index))

    def _ds(self, index: int, moved: int = 0) -> object:
        """The stamp of a row, or one so many positions away, as the file writes them."""
        block, at = self.block, int(np.searchsorted(self.block.start, index, side="right")) - 1
        day = int(self.rows.day[index]) if moved == 0 else int(block.day[at])
        return self.form.write(int(self.rows.position[index]) + moved, day)


def _odd_one_out(day: Int64, last: Mask) -> int:
    """The first date that is no month end where most are, else the first on another day than most."""
    if 2 * int(last.sum()) > len(last):
        return int(np.flatnonzero(~last)[0])
    days, counts = np.unique(day, return_counts=True)
    return int(np.flatnonzero(day != days[counts.argmax()])[0])
