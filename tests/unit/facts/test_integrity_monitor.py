"""Monitors of files, core dumps, bonds and open private keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.bonds import Bond, parse_bonds
from secaudit.facts.core_dumps import CORE_DUMPS, CoreDumps, parse_core_dumps
from secaudit.facts.fact import GapFound
from secaudit.facts.groups import Group
from secaudit.facts.integrity_monitor import (
    DATABASES,
    Databases,
    build_integrity_monitor,
    monitor_of,
    parse_databases,
)
from secaudit.facts.passwd_file import Identity
from secaudit.facts.private_keys import OpenKey, parse_private_keys
from secaudit.facts.processes import Processes
from secaudit.facts.scheduled_jobs import Job
from tests.unit.facts.answers import evidence, in_root

DAILY = Job("periodic", "/etc/cron.daily/aide", "root", "@daily", "/etc/cron.daily/aide", True)
NEVER = Databases(0, open=False, configured=0)


def cron(command: str, *, enabled: bool = True) -> Job:
    return Job("cron", "/etc/crontab", "root", "0 4 * * *", command, enabled)


@pytest.mark.parametrize(
    ("job", "init", "scheduled"),
    [
        (DAILY, "busybox", True),
        (DAILY, "systemd", False),  # the script leaves at once there
        (
            Job(
                "timer",
                "dailyaidecheck.timer",
                "root",
                "OnCalendar=daily",
                "/usr/share/aide/bin/dailyaidecheck",
                True,
            ),
            "systemd",
            True,
        ),
        (
            Job(
                "timer",
                "dailyaidecheck.timer",
                "root",
                "OnCalendar=daily",
                "/usr/share/aide/bin/dailyaidecheck",
                False,
            ),
            "systemd",
            False,
        ),
        (cron("/usr/sbin/aide --check"), "systemd", True),
        (cron("/usr/sbin/aide --check", enabled=False), "systemd", False),
        (cron("/usr/sbin/aide --init"), "systemd", False),
        (cron("/usr/sbin/tripwire --check"), "systemd", True),
        (cron("/usr/local/bin/aideen"), "systemd", False),
    ],
)
def test_whether_a_job_compares(job: Job, init: str, scheduled: bool) -> None:
    debians = replace(NEVER, yields=frozenset({"/etc/cron.daily/aide"}))
    assert monitor_of(("aide",), (), init, (job,), debians).scheduled == scheduled


@pytest.mark.parametrize(
    ("job", "init", "running", "scheduled"),
    [
        (cron("/usr/sbin/aide --check"), "systemd", ("cron",), True),
        (cron("/usr/sbin/aide --check"), "systemd", (), False),
        (DAILY, "busybox", ("crond",), True),
        (DAILY, "busybox", (), False),
        (Job("timer", "aide.timer", "root", "OnCalendar=daily", "aide --check", True), "systemd", (), True),
        (Job("timer", "aide.timer", "root", "OnCalendar=daily", "aide --check", True), "init", (), False),
    ],
)
def test_a_job_that_nothing_starts_compares_nothing(
    job: Job, init: str, running: tuple[str, ...], scheduled: bool
) -> None:
    facts = {
        "package_names": ("aide",),
        "processes": Processes(init, running, running),
        "scheduled_jobs": (job,),
        "identities": (),
        "groups": (),
    }
    found = build_integrity_monitor(evidence({DATABASES: "@@ databases\n@@ end\n"}, facts))
    assert found.scheduled == scheduled


def test_tools_and_databases() -> None:
    found = monitor_of(
        ("aide", "bash"),
        ("wazuh-syscheckd",),
        "systemd",
        (),
        parse_databases(
            "@@ databases\n1796000000 600 0 0 /var/lib/aide/aide.db\n"
            "5 600 0 0 /var/lib/aide/aide.db.gz\n700000 700 0 0 /var/lib/aide\n@@ settings\n"
            "database_in=file:@@{DBDIR}/aide.db\n@@ end\n"
        ),
    )
    assert (found.tools, found.watching, found.database) == (("aide", "wazuh-syscheckd"), True, "2026-11-30")
    assert monitor_of((), (), "systemd", (), NEVER).database == "none"


@pytest.mark.parametrize(
    ("rows", "setting", "expected"),
    [
        (
            "7 600 0 0 /var/lib/aide/aide.db\n9 700 0 0 /var/lib/aide",
            "",
            Databases(7, open=False, configured=0),
        ),
        (
            "7 600 105 0 /var/lib/aide/aide.db\n9 2700 105 0 /var/lib/aide",
            "",
            Databases(7, open=False, configured=0),
        ),
        (
            "7 666 0 0 /var/lib/aide/aide.db\n9 700 0 0 /var/lib/aide",
            "",
            Databases(7, open=True, configured=0),
        ),
        (
            "7 600 1000 0 /var/lib/aide/aide.db\n9 700 0 0 /var/lib/aide",
            "",
            Databases(7, open=True, configured=0),
        ),
        (
            "7 600 0 0 /var/lib/aide/aide.db\n9 777 0 0 /var/lib/aide",
            "",
            Databases(7, open=True, configured=0),
        ),
        (
            "7 600 0 0 /var/lib/aide/aide.db\n9 1777 0 0 /var/lib/aide",
            "",
            Databases(7, open=False, configured=0),
        ),
        # what aide does not read is no record of its own
        (
            "7 600 0 0 /var/lib/aide/aide.db\n9 777 0 0 /var/lib/aide",
            "aide.db.gz",
            Databases(0, open=False, configured=0),
        ),
        ("7 600 0 0 /var/lib/aide/aide.db.gz", "aide.db.gz", Databases(7, open=False, configured=0)),
        ("7 644 0 0 /var/lib/tripwire/h.twd", "aide.db", Databases(7, open=False, configured=0)),
    ],
)
def test_databases_that_count_and_who_may_change_them(rows: str, setting: str, expected: Databases) -> None:
    settings = f"database_in=file:/var/lib/aide/{setting}\n" if setting else ""
    assert parse_databases(f"@@ databases\n{rows}\n@@ settings\n{settings}@@ end\n") == expected


YIELDS = "yields /etc/cron.daily/dailyaidecheck"
CRON_13 = "/etc/cron.daily/dailyaidecheck"


@pytest.mark.parametrize(
    ("where", "command", "debian", "init", "scheduled"),
    [
        # Debian 13's script leaves to the timer what systemd can do, that of Debian 11 knows of none.
        (CRON_13, CRON_13, YIELDS, "systemd", False),
        (CRON_13, CRON_13, YIELDS, "busybox", True),
        ("/etc/cron.daily/aide", "/etc/cron.daily/aide", "", "systemd", True),
        ("/etc/cron.daily/aide", "/etc/cron.daily/aide", "stopped", "systemd", False),
        (
            "dailyaidecheck.timer",
            "/usr/share/aide/bin/dailyaidecheck --systemdservice",
            "stopped",
            "systemd",
            False,
        ),
        ("/etc/cron.d/own", "/usr/bin/aide --check", "stopped", "systemd", True),
        ("/etc/cron.d/own", "/usr/bin/aide --config-check", "", "systemd", False),
        ("/etc/cron.d/own", "/usr/bin/aide --version", "", "systemd", False),
    ],
)
def test_what_switches_debians_own_job_off(
    where: str, command: str, debian: str, init: str, scheduled: bool
) -> None:
    databases = parse_databases(f"@@ databases\n@@ debian\n{debian}\n@@ end\n")
    job = Job("cron", where, "root", "@daily", command, True)
    assert monitor_of(("aide",), (), init, (job,), databases).scheduled is scheduled


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("CRON_DAILY_RUN=no\n", True),
        ("CRON_DAILY_RUN='no' # later\n", True),
        ("CRON_DAILY_RUN=YES\n", True),
        ("#CRON_DAILY_RUN=no\n", False),
        ('CRON_DAILY_RUN="yes"\n', False),
        ("CRON_DAILY_RUN=\n", False),
        ("CRON_DAILY_RUN=no\nCRON_DAILY_RUN=yes\n", False),
    ],
)
def test_the_settings_of_debians_job(tmp_path: Path, text: str, stopped: bool) -> None:
    (tmp_path / "etc/default").mkdir(parents=True)
    (tmp_path / "etc/cron.daily").mkdir()
    (tmp_path / "etc/default/aide").write_text(text)
    (tmp_path / "etc/cron.daily/aide").write_text("# [ -d /run/systemd/system ]\nexit 0\n")
    (tmp_path / CRON_13[1:]).write_text(f"if [ -d {tmp_path}/run/systemd/system ]; then exit 0; fi\n")
    found = parse_databases(in_root(tmp_path, DATABASES))
    assert (found.stopped, found.yields) == (stopped, frozenset({CRON_13}))


@pytest.mark.parametrize(
    ("row", "is_open"),
    [
        ("7 660 0 50 /var/lib/aide/aide.db", True),
        ("7 640 0 50 /var/lib/aide/aide.db", False),
        ("7 660 0 0 /var/lib/aide/aide.db", False),
        ("7 600 0 0 /var/lib/aide/aide.db\n9 770 0 50 /var/lib/aide", True),
        ("7 600 0 0 /var/lib/aide/aide.db\n9 1770 0 50 /var/lib/aide", False),
    ],
)
def test_a_group_counts_by_the_people_in_it(row: str, is_open: bool) -> None:
    ann = Identity("ann", 1000, 1000, "/home/ann", "/bin/bash", True, False)
    facts = {
        "identities": (ann,),
        "groups": (Group("staff", 50, ("ann",)), Group("root", 0, ("root",))),
        "package_names": ("aide",),
        "processes": Processes("systemd", (), ()),
        "scheduled_jobs": (),
    }
    found = build_integrity_monitor(evidence({DATABASES: f"@@ databases\n{row}\n@@ end\n"}, facts))
    assert found.open is is_open


@pytest.mark.parametrize(
    ("configured", "days"), [("", 0), (50, 0), (100 + 86_399, 0), (100 + 31 * 86_400, 31)]
)
def test_a_configuration_that_is_younger_than_the_database(configured: object, days: int) -> None:
    rows = "100 600 0 0 /var/lib/aide/aide.db"
    databases = parse_databases(f"@@ databases\n{rows}\n@@ configured\n{configured}\n@@ end\n")
    assert monitor_of(("aide",), (), "systemd", (), databases).behind_days == days


def test_the_probe_on_a_folder(tmp_path: Path) -> None:
    (tmp_path / "var/lib/aide").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/aide.conf").write_text(
        "@@define DBDIR /var/lib/aide\ndatabase_in=file:@@{DBDIR}/aide.db\n"
    )
    database = tmp_path / "var/lib/aide/aide.db"
    database.write_text("record")
    database.chmod(0o666)
    probe = replace(DATABASES, command=DATABASES.command.replace("/var/lib/", f"{tmp_path}/var/lib/"))
    found = parse_databases(in_root(tmp_path, probe))
    assert found.written
    assert found.open


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@@ databases\n1 /var/lib/aide/aide.db\n@@ end",
        "@@ databases\n1 9 0 0 /var/lib/aide/aide.db\n@@ end",
        "@@ databases\n@@ settings\n@@defineDBDIR/srv\ndatabase=file:@@{DBDIR}/aide.db\n@@ end\n",
        "@@ databases\n@@ end",
        "@@ databases\nsoon x\n@@ end\n",
        "@@ databases\n@@ settings\ndatabase=file:/srv/aide.db\n@@ end\n",
    ],
)
def test_databases_that_cannot_be_told_are_a_gap(text: str) -> None:
    if text == "@@ databases\n@@ end":
        assert parse_databases(text) == NEVER
        return
    with pytest.raises(GapFound):
        parse_databases(text)


HARD = "#+ /etc/security/limits.conf\n#= /etc/security/limits.conf\n * hard core 0"
LOOSER = (
    "\n#+ /etc/security/limits.d/20-db.conf\n#= /etc/security/limits.d/20-db.conf\n * hard core unlimited"
)
HANDLER = "#+ /etc/systemd/coredump.conf\n#= /etc/systemd/coredump.conf\n Storage={}"


@pytest.mark.parametrize(
    ("pattern", "limits", "handler", "expected"),
    [
        ("core", "", "", CoreDumps("files", True, False)),
        ("core", HARD, "", CoreDumps("files", False, True)),
        ("core", HARD.replace("hard", "-"), "", CoreDumps("files", False, True)),
        ("core", HARD.replace("hard", "soft"), "", CoreDumps("files", True, False)),
        ("core", HARD + LOOSER, "", CoreDumps("files", True, False)),
        ("core", HARD + LOOSER.replace(" * ", " oracle "), "", CoreDumps("files", True, False)),
        ("core", HARD.replace(" 0", " 1"), "", CoreDumps("files", True, False)),
        ("|/bin/false", "", "", CoreDumps("nowhere", False, False)),
        ("|/usr/lib/systemd/systemd-coredump %P", HARD, "", CoreDumps("handler", True, True)),
        (
            "|/usr/lib/systemd/systemd-coredump %P",
            "",
            HANDLER.format("none"),
            CoreDumps("handler", False, False),
        ),
        (
            "|/usr/lib/systemd/systemd-coredump %P",
            "",
            HANDLER.format("external"),
            CoreDumps("handler", True, False),
        ),
        ("|/usr/share/apport/apport %p", "", HANDLER.format("none"), CoreDumps("handler", True, False)),
    ],
)
def test_where_core_dumps_go(pattern: str, limits: str, handler: str, expected: CoreDumps) -> None:
    text = f"@@ pattern\n{pattern}\n@@ limits\n{limits}\n@@ handler\n{handler}\n@@ end\n"
    assert parse_core_dumps(text) == expected


def test_a_later_drop_in_of_the_handler_wins() -> None:
    later = (
        "\n#+ /etc/systemd/coredump.conf.d/z.conf\n#= /etc/systemd/coredump.conf.d/z.conf\n Storage=external"
    )
    text = f"@@ pattern\n|systemd-coredump\n@@ limits\n@@ handler\n{HANDLER.format('none')}{later}\n@@ end\n"
    assert parse_core_dumps(text).kept


def test_limits_are_read_with_comments_tabs_and_blanks(tmp_path: Path) -> None:
    (tmp_path / "etc/security/limits.d").mkdir(parents=True)
    (tmp_path / "etc/security/limits.conf").write_text(
        "#* hard core unlimited\n\t*\thard\tcore\t0 # none\r\n* hard nproc 9\n"
    )
    assert parse_core_dumps(in_root(tmp_path, CORE_DUMPS)).limited


BOND = "/proc/net/bonding/bond0:"


def test_bonds() -> None:
    text = "".join(
        f"{BOND}{line}\n"
        for line in (
            "MII Status: up",
            "Slave Interface: eth0",
            "MII Status: up",
            "Slave Interface: eth1",
            "MII Status: down",
        )
    )
    assert parse_bonds(text + "end\n") == (Bond("bond0", ("eth0", "eth1"), ("eth1",)),)
    assert parse_bonds("end\n") == ()


def test_open_keys() -> None:
    assert parse_private_keys("/etc/ssl/b.key\n/etc/ssl/a.pem\nend\n") == (
        OpenKey("/etc/ssl/a.pem"),
        OpenKey("/etc/ssl/b.key"),
    )
    assert parse_private_keys("end\n") == ()


@pytest.mark.parametrize("parse", [parse_bonds, parse_private_keys])
@pytest.mark.parametrize("text", ["", "nonsense\nend\n", "/etc/ssl/a.pem"])
def test_what_is_cut_off_or_strange_is_a_gap(parse: type, text: str) -> None:
    with pytest.raises(GapFound):
        parse(text)


@given(
    st.text(max_size=80),
    st.sampled_from(
        ["", BOND, "@@ databases\n", "@@ pattern\n", "@@ pattern\ncore\n@@ limits\n#+ /a\n#= /a\n "]
    ),
)
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    for parse in (parse_bonds, parse_private_keys, parse_databases, parse_core_dumps):
        try:
            parse(
                f"{prefix}{text}\n@@ end\nend\n"
                if parse in (parse_bonds, parse_private_keys)
                else f"{prefix}{text}\n@@ end\n"
            )
        except GapFound:
            continue
