"""Messages come and go without moving what stands below them, where somebody may be typing."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st  # noqa: PLC0415

    from tests.ui.small import WHOLE, view  # noqa: PLC0415
    from ui.components.notices import leave_notice, show_notices  # noqa: PLC0415

    def refuse() -> None:
        leave_notice("error", "a *plan* needs an owner")

    show_notices(view("en", WHOLE))
    st.text_input("Owner")
    st.button("Save", on_click=refuse)


def place_of_field(app: AppTest) -> int:
    return next(at for at, element in app.main.children.items() if element.type == "text_input")


def test_a_message_is_shown_once_and_moves_no_field() -> None:
    app = AppTest.from_function(page).run()
    before = place_of_field(app)

    app.button[0].click().run()
    assert [each.value for each in app.error] == [r"a \*plan\* needs an owner"]
    assert place_of_field(app) == before

    app.run()
    assert not app.error
    assert place_of_field(app) == before
