"""Each line of doctor, good and bad, from facts alone."""

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.errors import StoreError
from secaudit.handover.chain import written
from secaudit.handover.ledger import Ledger, Subject
from secaudit.notify import queue
from secaudit.schedule import journal
from secaudit.store import Form, open_store
from secaudit.upkeep import stock
from secaudit.upkeep.doctor import (
    Line,
    State,
    Topic,
    backup,
    clock,
    content,
    database,
    disk,
    expiry,
    gravest,
    host_keys,
    nights,
    permissions,
    programs,
    secrets,
)
from secaudit.upkeep.doctor import ledger as chained
from secaudit.upkeep.notes import Notes

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = Path("/srv/审计")
OK, WARN, FAIL, UNKNOWN = State.OK, State.WARN, State.FAIL, State.UNKNOWN


def states(lines: Iterable[Line]) -> list[State]:
    """States; whoever is not well says what mends it."""
    found = list(lines)
    assert all(line.told for line in found)
    assert all(line.fix for line in found if line.state is not OK), found
    return [line.state for line in found]


def test_what_nobody_could_look_at_is_graver_than_what_is_broken() -> None:
    every = [Line(state, Topic.DISK, "x") for state in State]
    assert gravest(every) is UNKNOWN
    assert gravest(every[:3]) is FAIL
    assert gravest(every[:2]) is WARN
    assert gravest([]) is OK


SEEN = permissions.Seen("", 0o700, 0, folder=True)


@pytest.mark.parametrize(
    ("entered", "seen", "expected"),
    [
        (True, (), [OK]),
        (True, (permissions.Seen("ledger.txt", 0o600, 0),), [OK]),
        (True, (permissions.Seen("reports/a.html", 0o644, 0),), [FAIL]),
        (False, (permissions.Seen("reports/a.html", 0o644, 0),), [OK]),
        (
            True,
            (
                permissions.Seen("reports", 0o700, 0, folder=True),
                permissions.Seen("reports/a.html", 0o644, 0),
            ),
            [OK],
        ),
        (False, (permissions.Seen("secaudit.db", 0o660, 0),), [FAIL]),
        (False, (permissions.Seen("secaudit.db", 0o600, 1000),), [WARN]),
    ],
)
def test_permissions(entered: bool, seen: tuple[permissions.Seen, ...], expected: list[State]) -> None:
    first = replace(SEEN, mode=0o755) if entered else SEEN
    facts = permissions.Permissions(HERE, entered, 0, (first, *seen))
    assert states(permissions.lines(facts)) == expected


def test_a_folder_that_cannot_be_looked_into_is_unknown() -> None:
    facts = permissions.Permissions(HERE, False, 0, (SEEN,), ("keys",))
    assert states(permissions.lines(facts)) == [UNKNOWN]


def test_permissions_as_they_are_on_the_disk(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "reports").mkdir(mode=0o755)
    report = tmp_path / "reports" / "a.html"
    report.write_text("x", encoding="utf-8")
    report.chmod(0o644)
    (tmp_path / "link").symlink_to("/etc/passwd")
    facts = replace(permissions.gather(tmp_path), entered=True)
    assert [one.path for one in facts.seen] == ["", "reports", "reports/a.html"]
    assert states(permissions.lines(facts)) == [FAIL]
    report.chmod(0o600)
    assert states(permissions.lines(permissions.gather(tmp_path))) == [OK]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("password: env:SECAUDIT_PW\n", []),
        ("password: file:/run/secrets/pw\n", []),
        ("reach: {transport: ssh, password: prompt}\n", []),
        ("password: agent  # of the office\n", []),
        ("password: ''\npassphrase:\n", []),
        ("a: 1\npassword: hunter2\n", [2]),
        ('  sudo_password: "hunter2"\n', [1]),
        ("备注：x\n口令：hunter2\n", [2]),
        ("# password: hunter2\n", [1]),
        ("api_token = 0123456789\n", [1]),
        ("password_max_age: 90\n", []),
        ("reach: {transport: ssh, password: hunter2}\n", [1]),
        ('{"password": "hunter2"}', [1]),
    ],
)
def test_a_password_in_plain_is_found_and_a_reference_is_none(text: str, lines: list[int]) -> None:
    assert secrets.plain_secrets(text) == lines


def test_secrets_as_they_lie_in_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    key = tmp_path / "keys" / "office.key"
    key.write_text("-----BEGIN PRIVATE KEY-----\n", encoding="utf-8")
    key.chmod(0o600)
    (tmp_path / "secaudit.yaml").write_text("office: a\n", encoding="utf-8")
    moment = key.stat().st_mtime
    now = datetime.fromtimestamp(moment, UTC) + DAY
    assert states(secrets.lines(secrets.gather(tmp_path, [key.resolve()]), now)) == [OK]
    assert states(secrets.lines(secrets.gather(tmp_path, []), now + 800 * DAY)) == [WARN]
    key.chmod(0o640)
    (tmp_path / "systems").mkdir()
    (tmp_path / "systems" / "oa.yaml").write_text("password: hunter2\n", encoding="utf-8")
    (tmp_path / "id_ed25519").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n", encoding="utf-8")
    found = list(secrets.lines(secrets.gather(tmp_path, [tmp_path / "gone"]), now))
    assert states(found) == [FAIL, FAIL, FAIL, FAIL]
    said = "\n".join(line.told + line.fix for line in found)
    assert "hunter2" not in said
    assert "systems/oa.yaml:1" in said
    assert "0640" in said


def test_a_file_that_cannot_be_read_may_hold_anything() -> None:
    assert states(secrets.lines(secrets.Secrets(unread=("a.yaml",)), NOW)) == [UNKNOWN]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (host_keys.HostKeys(HERE, None, 0), [OK]),
        (host_keys.HostKeys(HERE, 0o600, 3), [OK]),
        (host_keys.HostKeys(HERE, 0o600, 9, ("a", "b", "c", "d")), [WARN]),
        (host_keys.HostKeys(HERE, 0o666, 3), [FAIL, OK]),
        (host_keys.HostKeys(HERE, None, 3, reason="permission denied"), [UNKNOWN]),
    ],
)
def test_host_keys(facts: host_keys.HostKeys, expected: list[State]) -> None:
    assert states(host_keys.lines(facts, "hostkeys trust")) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (database.Database(HERE, None), [OK]),
        (database.Database(HERE, Form.EMPTY), [OK]),
        (database.Database(HERE, Form.CURRENT), [OK]),
        (database.Database(None, Form.OLDER), [WARN]),
        (database.Database(HERE, Form.OLDER), [WARN]),
        (database.Database(HERE, Form.CURRENT, ("row 1 missing",)), [FAIL]),
        (database.Database(HERE, error=StoreError("newer", hint="upgrade")), [FAIL]),
        (database.Database(HERE, error=StoreError("locked")), [FAIL]),
    ],
)
def test_database(facts: database.Database, expected: list[State]) -> None:
    assert states(database.lines(facts, "restore")) == expected


def test_a_damaged_file_is_found_by_its_pages(tmp_path: Path) -> None:
    file = tmp_path / "secaudit.db"
    url = f"sqlite:///{file}"
    assert database.gather(url) == database.Database(file)
    open_store(url).close()
    assert database.gather(url) == database.Database(file, Form.CURRENT)
    content_ = bytearray(file.read_bytes())
    content_[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    file.write_bytes(content_)
    found = database.gather(url)
    assert found.damage or found.error
    assert states(database.lines(found, "restore")) == [FAIL]


def test_ledger(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.txt")

    def seen(notes: Notes, now: datetime = NOW) -> list[State]:
        return states(chained.lines(chained.gather(ledger, notes), now, "verify", "backup"))

    assert seen(Notes()) == [OK]
    ledger.enter([Subject("run", f"r{n}", lambda: "aa") for n in range(3)], NOW)
    assert seen(Notes()) == [WARN]
    noted = Notes(anchor=written(ledger.check().head), backup_at=(NOW - DAY).isoformat())
    assert seen(noted) == [OK]
    assert seen(noted, NOW + 40 * DAY) == [WARN]
    whole = ledger.file.read_bytes()
    ledger.file.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    assert seen(noted) == [FAIL]
    ledger.file.write_bytes(whole.replace(b'"r1"', b'"r9"'))
    assert seen(Notes()) == [FAIL]
    ledger.file.unlink()
    ledger.file.mkdir()
    assert seen(Notes()) == [UNKNOWN]


@pytest.mark.parametrize(
    ("free_mib", "used_mib", "days", "expected"),
    [
        (None, 0, 0, UNKNOWN),
        (100, 0, 0, FAIL),
        (9_000, 900, 3, OK),
        (9_000, 0, 90, OK),
        (9_000, 900, 90, OK),  # 10 MiB a day: 900 days
        (900, 900, 90, WARN),
        (290, 900, 90, FAIL),
    ],
)
def test_disk(free_mib: int | None, used_mib: int, days: int, expected: State) -> None:
    free = None if free_mib is None else free_mib * disk.MIB
    facts = disk.Disk(HERE, free, used_mib * disk.MIB, days * DAY)
    assert states(disk.lines(facts, "prune")) == [expected]


def test_a_disk_that_can_only_be_read_is_broken_however_much_is_free() -> None:
    facts = disk.Disk(HERE, 9_000 * disk.MIB, read_only=True)
    assert states(disk.lines(facts, "prune")) == [FAIL]


def test_disk_as_it_is(tmp_path: Path) -> None:
    assert disk.gather(tmp_path / "gone", 0, []).free_bytes is None
    found = disk.gather(tmp_path, 5, [NOW - 9 * DAY, NOW])
    assert (found.grown_over, found.used_bytes) == (9 * DAY, 5)
    assert found.free_bytes


@pytest.mark.parametrize(
    ("synchronised", "newest", "expected"),
    [
        (True, None, OK),
        (True, NOW - DAY, OK),
        (True, NOW + timedelta(seconds=59), OK),
        (False, NOW - DAY, WARN),
        (None, NOW - DAY, UNKNOWN),
        (True, NOW + DAY, FAIL),
        (None, NOW + DAY, FAIL),
    ],
)
def test_clock(synchronised: bool | None, newest: datetime | None, expected: State) -> None:
    assert states(clock.lines(clock.Clock(NOW, synchronised, newest))) == [expected]


def test_the_kernel_is_asked_and_not_set() -> None:
    before = os.times().elapsed
    assert clock.is_synchronised() in (True, False, None)
    assert os.times().elapsed >= before


MADE = Notes(
    backup="/mnt/b.tar.gz",
    backup_at=(NOW - DAY).isoformat(),
    backup_whole=True,
    checked_at=(NOW - DAY).isoformat(),
)


@pytest.mark.parametrize(
    ("notes", "there", "expected"),
    [
        (Notes(), False, [FAIL]),
        (MADE, True, [OK]),
        (MADE, False, [OK, WARN]),
        (replace(MADE, backup_whole=False), True, [WARN]),
        (replace(MADE, backup_at=(NOW - 8 * DAY).isoformat()), True, [FAIL]),
        (replace(MADE, checked_at=""), True, [OK, WARN]),
        (replace(MADE, checked_at=(NOW - 91 * DAY).isoformat()), True, [OK, WARN]),
    ],
)
def test_backup(notes: Notes, there: bool, expected: list[State]) -> None:
    assert states(backup.lines(backup.Backup(notes, there), NOW, "backup", "check")) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (content.ContentSeen(9), [OK]),
        (content.ContentSeen(9, runs=2), [OK]),
        (content.ContentSeen(9, runs=2, outdated=("r1",)), [WARN]),
        (content.ContentSeen(9, broken=("x 1.0",)), [FAIL, OK]),
        (content.ContentSeen(error="checks/a.yaml:3: bad\nmore"), [FAIL]),
    ],
)
def test_content(facts: content.ContentSeen, expected: list[State]) -> None:
    assert states(content.lines(facts, "judge")) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (NOW + 31 * DAY, OK),
        (NOW + 29 * DAY, WARN),
        (NOW, FAIL),
        (NOW - DAY, FAIL),
        (None, UNKNOWN),
    ],
)
def test_expiry(until: datetime | None, expected: State) -> None:
    one = expiry.Expiring("the certificate", until, "renew", "" if until else "gone")
    assert states(expiry.lines([one], NOW)) == [expected]
    assert states(expiry.lines([], NOW)) == [OK]


ALL = programs.Programs(fonts=True, nmap=True, sm2=True, pdf=True)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (ALL, [OK]),
        (replace(ALL, fonts=False), [WARN]),
        (replace(ALL, nmap=False), [OK]),
        (replace(ALL, nmap=False, scans_ports=True), [OK, WARN]),
        (replace(ALL, sm2=False), [OK, WARN]),
        (replace(ALL, sm2=False, seals_sm2=True), [OK, FAIL]),
        (replace(ALL, pdf=False), [OK, WARN]),
    ],
)
def test_programs(facts: programs.Programs, expected: list[State]) -> None:
    assert states(programs.lines(facts)) == expected


def test_fonts_are_found_by_name_where_fontconfig_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not programs.has_chinese_font((tmp_path,))
    (tmp_path / "opentype" / "noto").mkdir(parents=True)
    (tmp_path / "opentype" / "noto" / "NotoSansCJK-Regular.ttc").touch()
    assert programs.has_chinese_font((tmp_path,))


@pytest.mark.parametrize(
    ("version", "day", "expected"),
    [
        ((3, 11), date(2026, 11, 28), OK),
        ((3, 11), date(2027, 9, 1), WARN),
        ((3, 11), date(2027, 11, 1), FAIL),
        ((3, 99), date(2027, 11, 1), OK),
    ],
)
def test_python(version: tuple[int, int], day: date, expected: State) -> None:
    assert states([programs.python_line(version, day)]) == [expected]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (nights.Nights(), [WARN]),
        (nights.Nights(("alive",)), [OK]),
        (nights.Nights(("dead", "alive"), "2026-11-27 nothing found", 0), [OK, OK]),
        (nights.Nights(("alive",), "2026-11-27 findings", 1), [OK, OK]),
        (nights.Nights(("alive",), "2026-11-27 a stage failed", 3), [OK, FAIL]),
        (nights.Nights(("alive",), "2026-11-27 gaps", 3, gap=True), [OK, WARN]),
        (nights.Nights(("late",), "2026-11-26 did not happen", 4), [FAIL, FAIL]),
        (nights.Nights(("dead",)), [FAIL]),
        (nights.Nights(("unknown",)), [UNKNOWN]),
        (nights.Nights(error="crontab: permission denied"), [UNKNOWN]),
    ],
)
def test_nights(facts: nights.Nights, expected: list[State]) -> None:
    assert states(nights.lines(facts, "schedule install", "nightly --status")) == expected


def test_the_places_of_others_are_where_they_say() -> None:
    """Retention looks below these folders; it cannot import what stands above it."""
    places = {f"{queue.FOLDER}/{queue.SENT}", f"{queue.FOLDER}/{queue.DEAD}", journal.FOLDER}
    assert places <= set(stock.FOLDERS)
