"""Mail: what a real server was handed, and what becomes of a message where a server misbehaves."""

import os
import time
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from secaudit.notify import deliver, enqueue_night
from secaudit.notify.queue import DEAD, FOLDER, SENT, WAITING, Queue
from secaudit.notify.standing import rows
from tests.ports import unused_port
from tests.unit.notify import servers, workspaces
from tests.unit.notify.workspaces import NIGHT, NOW, night


def places(workspace: Path) -> dict[str, int]:
    queue = Queue(workspace / FOLDER)
    return {place: len(queue.held(place)) for place in (WAITING, SENT, DEAD)}


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_people_get_what_is_their_business(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port)
        assert enqueue_night(workspace, night(), NOW).messages == 3
        done = deliver(workspace, NOW)
    assert (done.sent, done.faults, done.waiting) == (3, [], 0)
    assert server.receivers == ["oa@example.gov.cn", "portal@example.gov.cn", "leader@example.gov.cn"]
    oa, portal, leader = server.mails
    assert portal["Subject"] == "【等保自查】等级保护自查每夜汇总 2026-11-27 新增 3，逾期 2，将到期 1"
    assert portal["Auto-Submitted"] == "auto-generated"
    assert portal["To"].addresses[0].display_name == "安全管理员"
    assert portal["From"].addresses[0].addr_spec == "audit@example.gov.cn"
    assert parsedate_to_datetime(portal["Date"]) == NOW
    assert portal["Message-ID"] != oa["Message-ID"]
    for kind in ("plain", "html"):
        assert all(
            told in body(portal, kind) for told in ("某市大数据局", "网安整〔2026〕3号", NIGHT.isoformat())
        )
        assert "某县政务服务中心" not in body(portal, kind)
        assert "某县政务服务中心" in body(oa, kind)
    assert leader["Subject"].startswith("【等保自查】整改逾期催办")
    assert portal.get_content_type() == "multipart/alternative"


ONE = "  rules:\n    - {events: [digest], to: [one@example.gov.cn]}\n"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def one_message(folder: Path, port: int, notices: str = "") -> Path:
    """A workspace with one message in its queue."""
    workspace = workspaces.make(folder, notices + ONE) if notices else workspaces.with_mail(folder, port, ONE)
    assert enqueue_night(workspace, night(), NOW).messages == 1
    return workspace


def reason(workspace: Path) -> str:
    (row,) = rows(workspace, (WAITING, DEAD))
    assert row.message is not None
    return row.message.reason


def test_nothing_is_sent_twice(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = one_message(tmp_path, server.port)
        assert enqueue_night(workspace, night(), NOW).messages == 0
        assert deliver(workspace, NOW).sent == 1
        assert enqueue_night(workspace, night(), NOW + HOUR).messages == 0
        assert deliver(workspace, NOW + HOUR).sent == 0
        assert enqueue_night(workspace, night(NIGHT + DAY), NOW + DAY).messages == 1
        assert deliver(workspace, NOW + DAY).sent == 1
    assert len(server.mails) == 2


PROTECTED = """\
  mail:
    host: localhost
    port: {port}
    security: starttls
    ca: {ca}
    sender: audit@example.gov.cn
    user: audit
    password: env:SECAUDIT_TEST_MAIL
    timeout_s: 2
"""


def test_mail_goes_by_tls_and_the_password_leaves_the_environment(
    tmp_path: Path, certificates: servers.Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECAUDIT_TEST_MAIL", servers.PASSWORD)
    with servers.mail_server(certificates.context(certificates.good), login=True) as server:
        settings = PROTECTED.format(port=server.port, ca=certificates.ca)
        workspace = one_message(tmp_path, server.port, settings)
        assert deliver(workspace, NOW).faults == []
    assert server.encrypted == [True]
    assert server.logins == [(b"audit", servers.PASSWORD.encode())]
    assert "SECAUDIT_TEST_MAIL" not in os.environ


def test_a_wrong_password_is_told_and_never_shown(
    tmp_path: Path, certificates: servers.Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECAUDIT_TEST_MAIL", "another-synthetic-password")
    with servers.mail_server(certificates.context(certificates.good), login=True) as server:
        workspace = one_message(tmp_path, 0, PROTECTED.format(port=server.port, ca=certificates.ca))
        done = deliver(workspace, NOW)
    assert (done.sent, done.later) == (0, 1)
    assert reason(workspace) == "it refuses user or password (535)"
    assert "another-synthetic-password" not in str(done) + "".join(
        path.read_text(encoding="utf-8") for path in (workspace / FOLDER).rglob("*.json")
    )


@pytest.mark.parametrize(("file", "ca"), [("other", True), ("good", False)])
def test_a_certificate_that_does_not_fit_is_refused_before_anything_is_said(
    tmp_path: Path, certificates: servers.Certificates, monkeypatch: pytest.MonkeyPatch, file: str, ca: bool
) -> None:
    monkeypatch.setenv("SECAUDIT_TEST_MAIL", servers.PASSWORD)
    with servers.mail_server(certificates.context(getattr(certificates, file)), login=True) as server:
        settings = PROTECTED.format(port=server.port, ca=certificates.ca)
        settings = settings if ca else settings.replace(f"    ca: {certificates.ca}\n", "")
        workspace = one_message(tmp_path, 0, settings)
        assert deliver(workspace, NOW).later == 1
    assert reason(workspace).startswith("its certificate cannot be verified: ")
    assert not server.logins
    assert not server.mails


def test_a_server_without_starttls_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECAUDIT_TEST_MAIL", servers.PASSWORD)
    with servers.mail_server() as server:
        settings = PROTECTED.format(port=server.port, ca="ca.pem").replace("    ca: ca.pem\n", "")
        workspace = one_message(tmp_path, 0, settings)
        assert deliver(workspace, NOW).later == 1
    assert "STARTTLS" in reason(workspace)
    assert server.mails == []


def test_a_receiver_that_is_refused_is_put_aside_and_the_others_get_theirs(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        server.answers["oa@example.gov.cn"] = "550 no such user"
        workspace = workspaces.with_mail(tmp_path, server.port)
        enqueue_night(workspace, night(), NOW)
        done = deliver(workspace, NOW)
    assert (done.sent, done.dead, done.waiting) == (2, 1, 0)
    assert reason(workspace) == "550 no such user"


def test_a_server_that_refuses_everybody_is_told_of_each(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        server.answers["*"] = "554 relaying denied"
        workspace = workspaces.with_mail(tmp_path, server.port)
        enqueue_night(workspace, night(), NOW)
        done = deliver(workspace, NOW)
    assert (done.sent, done.dead) == (0, 3)
    assert places(workspace) == {WAITING: 0, SENT: 0, DEAD: 3}


def test_greylisting_is_waited_out(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        server.answers["*"] = "451 try again"
        workspace = one_message(tmp_path, server.port)
        assert deliver(workspace, NOW).later == 1
        server.answers.clear()
        assert deliver(workspace, NOW).sent == 0  # not before its time
        assert deliver(workspace, NOW + timedelta(minutes=2)).sent == 1
    assert len(server.mails) == 1


def test_a_message_that_is_refused_after_data_is_put_aside(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        server.data_answers = ["452 no room", "554 not wanted"]
        workspace = one_message(tmp_path, server.port)
        assert deliver(workspace, NOW).later == 1
        assert deliver(workspace, NOW + HOUR).dead == 1
    assert reason(workspace) == "554 not wanted"


HANGS = {
    "at the greeting": {b"GREET": b""},
    "after MAIL": {**servers.PLAIN, b"MAIL": b""},
    "before the text": {**servers.PLAIN, b"DATA": b""},
}


@pytest.mark.parametrize("answers", HANGS.values(), ids=HANGS.keys())
def test_a_server_that_hangs_ends_in_time(tmp_path: Path, answers: dict[bytes, bytes]) -> None:
    with servers.nasty(lambda connection, server: servers.talk(connection, server, answers)) as server:
        workspace = workspaces.with_mail(tmp_path, server.port, workspaces.RULES)
        enqueue_night(workspace, night(), NOW)
        begun = time.monotonic()
        done = deliver(workspace, NOW, budget_s=30)
        assert time.monotonic() - begun < 20
    assert (done.sent, done.dead) == (0, 0)
    assert done.waiting == 3


SAYS = {
    "closes at once": ({**servers.PLAIN, b"GREET": b"421 no\r\n"}, "421 no"),
    "closes after MAIL": ({**servers.PLAIN, b"MAIL": b"CLOSE"}, "the connection was closed"),
    "refuses the sender": ({**servers.PLAIN, b"MAIL": b"553 who\x1b[31m?\r\n"}, "553 who\\x1b[31m?"),
    "speaks no SMTP": ({**servers.PLAIN, b"GREET": b"HTTP/1.1 400\r\n"}, "-1 /1.1 400"),
    "a line without end": ({**servers.PLAIN, b"GREET": b"2" * 4096}, "the connection was closed"),
    "an answer without end": (
        {**servers.PLAIN, b"GREET": b"220-more\r\n" * 300},
        "500 the answer has too many lines",
    ),
}


@pytest.mark.parametrize(("answers", "told"), SAYS.values(), ids=SAYS.keys())
def test_what_a_server_says_is_told_harmlessly(
    tmp_path: Path, answers: dict[bytes, bytes], told: str
) -> None:
    with servers.nasty(lambda connection, server: servers.talk(connection, server, answers)) as server:
        workspace = one_message(tmp_path, server.port)
        assert deliver(workspace, NOW).later == 1
    assert reason(workspace) == told


def test_a_server_that_drips_is_cut_off(tmp_path: Path) -> None:
    def drip(connection, server):  # type: ignore[no-untyped-def]
        while True:
            connection.sendall(b"2")
            time.sleep(0.2)

    with servers.nasty(drip) as server:
        workspace = one_message(tmp_path, server.port)
        begun = time.monotonic()
        done = deliver(workspace, NOW, budget_s=1)
        assert time.monotonic() - begun < 10
    assert done.later == 1


def test_without_an_answer_after_the_text_it_is_tried_once_more(tmp_path: Path) -> None:
    answers = {**servers.PLAIN, b".": b""}
    with servers.nasty(lambda connection, server: servers.talk(connection, server, answers)) as server:
        workspace = one_message(tmp_path, server.port)
        assert deliver(workspace, NOW).later == 1
        assert deliver(workspace, NOW + HOUR).later == 1
        assert deliver(workspace, NOW + 3 * HOUR).dead == 1
    assert server.connections == 2
    assert reason(workspace) == "two attempts ended nobody knows how: it may have arrived"


def test_a_server_that_is_down_costs_one_attempt_for_all(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, unused_port())
    enqueue_night(workspace, night(), NOW)
    done = deliver(workspace, NOW)
    assert (done.later, done.faults) == (3, ["mail: Connection refused"])


def test_what_was_never_delivered_is_put_aside_after_days_and_can_be_revived(tmp_path: Path) -> None:
    workspace = one_message(tmp_path, unused_port())
    assert deliver(workspace, NOW + 2 * DAY).later == 1
    assert deliver(workspace, NOW + 4 * DAY).dead == 1
    assert reason(workspace) == "not delivered within 3 days: Connection refused"
    queue = Queue(workspace / FOLDER)
    with servers.mail_server() as server:
        workspaces.with_mail(workspace, server.port, ONE)
        assert queue.revive(queue.held(DEAD)[0], NOW + 5 * DAY)
        assert deliver(workspace, NOW + 5 * DAY).sent == 1
    assert len(server.mails) == 1


def test_a_name_cannot_become_a_header_or_another_receiver(tmp_path: Path) -> None:
    name = '王,\\ <x@evil.example>, y@evil.example; \\"' + "很长的名字" * 20
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port)
        file = workspace / "systems" / "oa.yaml"
        file.write_text(
            file.read_text(encoding="utf-8").replace("name: 安全管理员", f'name: "{name}"'), encoding="utf-8"
        )
        enqueue_night(workspace, night(), NOW)
        assert deliver(workspace, NOW).sent == 3
    to = server.mails[0]["To"]
    assert [one.addr_spec for one in to.addresses] == ["oa@example.gov.cn"]
    assert "evil.example" not in server.receivers
    assert to.addresses[0].display_name.startswith("王 xevil")
