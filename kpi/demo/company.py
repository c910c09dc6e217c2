"""What sort of company the demo is: the size, the growth and the quality of each branch."""

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from kpi.periods import Period, quarter_range

SEED = "haiyue-1"
FIRST, LAST = Period.quarter(2020, 1), Period.quarter(2026, 3)
QUARTERS = tuple(quarter_range(FIRST, LAST))
PLANNED = tuple(quarter_range(FIRST, Period.quarter(2026, 4)))
DEPARTMENTS = {"finance_department": 46, "claims_department": 112, "hr_department": 38}
HEAD_OFFICE = "head_office"

# Shares of a year by quarter. The first quarter is heavy: the year's sales campaign (开门红) falls into it.
PREMIUM_SEASON = tuple(map(Decimal, ("0.40", "0.22", "0.20", "0.18")))
EXPENSE_SEASON = tuple(map(Decimal, ("0.26", "0.24", "0.24", "0.26")))
EVEN_SEASON = (Decimal("0.25"),) * 4


@dataclass(frozen=True)
class Branch:
    """A branch: standard premium of 2020 in yuan, agents and core staff then, growth by year in percent from 2021 on,
    and its quality against the company's mean in percentage points (persistency, service)."""

    code: str
    premium: int
    agents: int
    core_staff: int
    growth: tuple[int, int, int, int, int, int]
    quality: Decimal = Decimal(0)
    decline: Decimal = Decimal(0)  # percentage points of quality lost a quarter, from 2024 on


BRANCHES = (
    Branch("beijing", 1_450_000_000, 5200, 96, (7, 3, 8, 7, 7, 6), Decimal("0.4")),
    Branch("shanghai", 1_320_000_000, 4700, 90, (6, -4, 11, 8, 7, 7), Decimal("0.9")),
    Branch("guangdong", 2_150_000_000, 8600, 141, (10, 8, 13, 12, 12, 13), Decimal("1.8")),
    Branch("jiangsu", 1_780_000_000, 7400, 120, (8, 5, 9, 8, 8, 7), Decimal("1.0")),
    Branch("zhejiang", 1_610_000_000, 6500, 108, (8, 6, 9, 9, 8, 4), Decimal("-0.3")),
    Branch("sichuan", 1_040_000_000, 5600, 77, (7, 4, 8, 9, 8, 10), Decimal("-0.6")),
    Branch("hubei", 910_000_000, 4400, 66, (4, 6, 9, 7, 6, 5), Decimal("-0.8")),
    Branch("liaoning", 870_000_000, 4300, 64, (5, 3, 4, -4, -7, -9), Decimal("-1.0"), Decimal("1.0")),
)


def draw(spread: Decimal | int | str, *key: object) -> Decimal:
    """A figure between ``-spread`` and ``spread`` that only the key decides: the same on every machine, for ever."""
    text = "|".join((SEED, *map(str, key)))
    point = int.from_bytes(sha256(text.encode()).digest()[:4], "big") % 2001 - 1000
    return Decimal(spread) * point / 1000


def grown(branch: Branch, year: int) -> Decimal:
    """The branch's size in ``year`` as a multiple of 2020; the years before look like 2020."""
    size = Decimal(1)
    for step in branch.growth[: max(0, year - 2020)]:
        size *= 1 + Decimal(step) / 100
    return size


def quality(branch: Branch, quarter: Period) -> Decimal:
    """Percentage points above the company's usual level in a quarter."""
    late = max(0, quarter.ordinal - Period.quarter(2023, 4).ordinal)
    improving = Decimal(quarter.ordinal - FIRST.ordinal) * Decimal("0.06")
    return branch.quality + improving - branch.decline * late
