"""Which unit a number is shown in: stated in its row, in a name, in a heading, above the table, or evident."""

import re
from decimal import Decimal
from typing import Protocol

from kpi.intake import number_format
from kpi.intake.context import IntakeContext
from kpi.intake.grid import Cell
from kpi.intake.layouts.unit_text import composed_unit, is_scale, may_scale, of_dimension, split_composed
from kpi.intake.names import MeasureName, split_unit
from kpi.intake.numbers import Number
from kpi.intake.slots import Slot, UnitStated
from kpi.text import Text
from kpi.units import Dimension, Unit

Listed = tuple[Decimal, str, tuple[str, ...]]
_MUST_BE_STATED = frozenset({Dimension.MONEY, Dimension.SHARE})
_HAS_SCALES = _MUST_BE_STATED | {Dimension.COUNT}
_SHARES = frozenset({Dimension.SHARE, Dimension.SHARE_CHANGE})
_RATIOS = frozenset({"growth", "share", "other"})
_LEVEL = re.compile(r"期初|年初|年末|上季|上期|上月|平均|均值|opening|beginning|average", re.IGNORECASE)
_RATE = re.compile(
    r"(?:率|比例|占比|比重|增速|增幅|(?<!\d)%|\b(?:ratio|rate|percent|percentage|(?<!per )share|margin|yield|growth))$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
_COUNT = re.compile(r"件|人数|户数|次数|数量|人力|\b(?:number|count|policies|cases|headcount)\b", re.IGNORECASE)
_YUAN = re.compile(r"[¥￥]|CNY|RMB")
_FOREIGN = ("$", "€", "£", "USD", "HKD", "EUR", "GBP", "JPY", "美元", "港元", "欧元", "日元")


def _is_rate(label: str) -> bool:
    """Whether a part of a label ends with a word for rates, or has their sign in parentheses behind it: neither
    ``Share capital`` nor ``10% bonds`` is one."""
    parts = [part.strip() for part in label.split(" / ")]
    return any(_RATE.search(_BEHIND.sub("", part)) or re.search(r"[(（]%[)）]$", part) for part in parts)


class Blame(Protocol):
    """Adds a finding at a cell, once a cell or once a table."""

    def __call__(self, code: str, at: Cell, *, once: Cell | None = None, **values: Text | str) -> None:
        """``once`` is the header of the table that is to be told once."""


class UnitReader:
    """Reads the units of one workbook. Two places that state different units are told, never chosen between."""

    def __init__(self, context: IntakeContext, blame: Blame) -> None:
        self._catalogue, self._blame = context.catalogue, blame
        self._units = context.catalogue.units
        self._bases = {unit.dimension: unit for unit in self._units.units if unit.factor == 1}
        self._bases.setdefault(Dimension.SHARE_CHANGE, self._bases[Dimension.SHARE])
        self._by_text: dict[str, Unit | None] = {}
        self._in_names: dict[str, Unit | None] = {}

    def base_of(self, unit: Unit) -> Unit:
        """The unit in which values of this dimension are kept."""
        return self._bases[unit.dimension]

    def unit(self, slot: Slot, measure: MeasureName, number: Number) -> Unit | None:
        """The unit of the slot's number, or None with a finding."""
        base = self._catalogue.unit_of(measure.measure)
        stated = self._stated(slot, measure, base)
        if stated is None:
            return None
        if number.percent:
            if base.dimension not in _SHARES:
                self._conflict(slot.number, measure, base)
                return None
            return self.base_of(base)
        if not stated:
            around = [pair for pair in slot.around.units if not is_scale(pair[0])]
            stated = [pair for pair in around if pair[0].dimension is base.dimension]
        if not stated and base.dimension in _HAS_SCALES and slot.around.unclear:
            self._blame("unit_line_unclear", slot.around.unclear)
            return None
        if not stated and base.dimension in _MUST_BE_STATED:
            self._blame("unit_missing", slot.measure, once=None if slot.around.unit_column else slot.around.header)
            return None
        unit, at = stated[0] if stated else (base, slot.measure)
        return unit if self._digits_agree(slot, measure, number, unit, at) else None

    def loosely(self, slot: Slot, measure: MeasureName | None, number: Number) -> Listed:
        """The value in base units of a number that is only listed, the base unit's code and what was done, by the
        nearest unit that is stated; as it stands, without a unit, when none is."""
        steps = list(number.conversions)
        if number.percent:
            return number.value, self._units["share"].code, tuple(steps)
        stated = self._nearest(slot, measure)
        level = slot.scenario == "other" and _LEVEL.search(slot.heading)
        around = [pair[0] for pair in slot.around.units]
        if slot.scenario in _RATIOS and not level:
            percent = [self._units["percent"]] if "%" in slot.heading else []
            shares = [unit for unit in (*stated, *around) if unit.dimension in _SHARES]
            stated = shares or percent
        elif not stated and self._lines_are_clear(slot, around):
            stated = self._of_lines(slot, measure)
        if not stated:
            return number.value, "", tuple(steps)
        return self._in_base(slot, number, stated, steps)

    def _in_base(self, slot: Slot, number: Number, stated: list[Unit], steps: list[str]) -> Listed:
        """A listed number in the base unit of the first unit stated, or of a scaled one of its kind."""
        unit = next((one for one in stated if one.factor != 1 and one.dimension is stated[0].dimension), stated[0])
        dimension = Dimension.COUNT if _COUNT.search(slot.label) else Dimension.MONEY
        unit = of_dimension(unit, dimension, self._units) or unit
        base = self.base_of(unit)
        code = "" if is_scale(unit) and dimension is not Dimension.COUNT else base.code
        if unit.factor == 1 or number.scaled:
            return number.value, code, tuple(steps)
        steps.append(f"{unit.name.zh} -> {base.name.zh}" if code else unit.name.zh)
        return unit.to_base(number.value), code, tuple(steps)

    def _nearest(self, slot: Slot, measure: MeasureName | None) -> list[Unit]:
        """The units that a number's own headings and row state."""
        found = [measure.unit] if measure and measure.unit else []
        unit = self._find(slot.unit_cell.text) if slot.unit_cell else None
        if slot.unit_cell is not None and unit is None and may_scale(slot.unit_cell.text):
            self._blame("unit_not_read", slot.unit_cell, once=slot.around.header)
        return [*found, *([unit] if unit else []), *(pair[0] for pair in slot.heading_units)]

    def _lines_are_clear(self, slot: Slot, around: list[Unit]) -> bool:
        """Whether the lines above state a unit or a scale, or none; what they say is told when it can't be read."""
        if slot.around.unclear is None or any(map(is_scale, around)):
            return True
        self._blame("unit_not_read", slot.around.unclear)
        return False

    def _of_lines(self, slot: Slot, measure: MeasureName | None) -> list[Unit]:
        """The unit of the lines above that suits the measure, or an unknown one by the words of its name."""
        units = [pair[0] for pair in slot.around.units]
        if measure is not None:
            base = self._catalogue.unit_of(measure.measure)
            fitting = [unit for unit in units if unit.dimension is base.dimension]
            return fitting or ([] if base.dimension in _MUST_BE_STATED else [base])
        kinds = {unit.dimension for unit in units}
        wanted = Dimension.SHARE if _is_rate(slot.label) else None
        if wanted is None and Dimension.COUNT in kinds and _COUNT.search(slot.label):
            wanted = Dimension.COUNT
        if wanted is None and len(kinds) > 1:
            wanted = Dimension.MONEY
        return [unit for unit in units if wanted in (None, unit.dimension)]

    def _stated(self, slot: Slot, measure: MeasureName, base: Unit) -> list[UnitStated] | None:
        """The units that row and headings state, all the same; None with a finding when they can't be used."""
        stated: list[UnitStated] = []
        if slot.unit_cell is not None:
            unit = self._find(slot.unit_cell.text)
            if unit is None:
                self._blame("unknown_unit", slot.unit_cell)
                return None
            stated.append((unit, slot.unit_cell))
        if measure.unit is not None:
            stated.append((measure.unit, slot.measure))
        other = next((at for unit, at in stated if unit.dimension is not base.dimension and not is_scale(unit)), None)
        if other is not None:
            self._conflict(other, measure, base)
            return None
        percent = next((cell for unit, cell in slot.heading_units if unit.dimension in _SHARES), None)
        if percent is not None and base.dimension not in _SHARES:
            self._conflict(percent, measure, base)
            return None
        for cell in slot.names:
            unit = self._in_name(cell.text)
            stated += [(unit, cell)] if unit else []
        stated += slot.heading_units
        return self._agreeing(stated, base)

    def _agreeing(self, stated: list[UnitStated], base: Unit) -> list[UnitStated] | None:
        """Those of the measure's dimension, all of one size; None with a finding otherwise."""
        if base.dimension in (Dimension.MONEY, Dimension.COUNT):
            fitting = [(of_dimension(unit, base.dimension, self._units), at) for unit, at in stated]
            vague = next((at for unit, at in fitting if unit is None), None)
            if vague is not None:
                self._blame("unknown_unit", vague)
                return None
            stated = [(unit, at) for unit, at in fitting if unit is not None]
        stated = [pair for pair in stated if pair[0].dimension is base.dimension]
        for unit, at in stated[1:]:
            if unit.factor != stated[0][0].factor:
                self._blame("units_disagree", stated[0][1], other=at.address)
                return None
        return stated

    def _digits_agree(self, slot: Slot, measure: MeasureName, number: Number, unit: Unit, at: Cell) -> bool:
        """What stands with the digits (1.2万, or a number format) has to agree with the unit stated elsewhere."""
        cell = slot.number
        if number.scaled and unit.factor != 1:
            self._blame("units_disagree", cell, other=at.address)
            return False
        if number.scaled or cell.number_format == "General":
            return True
        if number_format.hides_thousands(cell.number_format):
            self._blame("format_hides_digits", cell, once=slot.around.header, format=cell.number_format)
            return False
        return self._words_agree(cell, measure, unit, at)

    def _words_agree(self, cell: Cell, measure: MeasureName, unit: Unit, at: Cell) -> bool:
        words = _YUAN.sub("", number_format.words(cell.number_format)).strip()
        if words and unit.dimension is Dimension.MONEY and any(sign in words.upper() for sign in _FOREIGN):
            self._conflict(cell, measure, self._catalogue.unit_of(measure.measure))
            return False
        shown = next((found for ending in ("", "元", "件") if (found := self._find(words + ending))), None)
        if words and shown and shown.dimension is unit.dimension and shown.factor != unit.factor:
            self._blame("units_disagree", cell, other=at.address)
            return False
        return True

    def _conflict(self, at: Cell, measure: MeasureName, base: Unit) -> None:
        self._blame("unit_conflict", at, measure=self._catalogue.name_of(measure.measure), expected=base.name)

    def _find(self, text: str) -> Unit | None:
        if text not in self._by_text:
            self._by_text[text] = self._units.find(text) or composed_unit(text, self._units)
        return self._by_text[text]

    def _in_name(self, text: str) -> Unit | None:
        if text not in self._in_names:
            self._in_names[text] = split_unit(text, self._units)[1] or split_composed(text, self._units)[1]
        return self._in_names[text]
