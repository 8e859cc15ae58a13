"""When people are reminded of a deadline: once at each stage, on whichever night it is reached."""

from collections.abc import Sequence
from datetime import date


def reached(
    deadline: date, day: date, remind_days: Sequence[int], escalate_days: Sequence[int]
) -> int | None:
    """The stage on that day: days left (at most), negative when it is over; None while it is far away.

    Both lists ascend. After the last stage the time of it comes round again and again.
    """
    left = (deadline - day).days
    if left >= 0:
        return next((stage for stage in remind_days if left <= stage), None)
    late, last = -left, escalate_days[-1]
    if late >= last:
        return -(late // last * last)
    return -max((stage for stage in escalate_days if stage <= late), default=0) or None


def is_news(
    deadline: date,
    day: date,
    previous: date | None,
    remind_days: Sequence[int],
    escalate_days: Sequence[int],
) -> bool:
    """Whether the stage of that day was reached after the previous night."""
    stage = reached(deadline, day, remind_days, escalate_days)
    before = reached(deadline, previous, remind_days, escalate_days) if previous else None
    return stage is not None and stage != before
