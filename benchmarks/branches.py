"""What reconciling branches with their totals brings: ``python -m benchmarks.branches [--panel FILE] [COMPANIES]``.

The shipped network as it is, without a run's own training, forecasts the last eight quarters of simulated companies;
printed is, level by level of the organisation, how far the median of the paths' sum lay off in units of the usual
yearly change, how often the value lay between P10 and P90, and both again when the run's own rule decides on
reconciling. The margin is one standard error, companies (or ends) taken as independent.

``--panel`` takes real figures instead: a CSV with ``unique_id`` (a path such as ``north/coast/harbour``), ``ds`` and
``y``, every quarter of every path present. It is forecast at an end every four quarters.
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forecast.choice import choose
from forecast.config import ForecastConfig
from forecast.draws import SIMULATOR, stream
from forecast.networks.use import predict
from forecast.paths import quantile, sample_paths
from forecast.pretrained import Pretrained, load_pretrained
from forecast.reconcile import UNMOVED, Family
from forecast.series import SeriesPanel
from forecast.simulator.chance import Chance
from forecast.simulator.prior import Prior
from forecast.simulator.series import simulate
from forecast.totals import beside, rows_of, totals_of
from forecast.training.fit import Fitted, mean_of, validation_count
from forecast.windows import SEASON, Floats, Mask, Windows, build_windows
from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.organisation import Organisation, OrgUnit
from kpi.periods import Period, quarter_range
from kpi.settings import DATA
from kpi.text import Text

AHEAD = 8
FIRST_END, EVERY = 20, 4
COMPONENTS = 12
MOVING = Prior(logarithm=1.0)  # every series multiplies, so that branches can be mixed and stay above zero
_PLACE = 30_000  # streams of the simulator that nothing else uses


@dataclass(frozen=True)
class Company:
    """``values`` (component, leaf, quarter); ``above`` are the org units of each leaf, from the head office down."""

    values: Floats
    above: tuple[tuple[str, ...], ...]


def simulated(number: int) -> Company:
    """6 to 10 branches, 16 to 40 quarters and eight more; what moves the company is mixed with what moves each."""
    generator = stream(1, SIMULATOR, _PLACE, number)
    branches, quarters = int(generator.integers(6, 11)), int(generator.integers(16, 41)) + AHEAD
    one, each = Chance(generator, 1), Chance(generator, branches)
    found = []
    for _ in range(COMPONENTS):
        series = simulate(generator, branches + 1, quarters, MOVING)
        shared, sizes = one.even(0.1, 0.9), 1e6 * each.scale(0.4, 2.5)[:, None]
        found.append(np.floor(sizes * (shared * series[:1] + (1.0 - shared) * series[1:])))
    return Company(np.stack(found), tuple(("head", f"branch_{place:03d}") for place in range(branches)))


def read_panel(path: Path) -> Company:
    """Every path of the file as a leaf, in the order of names; a prefix of it is an org unit."""
    lines: dict[str, dict[int, float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lines.setdefault(row["unique_id"], {})[int(row["ds"])] = float(row["y"])
    names = sorted(lines)
    quarters = sorted(lines[names[0]])
    codes: dict[str, str] = {}
    above = []
    for name in names:
        parts = name.split("/")
        prefixes = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        above.append(("head", *(codes.setdefault(prefix, f"unit_{len(codes):04d}") for prefix in prefixes)))
    return Company(np.array([[[lines[name][quarter] for quarter in quarters] for name in names]]), tuple(above))


def ends_of(company: Company) -> Iterator[Company]:
    """The company as it was at an end every :data:`EVERY` quarters."""
    for end in range(FIRST_END, company.values.shape[2] - AHEAD + 1, EVERY):
        yield Company(company.values[:, :, : end + AHEAD], company.above)


@dataclass(frozen=True)
class Seen:
    """Of one company, by level: (org unit, 4): miss and share inside, added up; then by the rule."""

    reconciled: bool
    levels: tuple[Floats, ...]


def seen(company: Company, shipped: Pretrained, config: ForecastConfig, catalogue: Catalogue) -> Seen:
    """One forecast beside what came."""
    codes = [each.code for each in catalogue.components if each.over_units == "sum"][: len(company.values)]
    panel, came = _panel(company, sorted(codes))
    totals = totals_of(panel, _organisation(company), catalogue)
    whole = _as_shipped(shipped, *beside(panel, totals), config)
    fitted = rows_of(whole, 0, len(panel.ids))
    choices = choose(panel, fitted, config)
    moves = Family.of(totals, whole, choices, config).moves(len(panel.quarters) - 1, choices.preferred)
    negative = np.zeros(len(panel.ids), dtype=np.bool_)
    both = [sample_paths(panel, fitted, choices, negative, config, each).samples for each in (UNMOVED, moves)]
    levels = []
    for depth in range(len(company.above[0])):
        units = sorted({above[depth] for above in company.above})
        rows = [
            [place * len(company.above) + leaf for leaf, above in enumerate(company.above) if above[depth] == unit]
            for place in range(len(company.values))
            for unit in units
        ]
        levels.append(np.array([_beside(panel.values[at], came[at], [each[:, at] for each in both]) for at in rows]))
    return Seen(moves.trial.passed, tuple(levels))


def _beside(known: Floats, came: Floats, both: list[Floats]) -> list[float]:
    past, truth = known.sum(0), came.sum(0)
    unit = max(float(np.abs(past[SEASON:] - past[:-SEASON]).mean()), 1e-3 * float(np.abs(past).mean()), 1e-9)
    found: list[float] = []
    for samples in both:
        low, middle, high = (quantile(samples.sum(1), level) for level in (0.1, 0.5, 0.9))
        found += [float(np.abs(truth - middle).mean()) / unit, float(((low <= truth) & (truth <= high)).mean())]
    return found


def _panel(company: Company, codes: list[str]) -> tuple[SeriesPanel, Floats]:
    values = company.values.reshape(-1, company.values.shape[2])
    known = values[:, :-AHEAD].copy()
    first = Period.quarter(2000, 1)
    quarters = tuple(quarter_range(first, first.shift(known.shape[1] - 1)))
    ids = tuple((code, above[-1]) for code in codes for above in company.above)
    return SeriesPanel(ids, quarters, known, np.ones(known.shape, dtype=np.bool_)), values[:, -AHEAD:]


def _organisation(company: Company) -> Organisation:
    parents: dict[str, str | None] = {"head": None}
    for above in company.above:
        parents |= dict(zip(above[1:], above[:-1], strict=True))
    units = (
        OrgUnit(code=code, name=Text(zh=code, en=code), kind="branch" if parent else "head_office", parent=parent)
        for code, parent in parents.items()
    )
    return Organisation(name=Text(zh="公司", en="Company"), units=tuple(units))


def _as_shipped(shipped: Pretrained, values: Floats, present: Mask, config: ForecastConfig) -> Fitted:
    quarters = values.shape[1]
    kept_out = validation_count(quarters, config.recipe)

    def windows(origins: range) -> Windows:
        return build_windows(values, present, origins, config.context, config.horizon, quarters)

    newest, past = windows(range(quarters - 1, quarters)), windows(range(quarters - kept_out - 1, quarters - 1))
    said, then = (mean_of([predict(network, each.features) for network in shipped.networks]) for each in (newest, past))
    return Fitted(0, (), past, then, newest, said, said, np.zeros_like(newest.base), (), ())


def _print(found: list[Seen]) -> None:
    print(f"{len(found)} forecasts, {sum(each.reconciled for each in found)} of them reconciled")
    print(f"{'level':>5} {'units':>6} {'miss':>7} {'by rule':>8} {'change':>17} {'inside 80 %':>12} {'by rule':>8}")
    for depth in range(len(found[0].levels)):
        parts = [each.levels[depth] for each in found]
        every = np.concatenate(parts).mean(0)
        sums = np.array([part.sum(0)[[0, 2]] for part in parts])
        without = np.array([(sums.sum(0) - each)[1] / (sums.sum(0) - each)[0] for each in sums])
        error = np.sqrt((len(found) - 1) / len(found) * ((without - without.mean()) ** 2).sum())
        change = f"{100 * (every[2] / every[0] - 1):+.2f} ± {100 * error:.2f} %"
        count = sum(len(part) for part in parts)
        print(
            f"{depth:>5} {count:>6} {every[0]:>7.4f} {every[2]:>8.4f} {change:>17} {every[1]:>12.3f} {every[3]:>8.3f}"
        )


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description="Errors and intervals of branches and totals, added up and by the rule."
    )
    parser.add_argument("companies", nargs="?", type=int, default=40)
    parser.add_argument("--panel", type=Path)
    told = parser.parse_args()
    shipped = load_pretrained(DATA / "weights", "order_free", "cpu")
    recipe = shipped.start.recipe
    config = ForecastConfig(context=recipe.context, horizon=recipe.horizon, quantiles=recipe.quantiles)
    catalogue = load_catalogue(DATA / "catalogue")
    companies = ends_of(read_panel(told.panel)) if told.panel else map(simulated, range(told.companies))
    _print([seen(company, shipped, config, catalogue) for company in companies])


if __name__ == "__main__":
    main()
