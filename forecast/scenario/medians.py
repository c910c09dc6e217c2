"""The middle of a run's forecast: the median of every component series, read from its passport without computing."""

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from forecast.inputs import model_digest
from forecast.past import DAMAGE
from forecast.records import RunRecord
from kpi.catalogue.models import Catalogue
from kpi.errors import refuse
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.template import ScorecardTemplate

_MANIFEST: Final = "manifest.json"
_FORECAST: Final = "results/forecast.csv"
_MEDIAN: Final = "p50"


class _Manifest(BaseModel):
    identity: dict[str, str]
    files: dict[str, str]


@dataclass(frozen=True)
class Medians:
    """``values`` are in base units by component, org unit and quarter, as the passport spells them; ``identity`` has
    the digests of the definitions that the run used."""

    values: Mapping[str, Mapping[tuple[str, Period], Decimal]]
    identity: Mapping[str, str]

    def made_with(self, catalogue: Catalogue, template: ScorecardTemplate, organisation: Organisation) -> bool:
        """Whether the run used just these definitions."""
        parts = {"catalogue": catalogue, "template": template, "organisation": organisation}
        return all(self.identity.get(name) == model_digest(part) for name, part in parts.items())


def read_medians(run: RunRecord) -> Medians:
    """The medians of a finished run. Raises Refused when its passport is gone, damaged or not the one it sealed."""
    try:
        with zipfile.ZipFile(Path(run.passport)) as archive:
            content, table = archive.read(_MANIFEST), archive.read(_FORECAST)
        manifest = _Manifest.model_validate_json(content)
        sealed = run.seal in ("", sha256(content).hexdigest())
        if not sealed or manifest.files.get(_FORECAST) != sha256(table).hexdigest():
            raise refuse(
                f"护照 {run.passport} 被改动过，不能据此测算。请用 python -m forecast verify 检查。",
                f"the passport {run.passport} was changed, so nothing can be worked out from it. Check it with "
                "python -m forecast verify.",
            )
        return Medians(_values(table.decode()), manifest.identity)
    except (OSError, LookupError, ValueError, InvalidOperation, csv.Error, *DAMAGE) as problem:
        raise refuse(
            f"无法读取运行 {run.run_id[:8]} 的护照 {run.passport}：{problem}。请重新运行预测。",
            f"the passport {run.passport} of run {run.run_id[:8]} cannot be read: {problem}. Forecast again.",
        ) from problem


def _values(table: str) -> dict[str, dict[tuple[str, Period], Decimal]]:
    header, *lines = csv.reader(io.StringIO(table))
    at = [header.index(name) for name in ("component", "org_unit", "quarter", _MEDIAN)]
    periods: dict[str, Period] = {}
    found: dict[str, dict[tuple[str, Period], Decimal]] = {}
    for line in lines:
        component, unit, quarter, median = (line[place] for place in at)
        if quarter not in periods:
            periods[quarter] = Period.parse(quarter)
        found.setdefault(component, {})[unit, periods[quarter]] = Decimal(median)
    return found
