"""What our pages are measured against: one line, or as many empty charts as the address asks for; run by streamlit."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def frozen(charts: int) -> None:
    """The same kindness that our own server does itself, so that the comparison isn't won by it; again for each number
    of ``charts``, because the platform loads its libraries when they are first wanted."""
    gc.collect()
    gc.freeze()


EMPTY = {
    "data": {"values": []},
    "mark": "line",
    "encoding": {"x": {"field": "quarter", "type": "ordinal"}, "y": {"field": "amount", "type": "quantitative"}},
}

st.set_page_config(page_title="Bare", page_icon="ui/static/icon.png", layout="wide")
with st.sidebar:
    quarter = st.selectbox(
        "Quarter", [f"{year}Q{index}" for year in range(2026, 2016, -1) for index in (4, 3, 2, 1)], key="choice_quarter"
    )
st.title("Bare", anchor=False)
charts = int(st.query_params.get("charts", "0"))
if not charts:
    st.write(quarter)
for number in range(charts):
    st.vega_lite_chart(EMPTY, key=f"chart_{number}")
frozen(charts)
