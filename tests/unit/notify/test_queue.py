"""The queue on disk: entered once, in order, private; killed, full, damaged, and worked off by two at once."""

import errno
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.notify import deliver, enqueue_night, queue
from secaudit.notify import standing as notify_standing
from secaudit.notify.message import Message, decode
from secaudit.notify.queue import DEAD, FOLDER, KEPT_DAYS, SENT, WAITING, Queue
from secaudit.notify.standing import standing
from tests.ports import unused_port
from tests.unit.notify import servers, workspaces
from tests.unit.notify.workspaces import NIGHT, NOW, night

RULES = "  rules:\n    - {events: [digest], to: [one@example.gov.cn]}\n"
SYSLOG = "  syslog: {{address: {address}}}\n  rules:\n    - {{events: [digest], channel: syslog}}\n"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def queue_of(workspace: Path) -> Queue:
    return Queue(workspace / FOLDER)


def waiting(workspace: Path) -> list[Message]:
    return [message for held in queue_of(workspace).held(WAITING) if (message := held.read())]


def test_files_are_private_and_hold_no_asset(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9)
    enqueue_night(workspace, night(), NOW)
    files = [path for path in (workspace / FOLDER).rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((workspace / FOLDER).stat().st_mode) == 0o700
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert not any(name in text for name in ("192.0.2.7", "web1", "门户", "核心区"))


def test_two_that_send_at_once_send_nothing_twice(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port)
        enqueue_night(workspace, night(), NOW)
        with queue_of(workspace).sending() as is_alone:
            assert is_alone
            done = deliver(workspace, NOW)
            assert done.busy
            assert (done.sent, done.waiting) == (0, 3)
        threads = [threading.Thread(target=deliver, args=(workspace, NOW)) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        deliver(workspace, NOW)
    assert len(server.mails) == 3


def test_two_that_enter_at_once_enter_nothing_twice(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9)
    threads = [threading.Thread(target=enqueue_night, args=(workspace, night(), NOW)) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = queue_of(workspace).held(WAITING)
    assert [one.number for one in held] == [1, 2, 3]


def test_what_a_killed_process_was_sending_is_sent_once_more(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 0, RULES)
    answers = {**servers.PLAIN, b".": b""}
    with servers.nasty(lambda connection, server: servers.talk(connection, server, answers)) as hanging:
        workspaces.with_mail(tmp_path, hanging.port, RULES.replace("rules", "per_hour: 9\n  rules"))
        enqueue_night(workspace, night(), NOW)
        settings = (workspace / "secaudit.yaml").read_text(encoding="utf-8")
        (workspace / "secaudit.yaml").write_text(
            settings.replace("timeout_s: 1", "timeout_s: 60"), encoding="utf-8"
        )
        command = [sys.executable, "-m", "secaudit", "-w", str(workspace), "notices", "send"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while b".\r\n" not in hanging.heard and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    (held,) = queue_of(workspace).held(WAITING)
    assert held.unsure == 1
    with servers.mail_server() as server:
        workspaces.with_mail(tmp_path, server.port, RULES)
        assert deliver(workspace, NOW).sent == 1
        assert deliver(workspace, NOW).sent == 0
    assert len(server.mails) == 1


def test_killed_twice_it_is_put_aside(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9, RULES)
    enqueue_night(workspace, night(), NOW)
    waits = queue_of(workspace)
    for _kill in range(2):
        (held,) = waits.held(WAITING)
        waits.begin(held)
    assert deliver(workspace, NOW).dead == 1
    assert standing(workspace).dead == (1,)


def test_a_full_queue_takes_in_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (queue, notify_standing):
        monkeypatch.setattr(module, "LIMIT", 4)
    workspace = workspaces.with_mail(tmp_path, 9)
    assert enqueue_night(workspace, night(), NOW).messages == 3
    entered = enqueue_night(workspace, night(NIGHT + DAY), NOW)
    assert entered.messages == 1
    assert entered.faults == ("4 notices wait already; no more are taken in.",)
    assert standing(workspace).is_full


def test_a_full_disk_is_told_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port, RULES)
        enqueue_night(workspace, night(), NOW)

        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            entered = enqueue_night(workspace, night(NIGHT + DAY), NOW)
            assert entered.messages == 0
            assert "No space left on device" in entered.faults[0]
            assert deliver(workspace, NOW).sent == 1  # what is in the queue needs no room to be sent
        assert [path.name for path in (workspace / FOLDER / WAITING).iterdir()] == []
        assert enqueue_night(workspace, night(NIGHT + DAY), NOW).messages == 1


def test_a_failure_without_room_for_its_reason_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = workspaces.with_mail(tmp_path, unused_port(), RULES)
    enqueue_night(workspace, night(), NOW)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert "No space left on device" in deliver(workspace, NOW).faults[0]
    (held,) = queue_of(workspace).held(WAITING)
    assert held.unsure == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"key": "x"}', b"x" * 300_000])
def test_a_file_that_is_no_message_is_put_aside_and_named(tmp_path: Path, content: bytes) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port, RULES)
        enqueue_night(workspace, night(), NOW)
        bad = workspace / FOLDER / WAITING / f"00000000-mail-{0:020x}.json"
        bad.write_bytes(content)
        done = deliver(workspace, NOW)
    assert (done.sent, done.dead) == (1, 1)
    assert standing(workspace).broken == (bad.name,)


def test_a_message_cannot_be_forged_to_name_a_host(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9, RULES)
    enqueue_night(workspace, night(), NOW)
    (held,) = queue_of(workspace).held(WAITING)
    text = held.file.read_text(encoding="utf-8")
    assert held.read() is not None
    held.file.write_text(text.replace("网安整〔2026〕3号", "192.0.2.7"), encoding="utf-8")
    assert held.read() is None


FORGED = {
    "another receiver": ('"oa@example.gov.cn"', '"oa@example.gov.cn\\r\\nRCPT TO:<x@y.cn>"'),
    "no time zone": ('"made": "2026-11-27T20:00:00Z"', '"made": "2026-11-27T20:00:00"'),
    "the end of time": ('"made": "2026-11-27T20:00:00Z"', '"made": "9999-12-31T23:59:59Z"'),
    "another language": ('"language": "zh"', '"language": "xx"'),
    "a host for an event": ('"event": "digest"', '"event": "web1"'),
}


@pytest.mark.parametrize(("written", "forged"), FORGED.values(), ids=FORGED.keys())
def test_what_could_not_have_been_written_is_no_message(tmp_path: Path, written: str, forged: str) -> None:
    workspace = workspaces.with_mail(tmp_path, 9)
    enqueue_night(workspace, night(), NOW)
    held = queue_of(workspace).held(WAITING)[0]
    text = held.file.read_text(encoding="utf-8")
    assert written in text
    held.file.write_text(text.replace(written, forged), encoding="utf-8")
    assert held.read() is None
    assert deliver(workspace, NOW).dead == 1


@given(st.binary())
def test_any_bytes_are_a_message_or_none(content: bytes) -> None:
    assert decode(content) is None or isinstance(decode(content), Message)


def test_a_link_or_a_pipe_is_not_followed(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9, RULES)
    enqueue_night(workspace, night(), NOW)
    folder = workspace / FOLDER / WAITING
    (folder / f"00000008-mail-{8:020x}.json").symlink_to("/etc/passwd")
    os.mkfifo(folder / f"00000009-mail-{9:020x}.json")
    assert standing(workspace).waiting == 3
    assert len(standing(workspace).broken) == 2


def test_the_order_is_kept_where_one_message_has_to_wait(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port)
        enqueue_night(workspace, night(), NOW)
        server.answers["oa@example.gov.cn"] = "450 later"
        assert deliver(workspace, NOW).sent == 2
        enqueue_night(workspace, night(NIGHT + DAY, previous=NIGHT), NOW)
        server.answers.clear()
        # portal and leader; the second to oa waits for the first
        assert deliver(workspace, NOW + timedelta(seconds=30)).sent == 2
        assert deliver(workspace, NOW + HOUR).sent == 2
    to_oa = [
        mail["Subject"] for mail in server.mails if mail["To"].addresses[0].addr_spec == "oa@example.gov.cn"
    ]
    assert ["2026-11-27" in to_oa[0], "2026-11-28" in to_oa[1]] == [True, True]


def test_no_more_go_out_than_the_rate_allows(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port, more="  per_hour: 2\n")
        enqueue_night(workspace, night(), NOW)
        assert deliver(workspace, NOW).sent == 2
        assert deliver(workspace, NOW + timedelta(minutes=59)).sent == 0
        assert deliver(workspace, NOW + timedelta(minutes=61)).sent == 1


def test_no_message_begins_that_the_end_of_the_time_would_cut_off(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port)
        settings = workspace / "secaudit.yaml"
        settings.write_text(
            settings.read_text(encoding="utf-8").replace("timeout_s: 1", "timeout_s: 30"), encoding="utf-8"
        )
        enqueue_night(workspace, night(), NOW)
        done = deliver(workspace, NOW, budget_s=120, clock=lambda: 50.0 * len(server.mails))
        assert (done.sent, done.later, done.waiting, done.faults) == (2, 0, 1, [])
        assert [message.attempts for message in waiting(workspace)] == [0]
        assert deliver(workspace, NOW).sent == 1


def test_mail_is_quiet_in_quiet_hours_and_machines_are_not(tmp_path: Path) -> None:
    rules = RULES + "    - {events: [digest], channel: syslog}\n"
    with servers.mail_server() as server, listening(tmp_path / "log") as log:
        more = f"  syslog: {{address: {tmp_path / 'log'}}}\n  quiet: ['daily 22:00-07:00']\n"
        workspace = workspaces.with_mail(tmp_path, server.port, rules, more)
        enqueue_night(workspace, night(), NOW)  # 04:00 in the office
        assert deliver(workspace, NOW).sent == 1
        assert b"event=digest" in log.recv(4096)
        assert deliver(workspace, NOW + 3 * HOUR).sent == 1


def test_a_digest_of_several_nights_adds_up(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port, RULES, "  digest_days: 7\n")
        first = NIGHT - timedelta(days=NIGHT.toordinal() % 7)
        nights = [first + timedelta(days=number) for number in range(7)]
        for number, day in enumerate(nights):
            enqueue_night(workspace, night(day), NOW + number * DAY)
            enqueue_night(workspace, night(day), NOW + number * DAY)  # again: counted once
            assert deliver(workspace, NOW + number * DAY).sent == (number == 6)
        enqueue_night(workspace, night(nights[3]), NOW + 6 * DAY)
        assert deliver(workspace, NOW + 6 * DAY).sent == 0
    (mail,) = server.mails
    assert "新增 21，逾期 2" in mail["Subject"]


def test_a_digest_whose_last_night_is_missed_is_sent_all_the_same(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9, RULES, "  digest_days: 7\n")
    first = NIGHT - timedelta(days=NIGHT.toordinal() % 7)
    enqueue_night(workspace, night(first), NOW)
    (message,) = waiting(workspace)
    assert message.not_before == NOW + 7 * DAY


def test_what_was_sent_long_ago_is_not_sent_again(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port, RULES)
        enqueue_night(workspace, night(), NOW)
        deliver(workspace, NOW)
        late = NOW + (KEPT_DAYS + 2) * DAY
        assert enqueue_night(workspace, night(late.date()), late).messages == 1
        assert [len(queue_of(workspace).held(place)) for place in (WAITING, SENT, DEAD)] == [1, 1, 0]
        for file in (workspace / FOLDER / SENT).iterdir():
            file.unlink()  # as retention does
        assert enqueue_night(workspace, night(), late).messages == 0


def test_a_clock_set_back_sends_nothing_twice(tmp_path: Path) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port, RULES)
        enqueue_night(workspace, night(), NOW)
        deliver(workspace, NOW)
        assert enqueue_night(workspace, night(), NOW - 5 * DAY).messages == 0
        assert deliver(workspace, NOW - 5 * DAY).sent == 0
    assert len(server.mails) == 1


def test_a_read_only_workspace_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = workspaces.with_mail(tmp_path, 9, RULES)

    def read_only(self: Path, *_args: object, **_more: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", read_only)
    entered = enqueue_night(workspace, night(), NOW)
    assert "Read-only file system" in entered.faults[0]
    assert deliver(workspace, NOW).sent == 0


def test_a_workspace_that_tells_nobody_has_no_queue(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9)
    text = (workspace / "secaudit.yaml").read_text(encoding="utf-8").partition("notices:")[0]
    (workspace / "secaudit.yaml").write_text(text, encoding="utf-8")
    assert enqueue_night(workspace, night(), NOW).messages == 0
    assert deliver(workspace, NOW).sent == 0
    assert not (workspace / FOLDER).exists()


class listening:  # noqa: N801 - used as a function
    """A datagram socket at a path, as syslogd has."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.bind(str(path))

    def __enter__(self) -> socket.socket:
        return self._socket

    def __exit__(self, *_error: object) -> None:
        self._socket.close()


def test_a_line_reaches_syslog(tmp_path: Path) -> None:
    with listening(tmp_path / "log") as log:
        workspace = workspaces.make(tmp_path, SYSLOG.format(address=tmp_path / "log"))
        enqueue_night(workspace, night(missed=2), NOW)
        assert deliver(workspace, NOW).sent == 1
        line = log.recv(4096).decode()
    assert line.startswith("<174>1 2026-11-27T20:00:00+00:00 - secaudit - digest - event=digest id=")
    assert line.endswith("gaps=5 unreached=1 organisations=某市大数据局, 某县政务服务中心")
    assert " missed=2 " in line


@pytest.mark.parametrize("protocol", ["udp", "tcp"])
def test_a_line_reaches_a_log_server(tmp_path: Path, protocol: str) -> None:
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as server:
        server.settimeout(5)
        server.bind(("127.0.0.1", 0))
        if protocol == "tcp":
            server.listen()
        settings = SYSLOG.format(address=f'"127.0.0.1:{server.getsockname()[1]}", protocol: {protocol}')
        workspace = workspaces.make(tmp_path, settings)
        enqueue_night(workspace, night(), NOW)
        assert deliver(workspace, NOW).sent == 1
        if protocol == "tcp":
            with server.accept()[0] as connection:
                assert connection.makefile("rb").readline().endswith("某县政务服务中心\n".encode())
        else:
            assert server.recv(4096).endswith("某县政务服务中心".encode())


def test_without_a_log_server_the_line_waits(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path, SYSLOG.format(address=tmp_path / "nothing"))
    enqueue_night(workspace, night(), NOW)
    assert deliver(workspace, NOW).faults == ["syslog: No such file or directory"]
    stands = standing(workspace)
    assert (stands.waiting, stands.reason, stands.oldest) == (1, "No such file or directory", NOW)
    assert stands.is_late(NOW + 2 * DAY)
    assert not stands.is_late(NOW)
