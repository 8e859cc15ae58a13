"""Trends for a person (with lines of eight heights), and as CSV with a line a period."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from secaudit.cli.show import Column, show_rows
from secaudit.language import _
from secaudit.model.trend import By
from secaudit.report.trend_view import AUDITED, figures_of, known_share

BARS: Final = "▁▂▃▄▅▆▇█"
# a period in which nothing was audited
NO_POINT: Final = "·"
BAR_WIDTH: Final = 10

Point = Mapping[str, Any]


def print_csv(view: Mapping[str, Any]) -> None:
    """A line for each period of each, empty where nothing was audited."""
    keys = ("id", "name", "period", *figures_of(By(view["by"])), *AUDITED)
    rows = (
        {"id": one["id"], "name": one["name"], "period": period["label"], **(point or {})}
        for one in view["trends"]
        for period, point in zip(view["periods"], one["points"], strict=True)
    )
    show_rows([Column(key, key) for key in keys], rows, "csv")


def print_table(view: Mapping[str, Any]) -> None:
    """One after the other; the periods of a single one."""
    labels = [period["label"] for period in view["periods"]]
    found = view["trends"]
    whole = By(view["by"]) in (By.ORGANISATION, By.SYSTEM)
    if not found:
        click.echo(_("No whole audit in {first} to {last}.").format(first=labels[0], last=labels[-1]))
    elif whole and len(found) == 1:
        click.echo(f"{found[0]['id']}  {found[0]['name']}")
        show_rows(_period_columns(), list(_periods(labels, found[0]["points"])), "table")
    else:
        rows = [_row(one, labels) for one in found]
        rows.sort(key=lambda row: (-(row["last"] or 0), row["id"]))
        click.echo(_("{first} to {last}: failing").format(first=labels[0], last=labels[-1]))
        show_rows(_columns(whole=whole), rows, "table")


def sparkline(values: Sequence[int | None]) -> str:
    """Between nothing and the highest value; where there is none a dot."""
    highest = max((value for value in values if value is not None), default=0) or 1
    step = len(BARS) - 1
    return "".join(NO_POINT if value is None else BARS[-(-value * step // highest)] for value in values)


def _columns(*, whole: bool) -> list[Column]:
    severities = [Column(name, word, right=True) for name, word in _severities()] if whole else []
    return [
        Column("id", _("id"), fold=True),
        Column("name", _("name"), fold=True),
        Column("line", _("trend")),
        Column("first", _("first"), right=True),
        Column("last", _("last"), right=True),
        Column("change", _("change"), right=True),
        *severities,
        Column("unknown", _("UNKNOWN"), right=True),
        *([Column("share", _("judged"), right=True)] if whole else []),
        Column("at", _("audited")),
    ]


def _severities() -> list[tuple[str, str]]:
    return [("high", _("high")), ("medium", _("medium")), ("low", _("low"))]


def _row(one: Mapping[str, Any], labels: Sequence[str]) -> dict[str, Any]:
    values = [point["failing"] if point else None for point in one["points"]]
    known = [(label, point) for label, point in zip(labels, one["points"], strict=True) if point]
    (_first, first), (at, last) = known[0], known[-1]
    change = last["failing"] - first["failing"]
    return {
        "id": one["id"],
        "name": one["name"],
        "line": sparkline(values),
        "first": first["failing"],
        "last": last["failing"],
        "change": f"{change:+d}" if change else "0",
        **last,
        "share": _percent(last) if "judged" in last else None,
        "at": at if last["audited"] == last["systems"] else f"{at} ({last['audited']}/{last['systems']})",
    }


def _period_columns() -> list[Column]:
    return [
        Column("period", _("period")),
        Column("bar", _("failing")),
        Column("failing", "", right=True),
        *(Column(name, word, right=True) for name, word in _severities()),
        Column("offenders", _("in places"), right=True),
        Column("unknown", _("UNKNOWN"), right=True),
        Column("share", _("judged"), right=True),
        Column("reached", _("reached"), right=True),
    ]


def _periods(labels: Sequence[str], points: Sequence[Point | None]) -> Sequence[dict[str, Any]]:
    highest = max((point["failing"] for point in points if point), default=0) or 1
    return [
        {
            "period": label,
            "bar": "█" * round(point["failing"] * BAR_WIDTH / highest),
            **point,
            "share": _percent(point),
            "reached": f"{point['reached']}/{point['assets']}",
        }
        if point
        else {"period": label, "bar": _("no whole audit")}
        for label, point in zip(labels, points, strict=True)
    ]


def _percent(point: Point) -> str:
    share = known_share(point)
    return "" if share is None else f"{share:.1%}"
