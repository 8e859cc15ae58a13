"""Assets that could not be reached: why, said once, and the next step."""

import pytest

from secaudit.cli.unreached import next_steps, why
from secaudit.model.evidence import Gap, GapReason


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("h5 (192.0.2.5 port 22): connection refused.", "h5 (192.0.2.5 port 22): connection refused"),
        ("h5（192.0.2.5 端口 22）：连接被拒绝。", "h5（192.0.2.5 端口 22）：连接被拒绝"),
        ("h5: the key file is missing.", "h5: the key file is missing"),
        ("h5 → gate (192.0.2.1 port 22): no.", "h5 → gate (192.0.2.1 port 22): no"),
        ("", "h5: connection refused"),
        ("h55 (192.0.2.5)", "h5: connection refused: h55 (192.0.2.5)"),
        ("h5: no login. → Try: ssh -p 22 h5", "h5: no login. → Try: ssh -p 22 h5"),
        ("\x1b[2J", "h5: connection refused: \\x1b[2J"),
    ],
)
def test_name_and_reason_are_said_once(detail: str, said: str) -> None:
    assert why("h5", Gap(GapReason.REFUSED, detail)) == said


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (GapReason.HOST_KEY_UNKNOWN, "x hostkeys trust h1 h2"),
        (GapReason.HOST_KEY_MISMATCH, "x hostkeys trust h1 h2 --replace"),
        (GapReason.CREDENTIAL_MISSING, "x scan --asset h1 --asset h2"),
        (GapReason.AUTH_FAILED, "authorized_keys"),
        (GapReason.REFUSED, "firewall"),
        (GapReason.UNREACHABLE, "firewall"),
        (GapReason.CONNECT_TIMEOUT, "firewall"),
        (GapReason.NO_COMMON_ALGORITHM, "collector build"),
        (GapReason.FORWARDING_REFUSED, "AllowTcpForwarding"),
        (GapReason.RUN_TIMEOUT, "x scan --asset h1 --asset h2"),
        (GapReason.ZONE_STOPPED, "x scan --asset h1 --asset h2"),
        (GapReason.CREDENTIAL_STOPPED, "by hand"),
    ],
)
def test_each_trouble_has_a_next_step_for_all_its_assets(reason: GapReason, said: str) -> None:
    step, look = next_steps([("h1", Gap(reason)), ("h2", Gap(reason))], lambda arguments: f"x {arguments}")
    assert step.startswith("h1, h2: ")
    assert said in step
    assert look.endswith(": x preflight --asset h1 --asset h2")


def test_the_key_of_a_jump_host_is_the_one_to_trust() -> None:
    gaps = [
        (name, Gap(GapReason.HOST_KEY_UNKNOWN, f"{name} → gate (192.0.2.1 port 22): unknown host key"))
        for name in ("h1", "h2")
    ]
    step, _look = next_steps(gaps, str)
    assert step.endswith("hostkeys trust gate")


def test_different_troubles_are_told_apart() -> None:
    gaps = [
        ("h1", Gap(GapReason.REFUSED)),
        ("h2", Gap(GapReason.AUTH_FAILED)),
        ("h3", Gap(GapReason.INTERNAL)),
    ]
    *steps, look = next_steps(gaps, str)
    assert len(steps) == 2
    assert look.endswith("preflight --asset h1 --asset h2 --asset h3")


def test_where_all_were_reached_there_is_nothing_to_do() -> None:
    assert list(next_steps([], str)) == []
