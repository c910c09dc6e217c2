"""From a clock on a wall to a moment, where the clock is put forward or back twice a year."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tzlocal import get_localzone_name

from kpi.errors import refuse

_SECOND = timedelta(seconds=1)


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a clock in ``zone`` first shows ``wall`` (naive), in UTC.

    A time that is shown twice counts at its first showing; one that is skipped counts at the first moment after the
    gap. So a later wall time never comes at an earlier moment.
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if wall_at(moment, zone) == wall:
        return moment
    # In a gap the two readings stand on either side of the change; whole seconds, as zones have them.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC).replace(microsecond=0), moment
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def wall_at(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in ``zone`` shows, naive."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises Refused for another name."""
    if name not in zone_names():
        raise refuse(
            f"没有时区 {name!r}。请用 IANA 名称，例如 Asia/Shanghai。",
            f"there is no time zone {name!r}. Use an IANA name such as Asia/Shanghai.",
        )
    return ZoneInfo(name)


@cache
def zone_names() -> tuple[str, ...]:
    """All that this machine knows, in order."""
    return tuple(sorted(available_timezones()))


def zone_of_this_machine() -> str:
    """Its IANA name."""
    return get_localzone_name()
