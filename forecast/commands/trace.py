"""``trace``: from a KPI's number to the cells of the workbooks, by a passport alone."""

import argparse
import json

from forecast.commands.files import read_passport
from forecast.evidence import gather
from forecast.folder import OutcomeDiffers
from forecast.trace import Trace, TracedFact, trace
from kpi.errors import refuse
from kpi.periods import Grain, Period
from kpi.scorecard.results import Window
from kpi.settings import Settings
from kpi.text import Language, Text


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Raises OutcomeDiffers for a passport that was changed, or a cell that does not say what the passport says."""
    evidence = gather(read_passport(chosen.passport))
    wrong = evidence if isinstance(evidence, list) else evidence.wrong
    if isinstance(evidence, list) or wrong:
        raise OutcomeDiffers(Text(zh=" ".join(each.zh for each in wrong), en=" ".join(each.en for each in wrong)))
    found = trace(evidence, chosen.kpi, chosen.org_unit, _quarter(chosen.period), Window(chosen.window))
    if chosen.json:
        print(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
    else:
        _print(found, settings.language)
    moved = [fact for fact in found.facts if fact.stands is False]
    if moved:
        places = ", ".join(f"{fact.filename} {fact.sheet}!{fact.cell}" for fact in moved)
        raise OutcomeDiffers(
            Text(
                zh=f"这些单元格的内容与护照不符：{places}。",
                en=f"these cells do not say what the passport says: {places}.",
            )
        )
    return 0


def _quarter(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as problem:
        raise _no_quarter(text) from problem
    if period.grain is not Grain.QUARTER:
        raise _no_quarter(text)
    return period


def _no_quarter(text: str) -> Exception:
    return refuse(f"“{text}”不是季度，请写成 2026Q3。", f"{text!r} is no quarter: write it as 2026Q3.")


def _print(found: Trace, language: Language) -> None:
    print(f"{found.kpi}  {found.name.in_(language)}  {found.org_unit}  {found.period}")
    print(f"= {found.formula}")
    if found.value is not None:
        print(_VALUE.in_(language), found.value)
    if found.target is not None:
        print(_TARGET.in_(language), found.target)
    for window, row in found.forecast.items():
        numbers = "  ".join(f"{name} {row[name]}" for name in ("p10", "p50", "p90", "chance") if name in row)
        print(_FORECAST.in_(language), window, numbers)
    for fact in found.facts:
        print(_line(fact, language))


def _line(fact: TracedFact, language: Language) -> str:
    stands = {True: _STANDS, False: _MOVED, None: _UNSEEN}[fact.stands]
    what = f"{fact.measure}  {fact.org_unit}  {fact.period}  {fact.scenario}  {fact.value}"
    where = f"{fact.filename}  {fact.sheet}!{fact.cell}  “{fact.text}”  {fact.conversions}".rstrip()
    return f"  {what}\n    {where}  {stands.in_(language)}"


_VALUE = Text(zh="实际值", en="value")
_TARGET = Text(zh="目标值", en="target")
_FORECAST = Text(zh="预测", en="forecast")
_STANDS = Text(zh="单元格内容一致", en="the cell says so")
_MOVED = Text(zh="单元格内容不一致", en="the cell says otherwise")
_UNSEEN = Text(zh="护照内没有可打开的工作簿", en="no workbook inside that can be opened")
