"""How far a scan is: a bar on a terminal, a line for each asset elsewhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from secaudit.cli.escaping import printable
from secaudit.cli.show import console
from secaudit.cli.unreached import why
from secaudit.language import _
from secaudit.model.evidence import BUNDLE, Visit
from secaudit.model.result import Result, Verdict
from secaudit.register.times import shown


class Teller:
    """Hears of each visit as it completes."""

    def __init__(self, bar: Progress | None, total: int) -> None:
        self._bar = bar
        self._total = total
        self._done = 0
        self._task = bar.add_task(_("visiting"), total=total) if bar else None

    def __call__(self, visit: Visit, results: Sequence[Result]) -> None:
        """Tell of one visit."""
        self.tell(told_of(visit, results))

    def tell(self, told: str) -> None:
        """One more is done, and this is the line about it."""
        self._done += 1
        if self._bar is not None and self._task is not None:
            self._bar.console.print(told, markup=False, highlight=False)
            self._bar.advance(self._task)
        else:
            click.echo(f"[{self._done}/{self._total}] {told}", err=True)


@contextmanager
def progress(total: int) -> Iterator[Teller]:
    """A teller for that many visits, on standard error."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield Teller(None, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        yield Teller(bar, total)


def told_of(visit: Visit, results: Sequence[Result]) -> str:
    """One line about a visit."""
    name = printable(visit.asset_id)
    if visit.gap is not None:
        return _("not reached: {why}").format(why=why(visit.asset_id, visit.gap))
    counts = Counter(result.verdict for result in results)
    if visit.channel.get("transport") == BUNDLE:
        name = _("{asset}, from the bundle of {at}").format(asset=name, at=shown(visit.started_at))
        told = _("{asset}: {all} verdicts, {failed} failed, {unknown} not judged")
        return told.format(
            asset=name,
            all=len(results),
            failed=counts[Verdict.FAIL] + counts[Verdict.PARTIAL],
            unknown=counts[Verdict.UNKNOWN],
        )
    return _("{asset}: {all} verdicts, {failed} failed, {unknown} not judged ({seconds:.1f} s)").format(
        asset=name,
        all=len(results),
        failed=counts[Verdict.FAIL] + counts[Verdict.PARTIAL],
        unknown=counts[Verdict.UNKNOWN],
        seconds=(visit.ended_at - visit.started_at).total_seconds(),
    )
