"""Where alarms go. What the packages of Debian 12 bring was looked up there."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from secaudit.facts.alarm_channels import channels
from secaudit.facts.alarm_probe import ALARMS
from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.mail_delivery import MailDelivery
from secaudit.facts.processes import Processes
from secaudit.facts.protection import Protector
from secaudit.facts.scheduled_jobs import Job
from tests.unit.facts.answers import in_root

HERE = MailDelivery("exim", "no", False, ("localhost",), True, (), "no")
OUT = MailDelivery("exim", "yes", False, ("localhost",), True, (), "no")
OSSEC = "/var/ossec/etc/ossec.conf"
STATE = "/var/ossec/var/run/wazuh-agentd.state"


def file(path: str, *lines: str) -> ConfigFile:
    return ConfigFile(path, lines)


def has(*programs: str) -> list[ConfigFile]:
    return [file(f"program {name}", "here") for name in programs]


def ways(
    *files: ConfigFile,
    detector: str = "",
    jobs: Sequence[Job] = (),
    mail: MailDelivery = OUT,
    init: str = "systemd",
    runs: tuple[str, ...] = (),
) -> list[tuple[str, str, str, str]]:
    protectors = [Protector(detector, ("detects",), True, True, True)] if detector else []
    found = channels(files, protectors, Processes(init, runs, runs), jobs, mail)
    return [(row.tool, row.by, row.to, row.reaches) for row in found]


def cron(where: str, command: str = "", kind: str = "periodic") -> Job:
    return Job(kind, where, "root", "daily", command, True)


@pytest.mark.parametrize(
    ("detector", "files", "expected"),
    [
        ("wazuh", [file(OSSEC, "server 10.0.0.9")], [("manager", "10.0.0.9", "yes")]),
        ("wazuh", [file(OSSEC, "server MANAGER_IP")], [("manager", "MANAGER_IP", "no")]),
        ("wazuh", [file(OSSEC, "server 127.0.0.1")], [("manager", "127.0.0.1", "no")]),
        ("wazuh", [file(OSSEC, "server")], [("manager", "", "no")]),
        (
            "wazuh",
            [file(STATE, "state no"), file(OSSEC, "server 10.0.0.9")],
            [("manager", "10.0.0.9", "?")],
        ),
        (
            "wazuh",
            [file(STATE, "state yes"), file(OSSEC, "server 10.0.0.9")],
            [("manager", "10.0.0.9", "yes")],
        ),
        ("wazuh", [file(OSSEC, "mails no", "to @office.example")], [("file", "", "?")]),  # its dashboard
        ("wazuh", [], [("file", "", "?")]),
        ("ossec", [file(OSSEC, "mails no")], [("file", "", "no")]),
        ("ossec", [file(OSSEC, "mails yes", "to @office.example")], [("mail", "@office.example", "yes")]),
        ("ossec", [file(OSSEC, "mails yes", "to root", "smtp localhost")], [("mail", "root", "no")]),
        (
            "ossec",
            [file(OSSEC, "mails yes", "to @office.example", "smtp 10.0.0.25")],
            [("mail", "@office.example", "yes")],
        ),
        ("ossec", [file(OSSEC, "syslog 10.0.0.9", "mails no")], [("syslog", "10.0.0.9", "yes")]),
        ("wazuh", [file(OSSEC, "hook")], [("hook", "", "?")]),
        ("samhain", [file("/etc/samhain/samhainrc", "server 10.0.0.9")], [("manager", "10.0.0.9", "yes")]),
        ("samhain", [file("/etc/samhain/samhainrc", "to root", "mails yes")], [("mail", "root", "no")]),
        ("samhain", [file("/etc/samhain/samhainrc", "to root", "mails no")], [("file", "", "?")]),
        ("samhain", [], [("console", "", "?")]),
        ("falco", [file("/etc/falco/falco.yaml", "syslog_output yes")], [("syslog", "", "no")]),
        ("falco", [file("/etc/falco/falco.yaml", "syslog_output no")], [("file", "", "no")]),
        (
            "falco",
            [file("/etc/falco/falco.yaml", "http_output yes", "http 10.0.0.9", "syslog_output yes")],
            [("http", "10.0.0.9", "yes")],
        ),
        (
            "falco",
            [
                file("/etc/falco/falco.yaml", "http_output yes", "http 10.0.0.9"),
                file("/etc/falco/config.d/a.yaml", "http_output no", "program_output yes"),
            ],
            [("hook", "", "?")],
        ),
        ("mdatp", [], [("console", "", "?")]),
    ],
)
def test_detectors(detector: str, files: list[ConfigFile], expected: list[tuple[str, str, str]]) -> None:
    assert ways(*files, detector=detector) == [(detector, *row) for row in expected]


def test_only_a_published_product_counts_as_one_that_detects() -> None:
    named = [Protector("qingteng", ("detects",), False, True, False)]
    stopped = [Protector("wazuh", ("detects",), True, False, True)]
    malware = [Protector("clamav", ("malware",), True, True, True)]
    nothing = Processes("systemd", (), ())
    assert [row.detects for row in channels([], named, nothing, [], OUT)] == [False]
    assert channels([], stopped + malware, nothing, [], OUT) == ()


AIDE = file("/etc/default/aide")
TIMER = cron("dailyaidecheck.timer", "/usr/share/aide/bin/dailyaidecheck --systemdservice", "timer")


@pytest.mark.parametrize(
    ("job", "files", "expected"),
    [
        (cron("/etc/cron.daily/aide"), [AIDE, *has("mail")], ("mail", "root", "no")),
        (cron("/etc/cron.daily/aide"), [AIDE], ("file", "", "no")),
        # Newer scripts drop their rights, and may not use mail(1) then.
        (cron("/etc/cron.daily/aide"), [AIDE, *has("mail", "capsh", "dailyaidecheck")], ("file", "", "no")),
        (cron("/etc/cron.daily/aide"), [AIDE, *has("mail", "dailyaidecheck")], ("mail", "root", "no")),
        (TIMER, [AIDE, *has("mail", "dailyaidecheck")], ("file", "", "no")),
        (
            TIMER,
            [file("/etc/default/aide", "to @office.example"), *has("s-nail", "dailyaidecheck")],
            ("mail", "@office.example", "yes"),
        ),
        (
            TIMER,
            [file("/etc/default/aide", "silent yes"), *has("s-nail", "dailyaidecheck")],
            ("file", "", "no"),
        ),
        (TIMER, [file("/etc/default/aide", "command yes"), *has("dailyaidecheck")], ("mail", "root", "?")),
        # A line of one's own: cron mails what it prints.
        (cron("/etc/crontab", "/usr/sbin/aide --check", "cron"), [], ("mail", "", "?")),
        (cron("/etc/crontab", "/usr/sbin/aide --check", "cron"), [AIDE], ("mail", "", "?")),
        (cron("aidecheck.timer", "/usr/sbin/aide --check", "timer"), [], ("file", "", "no")),
    ],
)
def test_aide(job: Job, files: list[ConfigFile], expected: tuple[str, str, str]) -> None:
    init = "systemd" if job.kind == "timer" else "init"
    assert ways(*files, jobs=[job], init=init) == [("aide", *expected)]


@pytest.mark.parametrize(
    ("job", "files"),
    [
        (cron("/etc/cron.daily/aide"), [file("/etc/default/aide", "runs no")]),
        (cron("/etc/crontab", "/usr/sbin/aide --init", "cron"), []),
        (cron("/etc/cron.daily/rkhunter"), [file("/etc/default/rkhunter", "to root")]),  # as Debian brings it
        (cron("/etc/cron.daily/rkhunter"), [file("/etc/default/rkhunter", "runs no", "to root")]),
        (cron("/etc/cron.daily/chkrootkit"), [file("/etc/chkrootkit/chkrootkit.conf", "runs no", "to root")]),
        (cron("/etc/cron.daily/logrotate"), []),
    ],
)
def test_what_compares_nothing_tells_nobody(job: Job, files: list[ConfigFile]) -> None:
    assert ways(*files, jobs=[job], init="init") == []


def test_debians_jobs_for_cron_leave_where_systemd_runs() -> None:
    assert ways(AIDE, *has("mail"), jobs=[cron("/etc/cron.daily/aide")]) == []


@pytest.mark.parametrize(
    ("job", "files", "expected"),
    [
        (
            cron("/etc/cron.daily/rkhunter"),
            [file("/etc/default/rkhunter", "runs yes", "to @office.example")],
            ("rkhunter", "mail", "@office.example", "yes"),
        ),
        (
            cron("/etc/cron.daily/rkhunter"),
            [file("/etc/sysconfig/rkhunter", "to root@localhost")],
            ("rkhunter", "mail", "root@localhost", "no"),
        ),
        (
            cron("/etc/cron.d/logcheck", "nice -n10 /usr/sbin/logcheck ;", "cron"),
            [file("/etc/logcheck/logcheck.conf", "to logcheck")],
            ("logcheck", "mail", "logcheck", "?"),
        ),
        (
            cron("/etc/cron.d/logcheck", "nice -n10 /usr/sbin/logcheck ;", "cron"),
            [],
            ("logcheck", "mail", "root", "no"),
        ),
        (
            cron("/etc/cron.daily/chkrootkit"),
            [file("/etc/chkrootkit/chkrootkit.conf", "to root @office.example"), *has("mail")],
            ("chkrootkit", "mail", "root @office.example", "yes"),
        ),
        (
            cron("/etc/cron.daily/chkrootkit"),
            [file("/etc/chkrootkit/chkrootkit.conf", "to @office.example")],
            ("chkrootkit", "file", "", "no"),
        ),
    ],
)
def test_others_that_a_job_starts(job: Job, files: list[ConfigFile], expected: tuple[str, ...]) -> None:
    assert ways(*files, jobs=[job], init="init") == [expected]


@pytest.mark.parametrize(
    ("files", "runs", "expected"),
    [
        ([file("/etc/audit/auditd.conf", "mails yes", "to root", "mails no")], ("auditd",), ["no"]),
        ([file("/etc/audit/auditd.conf", "mails yes", "to @office.example")], ("auditd",), ["yes"]),
        ([file("/etc/audit/auditd.conf", "mails no", "to root")], ("auditd",), []),
        ([file("/etc/audit/auditd.conf", "mails yes")], (), []),
        ([file("/etc/fail2ban/jail.conf", "to root@localhost", "mails no")], ("fail2ban-server",), []),
        (
            [
                file("/etc/fail2ban/jail.conf", "to root@localhost", "mails no"),
                file("/etc/fail2ban/jail.local", "mails yes"),
            ],
            ("fail2ban-server",),
            ["no"],
        ),
    ],
)
def test_a_full_disk_and_guessed_passwords(
    files: list[ConfigFile], runs: tuple[str, ...], expected: list[str]
) -> None:
    assert [row[3] for row in ways(*files, runs=runs)] == expected
    assert not any(row.warns for row in channels(files, [], Processes("systemd", runs, runs), [], OUT))


def test_mail_that_goes_nowhere() -> None:
    assert ways(file(OSSEC, "mails yes", "to @office.example"), detector="ossec", mail=HERE) == [
        ("ossec", "mail", "@office.example", "no")
    ]


FILES = {
    OSSEC: """<ossec_config> <!-- <client><server><address>10.9.9.9</address></server></client> -->
  <client> <server> <address>10.0.0.9</address> <port>1514</port> </server>
  <enrollment><authorization_pass_path>etc/authd.pass</authorization_pass_path></enrollment></client>
  <global><email_notification>yes</email_notification> <smtp_server>mail.office.example</smtp_server>
    <email_from>ossec@office.example</email_from> <email_to>ops.chief@office.example</email_to></global>
  <integration><name>slack</name><hook_url>https://hooks.example/secret</hook_url></integration>
  <syslog_output>
    <server>10.0.0.8</server></syslog_output>
  <wodle><address>10.7.7.7</address></wodle></ossec_config>
""",
    STATE: "# State file\nstatus='disconnected'\nlast_keepalive='2026-11-01 10:00:00'\n",
    "/etc/samhain/samhainrc": "[Misc]\n# SetMailAddress=a@b.example\nSetMailAddress = ops@office.example\n"
    "  MailSeverity=crit\nSetLogServer=10.0.0.9\n",
    "/etc/falco/falco.yaml": "syslog_output:\n  enabled: true\nfile_output:\n  enabled: false\n"
    "http_output:\n  enabled: true\n  url: https://user:secret@falco.office.example:2801/hook?key=secret\n"
    "#program_output:\n#  enabled: true\nlog_stderr: true\n",
    "/etc/fail2ban/jail.conf": "action_mw = mail\naction = %(action_)s\ndestemail = root@localhost\n",
    "/etc/fail2ban/jail.local": "[DEFAULT]\naction = %(action_mwl)s\ndestemail = chief@office.example\n",
    "/etc/audit/auditd.conf": "space_left_action = EMAIL\nadmin_space_left_action=halt\naction_mail_acct = root\n",
    "/etc/default/aide": '#MAILTO=other\nMAILTO="chief@office.example"\nSILENTREPORTS=no\nMAILCMD=\n',
    "/etc/default/rkhunter": 'CRON_DAILY_RUN="true"\nREPORT_EMAIL="root"\nDB_UPDATE_EMAIL="false"\n',
    "/etc/rkhunter.conf": "#MAIL-ON-WARNING=root\nUSE_SYSLOG=authpriv.warning\n",
    "/etc/logcheck/logcheck.conf": 'SENDMAILTO="logcheck" # to whom\n',
    "/etc/chkrootkit.conf": 'RUN_DAILY="false"\n',
}


def test_the_probe_on_a_folder(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path.removeprefix("/")).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path.removeprefix("/")).write_text(text)
    printed = in_root(tmp_path, ALARMS)
    found = {row.path: row.lines for row in config_files(printed) if row.path.startswith("/")}
    assert found == {
        OSSEC: (
            *("server 10.0.0.9", "mails yes", "smtp mail.office.example", "to @office.example"),
            *("hook", "syslog 10.0.0.8"),
        ),
        STATE: ("state no",),
        "/etc/samhain/samhainrc": ("to @office.example", "mails yes", "server 10.0.0.9"),
        "/etc/falco/falco.yaml": (
            *("syslog_output yes", "file_output no", "http_output yes", "http falco.office.example"),
        ),
        "/etc/fail2ban/jail.conf": ("mails no", "to root@localhost"),
        "/etc/fail2ban/jail.local": ("mails yes", "to @office.example"),
        "/etc/audit/auditd.conf": ("mails yes", "mails no", "to root"),
        "/etc/default/aide": ("to @office.example", "silent no", "command no"),
        "/etc/default/rkhunter": ("runs yes", "to root"),
        "/etc/rkhunter.conf": ("use_syslog yes",),
        "/etc/logcheck/logcheck.conf": ("to logcheck",),
        "/etc/chkrootkit.conf": ("runs no",),
    }
    assert "secret" not in printed
    assert "chief" not in printed
