"""The webhook: signed JSON to a real HTTP server, tried again where that can help, and nowhere else."""

import hashlib
import hmac
import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.errors import ContentError
from secaudit.notify import Secrets, deliver, enqueue_night, load_notices
from secaudit.notify.connecting import Budget, connected
from secaudit.notify.outcome import Later, Never, Sent
from secaudit.notify.queue import DEAD, FOLDER, WAITING, Queue
from secaudit.notify.settings import refused
from secaudit.notify.standing import rows
from secaudit.notify.webhook import _outcome, signature_sm3
from tests.unit.notify import servers, workspaces
from tests.unit.notify.workspaces import NIGHT, NOW, night

KEY = "synthetic-key-for-tests"
SECRETS = Secrets({"env:HOOK": KEY})
HOOK = """\
  webhook: {{url: "{url}", key: "env:HOOK", timeout_s: 1{more}}}
  rules:
    - {{events: [digest], channel: webhook}}
"""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def make(folder: Path, url: str, more: str = "") -> Path:
    return workspaces.make(folder, HOOK.format(url=url, more=more))


def test_what_arrives_is_documented_and_signed(tmp_path: Path) -> None:
    with servers.hook() as taken:
        workspace = make(tmp_path, f"http://127.0.0.1:{taken.port}/secaudit", ", sm3: true")
        enqueue_night(workspace, night(missed=1), NOW)
        assert deliver(workspace, NOW, secrets=SECRETS).sent == 1
    ((path, headers, body),) = taken.taken
    assert path == "/secaudit"
    stamp = headers["X-Secaudit-Timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    made = hmac.new(KEY.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Secaudit-Signature"] == f"sha256={made}"
    assert headers["X-Secaudit-Signature-SM3"] == "sm3=" + signature_sm3(KEY.encode(), stamp, body)
    said = json.loads(body)
    assert headers["X-Secaudit-Id"] == said["id"]
    assert {key: said[key] for key in said if key not in ("id", "organisations")} == {
        "version": 1,
        "event": "digest",
        "time": "2026-11-27T20:00:00Z",
        "night": "2026-11-27",
        "nights": 1,
        "missed": 1,
        "failed": False,
    }
    bureau, county = said["organisations"]
    assert (bureau["organisation"], county["organisation"]) == ("某市大数据局", "某县政务服务中心")
    assert bureau["counts"]["new"] == 3
    assert bureau["deadlines"][0] == {"document": "网安整〔2026〕3号", "deadline": "2026-11-26", "count": 2}
    assert bureau["returned"] == ["2026-2"]


def test_sm3_is_the_one_of_the_standard() -> None:
    """GB/T 32905-2016; checked against ``openssl dgst -sm3 -hmac key``."""
    expected = hmac.new(b"key", b"1.{}", "sm3").hexdigest() if "sm3" in hashlib.algorithms_available else ""
    assert expected in ("", signature_sm3(b"key", "1", b"{}"))


def test_an_hour_of_failure_delays_and_doubles_nothing(tmp_path: Path) -> None:
    """Two nights are told of in their order, each once, after the receiver failed for an hour."""
    with servers.hook() as taken:
        workspace = make(tmp_path, f"http://127.0.0.1:{taken.port}/")
        taken.statuses = [503] * 500
        enqueue_night(workspace, night(), NOW)
        enqueue_night(workspace, night(NIGHT + DAY), NOW)
        for minute in range(60):
            assert deliver(workspace, NOW + minute * MINUTE, secrets=SECRETS).sent == 0
        assert 5 <= taken.refused <= 8  # it waits longer each time
        taken.statuses = []
        sent = [deliver(workspace, NOW + minute * MINUTE, secrets=SECRETS).sent for minute in range(60, 150)]
    assert sum(sent) == 2
    assert [json.loads(body)["night"] for _path, _headers, body in taken.taken] == [
        "2026-11-27",
        "2026-11-28",
    ]


def test_retry_after_is_kept_to(tmp_path: Path) -> None:
    with servers.hook() as taken:
        workspace = make(tmp_path, f"http://127.0.0.1:{taken.port}/")
        taken.statuses, taken.headers = [429], {"Retry-After": "3600"}
        enqueue_night(workspace, night(), NOW)
        assert deliver(workspace, NOW, secrets=SECRETS).later == 1
        assert deliver(workspace, NOW + 59 * MINUTE, secrets=SECRETS).sent == 0
        assert deliver(workspace, NOW + 61 * MINUTE, secrets=SECRETS).sent == 1


def test_what_no_other_attempt_changes_is_put_aside(tmp_path: Path) -> None:
    with servers.hook() as taken:
        workspace = make(tmp_path, f"http://127.0.0.1:{taken.port}/")
        taken.statuses, taken.headers = [302], {"Location": f"http://127.0.0.1:{taken.port}/other"}
        enqueue_night(workspace, night(), NOW)
        assert deliver(workspace, NOW, secrets=SECRETS).dead == 1
        assert taken.taken == []  # no redirect is followed
        assert taken.refused == 1


@pytest.mark.parametrize(
    ("status", "retry_after", "outcome"),
    [
        (200, "", Sent()),
        (202, "", Sent()),
        (301, "", Never("it answers 301")),
        (404, "9", Never("it answers 404")),
        (408, "", Later("it answers 408")),
        (429, "nonsense", Later("it answers 429")),
        (500, "-5", Later("it answers 500")),
        (503, "99999999999", Later("it answers 503", 86_400)),
        (503, "Fri, 27 Nov 2026 20:02:00 GMT", Later("it answers 503", 120)),
        (503, "Fri, 27 Nov 2020 20:02:00 GMT", Later("it answers 503", 0)),
    ],
)
def test_what_a_status_means(status: int, retry_after: str, outcome: object) -> None:
    assert _outcome(status, retry_after, NOW) == outcome


def test_tls_is_verified(tmp_path: Path, certificates: servers.Certificates) -> None:
    reasons = []
    for number, (file, ca) in enumerate(
        (("good", certificates.ca), ("other", certificates.ca), ("good", ""))
    ):
        with servers.hook(certificates.context(getattr(certificates, file))) as taken:
            more = f', ca: "{ca}"' if ca else ""
            workspace = make(tmp_path / str(number), f"https://localhost:{taken.port}/", more)
            enqueue_night(workspace, night(), NOW)
            done = deliver(workspace, NOW, secrets=SECRETS)
            assert len(taken.taken) == done.sent == (number == 0)
            reasons += [row.message.reason for row in rows(workspace, (WAITING,)) if row.message]
    assert len(reasons) == 2
    assert all(reason.startswith("its certificate cannot be verified: ") for reason in reasons)


ANSWERS = {
    "nothing": b"",
    "no HTTP": b"220 mail\r\n\r\n",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500,
    "closed": b"CLOSE",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_receiver_that_misbehaves_is_tried_later(tmp_path: Path, answer: bytes) -> None:
    def serve(connection: socket.socket, server: servers.Nasty) -> None:
        server.heard.append(connection.recv(65536))
        if answer != b"CLOSE":
            connection.sendall(answer)
            connection.recv(65536)

    with servers.nasty(serve) as server:
        workspace = make(tmp_path, f"http://127.0.0.1:{server.port}/")
        enqueue_night(workspace, night(), NOW)
        done = deliver(workspace, NOW, budget_s=5, secrets=SECRETS)
    assert (done.later, done.sent) == (1, 0)


def test_an_endless_answer_is_not_read(tmp_path: Path) -> None:
    def serve(connection: socket.socket, server: servers.Nasty) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with servers.nasty(serve) as server:
        workspace = make(tmp_path, f"http://127.0.0.1:{server.port}/")
        enqueue_night(workspace, night(), NOW)
        assert deliver(workspace, NOW, budget_s=10, secrets=SECRETS).sent == 1


def test_a_key_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    workspace = make(tmp_path, "http://127.0.0.1:9/")
    enqueue_night(workspace, night(), NOW)
    done = deliver(workspace, NOW, secrets=Secrets({}))
    assert done.faults == ["webhook: The credential env:HOOK is not set."]


REFUSED = {
    "https://oapi.dingtalk.com/robot/send": "this is a robot of a public cloud",
    "https://QYAPI.weixin.qq.com/cgi-bin/webhook/send": "this is a robot of a public cloud",
    "https://open.feishu.cn/open-apis/bot/v2/hook/x": "this is a robot of a public cloud",
    "https://hooks.slack.com./services/x": "this is a robot of a public cloud",
    "https://8.8.8.8/x": "an address of the own network expected",
    "https://59.192.0.1/x": "an address of the own network expected",
    "https://[2001:4860:4860::8888]/x": "an address of the own network expected",
    "https://[::ffff:8.8.8.8]/x": "an address of the own network expected",
    "https://169.254.169.254/latest": "an address of the own network expected",
}


@pytest.mark.parametrize(("url", "told"), REFUSED.items())
def test_robots_of_public_clouds_and_public_addresses_are_refused(
    tmp_path: Path, url: str, told: str
) -> None:
    workspace = make(tmp_path, url)
    with pytest.raises(ContentError, match=told) as caught:
        load_notices(workspace)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == ("secaudit.yaml", 6, "notices.webhook.url")
    assert enqueue_night(workspace, night(), NOW).messages == 0
    assert told in enqueue_night(workspace, night(), NOW).faults[0]


@pytest.mark.parametrize(
    "url", ["https://10.1.2.3/x", "https://[fd00::1]/x", "https://notice.dingtalk.com.cn/x"]
)
def test_receivers_of_the_own_network_are_accepted(tmp_path: Path, url: str) -> None:
    assert load_notices(make(tmp_path, url))


def test_own_public_networks_are_named(tmp_path: Path) -> None:
    assert load_notices(make(tmp_path, "https://59.192.0.1/x", ", own_networks: [59.192.0.0/10]"))


def test_the_address_that_a_name_has_when_it_is_used_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.9", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: public)
    with pytest.raises(PermissionError, match="not of the own network"):
        connected("intranet.example", 443, Budget(5), 1, refused().is_own)


def test_a_message_of_another_channel_is_not_taken_for_one(tmp_path: Path) -> None:
    workspace = make(tmp_path, "http://127.0.0.1:9/")
    enqueue_night(workspace, night(), NOW)
    queue = Queue(workspace / FOLDER)
    (held,) = queue.held(WAITING)
    held.file.rename(held.file.with_name(held.file.name.replace("webhook", "mail")))
    assert deliver(workspace, NOW, secrets=SECRETS).dead == 1
    assert len(queue.held(DEAD)) == 1


def test_the_time_of_a_signature_is_that_of_the_attempt(tmp_path: Path) -> None:
    later = datetime(2026, 11, 28, 12, tzinfo=UTC)
    with servers.hook() as taken:
        workspace = make(tmp_path, f"http://127.0.0.1:{taken.port}/")
        enqueue_night(workspace, night(), NOW)
        assert deliver(workspace, later, secrets=SECRETS).sent == 1
    assert taken.taken[0][1]["X-Secaudit-Timestamp"] == str(int(later.timestamp()))
