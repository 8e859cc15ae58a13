"""What doctor says of notices."""

from datetime import timedelta
from pathlib import Path

from secaudit.notify import deliver, enqueue_night
from secaudit.notify.doctor import Told, gather, lines
from secaudit.register import load_register
from secaudit.upkeep.doctor import State
from tests.ports import unused_port
from tests.unit.notify import workspaces
from tests.unit.notify.workspaces import NOW, night

RULES = "  rules:\n    - {events: [digest], to: [one@example.gov.cn]}\n"


def said(workspace: Path, days: int = 0) -> list[tuple[State, str]]:
    now = NOW + timedelta(days=days)
    found = lines(gather(workspace, load_register(workspace)), now, "list", "send", "retry")
    return [(line.state, line.told) for line in found]


def test_a_queue_that_is_worked_off_is_well(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9, RULES)
    assert said(workspace) == [(State.OK, "0 notices wait; none was given up")]
    enqueue_night(workspace, night(), NOW)
    assert said(workspace) == [(State.OK, "1 notices wait; none was given up")]
    assert said(workspace, 2) == [(State.FAIL, "a notice waits for more than a day: nobody sends what waits")]


def test_what_was_given_up_is_named(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, unused_port(), RULES)
    enqueue_night(workspace, night(), NOW)
    deliver(workspace, NOW + timedelta(days=4))
    (bad,) = (workspace / "notices" / "dead").iterdir()
    bad.with_name(f"00000002-mail-{'0' * 20}.json").write_text("{}", encoding="utf-8")
    assert said(workspace) == [
        (State.FAIL, "2 notices were not delivered: numbers 1, 2"),
        (State.FAIL, f"00000002-mail-{'0' * 20}.json is no message"),
    ]


def test_a_rule_that_reaches_nobody_is_named(tmp_path: Path) -> None:
    workspace = workspaces.with_mail(tmp_path, 9, "  rules:\n    - {roles: [operations], systems: [oa]}\n")
    ((state, told),) = said(workspace)
    assert (state, told.partition(":")[0]) == (State.WARN, "oa")


def test_nobody_told_is_a_warning_and_bad_settings_are_unknown(tmp_path: Path) -> None:
    ((state, _told),) = ((line.state, line.told) for line in lines(Told(), NOW, "", "", ""))
    assert state is State.WARN
    workspace = workspaces.make(
        tmp_path,
        '  webhook: {url: "https://open.feishu.cn/x", key: "env:X"}\n  rules:\n    - {channel: webhook}\n',
    )
    ((state, told),) = said(workspace)
    assert (state, "robot of a public cloud" in told) == (State.UNKNOWN, True)
