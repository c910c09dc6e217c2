"""What stands at the foot of every page, whatever file it is in."""

from dataclasses import dataclass

from forecast.journal import Head
from report.pack.document import Document, Entries, Entry, Seal
from report.words import Words

SHORT = 16
"""Digits of a hash at the foot of a page; the page of evidence has them all."""


@dataclass(frozen=True)
class Stamp:
    """The hash of the content, the ledger's head when the pack was drawn, and the seal that the run's passport had
    then (it may be written anew): beside the content, never in it."""

    content: str
    head: Head | None
    seal: str = ""

    def foot(self, document: Document) -> str:
        """Snapshot, run, ledger head and hash of the content in one line."""
        t = Words(document.language)
        ledger = t("pack.foot_ledger", head=self.head.printed) if self.head else t("pack.no_ledger")
        return f"{document.rests_on} · {ledger} · {t('pack.foot_content', hash=self.content[:SHORT])}"

    def entries(self, place: Seal) -> Entries:
        """All of it in full, in its ``place``."""
        ledger = f"{self.head.number} · {self.head.at} · {self.head.hash}" if self.head else place.none
        named = ((place.content, self.content), (place.passport, self.seal), (place.ledger, ledger))
        entries = tuple(Entry(name=name, text=text, code=True) for name, text in named if text)
        return Entries(title=place.title, entries=entries)
