"""The words of the pages in both languages, from ``data/translations``: one file a subject, ``key: {zh, en}``."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from kpi.settings import DATA
from kpi.text import Language, Text

TRANSLATIONS = DATA / "translations"


@lru_cache(maxsize=4)
def load_translations(folder: Path = TRANSLATIONS) -> dict[str, Text]:
    """Every text by ``file.key``. Raises ValidationError when a text lacks a language."""
    return {
        f"{path.stem}.{key}": Text.model_validate(text)
        for path in sorted(folder.glob("*.yaml"))
        for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


@dataclass(frozen=True)
class Words:
    """Looks texts up in one language; ``words("scorecard.title")``."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key`` with ``{name}`` places filled. Raises KeyError for an unknown key."""
        text = load_translations()[key].in_(self.language)
        return text.format(**values) if values else text
