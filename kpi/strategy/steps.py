"""The parts of a strategy as forms: which fields each has, what a form begins with, and what it makes of a strategy.

A form is rows of texts as they were typed, so that a half-filled one can be kept. Words have a key for each language
(``name.zh``), all else one key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kpi.errors import Refused, refuse
from kpi.facts import canonical_decimal
from kpi.scorecard.template import ScorecardTemplate
from kpi.strategy import entry
from kpi.strategy.fields import STEPS, Field, Kind, Step
from kpi.strategy.models import Asset, Part, Strategy, closed
from kpi.text import Text
from kpi.units import UnitTable

FormRow = Mapping[str, str]
Form = tuple[FormRow, ...]


def empty_row(step: Step) -> FormRow:
    """A row with nothing in it."""
    return {key: "" for field in step.fields for key in field.keys}


def form_of(strategy: Strategy, part: Part) -> Form:
    """What the form of a part begins with: what the strategy says; of a part with one row, that row."""
    step = STEPS[part]
    if part is Part.READINESS:
        row = dict(empty_row(step))
        for each in strategy.readiness:
            row[each.asset.value] = canonical_decimal(each.ready.scaleb(2))
            row |= _words_of(f"{each.asset.value}_note", each.note)
        return (row,)
    if part is Part.GAP:
        return (empty_row(step) if strategy.gap is None else _row_of(step, strategy.gap),)
    return tuple(_row_of(step, model) for model in getattr(strategy, part.value))


def _row_of(step: Step, model: Any) -> FormRow:  # whichever model the step holds
    row: dict[str, str] = {}
    for field in step.fields:
        value = getattr(model, field.name)
        match field.kind:
            case Kind.WORDS | Kind.LONG:
                row |= _words_of(field.name, value)
            case Kind.MONEY:
                row[field.name] = entry.kept_amount(value)
            case Kind.OBJECTIVES:
                row[field.name] = ",".join(value)
            case _:
                row[field.name] = str(value)
    return row


def _words_of(name: str, text: Text) -> FormRow:
    return {f"{name}.zh": text.zh, f"{name}.en": text.en}


def strategy_with(
    strategy: Strategy, part: Part, form: Form, template: ScorecardTemplate, units: UnitTable
) -> Strategy:
    """``strategy`` with one part as the form says; rows with nothing in them are left out.

    Raises Refused with one line for everything that is wrong, each naming its row and field.
    """
    step = STEPS[part]
    filled = [(number, row) for number, row in enumerate(form, 1) if any(text.strip() for text in row.values())]
    if not step.many and not filled:
        return strategy.model_copy(update={part.value: () if part is Part.READINESS else None})
    wrong: list[Refused] = []
    read = [_read_row(step, row, number if step.many else None, template, units, wrong) for number, row in filled]
    _raise_all(wrong)
    said = _readiness(read[0]) if part is Part.READINESS else (read if step.many else read[0])
    content = strategy.model_dump() | {part.value: said}
    changed = Strategy.model_validate(content)
    _raise_all(_CHECKS[part](changed, template) if part in _CHECKS else ())
    return changed


def _read_row(
    step: Step,
    row: FormRow,
    number: int | None,
    template: ScorecardTemplate,
    units: UnitTable,
    wrong: list[Refused],
) -> dict[str, Any]:
    """The fields of the model; what is wrong is added to ``wrong``."""
    said: dict[str, Any] = {}
    for field in step.fields:
        label = field.label
        if number is not None:
            label = Text(zh=f"第 {number} 行 {label.zh}", en=f"Row {number}, {label.en}")
        try:
            said[field.name] = _read(field, row, label, template, units)
        except Refused as refusal:
            wrong.append(refusal)
    return said


def _read(field: Field, row: FormRow, label: Text, template: ScorecardTemplate, units: UnitTable) -> Any:
    text = row.get(field.name, "")
    match field.kind:
        case Kind.WORDS | Kind.LONG:
            return entry.read_words(row, field.name, label, required=field.required)
        case Kind.MONEY:
            return entry.read_amount(text, label, units, negative=field.negative)
        case Kind.OBJECTIVE:
            return _objectives(text, label, template, required=True)[0]
        case Kind.OBJECTIVES:
            return _objectives(text, label, template, required=field.required)
    return _PLAIN[field.kind](text, label)


_PLAIN: Mapping[Kind, Callable[[str, Text], Any]] = {
    Kind.PERCENT: entry.read_percent,
    Kind.YEAR: entry.read_year,
    Kind.DATE: entry.read_date,
}


def _objectives(text: str, label: Text, template: ScorecardTemplate, *, required: bool) -> tuple[str, ...]:
    codes = tuple(code for part in text.split(",") if (code := part.strip()))
    if required and not codes:
        raise refuse(f"“{label.zh}”还没有选择。", f"{label.en} is not chosen yet. Choose one.")
    unknown = [code for code in codes if code not in template.objective]
    if unknown:
        named = ", ".join(unknown)
        raise refuse(
            f"“{label.zh}”：记分卡上没有目标 {named}，请改选。",
            f"{label.en}: the scorecard has no objective {named}. Choose another.",
        )
    return codes


def _readiness(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"asset": asset, "ready": said[asset.value], "note": said[f"{asset.value}_note"]} for asset in Asset]


def _check_links(strategy: Strategy, template: ScorecardTemplate) -> Iterable[Refused]:
    seen: set[tuple[str, str]] = set()
    for number, link in enumerate(strategy.links, 1):
        if link.cause == link.effect:
            name = template.objective[link.cause].name
            yield refuse(
                f"第 {number} 行：“{name.zh}”不能是自己的原因。请改选原因或结果。",
                f"Row {number}: “{name.en}” cannot be its own cause. Choose another cause or effect.",
            )
        elif (link.cause, link.effect) in seen:
            yield refuse(
                f"第 {number} 行：这条因果关系已经有了。请删除其中一行。",
                f"Row {number}: this link stands in another row already. Remove one of them.",
            )
        seen.add((link.cause, link.effect))


def _check_gap(strategy: Strategy, _template: ScorecardTemplate) -> Iterable[Refused]:
    if strategy.gap is not None and strategy.gap.gap <= 0:
        yield refuse(
            "“期望值”应大于“现值”，否则没有差距需要弥补。请检查两个数字及其单位。",
            "Expected must be more than Today, or there is no gap to close. Check both numbers and their units.",
        )


def _check_timetable(strategy: Strategy, _template: ScorecardTemplate) -> Iterable[Refused]:
    if not strategy.timetable:
        return
    if strategy.gap is None:
        yield refuse("请先在第 1 步填写并保存价值差距。", "Fill in and save the value gap in step 1 first.")
        return
    years = [milestone.year for milestone in strategy.timetable]
    if years != sorted(set(years)):
        yield refuse(
            "“年份”应从早到晚，每年只出现一次。请调整各行。",
            "Year: the rows must run from early to late, each year once. Put them in order.",
        )
    if max(years) > strategy.gap.by:
        yield refuse(
            f"“年份”：{max(years)} 晚于第 1 步的目标年份 {strategy.gap.by}。请改早，或先改第 1 步。",
            f"Year: {max(years)} is after {strategy.gap.by}, the year of step 1. Make it earlier or change step 1.",
        )
    done, gap = closed(strategy.timetable), strategy.gap.gap
    if done != gap:
        over, left = canonical_decimal(abs(gap - done)), done < gap
        yield refuse(
            f"“缩小差距”：各年合计 {canonical_decimal(done)} 元，差距为 {canonical_decimal(gap)} 元，"
            f"{'还差' if left else '多出'} {over} 元。请调整，使二者相等。",
            f"Part of the gap: the years add up to {canonical_decimal(done)} yuan, the gap is {canonical_decimal(gap)} "
            f"yuan, {over} yuan too {'little' if left else 'much'}. Change them until both are equal.",
        )


_CHECKS: Mapping[Part, Callable[[Strategy, ScorecardTemplate], Iterable[Refused]]] = {
    Part.LINKS: _check_links,
    Part.GAP: _check_gap,
    Part.TIMETABLE: _check_timetable,
}


def _raise_all(wrong: Iterable[Refused]) -> None:
    said: Sequence[Text] = [refusal.message for refusal in wrong]
    if said:
        raise refuse("\n".join(text.zh for text in said), "\n".join(text.en for text in said))
