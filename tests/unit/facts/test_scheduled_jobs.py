"""Cron and timers: what is read, what runs, what is masked on the target."""

import os
import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.job_programs import PROGRAMS
from secaudit.facts.job_script import MASK, ROWS, quoted, system_jobs_script
from secaudit.facts.os import parse_os_release
from secaudit.facts.scheduled_jobs import SYSTEM_JOBS, Job, is_like_debian, jobs_of, parse_lines
from secaudit.model.evidence import Probe
from tests.unit.facts.answers import evidence, in_root
from tests.unit.facts.recordings import recorded


def masked(line: str) -> str:
    done = subprocess.run(
        ["awk", MASK + "{ print mask($0) }"], input=line, capture_output=True, text=True, check=True
    )
    return done.stdout.rstrip("\n")


def jobs(text: str, like_debian: bool = True) -> list[Job]:
    return [job for job, _ in jobs_of(parse_lines(text), like_debian)]


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


def row(kind: str, where: str, *rest: str) -> str:
    user, schedule, enabled, command, hits = (*rest, *("root", "@daily", "yes", "/bin/x", "-")[len(rest) :])
    return "\t".join((kind, where, user, schedule, enabled, command, hits))


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


def at_root(root: Path, script: str) -> str:
    moved = (
        script.replace("/etc/", f"{root}/etc/")
        .replace("/usr/lib/", f"{root}/usr/lib/")
        .replace("/run/", f"{root}/run/")
    )
    moved = 'root() { "$@"; }\n' + moved
    done = subprocess.run(["/bin/sh", "-c", moved], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.replace(str(root), "")


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


def program(root: Path, name: str, text: str = "#!/bin/sh\nls\n", mode: int = 0o755) -> str:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        ("{here}", True),
        ("{gone} >> /var/log/x", False),
        ("{empty}", False),
        ("{closed}", False),
        ("sh {closed}", True),
        ("sh {gone}", False),
        ("sh -c {gone}", True),
        ("cd {root}/opt && ./here --all", True),
        ("cd {root}/opt && ./gone --all", False),
        ("[ -x {gone} ] && {gone}", False),
        ("if [ -x {gone} ]; then {gone}; else {here}; fi", True),
        ("test -x {gone} || {{ cd / && {here}; }}", True),
        ("nice -n 19 ionice -c2 -n7 {here}", True),
        ("nice -n 19 {gone}", False),
        ("A=1 {gone}", False),
        ("sort /x | gzip > /y", True),
        ("no-such-program --all", False),
        ("PATH=/opt/bin:$PATH; no-such-program", True),
        (". /etc/profile; no-such-program", True),
        ("$HOME/no-such-program", True),
        ("true; echo x", False),
        ("# {here}", False),
    ],
)
def test_what_calls_nothing_that_is_there_does_not_run(tmp_path: Path, command: str, runs: bool) -> None:
    names = {
        "root": str(tmp_path),
        "gone": f"{tmp_path}/opt/gone",
        "here": program(tmp_path, "opt/here"),
        "empty": program(tmp_path, "opt/empty", ""),
        "closed": program(tmp_path, "opt/closed", mode=0o644),
    }
    (tmp_path / "etc/cron.d").mkdir(parents=True)
    (tmp_path / "etc/debian_version").write_text("12.1\n")
    (tmp_path / "etc/cron.d/job").write_text(f"0 2 * * * root {command.format(**names)}\n")
    found = jobs(in_root(tmp_path, SYSTEM_JOBS))
    assert [job.enabled for job in found if job.where == "/etc/cron.d/job"] == [runs]


@pytest.mark.parametrize(
    ("table", "reads"),
    [
        ("0 2 * * * root /bin/ls\n", True),
        ("0 2 * * * root /bin/ls", False),
        ("0 2 * * * root /bin/ls\n* * * root x\n", False),
        ("0 2 * * * root /bin/ls\n61 * * * * root x\n", False),
        ("0 2 * * * root /bin/ls\n@every root x\n", False),
        ("0 2 * * * root /bin/ls\n0 2 * * * nobody-such x\n", False),
        ("0 2 31 2 * root /bin/ls\n", False),
        ("SHELL=/bin/false\n0 2 * * * root /bin/ls\n", False),
        ("PATH=/nowhere\n0 2 * * * root ls\n", False),
    ],
)
def test_debians_cron_takes_in_a_whole_table_or_none(tmp_path: Path, table: str, reads: bool) -> None:
    (tmp_path / "etc/cron.d").mkdir(parents=True)
    (tmp_path / "etc/debian_version").write_text("12.1\n")
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (tmp_path / "etc/cron.d/job").write_text(table)
    found = jobs(in_root(tmp_path, SYSTEM_JOBS))
    assert [job.enabled for job in found if job.command.endswith("ls")] == [reads]


def table(
    where: str, owner: str = "root", mode: str = "-rw-r--r--", told: str = "1 20", read: str = "20"
) -> str:
    cron = row("cron", where, "root", "0 2 * * *")
    return "\n".join(
        [cron, row("bytes", where, "-", "-", "-", read), row("table", where, owner, "-", mode, told), "end"]
    )


@pytest.mark.parametrize(
    ("text", "on_debian", "elsewhere"),
    [
        (table("/etc/cron.d/a"), True, True),
        (table("/etc/cron.d/a", mode="-rw-rw-r--"), False, False),
        (table("/etc/cron.d/a", mode="-rw-r--rw-"), False, False),
        (table("/etc/cron.d/a", owner="ann"), False, False),
        (table("/etc/cron.d/a", told="2 20"), False, True),
        (table("/etc/cron.d/a", read="21"), False, True),
        (table("/var/spool/cron/crontabs/ann", "ann", "-rw-------"), True, True),
        (table("/var/spool/cron/crontabs/ann", "root", "-rw-------"), True, True),
        (table("/var/spool/cron/crontabs/ann", "bob", "-rw-------"), False, False),
        (table("/var/spool/cron/crontabs/ann", "ann"), False, True),
        (table("/var/spool/cron/ann", "ann", "-rw-------"), False, True),
    ],
)
def test_whose_tables_cron_takes_in(text: str, on_debian: bool, elsewhere: bool) -> None:
    assert [job.enabled for job in jobs(text, like_debian=True)] == [on_debian]
    assert [job.enabled for job in jobs(text, like_debian=False)] == [elsewhere]


def test_what_a_closed_folder_holds_is_a_gap_where_it_is_wanted() -> None:
    assert jobs(row("cron", "/etc/cron.d/a", "root", "0 2 * * *", "closed") + "\nend")[0].enabled
    with pytest.raises(GapFound):
        jobs(row("cron", "/etc/cron.d/a", "root", "0 2 * * *", "closed", "/root/x", "1") + "\nend")


def test_a_folder_that_nothing_runs() -> None:
    script = row("periodic", "/etc/cron.daily/x", "root", "@daily", "yes", "/etc/cron.daily/x")
    runs = row(
        "cron", "/etc/crontab", "root", "0 2 * * *", "yes", "cd / && run-parts --report /etc/cron.daily"
    )
    unless = runs.replace("cd /", "test -x /usr/sbin/anacron || cd /")
    anacron = row("table", "/usr/sbin/anacron", "root", "-", "-rwxr-xr-x", "1 9")
    timer = row("enabled", "anacron.timer", "-", "-", "-", "-")

    def enabled(*lines: str) -> bool:
        found = {job.where: job for job in jobs("\n".join([script, *lines, "end"]))}
        return found["/etc/cron.daily/x"].enabled

    assert not enabled()
    assert enabled(runs)
    assert enabled(unless)
    assert not enabled(unless, anacron)
    assert enabled(unless, anacron, timer)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("rsync -a / copy.example:/x\n", True),
        ("exit 0\nrsync -a / copy.example:/x\n", False),
        ("if [ -e /x ]; then\nexit 0\nfi\nrsync -a / copy.example:/x\n", True),
        ("/no/such/tool copy.example\n", False),
        ("# nothing\n", False),
    ],
)
def test_what_a_script_never_reaches_is_not_done(tmp_path: Path, lines: str, found: bool) -> None:
    program(tmp_path, "etc/cron.daily/copy", "#!/bin/sh\n" + lines)
    program(tmp_path, "etc/crontab", "0 2 * * * root run-parts /etc/cron.daily\n", 0o644)
    text = at_root(tmp_path, system_jobs_script(("copy.example",)))
    hits = {job.where: hits for job, hits in jobs_of(parse_lines(text), like_debian=True)}
    assert hits["/etc/cron.daily/copy"] == ({1} if found else set())


UNITS = "usr/lib/systemd/system/"


@pytest.mark.parametrize(
    ("more", "runs"),
    [
        ({}, True),
        ({"etc/systemd/system/b.service": ""}, False),
        ({"etc/systemd/system/b.timer": ""}, False),
        ({"etc/systemd/system/b.service.d/x.conf": "[Service]\nExecStart=\n"}, False),
        ({"etc/systemd/system/b.service.d/x.conf": "[Service]\nExecStart=\nExecStart=/no/such\n"}, False),
        ({"etc/systemd/system/b.timer.d/x.conf": "[Timer]\nOnCalendar=\n"}, False),
        ({"etc/systemd/system/b.timer": "[Timer]\nOnCalendar=daily\nUnit=none.service\n"}, False),
    ],
)
def test_a_timer_runs_what_its_units_say_in_the_end(tmp_path: Path, more: dict[str, str], runs: bool) -> None:
    wanted = tmp_path / "etc/systemd/system/timers.target.wants/b.timer"
    program(tmp_path, UNITS + "b.timer", "[Timer]\nOnCalendar=daily\n", 0o644)
    program(tmp_path, UNITS + "b.service", "[Service]\nExecStart=/bin/sh -c 'a; \\\n  db-dump'\n", 0o644)
    for name, text in more.items():
        program(tmp_path, name, text, 0o644)
    wanted.parent.mkdir(parents=True)
    wanted.symlink_to(tmp_path / UNITS / "b.timer")
    found = jobs_of(parse_lines(at_root(tmp_path, system_jobs_script(("db-dump",)))), like_debian=True)
    assert any(job.enabled and job.schedule and hits for job, hits in found if job.where == "b.timer") is runs


def test_every_awk_takes_the_programs_that_look_for_declared_jobs(tmp_path: Path) -> None:
    """An array with the name of a function is a syntax error for mawk alone."""
    (tmp_path / "etc/cron.daily").mkdir(parents=True)
    script = tmp_path / "etc/cron.daily/app"
    script.write_text("#!/bin/sh\n/bin/sh /opt/app-backup\n")
    script.chmod(0o755)
    probe = Probe("jobs.declared", system_jobs_script(("app-backup",)), root=True)
    assert in_root(tmp_path, probe, steady=False).endswith("\nend\n")
