"""What becomes of files in /tmp and /var/tmp."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.scheduled_jobs import Job
from secaudit.facts.temporary_folders import TEMPORARY, temporary_folders
from tests.unit.facts.answers import in_root

REAPER = Job("periodic", "/etc/cron.daily/tmpreaper", "root", "daily", "", True)


def rule(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


def found(
    *rules: str, mounted: str = "", timer: str = "runs", openrc: str = "", jobs: tuple[Job, ...] = ()
) -> list[tuple[str, int]]:
    text = (
        f"@@ mounted\n{mounted}\n@@ rules\n{''.join(rules)}@@ timer\n{timer}\n@@ openrc\n{openrc}\n@@ end\n"
    )
    return [(folder.how, folder.days) for folder in temporary_folders(text, jobs)]


SHIPPED = "/usr/lib/tmpfiles.d/tmp.conf"


@pytest.mark.parametrize(
    ("rules", "tmp", "var_tmp"),
    [
        (rule(SHIPPED, "q /tmp 10d", "q /var/tmp 30d"), ("age", 10), ("age", 30)),
        (rule(SHIPPED, "D /tmp -"), ("start", -1), ("never", -1)),
        (rule("/etc/tmpfiles.d/tmp.conf") + rule(SHIPPED, "q /tmp 10d"), ("never", -1), ("never", -1)),
        (
            rule("/etc/tmpfiles.d/zz.conf", "d /tmp 1d") + rule(SHIPPED, "q /tmp 10d"),
            ("age", 10),
            ("never", -1),
        ),
        (
            rule("/etc/tmpfiles.d/aa.conf", "d /tmp/ 1w") + rule(SHIPPED, "q /tmp 10d"),
            ("age", 7),
            ("never", -1),
        ),
        (rule(SHIPPED, "q /tmp bcm:36h", "q /var/tmp 0"), ("age", 2), ("age", 0)),
        (rule(SHIPPED, "q /tmp soon"), ("never", -1), ("never", -1)),
    ],
)
def test_rules(rules: str, tmp: tuple[str, int], var_tmp: tuple[str, int]) -> None:
    assert found(rules) == [tmp, var_tmp]


def test_rules_without_their_timer_clean_nothing() -> None:
    assert found(rule(SHIPPED, "D /tmp 10d"), timer="") == [("never", -1)] * 2


def test_a_folder_in_memory() -> None:
    assert found(mounted="/tmp\ttmpfs\n/var/tmp\text4") == [("memory", -1), ("never", -1)]


@pytest.mark.parametrize(
    ("job", "how"),
    [
        (REAPER, "job"),
        (
            Job(
                "cron", "/etc/cron.d/clean", "root", "0 3 * * *", "/usr/sbin/tmpwatch 240 /tmp /var/tmp", True
            ),
            "job",
        ),
        (Job("periodic", "/etc/cron.daily/tmpreaper", "root", "daily", "", False), "never"),
        (Job("cron", "/etc/cron.d/x", "root", "0 3 * * *", "echo tmpwatcher", True), "never"),
    ],
)
def test_jobs_that_clean(job: Job, how: str) -> None:
    assert found(jobs=(job,)) == [(how, -1)] * 2


@pytest.mark.parametrize(
    ("openrc", "how"),
    [
        ("start", "start"),
        ('start\nwipe_tmp="YES"', "start"),
        ('start\nwipe_tmp="NO"', "never"),
        ("", "never"),
    ],
)
def test_openrc_empties_tmp_at_the_start(openrc: str, how: str) -> None:
    assert found(timer="", openrc=openrc) == [(how, -1), ("never", -1)]


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        temporary_folders("@@ mounted\n", ())


def test_the_probe(tmp_path: Path) -> None:
    folder = tmp_path / "etc/tmpfiles.d"
    folder.mkdir(parents=True)
    (folder / "tmp.conf").write_text(
        "# q /tmp 1777 root root 1d\nq!\t/tmp 1777 root root 10d\nd /var/tmp/app 0700 app app 1d\nx /tmp/keep\n"
        "D /var/tmp 1777 root root\n"
    )
    lines = in_root(tmp_path, TEMPORARY).splitlines()
    assert [line for line in lines if line.startswith(" ") and "tmp" in line][:2] == [
        " q /tmp 10d",
        " D /var/tmp -",
    ]
