"""Declared data sets joined with artefacts, jobs and targets."""

import re
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.backup_artefacts import Artefacts, BackupArtefacts, join_artefacts, parse_artefacts
from secaudit.facts.backup_script import artefacts_probe, job_texts, jobs_probes
from secaudit.facts.backups import DataSetBackup, FoundJobs, backup_probes, join_backup
from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import GapFound, build_facts, probes_of
from secaudit.facts.processes import Processes
from secaudit.facts.scheduled_jobs import Job
from secaudit.model.content import References
from secaudit.model.evidence import Gap, GapReason, Observation
from secaudit.model.register import Asset, DataSet, Grade, System, Target

WILD = re.compile(r"[*?\[]")
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
HOST = Asset("web", "linux", "web", "10.0.0.1")
RUNNING = Processes("busybox", ("cron",), ("cron",))
AWAY = Target("10.0.0.9", "/srv", off_site=True)
SYSTEM = System("s", "s", "o", Grade(3, 3), assets=(HOST, Asset("copies", "linux", "copies", "10.0.0.7")))


def data_set(
    artefacts: tuple[str, ...] = ("/b/*.gz",), job: str = "db-dump", targets: tuple[Target, ...] = ()
) -> DataSet:
    return DataSet("db", "database", "business", "web", artefacts, "dump", job, 24, 4, targets)


def job(
    *hits: str, kind: str = "cron", enabled: bool = True, where: str = "/etc/cron.d/db", user: str = "root"
) -> tuple[Job, frozenset[str]]:
    return Job(kind, where, user, "@daily", "***", enabled), frozenset(hits)


def lying(text: str = "total 0") -> BackupArtefacts:
    return join_artefacts(data_set(), parse_artefacts(text), NOW)


def joined(declared: DataSet, jobs: FoundJobs = (), processes: Processes = RUNNING) -> DataSetBackup:
    return join_backup(declared, HOST, SYSTEM, lying(), jobs, processes)


def test_newest_and_the_one_before() -> None:
    row = lying("1795392000 900 /b/2.gz\n1795305600 1000 /b/1.gz\ntotal 2")
    assert (row.newest_path, row.newest_date, row.age_h) == ("/b/2.gz", "2026-11-23T00:00Z", 6)
    assert (row.newest_size_bytes, row.previous_size_bytes, row.count) == (900, 1000, 2)


def test_nothing_there_is_explicit_and_never_young() -> None:
    row = lying()
    assert (row.count, row.newest_date, row.newest_path) == (0, "none", "")
    assert row.age_h > 24 * 365 * 50


def test_a_time_in_the_future_has_a_negative_age() -> None:
    assert lying("1800000000 1 /b/x\ntotal 1").age_h < 0


@pytest.mark.parametrize(
    "text",
    ["", "1795392000 900 /b/2.gz", "unreadable\ntotal 1", "1795392000 900 /b/two\nlines\ntotal 1", "total x"],
)
def test_what_is_cut_off_or_unreadable_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_artefacts(text)


def test_a_time_beyond_the_calendar_is_a_gap() -> None:
    with pytest.raises(GapFound):
        lying("999999999999 1 /b/x\ntotal 1")


@pytest.mark.parametrize(
    ("found", "processes", "present", "active"),
    [
        (job("db-dump"), RUNNING, True, True),
        (job("other"), RUNNING, False, False),
        (job("db-dump", enabled=False), RUNNING, True, False),
        (job("db-dump"), Processes("busybox", ("sshd",), ("cron", "sshd")), True, False),
        (job("db-dump", kind="timer"), RUNNING, True, False),
        (job("db-dump", kind="timer"), Processes("systemd", ("systemd",), ("systemd",)), True, True),
    ],
    ids=["cron", "other", "disabled", "cron of a system account", "timer without systemd", "timer"],
)
def test_jobs(found: tuple[Job, frozenset[str]], processes: Processes, present: bool, active: bool) -> None:
    row = joined(data_set(), (found,), processes)
    assert (row.job_declared, row.job_present, row.job_active) == (True, present, active)


def test_a_crontab_of_an_ordinary_account_is_no_declared_job() -> None:
    anns = job("db-dump", "10.0.0.9", where="/var/spool/cron/crontabs/ann", user="ann")
    row = joined(data_set(targets=(AWAY,)), (anns,))
    assert (row.job_present, row.job_active, row.job_of_user, row.copies_elsewhere) == (True, False, True, 0)
    for set_up in (job("db-dump", user="ann"), job("db-dump", where="/var/spool/cron/crontabs/root")):
        row = joined(data_set(), (anns, set_up))
        assert (row.job_active, row.job_of_user) == (True, False)


@pytest.mark.parametrize(
    ("schedule", "regular"),
    [
        ("@reboot", False),
        ("OnBootSec=5min", False),
        ("OnBootSec=5min; OnUnitActiveSec=1d", True),
        ("@daily", True),
    ],
)
def test_what_runs_only_at_each_start_is_no_regular_backup(schedule: str, regular: bool) -> None:
    found, hits = job("db-dump")
    row = joined(data_set(), ((replace(found, schedule=schedule), hits),))
    assert (row.job_active, row.job_at_start, row.job_of_user) == (regular, not regular, False)


def test_no_declared_job_is_found_nowhere() -> None:
    row = joined(data_set(job=""), (job("10.0.0.9"),))
    assert (row.job_declared, row.job_present) == (False, False)


def test_copies_are_targets_off_the_asset_that_an_active_job_names() -> None:
    here, near = Target("10.0.0.1"), Target("10.0.0.8")
    row = joined(data_set(targets=(here, near, AWAY)), (job("10.0.0.9"), job("10.0.0.8", enabled=False)))
    assert (row.targets_elsewhere, row.targets_off_site) == (2, 1)
    assert (row.copies_elsewhere, row.copies_off_site) == (1, 1)


def test_a_target_may_be_a_registered_asset() -> None:
    declared = data_set(targets=(Target("", "/srv", asset="copies"), Target("", "/srv", asset="web")))
    assert job_texts((declared,), SYSTEM) == ("10.0.0.1", "10.0.0.7", "db-dump")
    row = joined(declared, (job("10.0.0.7"), job("10.0.0.1")))
    assert (row.targets_elsewhere, row.copies_elsewhere) == (1, 1)


def listed(declared: DataSet) -> str:
    command = artefacts_probe(declared).command
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, timeout=20)
    return done.stdout.decode()


def test_several_names_of_one_backup_count_once(tmp_path: Path) -> None:
    (tmp_path / "db-1").write_text("12345")
    (tmp_path / "db-2").write_text("1")
    (tmp_path / "db-latest").symlink_to("db-2")
    (tmp_path / "db-hard").hardlink_to(tmp_path / "db-2")
    (tmp_path / "set-1").mkdir()
    (tmp_path / "set-1" / "a").write_text("123")
    (tmp_path / "set-latest").symlink_to("set-1")
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "b").write_text("1234")
    (tmp_path / "set-away").symlink_to("away")
    assert sorted(parse_artefacts(listed(data_set((f"{tmp_path}/db-*",)))).sizes_bytes) == [1, 5]
    assert sorted(parse_artefacts(listed(data_set((f"{tmp_path}/set-*",)))).sizes_bytes) == [3, 4]


def test_patterns_names_and_folders_on_a_real_file_system(tmp_path: Path) -> None:
    (tmp_path / "full set").mkdir()
    (tmp_path / "full set" / "a").write_text("12345")
    (tmp_path / "empty").mkdir()
    (tmp_path / "db $(touch pwn)'1.gz").write_text("1")
    (tmp_path / "notes.txt").write_text("x")
    patterns = ("db *.gz", "full set", "empty", "db*", "[0-9]*", "absent")
    found = parse_artefacts(listed(data_set(tuple(f"{tmp_path}/{p}" for p in patterns))))
    assert found.count == 2
    assert sorted(found.sizes_bytes) == [1, 5]
    assert not (tmp_path / "pwn").exists()


def test_no_pattern_finds_nothing() -> None:
    assert parse_artefacts(listed(data_set(()))) == Artefacts(0, 0, "", ())


@given(st.text(st.characters(exclude_characters="\0/\n", codec="utf-8"), min_size=1, max_size=30))
def test_a_name_without_wildcards_is_taken_as_it_is(text: str) -> None:
    if text.strip(".") and not WILD.search(text):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / text).write_text("12")
            assert parse_artefacts(listed(data_set((f"{folder}/{text}",)))).sizes_bytes == (2,)


def test_a_wildcard_stays_in_its_folder_and_leaves_hidden_names_out(tmp_path: Path) -> None:
    for name in ("a/x.gz", "a/.part.gz", "a/b/y.gz", "[1]/z.gz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    assert parse_artefacts(listed(data_set((f"{tmp_path}/*/*.gz",)))).count == 2
    assert parse_artefacts(listed(data_set((f"{tmp_path}/[a-c]/*.gz",)))).newest_path == f"{tmp_path}/a/x.gz"
    assert parse_artefacts(listed(data_set((f"{tmp_path}/[/*.gz",)))).count == 0


def test_nothing_to_look_for_asks_nothing() -> None:
    assert jobs_probes((data_set(job=""),), SYSTEM) == ()
    assert job_texts((data_set(targets=(AWAY,)), data_set()), SYSTEM) == ("10.0.0.9", "db-dump")


def facts(observed: dict[str, str], name: str = "data_set_backups") -> object:
    system = System("s", "s", "o", Grade(3, 3), assets=(HOST,), data_sets=(data_set(),))
    probes = probes_of("data_set_backups", BUILT_IN, HOST, system)
    assert {p.id for p in backup_probes(HOST, system)} <= {p.id for p in probes}
    observations = {
        p.id: Observation(p.id, p.definition_hash, p.command, output=observed[p.id].encode(), exit_status=0)
        for p in probes
        if p.id in observed
    }
    built = build_facts([name], BUILT_IN, observations, HOST, system, References(), NOW)
    return built[name]


ANSWERS = {
    "os.release": "ID=debian",
    "processes.names": "init\tbusybox\nroot\tcron\nend",
    "backup.artefacts.db": "1795392000 900 /b/2.gz\ntotal 1",
    "backup.jobs.system": "cron\t/etc/cron.d/db\troot\t@daily\tyes\t/opt/***\t1\nend",
    "backup.jobs.users": "end",
}


def test_the_whole_fact() -> None:
    rows = facts(ANSWERS)
    assert isinstance(rows, tuple)
    assert (rows[0].object, rows[0].job_active, rows[0].job_where) == ("db", True, "/etc/cron.d/db")


@pytest.mark.parametrize("missing", ["backup.jobs.users", "backup.artefacts.db", "processes.names"])
def test_a_missing_answer_is_a_gap(missing: str) -> None:
    found = facts({name: text for name, text in ANSWERS.items() if name != missing})
    assert isinstance(found, Gap)
    assert found.reason is GapReason.NOT_COLLECTED


def test_artefacts_are_known_whatever_the_crontabs_are() -> None:
    rows = facts({"backup.artefacts.db": ANSWERS["backup.artefacts.db"]}, "backup_artefacts")
    assert isinstance(rows, tuple)
    assert rows[0].count == 1


def test_a_text_that_was_not_looked_for_is_a_gap() -> None:
    found = facts({**ANSWERS, "backup.jobs.users": "cron\t/x\troot\t@daily\tyes\t/y\t7\nend"})
    assert isinstance(found, Gap)
    assert found.reason is GapReason.UNPARSABLE
