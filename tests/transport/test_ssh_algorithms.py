"""Algorithms are ours to choose: weak ones only where they are declared, and then told."""

from pathlib import Path

import paramiko
import pytest

from secaudit.errors import TransportError, TransportReason
from secaudit.model.weak_algorithms import CIPHERS, GONE, MACS, WEAK_ALGORITHMS
from secaudit.transport import Limits, Secrets, open_transport
from secaudit.transport import ssh_algorithms as ours
from secaudit.transport.protocol import OneWay
from tests.transport.sshd import Sshd, running_sshd

# what paramiko speaks, by kind
SPOKEN = vars(paramiko.Transport)


def channel_of(server: Sshd, *weak: str) -> dict[str, str]:
    """How the server was reached, with these weak algorithms declared."""
    asset = server.asset(weak_algorithms=weak)
    transport = open_transport(asset, server.workspace(), Secrets([asset], {}))
    try:
        assert transport.run("exit 0", OneWay(b"", lambda _chunk: True), Limits()) == 0
    finally:
        transport.close()
    return dict(transport.channel)


def test_the_library_still_speaks_each_weak_algorithm_and_none_that_is_gone() -> None:
    spoken = {*SPOKEN["_preferred_ciphers"], *SPOKEN["_preferred_macs"]}
    every = {*spoken, *SPOKEN["_preferred_kex"], *SPOKEN["_preferred_keys"]}
    assert set(WEAK_ALGORITHMS) <= spoken
    assert not set(GONE) & every
    assert not set(WEAK_ALGORITHMS) & {*ours.CIPHERS, *ours.MACS, *ours.KEX, *ours.HOST_KEYS}


def test_whatever_else_the_library_speaks_is_offered() -> None:
    assert set(SPOKEN["_preferred_ciphers"]) == {*ours.CIPHERS, *CIPHERS}
    assert set(SPOKEN["_preferred_macs"]) == {*ours.MACS, *MACS}


@pytest.mark.parametrize(
    ("options", "declared", "agreed"),
    [
        (("Ciphers aes128-cbc",), ("aes128-cbc",), "aes128-cbc"),
        (("Ciphers aes128-ctr", "MACs hmac-sha1"), ("hmac-sha1", "3des-cbc"), "hmac-sha1"),
        (("Ciphers 3des-cbc", "MACs hmac-sha1"), ("3des-cbc", "hmac-sha1"), "3des-cbc, hmac-sha1"),
    ],
)
def test_a_weak_algorithm_that_is_declared_is_agreed_on_and_told(
    options: tuple[str, ...], declared: tuple[str, ...], agreed: str, tmp_path: Path
) -> None:
    with running_sshd(tmp_path, *options) as server:
        assert channel_of(server, *declared)["weak_algorithms"] == agreed


def test_a_weak_algorithm_is_the_last_resort(sshd: Sshd) -> None:
    assert "weak_algorithms" not in channel_of(sshd, *WEAK_ALGORITHMS)


def test_a_mac_that_is_not_used_is_not_told(tmp_path: Path) -> None:
    with running_sshd(tmp_path, "Ciphers aes128-gcm@openssh.com", "MACs hmac-sha1") as server:
        assert "weak_algorithms" not in channel_of(server, "hmac-sha1")


def test_no_common_algorithm_names_the_ways_out(tmp_path: Path) -> None:
    with running_sshd(tmp_path, "Ciphers aes128-cbc") as server, pytest.raises(TransportError) as told:
        channel_of(server, "hmac-sha1")
    assert told.value.reason is TransportReason.NO_COMMON_ALGORITHM
    assert told.value.hint is not None
    assert "weak_algorithms" in told.value.hint
    assert "secaudit collector build" in told.value.hint
