"""A folder of its own for each test."""

from pathlib import Path

import pytest

from tests.forecast.panels.files import Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The folder."""
    return Files(tmp_path)
