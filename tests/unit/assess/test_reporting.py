"""What a paper from outside makes of findings."""

from datetime import UTC, date, datetime, timedelta

from secaudit.assess.reporting import Paper, deadline_event, matched, opened_by
from secaudit.model.content import Severity
from secaudit.model.finding import EventKind, Source
from secaudit.model.reported import Reported
from tests.unit.assess.test_demanding import finding

NOW = datetime(2026, 3, 5, tzinfo=UTC)
PAPER = Paper(Source.POLICE, "a" * 64, NOW)
SAID = Reported(
    "oa", "web1", "弱口令", Severity.HIGH, "7号", "V-1", check="linux.a", deadline=date(2026, 4, 1)
)


def test_what_is_not_on_record_is_opened() -> None:
    told = matched([(SAID, NOW - timedelta(days=2)), (SAID, NOW + timedelta(hours=1))], [])
    first, later = opened_by(told, PAPER)
    assert (first.system, first.asset, first.check, first.title.zh) == ("oa", "web1", "linux.a", "弱口令")
    assert (first.document, first.reference, first.source) == ("7号", "V-1", Source.POLICE)
    assert (first.opened, first.failed_at) == (NOW - timedelta(days=2), NOW)
    assert later.opened == NOW


def test_the_same_problem_is_the_same_finding_whatever_check_is_named() -> None:
    known = finding(source=Source.POLICE, document="7号", reference="V-1", check="")
    others = [finding(document="7号", reference="V-2"), finding(document="8号", reference="V-1")]
    (told,) = matched([(SAID, NOW)], [*others, known])
    assert told.known is known
    (none,) = matched([(SAID, NOW)], others)
    assert none.known is None


def test_a_deadline_is_put_on_record() -> None:
    event = deadline_event(SAID, NOW)
    assert event
    assert (event.kind, event.deadline, event.text) == (EventKind.PLANNED, date(2026, 4, 1), "7号")
    assert deadline_event(Reported("oa", "", "a", Severity.LOW, "7", "a"), NOW) is None
