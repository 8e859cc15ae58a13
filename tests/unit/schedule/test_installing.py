"""Schedules are put there, listed and taken away; nothing of them is left, and nothing of others is touched."""

from pathlib import Path

import pytest

from secaudit.errors import UsageError
from secaudit.schedule import installing
from secaudit.schedule.calendar import calendar_from
from secaudit.schedule.installing import Cron, Systemd, refuse_without_cron, zone_is_understood
from secaudit.schedule.units import service_text, timer_text
from tests.unit.schedule.test_units import JOB

NIGHT = calendar_from("23:10")


class Machine:
    """Programs that remember what they were asked; an unrecorded one raises."""

    def __init__(self, **answers: str | UsageError) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.crontab: str | None = None

    def run(self, *words: str, given: str | None = None) -> str:
        self.asked.append(" ".join(words))
        if words[0] == "crontab":
            return self._crontab(words[-1], given)
        answer = self.answers.get(next(word for word in words[1:] if word != "--user").replace("-", "_"), "")
        if isinstance(answer, UsageError):
            raise answer
        return answer

    def _crontab(self, how: str, given: str | None) -> str:
        if how == "-":
            self.crontab = given
        elif how == "-r":
            self.crontab = None
        elif self.crontab is None:
            raise UsageError("crontab -l failed: no crontab for audit")
        return self.crontab or ""

    def path_of(self, name: str) -> str:
        return f"/usr/bin/{name}" if name in self.answers else ""

    def has_systemd(self) -> bool:
        return True


def installed(machine: Machine, folder: Path) -> list[Path]:
    systemd = Systemd(machine, folder)
    return systemd.install(JOB, service_text(JOB), timer_text(JOB, "*-*-* 23:10:00", 0, made_up=True))


def test_units_are_written_and_the_timer_is_started(tmp_path: Path) -> None:
    machine = Machine()
    files = installed(machine, tmp_path / "units")
    assert [file.suffix for file in files] == [".service", ".timer"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o644}
    timer = f"{JOB.name}.timer"
    assert machine.asked == [
        "systemctl daemon-reload",
        f"systemctl enable --now {timer}",
        f"systemctl restart {timer}",
    ]
    ((name, told, service),) = Systemd(machine, tmp_path / "units").installed()
    assert (name, "OnCalendar" in told, "ExecStart" in service) == (JOB.name, True, True)


def test_a_second_time_replaces_them(tmp_path: Path) -> None:
    installed(Machine(), tmp_path)
    systemd = Systemd(Machine(), tmp_path)
    systemd.install(JOB, service_text(JOB), timer_text(JOB, "*-*-* 01:00:00", 0, made_up=True))
    ((_name, told, _service),) = systemd.installed()
    assert "01:00:00" in told


def test_what_systemd_refuses_leaves_nothing(tmp_path: Path) -> None:
    machine = Machine(enable=UsageError("no bus"))
    with pytest.raises(UsageError, match="no bus"):
        installed(machine, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_removing_leaves_nothing_and_touches_no_other(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path, caches, stamps = (tmp_path_factory.mktemp(name) for name in ("units", "caches", "stamps"))
    monkeypatch.setattr(installing, "CACHES", caches)
    monkeypatch.setattr(installing, "STAMPS", stamps)
    for name in (JOB.name, "other"):
        (caches / name / "secaudit").mkdir(parents=True)
        (stamps / f"stamp-{name}.timer").touch()
    (tmp_path / "other.timer").write_text("[Timer]\n")
    installed(Machine(), tmp_path)
    machine = Machine(disable=UsageError("not loaded"), clean=UsageError("too old"))
    gone = Systemd(machine, tmp_path).remove(JOB.name)
    assert len(gone) == 2
    service = f"{JOB.name}.service"
    assert machine.asked[1:3] == [  # what has failed cannot be cleaned
        f"systemctl reset-failed {service}",
        f"systemctl clean --what=cache {service}",
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["other.timer"]
    assert [file.name for file in caches.iterdir()] == ["other"]
    assert [file.name for file in stamps.iterdir()] == ["stamp-other.timer"]
    assert Systemd(machine, tmp_path).remove(JOB.name) == []


def test_units_of_a_user_are_asked_for_as_such(tmp_path: Path) -> None:
    machine = Machine(show="ActiveState=active\nExecMainStatus=226\n")
    systemd = Systemd(machine, tmp_path, of_user=True)
    assert systemd.shown(JOB.name)["ActiveState"] == "active"
    assert systemd.shown(JOB.name)["ExecMainStatus"] == "226"
    assert machine.asked[0].startswith("systemctl --user show ")
    assert Systemd(Machine(show=UsageError("no bus")), tmp_path).shown(JOB.name) == {}


def test_a_crontab_gets_one_job_and_loses_it_again(tmp_path: Path) -> None:
    machine = Machine()
    cron = Cron(machine, "audit", tmp_path)
    assert cron.jobs() == []
    cron.install(JOB, NIGHT, "/usr/bin/logger")
    cron.install(JOB, NIGHT, "/usr/bin/logger")
    assert [place for place, _line in cron.jobs()] == [JOB.workspace]
    assert machine.asked[0] == "crontab -u audit -l"
    assert cron.remove(JOB.workspace)
    assert machine.crontab is None  # there was none before
    assert not cron.remove(JOB.workspace)


def test_the_jobs_of_others_stay_as_they_are(tmp_path: Path) -> None:
    machine = Machine()
    machine.crontab = others = "MAILTO=root\n5 4 * * * /usr/bin/backup\n"
    cron = Cron(machine, "", tmp_path)
    cron.install(JOB, NIGHT, "")
    assert machine.crontab != others
    assert cron.remove(JOB.workspace)
    assert machine.crontab == others


def test_a_crontab_that_cannot_be_read_is_not_overwritten(tmp_path: Path) -> None:
    class Refusing(Machine):
        def _crontab(self, how: str, given: str | None) -> str:
            assert how == "-l"
            raise UsageError("crontab failed: audit is not allowed to use this program")

    with pytest.raises(UsageError, match="not allowed"):
        Cron(Refusing(), "", tmp_path).install(JOB, NIGHT, "")


def test_where_there_is_neither(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Neither systemd nor cron"):
        refuse_without_cron(Machine())
    refuse_without_cron(Machine(crontab=""))


@pytest.mark.parametrize(
    ("told", "understood"),
    [
        ("systemd 252 (252.38-1)\n+PAM", True),
        ("systemd 257.9\n", True),
        ("systemd 256~rc3", True),
        ("systemd 219\n+PAM", False),
        ("", False),
        ("nonsense x", False),
    ],
)
def test_old_ones_know_no_time_zones(told: str, understood: bool) -> None:
    class Versioned(Machine):
        def run(self, *words: str, given: str | None = None) -> str:
            assert words == ("systemctl", "--version")
            return told

    assert zone_is_understood(Versioned()) is understood
