"""Who may have a crontab: cron.allow and cron.deny of crontab(1)."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.file_modes import FILE_MODES, parse_modes
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class CronUsers:
    """``used``: crontabs of users are kept here. ``listed``: only those that cron.allow names may have one."""

    used: bool
    listed: bool


def build_cron_users(evidence: Evidence) -> CronUsers:
    """Whether there is a list."""
    there = {file.path for file in evidence.parsed(FILE_MODES.id, parse_modes) if file.present}
    return CronUsers(
        bool({"/var/spool/cron", "/var/spool/cron/crontabs"} & there), "/etc/cron.allow" in there
    )


CRON_USERS = Fact(
    "cron_users",
    Text("计划任务的使用者限制", "Who may have a crontab"),
    CronUsers,
    build_cron_users,
    (FILE_MODES,),
)
