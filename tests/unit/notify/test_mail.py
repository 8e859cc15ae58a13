"""Mail: what a real server was handed, and what becomes of a message where a server misbehaves."""

from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from secaudit.notify import deliver, enqueue_night
from secaudit.notify.queue import DEAD, FOLDER, SENT, WAITING, Queue
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
