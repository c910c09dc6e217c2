"""Whether landings and chances can be trusted: ``python -m benchmarks.companies [-n COMPANIES] [-o OUT.svg]``.

Simulated companies go the way of every run, from the facts of a snapshot to the landing, under the default
configuration and with the shipped weights; what was said is held beside what came. Standard errors are by company,
since all that is said of one company comes from one history.
"""

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.companies.outcomes import Outcome, outcomes
from benchmarks.companies.report import reliability_svg, report
from benchmarks.companies.simulate import company, scorecard
from forecast.calculate import calculate
from forecast.config import ForecastConfig
from forecast.determinism import seal
from forecast.pretrained import read_start
from kpi.catalogue.load import load_catalogue
from kpi.scorecard.load import load_template_named
from kpi.settings import DATA

SEED = 20261125


def main() -> None:
    """Print the table; draw the diagram where ``-o`` says."""
    parser = argparse.ArgumentParser(description="Forecasts of simulated companies beside what came.")
    parser.add_argument("-n", "--companies", type=int, default=100, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first company")
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    parser.add_argument("-o", "--output", type=Path, metavar="SVG")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    chosen = parser.parse_args()
    seal()
    numbers = range(chosen.first, chosen.first + chosen.companies)
    with ProcessPoolExecutor(chosen.processes) as pool:
        found = list(pool.map(partial(forecast_of, SEED), numbers))
    rows = [row for each, _ in found for row in each]
    seconds = [spent for _, spent in found]
    table = report(rows) | {"companies": len(found), "processor seconds a company": sum(seconds) / len(seconds)}
    if chosen.json:
        print(json.dumps(table, indent=1))
    else:
        print("\n".join(f"{name:64} {value}" for name, value in table.items()))
    if chosen.output is not None:
        chosen.output.write_text(reliability_svg(rows), encoding="utf-8")


def forecast_of(seed: int, number: int) -> tuple[list[Outcome], float]:
    """What was said of one company beside what came, and the seconds of processor time it took to say."""
    catalogue = load_catalogue(DATA / "catalogue")
    template = scorecard(load_template_named("balanced", DATA / "scorecards", catalogue))
    drawn = company(seed, number, catalogue, template)
    start = read_start(DATA / "weights")
    config = ForecastConfig(start=start.digest)
    before = time.process_time()
    said = calculate(drawn.known(), config, "cpu", lambda *_: None, start.weights)
    spent = time.process_time() - before
    return list(outcomes(number, drawn, said.landings.kpis)), spent


if __name__ == "__main__":
    main()
