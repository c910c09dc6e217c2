import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.components.downloads import file_name, offer


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_files_of_other_content_have_other_names(one: bytes, other: bytes) -> None:
    assert (file_name("report", "csv", one) == file_name("report", "csv", other)) == (one == other)


def test_two_large_files_that_differ_in_the_middle_alone_have_names_of_their_own() -> None:
    half = b"0" * 1_000_000
    assert file_name("report", "csv", half + b"1" + half) != file_name("report", "csv", half + b"2" + half)


def test_a_file_made_on_the_click_has_to_say_what_it_hangs_on() -> None:
    with pytest.raises(ValueError, match="hangs on"):
        offer("Download", lambda: b"", "report", "csv", key="report")
