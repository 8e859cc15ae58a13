"""Thirty nights of two hosts: faults appear, are fixed and come back, hosts vanish and return, content changes once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from secaudit import clock
from secaudit.cli import assessed, viewed, wiring
from secaudit.cli.content_source import content_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.content import Content
from secaudit.model.finding import EventKind
from secaudit.schedule.journal import Journal, Mode
from secaudit.store import open_store
from tests.lab.hosts import Lab
from tests.lab.workspace import DATABASE, SYSTEM, write

ONE, TWO = "h71", "h72"
# the checks whose faults are planted here; with all of them a night would take minutes
CHOSEN = (
    "linux.identity.no_empty_password",
    "linux.access.cron_files_writable",
    "linux.access.critical_file_modes",
)
# fails on every Debian host as it is; the content of the first nights does not have it
NEW = "linux.identity.lockout_configured"
EMPTY = "useradd -m -s /bin/bash {0} && passwd -qd {0}"
CRON = "echo '* * * * * root true' >/etc/cron.d/job && chmod {} /etc/cron.d/job"
# init starts sshd again unless it cannot
VANISH = "chmod a-x /usr/sbin/sshd; pkill -o -x sshd"
RETURN = "chmod a+x /usr/sbin/sshd; /usr/sbin/sshd; until ss -Hltn sport = :22 | grep -q .; do :; done"
# night → host → what is done to it before; every fault and what mends it
PLANTED = {
    3: {ONE: EMPTY.format("guest1")},
    4: {TWO: CRON.format(666)},
    6: {ONE: "userdel -r guest1 2>/dev/null"},
    7: {TWO: "chmod 666 /etc/shadow"},
    9: {TWO: CRON.format(644)},
    10: {TWO: VANISH},  # for three nights nobody answers, the fault stays
    13: {TWO: RETURN},
    14: {TWO: "chmod 640 /etc/shadow"},
    15: {ONE: EMPTY.format("guest1")},
    16: {ONE: EMPTY.format("guest2")},
    20: {ONE: "userdel -r guest1 2>/dev/null"},
    26: {ONE: VANISH},
    28: {ONE: f"{RETURN}; userdel -r guest2 2>/dev/null"},
}
NEW_MARK = "new-content"
NEW_CONTENT, REMOVED, BACK, MISSED = 18, 23, 25, 29
# number → place, offender, and night → what happened; both ways to log in lack a lockout
SCRIPT = {
    1: (ONE, "guest1", {3: "opened", 6: "closed", 15: "reopened", 20: "closed"}),
    2: (TWO, "/etc/cron.d/job", {4: "opened", 9: "closed"}),
    3: (TWO, "/etc/shadow", {7: "opened", 14: "closed"}),
    4: (ONE, "guest2", {16: "opened", 28: "closed"}),
    5: (ONE, "login", {18: "opened"}),
    6: (ONE, "sshd", {18: "opened"}),
    7: (TWO, "login", {18: "opened", 23: "closed", 25: "reopened"}),
    8: (TWO, "sshd", {18: "opened", 23: "closed", 25: "reopened"}),
}


@dataclass
class Office:
    """The workspace and its clock."""

    folder: Path
    lab: Lab
    began: datetime
    night: int = 1
    codes: dict[int, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """Ten past eleven in the evening, on the office's clock."""
        return self.began + timedelta(days=self.night - 1)

    def pass_night(self) -> None:
        for host, commands in PLANTED.get(self.night, {}).items():
            self.lab.exec(host, "sh", "-c", f"exec </dev/null >/dev/null 2>&1\n{commands}\ntrue")
        if self.night == NEW_CONTENT:
            (self.folder / NEW_MARK).touch()
        if self.night in (REMOVED, BACK):
            self._register(ONE, *([TWO] if self.night == BACK else []))
        if self.night != MISSED:
            self.codes[self.night] = run(["-w", str(self.folder), "nightly"])
            assert (
                run(["-w", str(self.folder), "nightly"]) == self.codes[self.night]
            )  # a second time is nothing
        self.night += 1

    def _register(self, *hosts: str) -> None:
        file = self.folder / "systems" / f"{SYSTEM}.yaml"
        system: dict[str, Any] = yaml.safe_load((self.folder / "all.yaml").read_text())
        system["assets"] = [asset for asset in system["assets"] if asset["id"] in hosts]
        file.write_text(yaml.safe_dump(system, allow_unicode=True))


def chosen(workspace: Path) -> Content:
    """The content, of which only the chosen checks; from one night on it has one more."""
    content, is_new = content_of(workspace), (workspace / NEW_MARK).exists()
    names = (*CHOSEN, NEW) if is_new else CHOSEN
    checks = {name: check for name, check in content.checks.items() if name in names}
    return replace(content, checks=checks, content_hash=f"{content.content_hash}+{is_new}")


@pytest.fixture(scope="module")
def office(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = write(tmp_path_factory.mktemp("nights") / "w", lab, (ONE, TWO), port_scan=False)
    settings = {"nightly": {"window": "23:00-05:00", "formats": ["json"]}}
    with (folder / "secaudit.yaml").open("a") as file:
        file.write(yaml.safe_dump(settings))
    (folder / "all.yaml").write_text((folder / "systems" / f"{SYSTEM}.yaml").read_text())
    allowed = yaml.safe_load((folder / "authorisations" / "lab.yaml").read_text())
    (folder / "authorisations" / "lab.yaml").write_text(
        yaml.safe_dump(allowed | {"valid_from": "2020-01-01"})
    )
    evening = datetime.now(UTC).replace(hour=15, minute=10, second=0, microsecond=0)
    made = Office(folder, lab, evening - timedelta(days=31))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: made.now)
        for module in (wiring, viewed, assessed):
            patch.setattr(module, "content_of", chosen)
        while made.night <= 30:
            made.pass_night()
        made.night = 30
        yield made


def night_of_events(office: Office) -> dict[int, tuple[str, str, dict[int, str]]]:
    """Number → asset, offender, night → what happened."""
    with open_store(f"sqlite:///{office.folder / DATABASE}") as store:
        nights = {one.id: (one.started_at - office.began).days + 1 for one in store.runs()}
        found = {}
        for number in [finding.number for finding in store.findings.all()]:
            one = store.findings.with_history(number)
            events = {
                nights[event.run] if event.run else (event.at - office.began).days + 1: event.kind.value
                for event in one.history
            }
            assert len(events) == len(one.history)
            found[number] = one.asset, one.offender, events
        return found


def test_the_history_of_findings_is_the_script_of_events(office: Office) -> None:
    assert night_of_events(office) == SCRIPT


def test_what_closed_is_closed_by_evidence_or_by_removal(office: Office) -> None:
    with open_store(f"sqlite:///{office.folder / DATABASE}") as store:
        history = store.findings.with_history(7).history
        assert [(event.kind, event.reason and event.reason.value) for event in history] == [
            (EventKind.OPENED, None),
            (EventKind.CLOSED, "asset_removed"),
            (EventKind.REOPENED, None),
        ]
        closed = store.findings.with_history(1)
        assert (closed.reopened, closed.closed and closed.closed.reason.value) == (1, "passed")


def test_every_night_is_on_record_and_the_missed_one_is_told(office: Office) -> None:
    records = {
        night: Journal(
            office.folder, (office.began + timedelta(days=night - 1, hours=8)).date(), Mode.AUDIT
        ).read()
        for night in range(1, 31)
    }
    assert [night for night, record in records.items() if record is None] == [MISSED]
    for night, record in records.items():
        if record is not None:
            assert record.code == office.codes[night]
            assert {stage.end.value for stage in record.stages.values()} <= {"done", "idle"}, record
            assert len(record.missed) == (night == MISSED + 1)
    gaps = [night for night, code in office.codes.items() if code == ExitCode.NOT_JUDGED]
    assert gaps == [10, 11, 12, 26, 27]


def test_the_ledger_is_whole_and_an_unchanged_night_adds_next_to_nothing(office: Office) -> None:
    assert run(["-w", str(office.folder), "ledger", "verify"]) == ExitCode.CLEAN
    before = sum(file.stat().st_size for file in office.folder.glob(f"{DATABASE}*"))
    office.night = 31
    office.pass_night()
    office.night = 32
    office.pass_night()
    after = sum(file.stat().st_size for file in office.folder.glob(f"{DATABASE}*"))
    assert after - before <= before * 0.05
