"""Takes a workbook in and lets go of its bytes at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

_ROUND = "_dropzone_round"
# The platform's own words are English only; ours stand in their place. That of the button stays for screen readers,
# before ours, because a button whose name is drawn by style alone counts as nameless.
_WORDS = """<style>
[data-testid="stFileUploaderDropzoneInstructions"] span {{ display: none; }}
[data-testid="stFileUploaderDropzone"] button p {{
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}}
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]::after {{ content: {button}; }}
[data-testid="stFileUploaderDropzoneInstructions"]::after {{ content: {hint}; opacity: 0.75; font-size: 0.9rem; }}
</style>"""


@dataclass(frozen=True)
class DropWords:
    """What the dropzone says: its label, a longer help, the button that opens the chooser and what stands beside it."""

    label: str
    help: str
    button: str
    hint: str


def free(file: UploadedFile) -> None:
    """Drop the platform's copy of an upload; changing the widget's key alone would keep it until the session ends.

    Leans on the platform's own file manager, which has no public door; held here in one place, and tested.
    """
    context = get_script_run_ctx()
    if context is not None:
        manager = get_instance()._uploaded_file_mgr
        if isinstance(manager, MemoryUploadedFileManager):
            manager.remove_file(session_id=context.session_id, file_id=file.file_id)


def dropzone(words: DropWords, take: Callable[[str, bytes], None]) -> None:
    """A place to drop one file of any kind, as only we can say in the visitor's language why one cannot be read;
    ``take`` gets its name and bytes once, then the place is empty again."""
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

    own = {name: json.dumps(getattr(words, name), ensure_ascii=False) for name in ("button", "hint")}
    st.html(_WORDS.format(**own))
    st.file_uploader(words.label, key=key, help=words.help, on_change=received)
