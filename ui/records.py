"""Reads from a run's passport how good its forecasts were and why they are what they are, without the forecaster."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from forecast.past import DAMAGE
from forecast.words import TERMS, reconciliation_in_words, record_in_words
from kpi.text import Text

Series = tuple[str, str]


class RunBook(BaseModel):
    """``goodness`` in words by component; by (component, org unit) the ``method``, the ``terms`` of the median of the
    first quarter ahead, in the order of :data:`forecast.words.TERMS`, and who is ``unstable``; in words whether
    branches were ``reconciled`` with their totals, and why. ``rates`` are, by component, the KPI at whose rate it
    follows its denominator, the past origins that say so, and the misses without and with it."""

    model_config = ConfigDict(frozen=True)

    goodness: Mapping[str, Text]
    methods: Mapping[Series, str]
    unstable: frozenset[Series]
    terms: Mapping[Series, tuple[float, ...]]
    reconciled: Text | None
    rates: Mapping[str, tuple[str, int, float, float]]

    def account(self, component: str, org_units: Iterable[str]) -> tuple[float, ...] | None:
        """The terms of ``component`` added over ``org_units``; None where none of them has a forecast."""
        found = [self.terms[component, unit] for unit in org_units if (component, unit) in self.terms]
        return tuple(sum(each) for each in zip(*found, strict=True)) if found else None


def read_run_book(path: Path) -> RunBook | None:
    """The book; None when the passport is gone, damaged, or of a time when none was kept."""
    try:
        with zipfile.ZipFile(path) as archive:
            backtest, series, why, rates, (trial,) = (
                _rows(archive, name) for name in ("backtest", "series", "why", "rates", "reconciliation")
            )
            terms: dict[Series, tuple[float, ...]] = {}
            for row in why:
                terms.setdefault(_key(row), tuple(float(row[name]) for name in TERMS))
            return RunBook(
                goodness=dict(_goodness(backtest)),
                methods={_key(row): row["method"] for row in series},
                unstable=frozenset(_key(row) for row in series if row["unstable"] == "yes"),
                terms=terms,
                reconciled=reconciliation_in_words(
                    trial["adopted"] == "yes",
                    int(trial["origins"]),
                    float(trial["miss_added_up"]),
                    float(trial["miss_reconciled"]),
                ),
                rates={row["component"]: _rate(row) for row in rates if row["adopted"] == "yes"},
            )
    except (OSError, LookupError, ValueError, TypeError, csv.Error, *DAMAGE):
        return None


def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(f"results/{name}.csv").decode())))


def _key(row: Mapping[str, str]) -> Series:
    return row["component"], row["org_unit"]


def _rate(row: Mapping[str, str]) -> tuple[str, int, float, float]:
    return row["kpi"], int(row["origins"]), float(row["miss_apart"]), float(row["miss_by_rate"])


def _goodness(rows: Iterable[Mapping[str, str]]) -> Iterable[tuple[str, Text]]:
    for row in rows:
        shares = (float(row[name]) if row[name] else None for name in ("within", "within_seasonal_naive", "covered_80"))
        words = record_in_words(int(row["origins"]), int(row["targets"]), *shares)
        if row["component"] and not row["ahead"] and words is not None:
            yield row["component"], words
