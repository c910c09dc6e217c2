from typing import Any

import pytest
import streamlit as st
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from ui.components import dropzone


@pytest.mark.parametrize("left", [None, DeletedFile("1")], ids=["nothing", "a file that was let go of"])
def test_a_drop_is_taken_once_even_when_the_platform_brings_it_again(
    monkeypatch: pytest.MonkeyPatch, left: object
) -> None:
    state: dict[str, Any] = {}
    widgets: list[Any] = []
    taken: list[tuple[str, bytes]] = []
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "file_uploader", lambda *_args, **about: widgets.append(about))
    monkeypatch.setattr(st, "html", lambda _words: None)
    dropzone.dropzone(
        dropzone.DropWords("Drop", "help", "Choose", "or drop"), lambda name, content: taken.append((name, content))
    )
    (about,) = widgets
    file = UploadedFile(UploadedFileRec("1", "figures.xlsx", "application/zip", b"bytes"), FileURLs())

    for standing in (file, left):
        state[about["key"]] = standing
        about["on_change"]()

    assert taken == [("figures.xlsx", b"bytes")]
