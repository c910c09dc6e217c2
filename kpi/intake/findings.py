"""The findings catalogue: every code with its severity and words, from ``data/findings.yaml``."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from kpi.findings import Finding, Severity
from kpi.intake.grid import Cell
from kpi.settings import DATA
from kpi.text import Text
from kpi.yaml_lines import read_document

FILE = DATA / "findings.yaml"


class FindingKind(BaseModel):
    """What one code says; ``{names}`` in the texts are filled in where it is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    message: Text
    remedy: Text


@cache
def kinds(file: Path = FILE) -> dict[str, FindingKind]:
    """All kinds by code, in the order of the file."""
    return TypeAdapter(dict[str, FindingKind]).validate_python(read_document(file).content)


def finding(code: str, at: Cell | None = None, **values: Text | str) -> Finding:
    """A finding of kind ``code`` at a cell or, without one, of the whole file.

    A value that is a :class:`Text` fills ``{name}`` in Chinese words and ``{name}`` or ``{name_en}`` in English ones.
    """
    kind = kinds()[code]
    zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    en |= {f"{name}_en": word for name, word in en.items()}

    def filled(text: Text) -> Text:
        return Text(zh=text.zh.format(**zh), en=text.en.format(**en))

    return Finding(
        code=code,
        severity=kind.severity,
        sheet=at.sheet if at else "",
        cell=at.address if at else "",
        found=at.text if at else "",
        message=filled(kind.message),
        remedy=filled(kind.remedy),
    )


def manual_page() -> str:
    """``docs/findings.md``: every code in both languages."""
    lines = [
        "# Findings of the intake",
        "",
        "What the checks can say about a workbook. An error keeps the workbook out, a warning wants a look,",
        "information only tells. Made from `data/findings.yaml` by `python -m kpi findings`.",
        "",
    ]
    for code, kind in kinds().items():
        lines += [f"## {code}", "", f"*{kind.severity.value}*", ""]
        for text in (kind.message, kind.remedy):
            lines += [f"- {text.zh}", f"- {text.en}"]
        lines.append("")
    return "\n".join(lines)
