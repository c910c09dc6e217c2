"""What our pages are measured against: one line, or as many empty charts as the address asks for; run by streamlit."""

import streamlit as st


def empty(title: str) -> dict[str, object]:
    """A chart of nothing that is drawn anew when its title changes."""
    axes = {"x": {"field": "quarter", "type": "ordinal"}, "y": {"field": "amount", "type": "quantitative"}}
    return {"title": title, "data": {"values": []}, "mark": "line", "encoding": axes}


st.set_page_config(page_title="Bare", page_icon="ui/static/icon.png", layout="wide")
quarters = [f"{year}Q{index}" for year in range(2026, 2016, -1) for index in (4, 3, 2, 1)]
quarter = st.sidebar.selectbox("Quarter", quarters, key="choice_quarter")
st.title("Bare", anchor=False)
charts = int(st.query_params.get("charts", "0"))
if not charts:
    st.write(quarter)
for number in range(charts):
    st.vega_lite_chart(empty(quarter), key=f"chart_{number}")
