"""Which pages a pack may have, and which were chosen."""

from collections.abc import Sequence

from kpi.errors import refuse
from kpi.scorecard.template import ScorecardTemplate

COVER, OVERVIEW, SCORECARD, LANDINGS, KPIS, EVIDENCE = "cover", "overview", "scorecard", "landings", "kpis", "evidence"
GENERAL = (COVER, OVERVIEW, SCORECARD, LANDINGS)
CHOICES = (*GENERAL, KPIS, EVIDENCE)
"""What may be asked for by name; ``kpis`` is a page for each KPI, and a KPI's code is its page alone."""


def page_codes(template: ScorecardTemplate) -> tuple[str, ...]:
    """Every page of a whole pack in its order."""
    return (*GENERAL, *(entry.kpi for entry in template.entries), EVIDENCE)


def chosen_pages(asked: Sequence[str], template: ScorecardTemplate) -> tuple[str, ...]:
    """The pages ``asked`` for, each once and in the order of the pack; all of them when none is named.

    Raises Refused naming those that there are not.
    """
    every = page_codes(template)
    kpis = tuple(entry.kpi for entry in template.entries)
    wanted = {code for name in asked for code in (kpis if name == KPIS else (name,))}
    unknown = sorted(wanted - set(every))
    if unknown:
        names, have = ", ".join(unknown), ", ".join((*CHOICES, *kpis))
        raise refuse(f"没有这些页面：{names}。可选：{have}。", f"there is no page {names}. There are: {have}.")
    return tuple(code for code in every if not wanted or code in wanted)
