"""Cron and timers: what is read, what runs, what is masked on the target."""

import os
import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.job_programs import PROGRAMS
from secaudit.facts.job_script import MASK, ROWS, quoted, system_jobs_script
from secaudit.facts.os import parse_os_release
from secaudit.facts.scheduled_jobs import SYSTEM_JOBS, is_like_debian, jobs_of, parse_lines
from tests.unit.facts.answers import evidence, in_root
from tests.unit.facts.job_tables import at_root, jobs, row
from tests.unit.facts.recordings import recorded


def masked(line: str) -> str:
    done = subprocess.run(
        ["awk", MASK + "{ print mask($0) }"], input=line, capture_output=True, text=True, check=True
    )
    return done.stdout.rstrip("\n")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "mysqldump -u root -pHIDE --password=HIDE db | gzip > /b/db.gz",
            "mysqldump -u *** *** *** *** | gzip > /b/db.gz",
        ),
        (
            "PGPASSWORD=HIDE pg_dump -f /b/x.sql && rsync -a /b u@10.0.0.9:/srv",
            "PGPASSWORD=*** pg_dump -f /b/x.sql && rsync -a /b u@10.0.0.9:/srv",
        ),
        ("PASS='a HIDE b' /bin/x", "PASS=*** *** *** /bin/x"),
        ("curl -u admin:HIDE https://u:HIDE@h.example/HIDE?t=HIDE", "curl -u *** https://***"),
        ("curl https://hook.example/HIDE", "curl https://hook.example***"),
        (
            "/bin/x --password HIDE --api-key /HIDE -P HIDE HIDE",
            "/bin/x --password *** --api-key *** -P *** ***",
        ),
        ("echo HIDE | /bin/x", "echo *** | /bin/x"),
        (
            "clamscan -r --exclude-dir=^/sys --exclude='HIDE HIDE' --include=HIDE /",
            "clamscan -r --exclude-dir=^/sys *** *** *** /",
        ),
        ("rsync /a host::module/x", "rsync /a host::module/x"),
        ("cd / && run-parts --report /etc/cron.daily", "cd / && run-parts --report /etc/cron.daily"),
    ],
)
def test_values_are_masked_and_what_runs_is_seen(line: str, shown: str) -> None:
    assert masked(line) == shown
    assert "HIDE" not in masked(line)


@pytest.mark.parametrize("system", ["debian-11", "debian-12", "debian-13"])
def test_recorded_jobs(system: str) -> None:
    found = {job.where: job for job in jobs(recorded(system, "jobs.txt"))}
    assert found["/etc/cron.daily/dpkg"].schedule == "@daily"
    timer = found["apt-daily.timer"]
    assert (timer.kind, timer.enabled, timer.command) == ("timer", True, "/usr/lib/apt/apt.systemd.daily ***")


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("/opt/db-backup.sh --all", "db-backup", True),
        ("[ -x /opt/db-backup ] && nice /opt/db-backup", "db-backup", True),
        ("rsync -a /b/ u@10.1.1.2:/vol", "10.1.1.2", True),
        ("tar czf /b/app/app-$(date).tgz /srv", "/b/app/app-", True),
        ("mysqldump x | gzip", "mysqldump x | gzip", True),
        ("/usr/libexec/dpkg/dpkg-db-backup", "db-backup", False),
        ("/opt/db-backup2; /opt/db-backup.old", "db-backup", False),
        ("rsync -a /b/ 10.1.1.20:/vol; rsync -a /b/ 210.1.1.2:/vol", "10.1.1.2", False),
        ("true db-backup", "db-backup", False),
        ("A=1 /bin/true db-backup; : db-backup; if test db-backup; then ls; fi", "db-backup", False),
        ("echo db-backup | mail root", "db-backup", False),
        ("ls # db-backup", "db-backup", False),
    ],
)
def test_a_declared_text_is_found_as_a_word_of_what_acts(line: str, text: str, found: bool) -> None:
    setup = 'BEGIN { texts = 1; text[1] = ARGV[1]; ARGV[1] = "" }'
    done = subprocess.run(
        ["awk", setup + MASK + PROGRAMS + ROWS + "{ print hits(acting($0, 1)) }", text],
        input=line,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ("1" if found else "-")


def test_debian_ignores_file_names_with_a_point() -> None:
    text = row("cron", "/etc/cron.d/backup.disabled") + "\nend"
    assert [job.enabled for job in jobs(text, like_debian=True)] == [False]
    assert [job.enabled for job in jobs(text, like_debian=False)] == [True]


def test_a_script_that_is_not_executable_does_not_run() -> None:
    text = row("periodic", "/etc/cron.daily/backup", "root", "@daily", "no") + "\nend"
    assert [job.enabled for job in jobs(text)] == [False]


def test_a_timer_runs_the_unit_it_names() -> None:
    lines = [
        row("unit", "b.timer", "root", "OnCalendar=daily", "-", ""),
        row("runs", "b.timer", "job.service", "-", "-", "-"),
        row("unit", "job.service", "db", "", "-", "/bin/dump", "1"),
        row("enabled", "b.timer", "-", "-", "-", "-"),
        "end",
    ]
    ((job, hits),) = jobs_of(parse_lines("\n".join(lines)), like_debian=True)
    assert (job.user, job.command, job.enabled, hits) == ("db", "/bin/dump", True, frozenset({1}))


@pytest.mark.parametrize(
    "text", ["", "cron\tx", row("cron", "/x"), row("cron", "/x", "r", "s", "yes", "c", "x") + "\nend"]
)
def test_what_is_cut_off_or_no_row_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_lines(text)


def test_the_script_on_a_root_of_its_own(tmp_path: Path) -> None:
    for folder in (
        "opt",
        "etc/cron.d",
        "etc/cron.daily",
        "etc/systemd/system/timers.target.wants",
        "usr/lib/systemd/system",
    ):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("opt/db-dump", "opt/b"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "etc/cron.d/db").write_text(
        "# 0 1 * * * root /opt/commented HIDE\nTOKEN=HIDE\n"
        f"0 2 * * * root {tmp_path}/opt/db-dump --key HIDE\n@reboot app true\n"
        '0 3 * * * root mysqldump -p"a;HIDE b" --password=a;HIDE | gzip\n'
    )
    (tmp_path / "etc/cron.daily/files").write_text(
        "#!/bin/sh\n# backup-files\nrsync -a /srv copy.example:/srv # HIDE\n"
    )
    (tmp_path / "etc/cron.daily/files").chmod(0o755)
    units = tmp_path / "usr/lib/systemd/system"
    (units / "b.timer").write_text("[Timer]\nOnCalendar=daily\n")
    (units / "b.service").write_text(
        f'[Service]\nEnvironment="SECRET=HIDE"\nUser=app\nExecStart=-{tmp_path}/opt/b --token HIDE\n'
    )
    (tmp_path / "etc/systemd/system/timers.target.wants/b.timer").symlink_to(units / "b.timer")
    text = at_root(tmp_path, system_jobs_script(("db-dump", "copy.example", "backup-files", "o'clock")))
    assert "HIDE" not in text
    found = {
        job.where: (job, hits)
        for job, hits in jobs_of(parse_lines(text), like_debian=True)
        if job.command != "true" and "mysqldump" not in job.command
    }
    assert found["/etc/cron.d/db"][0].command == "/opt/db-dump --key ***"
    assert found["/etc/cron.d/db"][1] == {1}
    assert found["/etc/cron.daily/files"][1] == {2}
    timer = found["b.timer"][0]
    assert (timer.user, timer.command, timer.enabled) == ("app", "/opt/b --token ***", True)


def test_what_alpine_runs_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "etc/periodic/daily").mkdir(parents=True)
    for name in ("backup", "backup.sh"):
        (tmp_path / "etc/periodic/daily" / name).write_text("#!/bin/sh\n")
        (tmp_path / "etc/periodic/daily" / name).chmod(0o755)
    found = jobs(in_root(tmp_path, SYSTEM_JOBS), like_debian=False)
    assert [(job.where, job.schedule, job.enabled) for job in found if "periodic/" in job.where] == [
        ("/etc/periodic/daily/backup", "@daily", True),
        ("/etc/periodic/daily/backup.sh", "@daily", False),
    ]


@pytest.mark.parametrize(
    ("release", "like_debian"),
    [
        ("ID=debian", True),
        ("ID=ubuntu\nID_LIKE=debian", True),
        ("ID=uos", True),
        ('ID=uos\nPLATFORM_ID="platform:uel20"', False),
        ("ID=kylin", False),
        ("ID=alpine", False),
    ],
)
def test_whose_cron_reads_which_names(release: str, like_debian: bool) -> None:
    assert is_like_debian(evidence({}, {"os": parse_os_release(release)})) is like_debian


def test_a_fifo_does_not_hold_the_script_up(tmp_path: Path) -> None:
    (tmp_path / "etc/cron.d").mkdir(parents=True)
    os.mkfifo(tmp_path / "etc/cron.d/fifo")
    (tmp_path / "etc/cron.d/zero").symlink_to("/dev/zero")
    assert at_root(tmp_path, system_jobs_script()).splitlines()[-1] == "end"


def test_any_text_is_one_word_of_sh() -> None:
    text = 'it\'s $(touch x) `y` "z" \\ *'
    done = subprocess.run(
        ["/bin/sh", "-c", f"printf %s {quoted(text)}"], capture_output=True, text=True, check=True
    )
    assert done.stdout == text
