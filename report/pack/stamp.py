"""What stands at the foot of every page, whatever file it is in."""

from dataclasses import dataclass

from forecast.journal import Head
from report.pack.document import Document
from report.words import Words

SHORT = 16
"""Digits of a hash at the foot of a page; the page of evidence has them all."""


@dataclass(frozen=True)
class Stamp:
    """The hash of the content, and the ledger's head when the pack was drawn: beside the content, never in it."""

    content: str
    head: Head | None

    def foot(self, document: Document) -> str:
        """Snapshot, run, ledger head and hash of the content in one line."""
        t = Words(document.language)
        ledger = t("pack.foot_ledger", head=self.head.printed) if self.head else t("pack.no_ledger")
        return f"{document.rests_on} · {ledger} · {t('pack.foot_content', hash=self.content[:SHORT])}"

    def lines(self, ledger_empty: str) -> tuple[str, str]:
        """The hash of the content and the ledger's head in full."""
        return self.content, f"{self.head.number} · {self.head.at} · {self.head.hash}" if self.head else ledger_empty
