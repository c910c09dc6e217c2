"""Takes a workbook in and lets go of its bytes at once."""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from kpi.intake.readers import SUFFIXES

_ROUND = "_dropzone_round"


def free(file: UploadedFile) -> None:
    """Drop the platform's copy of an upload; changing the widget's key alone would keep it until the session ends.

    Leans on the platform's own file manager, which has no public door; held here in one place, and tested.
    """
    context = get_script_run_ctx()
    if context is not None:
        manager = get_instance()._uploaded_file_mgr
        if isinstance(manager, MemoryUploadedFileManager):
            manager.remove_file(session_id=context.session_id, file_id=file.file_id)


def dropzone(label: str, help_text: str, take: Callable[[str, bytes], None]) -> None:
    """A place to drop one file; ``take`` gets its name and bytes once, then the place is empty again."""
    turn = st.session_state.setdefault(_ROUND, 0)
    key = f"dropzone_{turn}"

    def received() -> None:
        file = st.session_state[key]
        if not isinstance(file, UploadedFile):
            # Nothing, or what a drop left behind: a click that interrupts the page brings the same drop once more.
            return
        name, content = file.name, file.getvalue()
        free(file)
        st.session_state[_ROUND] = turn + 1
        take(name, content)

    st.file_uploader(label, type=list(SUFFIXES), key=key, help=help_text, on_change=received)
