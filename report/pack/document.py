"""What a board pack says: frozen words and numbers with one spelling and so one hash, whatever file they are drawn in.

A number stands twice: as people read it, and exactly, for spreadsheets and charts.
"""

from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forecast.inputs import canonical_json
from kpi.facts import canonical_decimal
from kpi.scorecard.results import Status
from kpi.text import Language
from kpi.units import Dimension
from report import charts
from report.pack.signs import all_fit
from report.tables import BarCell, Column, SparkCell, StatusCell, TextCell

FORMAT: Final = "scorecast-pack-1"
Form = Dimension | Literal["percent", "chance", "weight", "change"]
"""How a spreadsheet shows a number: in the way of its dimension, or as a share of one kind or another."""


class _Model(BaseModel):
    """Holds no character that one of the files could not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _fit(cls, given: Any) -> Any:  # whatever pydantic is given
        return all_fit(given)


class Number(_Model):
    """An exact number in base units, in canonical digits; a change is ``signed``, also when it is a gain."""

    digits: str
    form: Form
    signed: bool = False

    @classmethod
    def of(cls, amount: Decimal | float | None, form: Form, signed: bool = False) -> Self | None:
        """None stays None; a float is the decimal that its shortest spelling names."""
        if amount is None:
            return None
        exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
        return cls(digits=canonical_decimal(exact), form=form, signed=signed)


class Card(_Model):
    """A figure with its label above and quieter lines below; ``status`` is told by ``word``."""

    label: str
    text: str
    lines: tuple[str, ...] = ()
    number: Number | None = None
    status: Status | None = None
    word: str = ""


class Cards(_Model):
    """Figures side by side; the first is the most important where ``lead``."""

    kind: Literal["cards"] = "cards"
    cards: tuple[Card, ...]
    lead: bool = False


Cell = TextCell | StatusCell | BarCell | SparkCell


class Line(_Model):
    """A row of a table: cells as drawn, and the exact numbers of those that hold one, by column."""

    cells: dict[str, Cell]
    numbers: dict[str, Number] = {}


class Part(_Model):
    """Rows under one heading; without a title they follow the header at once."""

    rows: tuple[Line, ...] = Field(min_length=1)
    title: str = ""
    note: str = ""
    status: Status | None = None
    word: str = ""


class Grid(_Model):
    """A table; ``small`` is drawn in the type of notes, because it has many columns."""

    kind: Literal["grid"] = "grid"
    label: str
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    small: bool = False


Role = Literal["actual", "plan", "forecast"]


class Point(_Model):
    """One value of a chart, in base units."""

    quarter: str
    role: Role
    series: str
    amount: float
    text: str
    low: float | None = None
    high: float | None = None


class Shade(_Model):
    """A part of the fan of a forecast: the interval that holds ``share`` of what may come."""

    quarter: str
    share: str
    low: float
    high: float


class Chart(_Model):
    """The history of one number with plan and forecast; ``axis`` is percent or not, divided by what, followed by what.

    ``breaks`` are quarters from which another definition holds, with words; ``fan`` is drawn in the place of the
    interval of the points, the widest first; ``restated`` are quarters whose actual value was corrected.
    """

    kind: Literal["chart"] = "chart"
    label: str
    points: tuple[Point, ...] = Field(min_length=1)
    order: tuple[str, ...]
    axis: tuple[bool, float, str]
    names: dict[str, str]
    form: Form
    breaks: tuple[tuple[str, str], ...] = ()
    fan: tuple[Shade, ...] = ()
    restated: tuple[str, ...] = ()

    @property
    def spec(self) -> charts.Spec:
        """The chart to be drawn."""
        rows = [point.model_dump(exclude_none=True) for point in self.points]
        breaks = [{"quarter": quarter, "text": text} for quarter, text in self.breaks]
        fan = [shade.model_dump() for shade in self.fan]
        restated = [row for row in rows if row["role"] == "actual" and row["quarter"] in self.restated]
        return charts.history(rows, self.order, charts.value_axis(*self.axis), self.names, breaks, fan, restated)


class Need(_Model):
    """One matter that needs somebody, and why in one sentence."""

    status: Status
    word: str
    subject: str
    reason: str


class Needs(_Model):
    """Matters that need somebody, the gravest first; ``empty`` says that there are none, ``more`` how many are left
    out."""

    kind: Literal["needs"] = "needs"
    title: str
    items: tuple[Need, ...]
    empty: str
    more: str = ""


class Entry(_Model):
    """A name and what is said of it; ``code`` for digests and commands."""

    name: str
    text: str
    code: bool = False


class Entries(_Model):
    """Names with what is said of them."""

    kind: Literal["entries"] = "entries"
    title: str = ""
    entries: tuple[Entry, ...]


class Prose(_Model):
    """Paragraphs that a person wrote, or that explain."""

    kind: Literal["prose"] = "prose"
    title: str
    paragraphs: tuple[str, ...]


class Contents(_Model):
    """The pages of the pack by code and title."""

    kind: Literal["contents"] = "contents"
    title: str
    items: tuple[tuple[str, str], ...]


class Seal(_Model):
    """The place of what is known only once everything else stands, with the words before it: the hash of the content,
    the seal of the run's passport and the ledger's head; ``none`` stands for that of an empty ledger."""

    kind: Literal["seal"] = "seal"
    title: str
    content: str
    passport: str
    ledger: str
    none: str


Block = Annotated[
    Cards | Grid | Chart | Needs | Entries | Prose | Contents | Seal,
    Field(discriminator="kind"),
]


class Band(_Model):
    """Blocks side by side in columns, the first of which takes ``share`` of the width where there are two."""

    columns: tuple[tuple[Block, ...], ...] = Field(min_length=1, max_length=2)
    share: float = 0.5

    @classmethod
    def of(cls, *blocks: Block) -> Self:
        """Blocks below each other over the whole width."""
        return cls(columns=(blocks,))


class Page(_Model):
    """One page by its code (``cover``, ``overview``, ... or a KPI's code); ``status`` belongs to the title."""

    code: str
    title: str
    subtitle: str = ""
    status: Status | None = None
    word: str = ""
    bands: tuple[Band, ...]
    comment: Prose | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Everything on it, in reading order."""
        return tuple(block for band in self.bands for column in band.columns for block in column)


class Document(_Model):
    """A whole pack. ``rests_on`` says in short which facts and which run, for the foot of each page; ``at`` is the
    moment of the newest of them in ISO form, the only time that a file drawn from this carries."""

    format: Literal["scorecast-pack-1"] = FORMAT
    language: Language
    title: str
    company: str
    rests_on: str
    at: str
    pages: tuple[Page, ...] = Field(min_length=1)

    @property
    def text(self) -> bytes:
        """The one spelling: canonical JSON in UTF-8."""
        return canonical_json(self.model_dump(mode="json")).encode()

    @property
    def hash(self) -> str:
        """SHA-256 of :attr:`text`: the hash of the content."""
        return sha256(self.text).hexdigest()
