"""What a visitor sees when a page could not be made."""

import streamlit as st

from kpi.errors import Refused
from kpi.text import Language
from ui.format import plain
from ui.i18n import Words


def show_failure(reference: str, error: Exception) -> None:
    """In both languages unless the address names one: the failure may have come before the language was known."""
    named = st.query_params.get("lang")
    languages: tuple[Language, ...] = ("zh",) if named == "zh" else ("en",) if named == "en" else ("zh", "en")
    for language in languages:
        t = Words(language)
        reason = plain(error.in_(language)) if isinstance(error, Refused) else t("failure.text")
        st.error(f"{reason}\n\n{t('failure.reference', reference=reference)}", title=t("failure.title"))
