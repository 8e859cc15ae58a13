"""Which jobs really run: what they call is there, cron takes its table in, a timer's unit says so in the end."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.job_script import MOST_BYTES, system_jobs_script
from secaudit.facts.scheduled_jobs import SYSTEM_JOBS, jobs_of, parse_lines
from secaudit.model.evidence import Probe
from tests.unit.facts.answers import in_root
from tests.unit.facts.job_tables import at_root, jobs, program, row


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


@pytest.mark.parametrize("line", ["0 2 * * * root true\n", "# nothing\n"])
def test_no_more_of_a_table_is_held_than_could_be_told(tmp_path: Path, line: str) -> None:
    """Jobs beyond that come out as more than the probe may say, comments as no whole answer."""
    (tmp_path / "etc/cron.d").mkdir(parents=True)
    (tmp_path / "etc/cron.d/flood").write_text(line * (2 * MOST_BYTES // len(line)))
    moved = SYSTEM_JOBS.command.replace("/etc/", f"{tmp_path}/etc/")
    done = subprocess.run(
        ["/bin/sh", "-c", 'root() { "$@"; }\n' + moved], stdout=subprocess.PIPE, check=False, timeout=60
    )
    assert done.returncode != 0
    assert len(done.stdout) < 3 * MOST_BYTES
    assert (len(done.stdout) > SYSTEM_JOBS.limit_bytes) == line.startswith("0")
