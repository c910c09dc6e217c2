"""The shipped scorecards and their strategies, and small changes to them."""

from decimal import Decimal
from functools import cache

from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.scorecard.load import load_templates
from kpi.scorecard.template import ScorecardTemplate
from kpi.settings import DATA
from kpi.strategy.load import default_strategy
from kpi.strategy.models import Strategy, StrategyLink, ValueGap
from kpi.text import Text

MILLION = Decimal(1_000_000)
WORDS = Text(zh="因为", en="because")


@cache
def catalogue() -> Catalogue:
    return load_catalogue(DATA / "catalogue")


@cache
def template(code: str = "balanced") -> ScorecardTemplate:
    return load_templates(DATA / "scorecards", catalogue())[code]


@cache
def strategy(code: str = "balanced") -> Strategy:
    """What the scorecard begins with."""
    return default_strategy(template(code), DATA / "strategies")


def linked(*sides: tuple[str, str]) -> Strategy:
    """The balanced strategy with these links alone."""
    links = tuple(StrategyLink(cause=cause, effect=effect, reason=WORDS) for cause, effect in sides)
    return strategy().model_copy(update={"links": links})


def gap(expected: int | Decimal = 500, today: int | Decimal = 100, by: int = 2030) -> ValueGap:
    """In millions of yuan."""
    return ValueGap(measure=WORDS, expected=expected * MILLION, today=today * MILLION, by=by)
