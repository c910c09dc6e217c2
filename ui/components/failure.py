"""What a visitor sees when a page could not be made."""

from collections.abc import Iterator

import streamlit as st

from kpi.errors import Refused
from kpi.text import LANGUAGES, Language
from report.format import plain
from report.words import Words


def show_failure(reference: str) -> None:
    """A bug: nothing was harmed, and a reference to pass on."""
    for t in _words():
        text = f"{t('failure.text')}\n\n{t('failure.reference', reference=reference)}"
        st.error(text, title=t("failure.title"))


def show_refusal(refusal: Refused) -> None:
    """Something outside has to be mended first: what, and how."""
    for t in _words():
        st.error(plain(refusal.in_(t.language)), title=t("failure.title"))


def _words() -> Iterator[Words]:
    """Both languages unless the address names one: the failure may have come before the language was known."""
    named = st.query_params.get("lang")
    chosen: tuple[Language, ...] = tuple(language for language in LANGUAGES if language == named) or LANGUAGES
    return (Words(language) for language in chosen)
