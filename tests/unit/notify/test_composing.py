"""Who is told what of a night."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from secaudit.model.night import Due, NightSummary, SystemNight
from secaudit.model.notice import Notice, NoticeCounts, NoticeEvent, OrganisationName, WatchVerdict
from secaudit.notify import enqueue_night
from secaudit.notify.composing import notices_of
from secaudit.notify.letters import Letters
from secaudit.notify.queue import WAITING
from secaudit.notify.receivers import Receiver, without_address
from secaudit.notify.settings import load_notices
from secaudit.notify.standing import rows
from secaudit.register import load_register
from secaudit.register.notice_settings import Channel
from tests.unit.notify import workspaces
from tests.unit.notify.workspaces import NIGHT, NOW, night

MAIL = workspaces.MAIL.format(port=25)


def told(folder: Path, rules: str, summary: NightSummary) -> list[tuple[Receiver, Notice]]:
    workspace = workspaces.make(folder, MAIL + "  syslog: {}\n  rules:\n" + rules)
    settings = load_notices(workspace)
    assert settings is not None
    return list(notices_of(summary, load_register(workspace), settings))


def events_of(found: list[tuple[Receiver, Notice]]) -> Counter[NoticeEvent]:
    return Counter(notice.event for _receiver, notice in found)


def test_a_person_is_told_of_the_own_systems_and_a_leader_of_all_below(tmp_path: Path) -> None:
    rules = "    - {events: [digest], roles: [security-administrator, leader]}\n"
    found = {receiver.address: notice for receiver, notice in told(tmp_path, rules, night())}
    names = {address: [part.organisation.text for part in one.parts] for address, one in found.items()}
    assert names == {
        "oa@example.gov.cn": ["某县政务服务中心"],
        "portal@example.gov.cn": ["某市大数据局"],
        "leader@example.gov.cn": ["某市大数据局", "某县政务服务中心"],
    }
    assert found["leader@example.gov.cn"].total().open == 16


def test_an_address_that_several_rules_name_gets_one_message(tmp_path: Path) -> None:
    rules = """\
    - {events: [digest], roles: [leader], organisations: [county]}
    - {events: [digest], to: [Leader@example.gov.cn], systems: [portal]}
"""
    ((receiver, notice),) = told(tmp_path, rules, night())
    assert (receiver.address, receiver.name) == ("leader@example.gov.cn", "分管负责人")
    assert [part.organisation.text for part in notice.parts] == ["某市大数据局", "某县政务服务中心"]


def test_a_rule_reaches_what_it_names(tmp_path: Path) -> None:
    rules = "    - {events: [digest], channel: syslog, organisations: [county]}\n"
    ((receiver, notice),) = told(tmp_path, rules, night())
    assert receiver == Receiver(Channel.SYSLOG)
    assert [part.organisation.text for part in notice.parts] == ["某县政务服务中心"]


def test_a_night_without_failure_has_no_notice_of_failure(tmp_path: Path) -> None:
    rules = "    - {channel: syslog}\n"
    assert NoticeEvent.NIGHT_FAILED not in events_of(told(tmp_path, rules, night()))
    assert NoticeEvent.NIGHT_FAILED in events_of(told(tmp_path, rules, night(missed=1)))
    assert NoticeEvent.TEST not in events_of(told(tmp_path, rules, night()))


def test_a_night_that_came_to_nothing_is_told_of_every_system(tmp_path: Path) -> None:
    rules = "    - {events: [night-failed, digest], channel: syslog}\n"
    ((_receiver, notice),) = told(tmp_path, rules, NightSummary(NIGHT, (), failed=True))
    assert notice.failed
    assert [part.systems for part in notice.parts] == [1, 1]


def test_reminders_hold_the_deadlines_that_are_news(tmp_path: Path) -> None:
    rules = "    - {channel: syslog}\n"
    found = {notice.event: notice for _receiver, notice in told(tmp_path, rules, night())}
    assert [one.document.text for one in found[NoticeEvent.OVERDUE].parts[0].due] == ["网安整〔2026〕3号"]
    assert [one.document.text for one in found[NoticeEvent.DEADLINE].parts[0].due] == ["网安整〔2026〕4号"]
    assert [one.day for one in found[NoticeEvent.PACKAGE_DUE].parts[0].packages] == [
        NIGHT + timedelta(days=7)
    ]
    assert [one.text for one in found[NoticeEvent.PACKAGE_RETURNED].parts[0].returned] == ["2026-2"]
    known = events_of(told(tmp_path, rules, night(previous=NIGHT)))
    assert known == Counter({NoticeEvent.DIGEST: 1})  # a second run on the same day has no news


def test_what_could_name_a_host_or_a_flaw_is_left_out(tmp_path: Path) -> None:
    rules = "    - {events: [overdue], channel: syslog}\n"
    summary = night()
    due = tuple(
        Due(text, NIGHT - timedelta(days=1))
        for text in (
            "192.0.2.7",
            "portal-web1-2026",
            "portal-web1核心区2026-1",
            "CVE-2026-1",
            "网安整〔2026〕5号",
        )
    )
    system = SystemNight("portal", NoticeCounts(overdue=5), due=due)
    ((_receiver, notice),) = told(tmp_path, rules, NightSummary(summary.night, (system,)))
    counted = {one.document.text: one.count for one in notice.parts[0].due}
    assert counted == {"": 4, "网安整〔2026〕5号": 1}


def test_roles_that_nobody_has_are_named(tmp_path: Path) -> None:
    workspace = workspaces.make(
        tmp_path, MAIL + "  rules:\n    - {roles: [operations, security-administrator]}\n"
    )
    settings = load_notices(workspace)
    assert settings is not None
    assert without_address(settings, load_register(workspace)) == [
        ("oa", "operations"),
        ("portal", "operations"),
    ]


def test_a_register_that_cannot_be_read_is_told_to_whom_can_be_told(tmp_path: Path) -> None:
    rules = """\
    - {events: [night-failed], roles: [leader, security-administrator]}
    - {to: [Leader@example.gov.cn, watch@example.gov.cn], systems: [portal]}
    - {channel: syslog}
    - {events: [digest], to: [other@example.gov.cn]}
"""
    workspace = workspaces.make(tmp_path, MAIL + "  syslog: {}\n  rules:\n" + rules)
    (workspace / "systems" / "oa.yaml").write_text("id: [", encoding="utf-8")
    entered = enqueue_night(workspace, night(), NOW)
    assert entered.messages == 3
    assert "oa.yaml" in entered.faults[0]
    assert enqueue_night(workspace, night(), NOW).messages == 0
    messages = [row.message for row in rows(workspace, (WAITING,)) if row.message]
    assert [one.receiver.address for one in messages] == ["leader@example.gov.cn", "watch@example.gov.cn", ""]
    assert {(one.notice.event, one.notice.failed, one.notice.parts) for one in messages} == {
        (NoticeEvent.NIGHT_FAILED, True, ())
    }
    office = OrganisationName("某市大数据局")
    letter = Letters(workspace, office, "zh").write(messages[0].notice)
    assert "备份有环节失败" in letter.text
    assert "定级对象" not in letter.text + letter.html


def watch(portal: WatchVerdict, oa: WatchVerdict, *, failed: bool = False) -> NightSummary:
    """A night of heavy protection, and what it came to."""
    systems = (SystemNight("portal", verdict=portal), SystemNight("oa", verdict=oa))
    return NightSummary(NIGHT, systems, failed=failed, is_watch=True)


def test_a_watch_is_told_by_the_same_rules_and_to_each_what_the_own_systems_came_to(tmp_path: Path) -> None:
    rules = "    - {roles: [security-administrator, leader]}\n"
    zero, changed = WatchVerdict.ZERO, WatchVerdict.CHANGED
    found = told(tmp_path / "a", rules, watch(zero, changed))
    assert events_of(found) == Counter({NoticeEvent.WATCH: 3})
    assert {receiver.address: notice.verdict for receiver, notice in found} == {
        "portal@example.gov.cn": zero,
        "oa@example.gov.cn": changed,
        "leader@example.gov.cn": changed,
    }
    failed = events_of(told(tmp_path / "b", rules, watch(zero, WatchVerdict.UNVERIFIED, failed=True)))
    assert failed == Counter({NoticeEvent.WATCH: 3, NoticeEvent.WATCH_FAILED: 3})


def test_a_watch_and_an_audit_of_one_night_are_two_messages(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path, MAIL + "  syslog: {}\n  rules:\n    - {channel: syslog}\n")
    first = enqueue_night(workspace, replace(night(), failed=True), NOW).messages
    watched = enqueue_night(workspace, watch(WatchVerdict.ZERO, WatchVerdict.ZERO, failed=True), NOW)
    assert (first > 0, watched.messages) == (True, 2)
