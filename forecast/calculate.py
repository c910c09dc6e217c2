"""Inputs, configuration and a device in; forecasts and their digests out. Nothing is read or written here."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate

import numpy as np

from forecast.backtest import Line, as_shown, backtest
from forecast.choice import Choices, choose
from forecast.combine import picked
from forecast.config import ForecastConfig
from forecast.fingerprint import Inexact, check_exact
from forecast.follow import Followers, RateTrial
from forecast.inputs import RunInputs
from forecast.kpi_record import kpi_record, next_quarters
from forecast.landing import Landings, land
from forecast.nearness import KpiPast
from forecast.paths import Paths, sample_paths
from forecast.rates import rates_of
from forecast.recipe import Recipe
from forecast.reconcile import Family, Trial
from forecast.record_files import (
    backtest_csv,
    kpi_record_csv,
    rates_csv,
    reconciliation_csv,
    series_record_csv,
    why_csv,
)
from forecast.results import forecast_csv, kpi_csv, record_bytes, score_csv
from forecast.series import SeriesPanel, build_panel, canonical_bytes
from forecast.totals import beside, rows_of, totals_of
from forecast.training.fit import Fitted, Floats, Mask, Named, fit
from forecast.training.leg import Diverged
from forecast.weights import weights_digest
from forecast.why import Account, explain
from kpi.errors import refuse
from kpi.text import Text

Progress = Callable[[float, Text], None]
Trainer = Callable[[Floats, Mask, Recipe, str, Callable[[float], None], Named], Fitted]

_TRAINING = Text(zh="训练网络", en="training the network")
_PATHS = Text(zh="抽取样本路径", en="drawing sample paths")
_KPIS = Text(zh="计算指标、得分和年末落点", en="computing KPIs, scores and landings")
_RECORD = Text(zh="用过去的数据检验", en="checking against the past")


@dataclass(frozen=True)
class Outcome:
    """Everything a run found. ``digests`` has panel, initial_weights, weights, forecast, decimals and record.

    ``whole`` is what training left, of the totals above the component series too; ``fitted`` that of the series alone.
    ``past`` is the record of the KPIs themselves.
    """

    panel: SeriesPanel
    fitted: Fitted
    paths: Paths
    landings: Landings
    digests: dict[str, str]
    choices: Choices
    backtest: tuple[Line, ...]
    account: Account
    trial: Trial
    rates: tuple[RateTrial, ...]
    whole: Fitted
    past: tuple[KpiPast, ...]


def calculate(
    inputs: RunInputs,
    config: ForecastConfig,
    device: str,
    progress: Progress,
    start: Named = (),
    train: Trainer = fit,
) -> Outcome:
    """One whole run, beginning from the weights ``start`` that ``config.start`` names.

    ``progress`` gets the share done and a word about it; what it raises ends the run.

    Raises Refused when the facts name what the definitions do not have, or hold nothing to forecast, when the device
    is not exact enough for order-free numerics, or when the training diverges.
    """
    inputs.check_names()
    if config.numerics == "order_free":
        _check_device(device)
    panel = build_panel(inputs.rows, inputs.catalogue, inputs.template, inputs.calendar)
    progress(0.02, _TRAINING)
    totals = totals_of(panel, inputs.organisation, inputs.catalogue)
    rates = rates_of(panel, inputs.catalogue, inputs.template, inputs.calendar)
    try:
        whole = train(
            *beside(panel, totals, rates),
            config.recipe,
            device,
            lambda share: progress(0.02 + 0.73 * share, _TRAINING),
            start,
        )
    except Diverged as problem:
        raise refuse(
            f"训练发散({problem})：权重不再是有限数。请调低 SCORECAST_FORECAST_LEARNING_RATE。",
            f"the training diverged ({problem}): weights are no longer finite. Lower SCORECAST_FORECAST_LEARNING_RATE.",
        ) from problem
    progress(0.75, _PATHS)
    negative = np.array([inputs.catalogue.component[component].may_be_negative for component, _ in panel.ids])
    ends = [0, *accumulate((len(panel.ids), len(totals.ids), len(rates.ids)))]
    fitted = rows_of(whole, 0, ends[1])
    choices = choose(panel, fitted, config)
    family = Family.of(totals, rows_of(whole, 0, ends[2]), choices, config)
    moves = family.moves(len(panel.quarters) - 1, choices.preferred)
    followers = Followers.of(rates, panel, rows_of(whole, ends[2], ends[3]), config)
    past = picked(choices.components, fitted.validation, choices.past, choices.preferred) + moves.past
    following = followers.decide(fitted.validation, past, len(panel.quarters) - 1)
    paths = sample_paths(panel, fitted, choices, negative, config, moves, following)
    progress(0.8, _KPIS)
    landings = land(inputs, panel, paths, lambda share: progress(0.8 + 0.14 * share, _KPIS))
    progress(0.95, _RECORD)
    shown = as_shown(fitted, choices, config, family, followers)
    lines = backtest(panel, fitted, choices, config, family, followers, shown)
    kpis = kpi_record(inputs, panel, next_quarters(panel, fitted.validation, shown[0], negative))
    account = explain(panel, fitted, choices, paths, config, moves, following)
    record = {"record": _record_digest(panel, choices, lines, account, moves.trial, following.trials, kpis)}
    digests = _digests(panel, fitted, paths, landings, config) | record
    trials = (moves.trial, following.trials)
    return Outcome(panel, fitted, paths, landings, digests, choices, lines, account, *trials, whole, kpis)


def _record_digest(
    panel: SeriesPanel,
    choices: Choices,
    lines: tuple[Line, ...],
    account: Account,
    trial: Trial,
    rates: tuple[RateTrial, ...],
    kpis: tuple[KpiPast, ...],
) -> str:
    record = series_record_csv(panel, choices) + backtest_csv(lines) + why_csv(panel, choices, account)
    record += reconciliation_csv(trial) + rates_csv(rates) + kpi_record_csv(kpis)
    return sha256(record.encode()).hexdigest()


def _check_device(device: str) -> None:
    try:
        check_exact(device)
    except Inexact as problem:
        raise refuse(
            f"设备 {device} 的 float64 乘法不精确(可能启用了模拟)，不能用于 order_free。请改用 --device cpu。",
            f"{device} does not multiply float64 numbers exactly (an emulation may be on), so it cannot be used for "
            "order-free numerics. Use --device cpu.",
        ) from problem


def _digests(
    panel: SeriesPanel, fitted: Fitted, paths: Paths, landings: Landings, config: ForecastConfig
) -> dict[str, str]:
    raw = sha256(canonical_bytes(paths.samples))
    raw.update(record_bytes(landings.kpis))
    raw.update(record_bytes(landings.scores))
    decimals = sha256(forecast_csv(panel, paths, config, digits=6).encode())
    decimals.update(kpi_csv(landings.kpis, digits=6).encode())
    decimals.update(score_csv(landings.scores, digits=6).encode())
    return {
        "panel": panel.digest,
        "initial_weights": weights_digest(fitted.initial_weights),
        "weights": weights_digest(fitted.weights),
        "forecast": raw.hexdigest(),
        "decimals": decimals.hexdigest(),
    }
