"""``secaudit notices`` from the command line: tested, sent, refused, revived."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.cli.main import run
from secaudit.notify import enqueue_night
from tests.ports import unused_port
from tests.unit.notify import servers, workspaces


@dataclass(frozen=True)
class Printed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Secaudit = Callable[..., Printed]


@pytest.fixture
def secaudit(capfd: pytest.CaptureFixture[str]) -> Secaudit:
    def command(workspace: Path, *arguments: str) -> Printed:
        code = run(["--workspace", str(workspace), *arguments])
        return Printed(code, *capfd.readouterr())

    return command


def test_a_message_is_tried_refused_revived_and_delivered(tmp_path: Path, secaudit: Secaudit) -> None:
    with servers.mail_server() as server:
        workspace = workspaces.with_mail(tmp_path, server.port)
        tried = secaudit(workspace, "notices", "test", "one@example.gov.cn", "--event", "overdue")
        assert (tried.code, tried.out) == (0, "one@example.gov.cn: delivered\n")
        now = datetime.now(UTC)
        assert enqueue_night(workspace, workspaces.night(now.date()), now).messages == 3
        server.answers["oa@example.gov.cn"] = "550 no such user"
        sent = secaudit(workspace, "notices", "send")
        assert (sent.code, sent.out) == (1, "Sent: 2; put off: 0; not delivered: 1; waiting: 0\n")
        listed = secaudit(workspace, "notices", "list", "--format", "json")
        assert listed.code == 1
        (row,) = json.loads(listed.out)
        assert (row["state"], row["to"], row["reason"]) == ("dead", "oa@example.gov.cn", "550 no such user")
        server.answers.clear()
        assert secaudit(workspace, "notices", "retry", str(row["number"])).out == "Waiting again: 1\n"
        assert secaudit(workspace, "notices", "send").code == 0
        every = secaudit(workspace, "notices", "list", "--sent", "--format", "csv")
        assert (every.code, every.out.count(",sent,")) == (0, 3)
    assert len(server.mails) == 4


def test_what_cannot_be_is_said(tmp_path: Path, secaudit: Secaudit) -> None:
    workspace = workspaces.with_mail(tmp_path, unused_port())
    refused = secaudit(workspace, "notices", "test", "one@example.gov.cn")
    assert (refused.code, refused.err) == (1, "one@example.gov.cn: not delivered: Connection refused\n")
    assert "has no webhook:." in secaudit(workspace, "notices", "test", "--webhook").err
    assert secaudit(workspace, "notices", "test").code == 2
    assert secaudit(workspace, "notices", "retry", "7").code == 2
    assert secaudit(workspace, "notices", "discard").code == 2
    dead = workspace / "notices" / "dead" / f"00000007-mail-{0:020x}.json"
    dead.parent.mkdir(parents=True)
    dead.write_text("", encoding="utf-8")
    assert secaudit(workspace, "notices", "discard", "7").out == "Removed: 1\n"
    assert secaudit(workspace, "notices", "list").code == 0
    written = secaudit(workspace, "notices", "test", "--event", "digest", "--out", str(tmp_path / "out"))
    assert written.code == 0
    assert "等级保护自查每夜汇总" in (tmp_path / "out" / "digest.html").read_text(encoding="utf-8")
    text = (workspace / "secaudit.yaml").read_text(encoding="utf-8").partition("notices:")[0]
    (workspace / "secaudit.yaml").write_text(text, encoding="utf-8")
    nobody = secaudit(workspace, "notices", "send")
    assert (nobody.code, "Nobody is told of anything" in nobody.err) == (2, True)
