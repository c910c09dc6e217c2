"""What every page costs, with 1.6 million facts: ``python -m benchmarks.pages [--pages home kpi] [--json]``.

Pages take turns in one run: ours with 2 000 org units (large), ours with 20 (small), a page with as many empty charts
as ours has charts and tables (bare; and tight, which spares itself the platform's collection of garbage as ours does),
and one that prints a line, tight too. Of each, server CPU and the time in a real browser from the click until nothing
moves, at first view and when another quarter is chosen: the last eight quarters in turn, as people do, and one that
nobody has looked at yet. Medians and their ratios are printed, then how many sessions that click once a second one
process bears on the first page.

The first call makes the two insurers, which takes minutes; ``--store FOLDER`` says where they are kept. The forecast
run on record is synthetic and has no passport, so what pages read out of one is not measured.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserContext, sync_playwright

from benchmarks.page_browser import charts_on, filter_change, first_view, watched
from benchmarks.page_client import Visitor
from benchmarks.page_load import BOX, ENOUGH, RECENT
from benchmarks.page_store import built, facts_in
from kpi.settings import ROOT
from tests.e2e.site import Site, launch, serve
from ui.site import HOME, ICONS

BARE = ("benchmarks/page_bare.py", "_stcore/health")
GARBAGE = "STREAMLIT_RUNNER_POST_SCRIPT_GC"  # as the platform comes
UNITS = {"large": (2000, 36), "small": (20, 3)}
CLICKS, VIEWS = 10, 3
MEASURES = ("view_cpu", "click_cpu", "fresh_cpu", "view_ms", "click_ms")
TITLES = {
    "view_cpu": "first view, CPU ms",
    "click_cpu": "quarter, CPU ms",
    "fresh_cpu": "new quarter, CPU ms",
    "view_ms": "first view, browser ms",
    "click_ms": "quarter, browser ms",
}
TARGETS = ("line", "tight", "bare", "small", "large")
LOAD_STEPS = (10, 20, 30, 40, 50, 60, 80, 100)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Target:
    """One page on one server, and what was measured of it so far."""

    site: Site
    page: str
    params: dict[str, str]
    found: dict[str, list[float]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return self.site.address(self.page, **self.params)

    def note(self, measure: str, value: float) -> None:
        """Keep one measurement."""
        self.found.setdefault(measure, []).append(value)

    def median(self, measure: str) -> float:
        """Of what was measured."""
        return median(self.found[measure])


def cpu_ms(site: Site) -> float:
    """CPU time that the server has used, all its threads together."""
    stat = Path(f"/proc/{site.process.pid}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / _TICKS


async def count_cpu(target: Target, turn: int) -> None:
    """CPU of a first view, of quarters looked at before, and of quarters new to this server."""
    before = cpu_ms(target.site)
    for _ in range(VIEWS):
        async with Visitor(target.site.url, target.page, target.params):
            pass
    target.note("view_cpu", (cpu_ms(target.site) - before) / VIEWS)
    async with Visitor(target.site.url, target.page, target.params) as visitor:
        options = visitor.options[BOX]
        recent = [options[step % RECENT] for step in range(1, CLICKS + 1)]
        fresh = options[RECENT + 5 * turn :][:5]
        for measure, quarters in (("warm", recent[:RECENT]), ("click_cpu", recent), ("fresh_cpu", fresh)):
            before = cpu_ms(target.site)
            for quarter in quarters:
                await visitor.choose(BOX, quarter)
            if measure != "warm":
                target.note(measure, (cpu_ms(target.site) - before) / len(quarters))


def watch_browser(target: Target, context: BrowserContext) -> None:
    """The browser's times of a first view and of a change there and back."""
    page = context.new_page()
    target.note("view_ms", first_view(page, target.address))
    for back in (True, False):
        target.note("click_ms", filter_change(page, back))
    page.close()


@dataclass(frozen=True)
class Servers:
    """The four processes."""

    large: Site
    small: Site
    bare: Site
    tight: Site


@contextmanager
def serving(store: Path) -> Iterator[Servers]:
    """All four, for as long as it takes."""
    with ExitStack() as stack:
        places = (built(store, *UNITS[name]) for name in UNITS)
        large, small = (stack.enter_context(serve(place, SCORECAST_DEMO="false")) for place in places)
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bare = stack.enter_context(serve(place / "bare", 200, *BARE, **{GARBAGE: "true"}))
        tight = stack.enter_context(serve(place / "tight", 200, *BARE))
        yield Servers(large, small, bare, tight)


def measure(name: str, servers: Servers, context: BrowserContext, rounds: int) -> dict[str, Target]:
    """One page of ours and those it is held against, turn by turn."""
    page = "" if name == HOME else name
    probe = context.new_page()
    first_view(probe, servers.large.address(page, lang="en"))
    charts = charts_on(probe)
    probe.close()
    targets = {
        "line": Target(servers.tight, "", {}),
        "bare": Target(servers.bare, "", {"charts": str(charts)}),
        "tight": Target(servers.tight, "", {"charts": str(charts)}),
        "small": Target(servers.small, page, {"lang": "en"}),
        "large": Target(servers.large, page, {"lang": "en"}),
    }
    for turn, target in product(range(rounds), targets.values()):
        with ThreadPoolExecutor(1) as beside:
            # In a thread, because the browser has an event loop running in this one.
            beside.submit(asyncio.run, count_cpu(target, turn)).result()
        watch_browser(target, context)
    return targets


def rows_of(name: str, targets: dict[str, Target]) -> Iterator[dict[str, str | float]]:
    """One row a measure, with the ratios that matter."""
    charts = int(targets["bare"].params["charts"])
    for kind in MEASURES:
        found: dict[str, str | float] = {each: target.median(kind) for each, target in targets.items()}
        large = targets["large"].median(kind)
        over = {f"over_{each}": large / max(target.median(kind), 0.1) for each, target in targets.items()}
        row: dict[str, str | float] = {"page": name, "charts": charts, "measure": kind, **found, **over}
        yield row


def load(site: Site, seconds: float) -> list[dict[str, float]]:
    """The steps of the load test as far as they went."""
    command = [sys.executable, "-m", "benchmarks.page_load", site.url, str(seconds), *map(str, LOAD_STEPS)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def print_table(rows: list[dict[str, str | float]]) -> None:
    """For people."""
    print(f"{'':40}{'milliseconds':>24}{'large over':>43}")
    print(f"{'page':10} {'charts':>6} {'measure':22}", end="")
    print("".join(f" {each:>7}" for each in TARGETS), "".join(f" {each:>7}" for each in TARGETS[:-1]))
    for row in rows:
        print(f"{row['page']:10} {row['charts']:6} {TITLES[str(row['measure'])]:22}", end="")
        print("".join(f" {row[each]:7.0f}" for each in TARGETS), end=" ")
        print("".join(f" {row[f'over_{each}']:7.2f}" for each in TARGETS[:-1]))


def print_load(steps: list[dict[str, float]]) -> None:
    """For people."""
    for step in steps:
        print(f"{step['sessions']:4.0f} sessions: p50 {step['p50'] * 1000:5.0f} ms, p95 {step['p95'] * 1000:5.0f} ms")
    borne = [step["sessions"] for step in steps if step["p95"] <= ENOUGH]
    print(f"borne with p95 within {ENOUGH * 1000:.0f} ms: {max(borne, default=0):.0f} sessions")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--pages", nargs="+", choices=list(ICONS), default=list(ICONS))
    parser.add_argument("--store", type=Path, default=Path(tempfile.gettempdir()) / "scorecast_pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--load-seconds", type=float, default=15.0, help="of each step; 0 leaves the load test out")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows: list[dict[str, str | float]] = []
    steps: list[dict[str, float]] = []
    with serving(chosen.store) as servers, sync_playwright() as playwright:
        context = watched(launch(playwright).new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB"))
        for name in chosen.pages:
            print(f"measuring {name}", file=sys.stderr, flush=True)
            rows += rows_of(name, measure(name, servers, context, chosen.rounds))
        context.close()
        if chosen.load_seconds:
            print("measuring sessions", file=sys.stderr, flush=True)
            steps = load(servers.large, chosen.load_seconds)
    if chosen.json:
        facts = {name: facts_in(built(chosen.store, *UNITS[name])) for name in UNITS}
        print(json.dumps({"facts": facts, "pages": rows, "load": steps}, indent=1))
        return
    print_table(rows)
    if steps:
        print_load(steps)


if __name__ == "__main__":
    main()
