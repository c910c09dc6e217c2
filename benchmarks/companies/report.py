"""The figures of a table, and the reliability diagram."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from statistics import median

from benchmarks.companies.outcomes import Outcome
from kpi.scorecard.results import Window

_BINS = 10
_LEFT, _SIDE, _TOP, _COUNTS = 52, 300, 16, 60


def report(rows: Sequence[Outcome]) -> dict[str, object]:
    """Name and value of every line, in the order to print them."""
    landings = [row for row in rows if row.window is Window.YEAR]
    quarters = [row for row in rows if row.window is Window.QUARTER]
    lines: dict[str, object] = {}
    for place, head_office in (("head office", True), ("branches", False)):
        here = [row for row in landings if row.head_office is head_office]
        for ahead in (3, 2, 1):
            lines[f"landings of {place}, {ahead} quarters open: inside P10-P90"] = coverage(
                row for row in here if row.ahead == ahead
            )
        lines[f"landings of {place}: inside P10-P90"] = coverage(here)
        own = [row for row in quarters if row.head_office is head_office]
        for name, few in (("1 to 4", range(1, 5)), ("5 to 8", range(5, 9))):
            lines[f"quarters of {place}, {name} ahead: inside P10-P90"] = coverage(
                row for row in own if row.ahead in few
            )
        lines[f"landings of {place}: miss beside that of a rest like last year's"] = ratio(here)
    for kpi in sorted({row.kpi for row in landings}):
        lines[f"landings of {kpi}: inside P10-P90"] = coverage(row for row in landings if row.kpi == kpi)
    return lines | chances(rows)


def coverage(rows: Iterable[Outcome]) -> str:
    """The share inside in per cent, its standard error by company, and of how many."""
    share, error, count = by_company(rows, lambda row: float(row.inside))
    return f"{100 * share:5.1f} +- {100 * error:.1f} % of {count}"


def by_company(rows: Iterable[Outcome], value: Callable[[Outcome], float]) -> tuple[float, float, int]:
    """Mean of ``value``, its standard error with companies as the units that were drawn, and the number of rows."""
    totals: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        totals[row.company].append(value(row))
    count = sum(len(each) for each in totals.values())
    if not count:
        return float("nan"), float("nan"), 0
    mean = sum(map(sum, totals.values())) / count
    away = sum((sum(each) - mean * len(each)) ** 2 for each in totals.values())
    return mean, sqrt(away) / count, count


def ratio(rows: Sequence[Outcome]) -> str:
    """The median miss in per cent of the median miss of the naive landing."""
    pairs = [(abs(row.middle - row.truth), abs(row.naive - row.truth), abs(row.truth)) for row in rows if row.naive]
    ours, naive = (median(pair[place] / pair[2] for pair in pairs if pair[2]) for place in (0, 1))
    return f"{100 * ours / naive:5.0f} %"


def chances(rows: Sequence[Outcome]) -> dict[str, object]:
    """Brier scores of the chance of meeting the plan, of the base rate and of a normal chance around naive."""
    said = [row for row in rows if row.chance is not None and row.met is not None]
    base = sum(bool(row.met) for row in said) / max(len(said), 1)
    both = [row for row in said if row.naive_chance is not None]
    lines: dict[str, object] = {
        "plans that were met": f"{100 * base:5.1f} % of {len(said)}",
        "Brier score of the chance of meeting the plan": _brier((row.chance, row.met) for row in said),
        "Brier score of the base rate": f"{base * (1.0 - base):.4f}",
        "where there is a naive chance: ours": _brier((row.chance, row.met) for row in both),
        "where there is a naive chance: naive": _brier((row.naive_chance, row.met) for row in both),
    }
    for low, bin_rows in enumerate(bins(said)):
        if bin_rows:
            chance, _, count = by_company(bin_rows, lambda row: row.chance or 0.0)
            met, error, _ = by_company(bin_rows, lambda row: float(bool(row.met)))
            name = f"chances of {10 * low} to {10 * low + 10} %: said, came"
            lines[name] = f"{100 * chance:5.1f} %, {100 * met:5.1f} +- {100 * error:.1f} % of {count}"
    return lines


def bins(said: Iterable[Outcome]) -> list[list[Outcome]]:
    """Ten bins by chance; a chance of 1 lies in the last."""
    found: list[list[Outcome]] = [[] for _ in range(_BINS)]
    for row in said:
        if row.chance is not None:
            found[min(int(row.chance * _BINS), _BINS - 1)].append(row)
    return found


def _brier(pairs: Iterable[tuple[float | None, bool | None]]) -> str:
    squares = [((chance or 0.0) - float(bool(met))) ** 2 for chance, met in pairs]
    return f"{sum(squares) / len(squares):.4f}" if squares else "none"


def reliability_svg(rows: Sequence[Outcome]) -> str:
    """Share of plans met by the chance that was said, with two standard errors; below, how often it was said."""
    filled = [each for each in bins(row for row in rows if row.met is not None) if each]
    most = max((len(each) for each in filled), default=1)
    width, height = _LEFT + _SIDE + 24, _TOP + _SIDE + _COUNTS + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="#f6f6f4"/>',
        f'<line x1="{_LEFT}" y1="{_TOP + _SIDE}" x2="{_LEFT + _SIDE}" y2="{_TOP}" stroke="#999" '
        'stroke-dasharray="4 4"/>',
    ]
    for tick in range(0, 101, 20):
        x, y = _LEFT + _SIDE * tick / 100, _TOP + _SIDE * (1 - tick / 100)
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end" fill="#333">{tick} %</text>')
        parts.append(f'<text x="{x}" y="{_TOP + _SIDE + 18}" text-anchor="middle" fill="#333">{tick} %</text>')
    for each in filled:
        parts += _point(each, most)
    bottom = height - 8
    parts.append(
        f'<text x="{_LEFT + _SIDE / 2}" y="{bottom}" text-anchor="middle" fill="#333">'
        "chance of meeting the plan that was said, and how often</text>"
    )
    middle = _TOP + _SIDE / 2
    parts.append(
        f'<text transform="translate(12 {middle}) rotate(-90)" text-anchor="middle" fill="#333">plans met</text>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _point(rows: Sequence[Outcome], most: int) -> list[str]:
    chance, _, count = by_company(rows, lambda row: row.chance or 0.0)
    met, error, _ = by_company(rows, lambda row: float(bool(row.met)))
    x = _LEFT + _SIDE * chance
    ends = [_TOP + _SIDE * (1 - min(max(end, 0.0), 1.0)) for end in (met - 2 * error, met, met + 2 * error)]
    tall = _COUNTS * count / most
    floor = _TOP + _SIDE + 26
    return [
        f'<line x1="{x:.1f}" y1="{ends[0]:.1f}" x2="{x:.1f}" y2="{ends[2]:.1f}" stroke="#1f77b4"/>',
        f'<circle cx="{x:.1f}" cy="{ends[1]:.1f}" r="4" fill="#1f77b4"/>',
        f'<rect x="{x - 9:.1f}" y="{floor + _COUNTS - tall:.1f}" width="18" height="{tall:.1f}" fill="#9dbfd9">'
        f"<title>{count}</title></rect>",
    ]
