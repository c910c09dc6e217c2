"""What the drawings of our components share: the status mark, a shape of its own for each colour."""

from pathlib import Path

_HERE = Path(__file__).parent


def with_marks(name: str) -> str:
    """The style sheet or script ``name`` behind the shared one of its kind."""
    shared = (_HERE / "marks").with_suffix(Path(name).suffix)
    return "".join(path.read_text(encoding="utf-8") for path in (shared, _HERE / name))
