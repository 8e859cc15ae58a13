"""Workspaces that tell people of their nights."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from secaudit.model.night import Due, NightSummary, Returned, SystemNight
from secaudit.model.notice import NoticeCounts

NOW = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # 04:00 of the 28th in the office
NIGHT = date(2026, 11, 27)

SETTINGS = """\
office: 某市大数据局
organisations:
  - {{id: bureau, name: 某市大数据局, contacts: [{{role: leader, name: 分管负责人, email: leader@example.gov.cn}}]}}
  - {{id: county, name: 某县政务服务中心, parent: bureau}}
notices:
{notices}
"""
SYSTEM = """\
id: {id}
name: {name}
organisation: {organisation}
grade: S3A3G3
contacts:
  - {{role: security-administrator, name: 安全管理员, email: {id}@example.gov.cn}}
assets:
  - {{id: {id}-web1, kind: linux, name: 门户 Web 服务器, address: 192.0.2.7, zone: 核心区}}
"""
RULES = """\
  rules:
    - {events: [digest], roles: [security-administrator]}
    - {events: [overdue, night-failed], roles: [leader]}
"""
MAIL = (
    "  mail: {{host: 127.0.0.1, port: {port}, security: none, sender: audit@example.gov.cn, timeout_s: 1}}\n"
)


def make(folder: Path, notices: str) -> Path:
    """A bureau with a portal, a county below it with an office system."""
    (folder / "systems").mkdir(parents=True, exist_ok=True)
    (folder / "secaudit.yaml").write_text(SETTINGS.format(notices=notices), encoding="utf-8")
    for id_, name, organisation in (("portal", "门户网站", "bureau"), ("oa", "协同办公", "county")):
        text = SYSTEM.format(id=id_, name=name, organisation=organisation)
        (folder / "systems" / f"{id_}.yaml").write_text(text, encoding="utf-8")
    return folder


def with_mail(folder: Path, port: int, rules: str = RULES, more: str = "") -> Path:
    """The workspace with a mail server on loopback."""
    return make(folder, MAIL.format(port=port) + more + rules)


def night(
    day: date = NIGHT, *, previous: date | None = None, failed: bool = False, missed: int = 0
) -> NightSummary:
    """A night in which something happened."""
    return NightSummary(
        day,
        (
            SystemNight(
                "portal",
                NoticeCounts(new=3, closed=1, open=12, overdue=2, due_soon=1, gaps=5, unreached=1),
                due=(
                    Due("网安整〔2026〕3号", day - timedelta(days=1), 2),
                    Due("网安整〔2026〕4号", day + timedelta(days=3), 1),
                ),
                packages=(Due("", day + timedelta(days=7)),),
                returned=(Returned("2026-2", day),),
            ),
            SystemNight("oa", NoticeCounts(open=4)),
        ),
        previous=previous,
        missed=missed,
        failed=failed,
    )
