import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.pace import Pace, left_in_words


@given(
    per_second=st.floats(0.0001, 0.01),
    words=st.integers(20, 200),
    between=st.floats(0.1, 2.0),
    held=st.floats(0.0, 0.3),
)
def test_at_an_even_pace_the_time_left_is_what_it_will_take_however_much_a_checkpoint_held(
    per_second: float, words: int, between: float, held: float
) -> None:
    pace = Pace()
    pace.left(0.0, 0.0)
    now, share, left = 0.2, held, pace.left(0.2, held)
    for _ in range(words):
        now, share = now + between, min(0.99, share + per_second * between)
        left = pace.left(now, share)
        if share == 0.99:
            return

    if held > 0.04 or held == 0.0:  # a smaller leap passes for work until it is too long ago
        assert left == pytest.approx((1.0 - share) / per_second, rel=0.15)


def test_only_the_newest_pace_counts() -> None:
    """Half of the work took ten seconds; the other half is a hundred times slower."""
    pace = Pace(span=30.0)
    for second in range(11):
        pace.left(float(second), second * 0.05)
    for second in range(11, 100):
        left = pace.left(float(second), 0.5 + (second - 10) * 0.0005)

    assert left == pytest.approx((0.5 - 89 * 0.0005) / 0.0005)


def test_nothing_is_said_in_the_first_second_nor_where_nothing_moves() -> None:
    pace = Pace()

    assert pace.left(0.0, 0.0) is None
    assert pace.left(0.9, 0.02) is None
    assert pace.left(2.0, 0.02) == pytest.approx(98.0)
    assert Pace().left(0.0, 0.5) is None
    still = Pace()
    assert [still.left(float(second), 0.5) for second in range(40)] == [None] * 40


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (0.2, "about 1 s left", "约剩 1 秒"),
        (7.4, "about 7 s left", "约剩 7 秒"),
        (33.0, "about 35 s left", "约剩 35 秒"),
        (59.9, "about 60 s left", "约剩 60 秒"),
        (100.0, "about 2 min left", "约剩 2 分钟"),
        (3599.0, "about 1 h 0 min left", "约剩 1 小时 0 分钟"),
        (8100.0, "about 2 h 15 min left", "约剩 2 小时 15 分钟"),
    ],
)
def test_the_time_left_is_said_no_finer_than_it_is_known(seconds: float, en: str, zh: str) -> None:
    words = left_in_words(seconds)

    assert (words.en, words.zh) == (en, zh)
