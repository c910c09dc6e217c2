"""Comments and action plans on a KPI, and the forms that add them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import streamlit as st

from kpi.errors import Refused
from kpi.notes.book import LONGEST
from kpi.notes.records import ActionPlan, Line, Place
from report.format import plain
from ui import kpi as door
from ui.components.notices import leave_notice
from ui.typed import clear, keep, text_line, typed, written
from ui.view import DataView

SHOWN = 5


def notes(view: DataView, kpi: str) -> None:
    """What was said, the newest first, and what will be done, the earliest due first."""
    t, found = view.t, door.notes(kpi, view.org_unit)
    place = Place(kpi=kpi, org_unit=view.org_unit, quarter=view.quarter)
    with st.container(border=True, key="kpi_notes"):
        with st.container(key="kpi_notes_said"):  # so that what is being typed below stays as the list grows
            if not found.comments and not found.plans:
                st.caption(t("note.none"))
            for plan in found.plans:
                _plan(view, plan)
            for line in found.comments[:SHOWN]:
                _comment(view, line)
            if older := found.comments[SHOWN:]:
                with st.expander(t("note.older", count=len(older)), on_change="rerun", key="older_notes") as more:
                    if more.open:
                        for line in older:
                            _comment(view, line)
        _say(view, place)
        with st.expander(t("note.add_plan"), icon=":material/add_task:", key="add_plan"):
            _add_plan(view, place)


def _by(view: DataView, line: Line) -> str:
    said = f"{plain(line.made_by)} · {view.fmt.moment(line.made_at)} · {view.fmt.period(line.place.quarter)}"
    return f":gray[:small[{said}]]"


def _text(line: Line) -> str:
    return "  \n".join(plain(part) for part in line.text.splitlines())


def _comment(view: DataView, line: Line) -> None:
    st.markdown(f":material/chat_bubble: {_by(view, line)}  \n{_text(line)}")


def _plan(view: DataView, plan: ActionPlan) -> None:
    t, line = view.t, plan.line
    late = plan.late(datetime.now(UTC).date())
    state = "done" if plan.done else "late" if late else "open"
    badge = {
        "done": f":green-badge[:material/task_alt: {t('note.done')}]",
        "late": f":red-badge[:material/alarm: {t('note.late')}]",
        "open": f":blue-badge[:material/radio_button_unchecked: {t('note.open')}]",
    }[state]
    with st.container(horizontal=True, vertical_alignment="center"):
        owned = t("note.owned", owner=plain(line.owner or ""), due=line.due)
        said = f"{badge} **{owned}** {_by(view, line)}  \n{_text(line)}"
        for turn in plan.turns[-1:]:
            became = t(f"note.turn_{turn.kind}", who=plain(turn.made_by), at=view.fmt.moment(turn.made_at))
            said += f"  \n:gray[:small[{became}]]"
        st.markdown(said, width="stretch")
        name, act = ("reopen", door.reopen) if plan.done else ("finish", door.finish)
        st.button(
            t(f"note.{name}"), key=f"{name}_{line.id}", type="tertiary", on_click=_turn, args=(view, act, line.id)
        )


def _turn(view: DataView, act: Callable[[int], Refused | None], number: int) -> None:
    if refusal := act(number):
        leave_notice("error", refusal.in_(view.language))


def _say(view: DataView, place: Place) -> None:
    t, field = view.t, _field(place, "comment")
    st.text_area(
        t("note.comment"),
        key=typed(field),
        on_change=keep,
        args=(field,),
        max_chars=LONGEST,
        height=90,
        placeholder=t("note.comment_example"),
    )
    st.button(t("note.say"), key="say", icon=":material/send:", on_click=_save_comment, args=(view, place, field))


def _add_plan(view: DataView, place: Place) -> None:
    t = view.t
    fields = [_field(place, name) for name in ("what", "owner", "due")]
    what, owner, due = fields
    text_line(t("note.what"), what, max_chars=LONGEST)
    with st.grid("auto", min_column_width=200):
        text_line(t("note.owner"), owner, max_chars=100)
        text_line(t("note.due"), due, t("note.due_example"), max_chars=10)
    st.button(
        t("note.save_plan"),
        key="save_plan",
        icon=":material/add_task:",
        on_click=_save_plan,
        args=(view, place, fields),
    )


def _field(place: Place, name: str) -> str:
    """The key of a field: each KPI and org unit has a draft of its own."""
    return f"note_{place.kpi}_{place.org_unit}_{name}"


def _save_comment(view: DataView, place: Place, field: str) -> None:
    refusal = door.say(place, *written(field))
    _told(view, refusal, [field], "note.said")


def _save_plan(view: DataView, place: Place, fields: Sequence[str]) -> None:
    refusal = door.plan(place, *written(*fields))
    _told(view, refusal, fields, "note.planned")


def _told(view: DataView, refusal: Refused | None, fields: Sequence[str], done: str) -> None:
    """What was written stays in its fields until it is kept."""
    if refusal:
        leave_notice("error", refusal.in_(view.language))
        return
    clear(*fields)
    leave_notice("success", view.t(done))
