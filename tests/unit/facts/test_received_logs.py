"""What a log server keeps of each sender: rsyslog.conf(5), syslog-ng.conf(5)."""

import os
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.log_retention import parse_rotation
from secaudit.facts.received_logs import ReceivedLogs, Sender, received
from secaudit.facts.received_probe import RECEIVED
from tests.unit.facts.answers import in_root

DAY = 86_400
PLACE = "place /var/log/remote/@/*.log"


def rotation(*lines: str) -> str:
    return "#+ /etc/logrotate.d/remote\n#= /etc/logrotate.d/remote\n" + "".join(
        f" {line}\n" for line in lines
    )


WEEKS = rotation("/var/log/remote/*/*.log", "{", "weekly", "rotate 26", "}")
FEW = rotation("/var/log/remote/*/*.log", "{", "weekly", "rotate 4", "}")
OF_OTHERS = rotation("/var/log/*.log", "{", "weekly", "rotate 4", "}")
BY_SIZE = rotation("/var/log/remote/*/*.log", "{", "size 100M", "rotate 4", "}")


def senders(*rows: str, rules: str = "", receives: bool = True) -> tuple[Sender, ...]:
    text = "".join(f"{row}\n" for row in (PLACE, *rows)) + "end\n"
    return received(text, receives, parse_rotation(rules)).senders


ROW = f"sender web 3 {10 * DAY} {20 * DAY} /var/log/remote/web/sshd.log"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (WEEKS, (True, 182)),
        (FEW, (True, 28)),
        (BY_SIZE, (True, 0)),
        (OF_OTHERS, (False, 0)),  # a star of logrotate stands for no slash
        ("", (False, 0)),
    ],
)
def test_how_long_a_sender_is_kept(rules: str, expected: tuple[bool, int]) -> None:
    (row,) = senders(ROW, rules=rules)
    assert (row.rotated, row.kept_days) == expected
    assert (row.files, row.oldest, row.newest) == (3, "1970-01-11", "1970-01-21")


def test_a_sender_in_two_places() -> None:
    other = f"sender web 2 {5 * DAY} {15 * DAY} /srv/log/web.log"
    (row,) = senders(ROW, other, rules=FEW)
    assert row == Sender("web", 5, "1970-01-06", 5 * DAY, "1970-01-21", 20 * DAY, True, 28)


def test_a_host_that_takes_in_nothing_has_no_senders() -> None:
    assert received(f"{PLACE}\n{ROW}\nend\n", False, ()) == ReceivedLogs(False, True, ())
    assert received("end\n", True, ()) == ReceivedLogs(True, False, ())
    assert not received(f"{PLACE}\n?\nend\n", True, ()).told


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{PLACE}\n",
        "sender web 3 x 20 /x\nend\n",
        "sender web\nend\n",
        f"sender web 3 10 {'9' * 19} /x\nend\n",
        "sender web 1 2 3 /x\n" * 5001 + "end\n",
    ],
    ids=["empty", "cut", "no time", "no fields", "no such time", "too many"],
)
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        received(text, True, ())


def put(root: Path, path: str, day: int, text: str = "record\n") -> None:
    file = root / path.removeprefix("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    os.utime(file, (day * DAY, day * DAY))


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (
            'template(name="R" type="string" string="/var/log/r/%FROMHOST-IP%/%PROGRAMNAME%.log")',
            "/var/log/r/@/*.log",
        ),
        ('$template R,"/var/log/r/%HOSTNAME%/%$year%-%$month%.log"', "/var/log/r/@/*-*.log"),
        ('$template R,"/var/log/r/%hostname:::secpath-replace%.log"', "/var/log/r/@.log"),
        ('$template R,"/var/log/r/%$year%/%fromhost:::lowercase%/all"', "/var/log/r/*/@/all"),
        ('destination d { file("/var/log/r/$HOST/$FACILITY.log"); };', "/var/log/r/@/*.log"),
        ('destination d { file("/var/log/r/${FULLHOST_FROM}.log" create-dirs(yes)); };', "/var/log/r/@.log"),
        ('$template R,"/var/log/r/%HOSTNAME%-%$year%.log"', "?"),  # web-1 and web-2 would be one
        ('$template R,"/var/log/r/log-%HOSTNAME%"', "?"),
        ('$template R,"/%HOSTNAME%/log"', "?"),
        ('template(name="R" type="list") {', "?"),
        ('$template R,"/var/log/r/%programname%.log"', ""),
        ('$template F,"%timestamp% %HOSTNAME% %msg%"', ""),
        ('#$template R,"/var/log/r/%HOSTNAME%/x"', ""),
    ],
)
def test_places_that_hold_a_sender(tmp_path: Path, line: str, place: str) -> None:
    put(tmp_path, "/etc/rsyslog.d/10-remote.conf", 1, f"{line}\n")
    put(tmp_path, "/etc/rsyslog.conf", 1, 'auth.* "/var/log/auth.log"\n')
    expected = {"": [], "?": ["?"]}.get(place, [f"place {place}"])
    root = str(tmp_path)
    assert in_root(tmp_path, RECEIVED).replace(root, "").split("\n") == [*expected, "end", ""]


def test_the_probe_on_a_folder(tmp_path: Path) -> None:
    # What the configuration names lies below the folder too.
    place = f"{tmp_path}/var/log/remote"
    put(
        tmp_path,
        "/etc/rsyslog.d/10-remote.conf",
        1,
        f'$template A,"{place}/%FROMHOST-IP%/%PROGRAMNAME%.log"\n$template B,"{place}/by-name/%HOSTNAME%.log"\n',
    )
    put(tmp_path, "/var/log/remote/10.0.0.7/sshd.log", 300)
    put(tmp_path, "/var/log/remote/10.0.0.7/sshd.log.1", 293)
    put(tmp_path, "/var/log/remote/10.0.0.7/sudo.log-19700901.gz", 100)
    put(tmp_path, "/var/log/remote/10.0.0.7/empty.log", 1, "")
    put(tmp_path, "/var/log/remote/10.0.0.7/README", 1)
    put(tmp_path, "/var/log/remote/10.0.0.7/deeper/sshd.log", 1)
    put(tmp_path, "/var/log/remote/a b/sshd.log", 1)
    put(tmp_path, "/var/log/remote/by-name/web-1.log", 300)
    put(tmp_path, "/var/log/remote/by-name/web-2.log.2.gz", 200)
    put(tmp_path, "/srv/secret", 1)
    (tmp_path / "var/log/remote/by-name/web-3.log").symlink_to(tmp_path / "srv/secret")
    rows = [row for row in in_root(tmp_path, RECEIVED).split("\n") if row.startswith("sender ")]
    assert rows == [
        f"sender 10.0.0.7 3 {100 * DAY} {300 * DAY} /var/log/remote/10.0.0.7/sshd.log",
        f"sender by-name 2 {200 * DAY} {300 * DAY} /var/log/remote/by-name/web-1.log",
        f"sender web-1 1 {300 * DAY} {300 * DAY} /var/log/remote/by-name/web-1.log",
        f"sender web-2 1 {200 * DAY} {200 * DAY} -",
    ]
