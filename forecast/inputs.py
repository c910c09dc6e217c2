"""What a run reads, as plain values that travel inside its passport."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from hashlib import sha256
from typing import Self

from pydantic import BaseModel, ValidationError

from forecast.series import Row
from kpi.catalogue.models import Catalogue
from kpi.errors import refuse
from kpi.facts import Scenario, canonical_decimal
from kpi.organisation import Organisation
from kpi.periods import FiscalCalendar, Period
from kpi.scorecard.template import ScorecardTemplate

_HEADER = ["measure", "org_unit", "period", "scenario", "value"]


def canonical_json(content: object) -> str:
    """Sorted keys, no blanks."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def model_digest(model: BaseModel) -> str:
    """SHA-256 of a model's canonical JSON."""
    return sha256(canonical_json(model.model_dump(mode="json")).encode()).hexdigest()


@dataclass(frozen=True)
class RunInputs:
    """Facts and definitions of one run; ``rows`` are sorted, so their order on the way in never matters."""

    rows: tuple[Row, ...]
    organisation: Organisation
    catalogue: Catalogue
    template: ScorecardTemplate
    calendar: FiscalCalendar

    @classmethod
    def of(
        cls,
        rows: Iterable[Row],
        organisation: Organisation,
        catalogue: Catalogue,
        template: ScorecardTemplate,
        calendar: FiscalCalendar,
    ) -> Self:
        """Inputs with their rows sorted."""
        return cls(tuple(sorted(rows, key=_key)), organisation, catalogue, template, calendar)

    @cached_property
    def facts_hash(self) -> str:
        """The same SHA-256 that a snapshot of these facts carries (:func:`kpi.facts.content_hash`)."""
        lines = sorted("|".join((*_key(row), canonical_decimal(row[4]))) for row in self.rows)
        return sha256("\n".join(lines).encode()).hexdigest()

    def check_names(self) -> None:
        """Raise Refused for facts on a component or org unit that the definitions do not have (any more)."""
        measures = {row[0] for row in self.rows} - self.catalogue.component.keys() - self.catalogue.kpi.keys()
        units = {row[1] for row in self.rows} - self.organisation.by_code.keys()
        if measures:
            names = ", ".join(sorted(measures))
            raise refuse(
                f"目录里没有这些代码：{names}，但快照里有它们的数据。请把它们补入目录。",
                f"the catalogue does not know {names}, of which the snapshot holds facts. Add them to the catalogue.",
            )
        if units:
            names = ", ".join(sorted(units))
            raise refuse(
                f"组织结构里没有这些单位：{names}，但快照里有它们的数据。请把它们补入组织结构。",
                f"the organisation does not have {names}, of which the snapshot holds facts. Add them to it.",
            )

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each part, the parts of a run's identity."""
        return {
            "facts": self.facts_hash,
            "organisation": model_digest(self.organisation),
            "catalogue": model_digest(self.catalogue),
            "template": model_digest(self.template),
            "calendar": model_digest(self.calendar),
        }

    def files(self) -> dict[str, bytes]:
        """The inputs as readable files by name, from which :meth:`from_files` rebuilds them."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows([*_key(row), canonical_decimal(row[4])] for row in self.rows)
        return {"facts.csv": out.getvalue().encode()} | {
            f"{name}.json": (model.model_dump_json(indent=1) + "\n").encode()
            for name, model in (
                ("organisation", self.organisation),
                ("catalogue", self.catalogue),
                ("template", self.template),
                ("calendar", self.calendar),
            )
        }

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> Self:
        """The inputs that :meth:`files` wrote. Raises Refused naming the file that is missing or unreadable."""
        name = "facts.csv"
        try:
            header, *lines = csv.reader(io.StringIO(files[name].decode()))
            if header != _HEADER:
                raise ValueError(f"columns {header}")
            rows = [(m, u, Period.parse(p), Scenario(s), Decimal(v)) for m, u, p, s, v in lines]
            name = "organisation.json"
            organisation = Organisation.model_validate_json(files[name])
            name = "catalogue.json"
            catalogue = Catalogue.model_validate_json(files[name])
            name = "template.json"
            template = ScorecardTemplate.model_validate_json(files[name])
            name = "calendar.json"
            calendar = FiscalCalendar.model_validate_json(files[name])
        except KeyError as problem:
            raise refuse(f"护照里缺少 inputs/{name}。", f"the passport lacks inputs/{name}.") from problem
        except (ValueError, ValidationError, InvalidOperation, csv.Error) as problem:
            raise refuse(
                f"护照里的 inputs/{name} 无法读取：{problem}",
                f"inputs/{name} in the passport cannot be read: {problem}",
            ) from problem
        return cls.of(rows, organisation, catalogue, template, calendar)


def _key(row: Row) -> tuple[str, str, str, str]:
    measure, unit, period, scenario, _ = row
    return measure, unit, str(period), scenario.value
