"""Notices in words: both languages, templates of an office, and nothing in them that names a host or a flaw."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from secaudit.errors import UsageError
from secaudit.model.night import Due, NightSummary, Returned, SystemNight
from secaudit.model.notice import NoticeCounts, NoticeEvent, OrganisationName
from secaudit.model.text import Language
from secaudit.notify import deliver, enqueue_night, load_notices
from secaudit.notify.composing import notices_of
from secaudit.notify.letters import OWN, Letter, Letters
from secaudit.notify.message import Message
from secaudit.notify.receivers import Receiver
from secaudit.notify.samples import sample
from secaudit.notify.syslog import line_of
from secaudit.notify.webhook import body_of
from secaudit.register import load_register
from secaudit.register.notice_settings import Channel
from tests.unit.notify import servers, workspaces
from tests.unit.notify.workspaces import NIGHT, NOW, night

OFFICE = OrganisationName("某市大数据局")
CANARIES = ("canary-host-1", "198.51.100.77", "/canary/path", "金丝雀资产", "CVE-2026-7777")


def letter(folder: Path, event: NoticeEvent = NoticeEvent.DIGEST, language: Language = "zh") -> Letter:
    return Letters(folder, OFFICE, language).write(sample(event, OFFICE, date(2026, 11, 27)))


@pytest.mark.parametrize("event", NoticeEvent)
def test_every_event_has_words_in_both_languages(tmp_path: Path, event: NoticeEvent) -> None:
    chinese, english = letter(tmp_path, event), letter(tmp_path, event, "en")
    assert chinese.subject.startswith("【等保自查】")
    assert english.subject.startswith("[MLPS] ")
    for text in (english.text, english.html):
        assert "{" not in re.sub(r"<style.*?</style>", "", text)
        own_words = text.replace(OFFICE.text, "").replace("Microsoft YaHei", "")
        assert not re.search("[\u4e00-\u9fff]", own_words)
    assert "\n\n\n" not in chinese.text
    assert "系统自动发送，请勿回复。" in chinese.text


def test_figures_and_deadlines_are_told(tmp_path: Path) -> None:
    text = letter(tmp_path).text
    assert "新增 3 | 关闭 1 | 重现 0" in text
    assert "2026-11-20  2026-1  数量 2  已逾期 7 天" in text
    assert "2026-11-30  2026-1  数量 2  还有 3 天" in text


def test_names_are_escaped_in_html_and_plain_in_text(tmp_path: Path) -> None:
    office = OrganisationName("<b>局 & 处")
    made = Letters(tmp_path, office, "zh").write(sample(NoticeEvent.DIGEST, office, NIGHT))
    assert "&lt;b&gt;局 &amp; 处" in made.html
    assert "<b>" not in made.html
    assert "<b>局 & 处" in made.text


def test_an_office_may_replace_a_template_for_all_events_or_for_one(tmp_path: Path) -> None:
    (tmp_path / OWN).mkdir(parents=True)
    (tmp_path / OWN / "notice.subject.j2").write_text("{{ office }}通知\r\nBcc: x", encoding="utf-8")
    (tmp_path / OWN / "overdue.txt.j2").write_text("逾期 {{ total.overdue }} 项", encoding="utf-8")
    assert letter(tmp_path).subject == "某市大数据局通知 Bcc: x"
    assert letter(tmp_path, NoticeEvent.OVERDUE).text == "逾期 2 项"
    assert "逾期 2 项" not in letter(tmp_path).text


BAD = {
    "syntax": "{{ ",
    "an unknown name": "{{ host }}",
    "a file": "{% include '/etc/passwd' %}",
    "a way out": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a call": "{{ t.__init__.__globals__ }}",
    "arithmetic": "{{ 1 // 0 }}",
    "no end": "{% for a in range(99999) %}{{ 'x' * 100 }}{% endfor %}",
    "too wide": "{% for a in range(9999999) %}x{% endfor %}",
    "not UTF-8": b"\xff\xfe",
}


@pytest.mark.parametrize("template", BAD.values(), ids=BAD.keys())
def test_a_template_that_cannot_be_filled_is_named_and_the_notice_waits(
    tmp_path: Path, template: str | bytes
) -> None:
    with servers.mail_server() as server:
        rules = "  rules:\n    - {events: [digest], to: [one@example.gov.cn]}\n"
        workspace = workspaces.with_mail(tmp_path, server.port, rules)
        own = workspace / OWN / "digest.txt.j2"
        own.parent.mkdir(parents=True)
        own.write_bytes(template if isinstance(template, bytes) else template.encode())
        with pytest.raises(UsageError, match=r"digest\.txt\.j2"):
            letter(workspace)
        enqueue_night(workspace, night(), NOW)
        done = deliver(workspace, NOW)
        assert (done.sent, done.later) == (0, 1)
        assert "digest.txt.j2" in done.faults[0]
        own.unlink()
        assert deliver(workspace, NOW.replace(hour=21)).sent == 1
    assert len(server.mails) == 1


def test_nothing_of_an_asset_or_a_flaw_gets_into_a_notice(tmp_path: Path) -> None:
    """Every text of the night and of the assets is a canary; none is in a mail, a webhook or a line of syslog."""
    workspace = workspaces.make(
        tmp_path,
        workspaces.MAIL.format(port=9)
        + '  webhook: {url: "http://127.0.0.1:9/", key: "env:X"}\n  syslog: {}\n  rules:\n'
        + "".join(f"    - {{channel: {name}}}\n" for name in ("webhook", "syslog"))
        + "    - {to: [one@example.gov.cn]}\n",
    )
    for file in (workspace / "systems").iterdir():
        text = file.read_text(encoding="utf-8")
        asset = (
            "{id: canary-host-1, kind: linux, name: 金丝雀资产, address: 198.51.100.77, zone: canary-zone}"
        )
        text = re.sub(r"  - \{id: \S+-web1.*", f"  - {asset}", text).replace("门户网站", "金丝雀系统")
        file.write_text(
            text.replace("canary-host-1", f"canary-host-1{'-oa' * (file.stem == 'oa')}"), encoding="utf-8"
        )
    summary = NightSummary(
        NIGHT,
        tuple(
            SystemNight(
                system,
                NoticeCounts(new=1, failed=1),
                due=tuple(Due(f"{text} 1", day) for text in CANARIES for day in (NIGHT, date(2026, 11, 1))),
                packages=tuple(Due(f"{text}2026", NIGHT) for text in CANARIES),
                returned=tuple(Returned(f"2026 {text}", NIGHT) for text in CANARIES),
            )
            for system in ("portal", "oa")
        ),
        failed=True,
    )
    settings = load_notices(workspace)
    assert settings is not None
    watched = replace(summary, is_watch=True)
    register = load_register(workspace)
    told = [found for one in (summary, watched) for found in notices_of(one, register, settings)]
    assert {notice.event for _receiver, notice in told} == set(NoticeEvent) - {NoticeEvent.TEST}
    for _receiver, notice in told:
        message = Message("0" * 20, Receiver(Channel.WEBHOOK), "zh", notice, NOW, NOW, (NIGHT,))
        written = Letters(workspace, OFFICE, "zh").write(notice)
        texts = (written.subject, written.text, written.html, body_of(message).decode())
        for text in (*texts, line_of(message, "local5").decode()):
            assert not [name for name in (*CANARIES, "canary", "金丝雀") if name.lower() in text.lower()]
            assert not re.search(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", text)
