"""What the page shows, as it stands in the address: own codes, so that a link works in either language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpi.periods import Grain, Period
from kpi.scorecard.results import Window
from kpi.strategy.fields import SIX_STEPS
from kpi.text import LANGUAGES, Language
from report.heat_builder import NAME, Metric
from report.heat_map import SCORE
from report.scorecard_lines import Shown, read_shown

WINDOWS = (Window.YTD, Window.QUARTER, Window.ROLLING4)
KPI_PAGE = {"years": ("5", "all"), "change": ("last_year", "last_quarter", "plan"), "units": ("ranked", "lanes")}
"""How many years a chart of the page of a KPI shows, what its change is told against and how org units stand beside
each other; the first is the default."""
SECTIONS = ("map", "design", "steps")
"""The sections of the page of the strategy map."""
ASSUMED = ("scenario", "against", "changes", "driver", "place", "by", "year")
"""Parameters of what is assumed, which the page of scenarios reads itself."""
COMPARE = {"part": ("heat", "quarters", "movers"), "since": ("quarter", "year"), "scope": ("children", "all")}
"""What the page that compares can show, since when a change counts and whose moves are ranked; the first is the
default."""
COMPARED = (*COMPARE, "heat", "sort", "rows", "base")
"""Parameters of that page."""


@dataclass(frozen=True)
class Choices:
    """What can be chosen; the first org unit and the first quarter are the defaults."""

    language: Language
    org_units: tuple[str, ...] = ()
    quarters: tuple[Period, ...] = ()
    kpis: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()


@dataclass(frozen=True)
class Address:
    """What is chosen. Empty or None where there is no data to choose from.

    ``run`` is the run to verify, ``old`` and ``new`` those to compare, by the beginnings of their ids, and ``span`` the
    period whose moves are shown. Of the strategy map ``objective`` is the one looked at, ``section`` what is shown and
    ``step`` the step being taken. Of what is assumed, ``scenario`` and ``against`` are kept ones by their hashes,
    ``changes`` those in hand, ``driver``, ``place`` and ``by`` what the form stands at, ``year`` the fiscal year.
    Of the page that compares, ``part`` is what it shows, ``heat`` what the heat map is coloured by, ``since`` when
    its changes begin, ``sort`` and ``rows`` the order and the page of its rows, ``base`` the quarter to compare with
    and ``scope`` whose moves are ranked. Of the scorecard ``shown`` is what is seen of its table and ``why`` the score
    that is explained: ``total``, or a kind and a code, such as ``group:financial``. Of the page of a KPI ``years``,
    ``change`` and ``units`` as in :data:`KPI_PAGE`.
    Of a board pack ``pages`` and ``formats`` are codes with commas between them, and ``pack_lang`` is its language,
    where that is not the page's.
    """

    language: Language
    org_unit: str = ""
    quarter: Period | None = None
    window: Window = Window.YTD
    kpi: str = ""
    upload: str = ""
    run: str = ""
    old: str = ""
    new: str = ""
    span: str = ""
    objective: str = ""
    section: str = ""
    step: str = ""
    scenario: str = ""
    against: str = ""
    changes: str = ""
    driver: str = ""
    place: str = ""
    by: str = ""
    year: str = ""
    part: str = ""
    heat: str = ""
    since: str = ""
    sort: str = ""
    rows: str = ""
    base: str = ""
    scope: str = ""
    years: str = ""
    change: str = ""
    units: str = ""
    why: str = ""
    shown: Shown = field(default_factory=Shown)
    pages: str = ""
    formats: str = ""
    pack_lang: str = ""

    def params(self, **changes: str) -> dict[str, str]:
        """The query parameters of this address, with ``changes`` made; nothing is left out for being a default."""
        params = {
            "lang": self.language,
            "unit": self.org_unit,
            "quarter": str(self.quarter or ""),
            "window": str(self.window),
            "kpi": self.kpi,
            "upload": self.upload,
            "run": self.run,
            "old": self.old,
            "new": self.new,
            "span": self.span,
            "objective": self.objective,
            "section": self.section,
            "step": self.step,
            "why": self.why,
            **{name: getattr(self, name) for name in (*ASSUMED, *COMPARED, *KPI_PAGE)},
            **self.shown.params(),
            "pages": self.pages,
            "formats": self.formats,
            "pack_lang": self.pack_lang,
        }
        return {name: code for name, code in (params | changes).items() if code}


def read_address(params: Mapping[str, str], choices: Choices) -> tuple[Address, tuple[str, ...]]:
    """The address that ``params`` describe, and the codes that mean nothing here (replaced by the default)."""
    unknown = [params["page"]] if params.get("page") else []  # left by ui.entry.index_page

    def choose(name: str, options: tuple[str, ...], default: str) -> str:
        code = params.get(name, "")
        if code and options and code not in options:
            unknown.append(code)
        return code if code in options else default

    language: Language = "zh" if choose("lang", LANGUAGES, choices.language) == "zh" else "en"
    quarter = choose("quarter", tuple(map(str, choices.quarters)), str(next(iter(choices.quarters), "")))
    shown, strange = read_shown(params, choices.groups)
    address = Address(
        language=language,
        org_unit=choose("unit", choices.org_units, next(iter(choices.org_units), "")),
        quarter=Period.parse(quarter) if quarter else None,
        window=Window(choose("window", tuple(map(str, WINDOWS)), str(Window.YTD))),
        kpi=choose("kpi", choices.kpis, ""),
        upload=params.get("upload", ""),
        run=choose("run", choices.runs, ""),
        old=choose("old", choices.runs, ""),
        new=choose("new", choices.runs, ""),
        span=params.get("span", ""),
        objective=choose("objective", choices.objectives, ""),
        section=choose("section", SECTIONS, ""),
        step=choose("step", tuple(SIX_STEPS), ""),
        why=choose("why", choices.scores, ""),
        shown=shown,
        **{name: params.get(name, "") for name in ASSUMED},
        part=choose("part", COMPARE["part"], ""),
        heat=choose("heat", tuple(map(str, Metric)), ""),
        since=choose("since", COMPARE["since"], ""),
        sort=choose("sort", _sortings(choices.kpis), ""),
        rows=params.get("rows", ""),
        base=choose("base", tuple(map(str, choices.quarters)), ""),
        scope=choose("scope", COMPARE["scope"], ""),
        **{name: choose(name, options, "") for name, options in KPI_PAGE.items()},
        pages=params.get("pages", ""),
        formats=params.get("formats", ""),
        pack_lang=choose("pack_lang", LANGUAGES, ""),
    )
    return address, (*unknown, *strange)


def _sortings(kpis: tuple[str, ...]) -> tuple[str, ...]:
    columns = (NAME, SCORE, *kpis)
    return (*columns, *(f"-{column}" for column in columns))


def year_of(quarter: Period) -> Period:
    """The fiscal year that ``quarter`` belongs to."""
    return Period(quarter.year, Grain.YEAR)
