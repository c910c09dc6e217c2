"""``overlay``: landings that people set beside the forecast; propose, approve, withdraw, list."""

import argparse
import json
from decimal import Decimal, InvalidOperation

from forecast.overlays import Overlays
from kpi.catalogue.load import load_catalogue
from kpi.errors import refuse
from kpi.facts import canonical_decimal
from kpi.periods import Grain, Period
from kpi.settings import Settings
from kpi.store import Store, open_store


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """Do the one thing that is asked for, then list them all."""
    store = open_store(settings.store_url)
    try:
        kept = Overlays(store)
        if chosen.propose:
            kpi, org_unit, year_end, value = chosen.propose
            _check(store, settings, kpi, org_unit)
            kept.propose(kpi, org_unit, _quarter(year_end), _number(value), chosen.reason, settings.user)
        if chosen.approve is not None:
            kept.approve(chosen.approve, chosen.reason, settings.user)
        if chosen.withdraw is not None:
            kept.withdraw(chosen.withdraw, chosen.reason, settings.user)
        every = kept.every()
    finally:
        store.close()
    if chosen.json:
        print(json.dumps([made.model_dump(mode="json") for made in every], ensure_ascii=False))
        return 0
    for made in every:
        what = f"{made.kpi}  {made.org_unit}  {made.year_end}  {canonical_decimal(made.value)}"
        print(f"{made.id}  {made.state}  {what}  {made.made_by}: {made.reason}")
    return 0


def _check(store: Store, settings: Settings, kpi: str, org_unit: str) -> None:
    organisation = store.organisation()
    if kpi not in load_catalogue(settings.catalogue_dir).kpi:
        raise refuse(f"目录里没有指标 {kpi}。", f"the catalogue has no KPI {kpi}.")
    if organisation is None or org_unit not in organisation.by_code:
        raise refuse(f"组织结构里没有单位 {org_unit}。", f"the organisation has no org unit {org_unit}.")


def _quarter(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as problem:
        raise _no_year_end(text) from problem
    if period.grain is not Grain.QUARTER or period.index != 4:
        raise _no_year_end(text)
    return period


def _no_year_end(text: str) -> Exception:
    return refuse(
        f"“{text}”不是财年的最后一个季度，请写成 2026Q4。", f"{text!r} is not the last quarter of a year: write 2026Q4."
    )


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as problem:
        raise _no_number(text) from problem
    if not value.is_finite():
        raise _no_number(text)
    return value


def _no_number(text: str) -> Exception:
    zh = f"“{text}”不是数，请用基本单位写成 1200000 或 0.62。"
    return refuse(zh, f"{text!r} is no number: write 1200000 or 0.62, in base units.")
