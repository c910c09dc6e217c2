"""The strategy map on the page: HTML buttons by perspective with arrows between them; on a phone a list with the links
in words.

The platform's graph chart is a canvas: its nodes can be reached neither by keyboard nor by a screen reader, and their
words do not wrap.
"""

from pathlib import Path

import streamlit as st

from report.as_data import as_data
from report.strategy_map import SHAPES, StrategyMap
from report.words import Words

_HERE = Path(__file__).parent
_MOUNT = st.components.v2.component(
    "scorecast_strategy_map",
    html='<div class="root"></div>',
    css=(_HERE / "strategy_map.css").read_text(encoding="utf-8"),
    js=(_HERE / "strategy_map.js").read_text(encoding="utf-8"),
)


def show_map(drawn: StrategyMap, chosen: str, t: Words, *, detail: str, key: str) -> str | None:
    """Draw the map with the objective ``chosen`` set off; the code of the one that was just clicked, if any.

    ``detail`` is the key of the container that a phone scrolls to after the click.
    """
    words = {name: t(f"map.{name}") for name in ("now", "ahead", "leads", "driven", "nothing")}
    sent = {
        "map": as_data(drawn),
        "chosen": chosen,
        "detail": detail,
        "shapes": SHAPES,
        "words": {**words, "comma": t("site.list_comma")},
    }
    result = _MOUNT(data=sent, key=key, on_chosen_change=lambda: None)
    return str(result.chosen) if result.chosen else None
