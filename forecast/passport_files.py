"""What a run computed, as the files of its passport."""

import csv
import io
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from forecast.backtest import in_words
from forecast.calculate import Outcome
from forecast.choice import BY_NETWORK
from forecast.config import ForecastConfig
from forecast.record_files import (
    backtest_csv,
    kpi_record_csv,
    rates_csv,
    reconciliation_csv,
    series_record_csv,
    why_csv,
)
from forecast.results import forecast_csv, kpi_csv, score_csv
from forecast.training.chain import Link
from forecast.weights import pack_weights
from forecast.words import reconciliation_in_words

CHAIN: Final = "training/chain.csv"
SEEN: Final = "training/past.safetensors"


def outcome_files(outcome: Outcome, config: ForecastConfig) -> dict[str, bytes]:
    """What a run computed, as files by name."""
    return {
        "inputs/panel.csv": outcome.panel.csv().encode(),
        "weights/initial.safetensors": pack_weights(outcome.fitted.initial_weights),
        "weights/final.safetensors": pack_weights(outcome.fitted.weights),
        "results/forecast.csv": forecast_csv(outcome.panel, outcome.paths, config).encode(),
        "results/series.csv": series_record_csv(outcome.panel, outcome.choices).encode(),
        "results/backtest.csv": backtest_csv(outcome.backtest).encode(),
        "results/reconciliation.csv": reconciliation_csv(outcome.trial).encode(),
        "results/rates.csv": rates_csv(outcome.rates).encode(),
        "results/why.csv": why_csv(outcome.panel, outcome.choices, outcome.account).encode(),
        "results/kpi_forecast.csv": kpi_csv(outcome.landings.kpis).encode(),
        "results/score_forecast.csv": score_csv(outcome.landings.scores).encode(),
        "results/kpi_record.csv": kpi_record_csv(outcome.past).encode(),
        CHAIN: chain_csv(outcome.fitted.chain),
        SEEN: pack_weights([("validated", outcome.whole.validated)]),
    }


def chain_csv(chain: Iterable[Link]) -> bytes:
    """The weights on their way, as a table."""
    out = io.StringIO()
    rows = ((link.leg, str(link.step), link.weights, link.link) for link in chain)
    csv.writer(out, lineterminator="\n").writerows([("leg", "step", "weights", "link"), *rows])
    return out.getvalue().encode()


def read_chain(content: bytes) -> tuple[Link, ...]:
    """What :func:`chain_csv` wrote. Raises ValueError."""
    _, *rows = csv.reader(io.StringIO(content.decode()))
    return tuple(Link(leg, int(step), weights, link) for leg, step, weights, link in rows)


def six_digits(outcome: Outcome, config: ForecastConfig) -> dict[str, str]:
    """SHA-256 of each table of results with its numbers correctly rounded to six significant digits."""
    tables = {
        "results/forecast.csv": forecast_csv(outcome.panel, outcome.paths, config, digits=6),
        "results/kpi_forecast.csv": kpi_csv(outcome.landings.kpis, digits=6),
        "results/score_forecast.csv": score_csv(outcome.landings.scores, digits=6),
        "results/series.csv": series_record_csv(outcome.panel, outcome.choices, digits=6),
        "results/backtest.csv": backtest_csv(outcome.backtest, digits=6),
        "results/reconciliation.csv": reconciliation_csv(outcome.trial, digits=6),
        "results/rates.csv": rates_csv(outcome.rates, digits=6),
        "results/kpi_record.csv": kpi_record_csv(outcome.past, digits=6),
    }
    return {name: sha256(text.encode()).hexdigest() for name, text in tables.items()}


def training_record(outcome: Outcome) -> dict[str, Any]:
    """How the networks did on past origins, and which series went another way, and why."""
    other = [
        {"component": component, "org_unit": unit, "method": method.method, "reason": method.reason.model_dump()}
        for (component, unit), method in zip(outcome.panel.ids, outcome.paths.methods, strict=True)
        if method.reason is not None and method.method not in BY_NETWORK
    ]
    words = in_words(outcome.backtest[0]) if outcome.backtest else None
    trial, methods = outcome.trial, outcome.paths.methods
    reconciled = reconciliation_in_words(trial.passed, trial.origins, trial.added_up, trial.reconciled)
    counts: dict[str, int] = {}
    for method in methods:
        counts[method.method] = counts.get(method.method, 0) + 1
    losses = [{"steps": steps, "mean_scaled_miss": loss} for steps, loss in outcome.fitted.losses]
    return {
        "steps": outcome.fitted.steps,
        "validation": losses,
        "series": len(outcome.panel.ids),
        "quarters": [str(outcome.panel.quarters[0]), str(outcome.panel.quarters[-1])],
        "methods": counts,
        "not_by_network": other,
        "breaks": [each.as_dict() for each in outcome.panel.mends],
        "unstable": [list(key) for key, method in zip(outcome.panel.ids, methods, strict=True) if method.unstable],
        "backtest": None if words is None else words.model_dump(),
        "reconciliation": None if reconciled is None else reconciled.model_dump(),
        "follow_their_denominator": [each.component for each in outcome.rates if each.passed],
    }
