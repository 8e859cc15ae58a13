"""The least that a visit can be: paramiko connects, logs in, runs the script, reads what it says."""

import secrets
import socket
from collections.abc import Sequence

import paramiko

from secaudit.collect.script import COMMAND, visit_script
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset
from secaudit.transport.ssh_algorithms import CIPHERS, KEX, MACS

VISIT_S = 285


def script_of(probes: Sequence[Probe], asset: Asset) -> bytes:
    """What a visit sends."""
    return visit_script(probes, asset.reach.sudo, VISIT_S, secrets.token_hex(16))


def bare_visit(asset: Asset, key: paramiko.PKey, script: bytes) -> bytes:
    """All that the host says. The algorithms are those of a visit; the host key is not looked at."""
    opened = socket.create_connection((asset.address, asset.reach.port), timeout=10)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link = paramiko.Transport(opened)
    try:
        _offer(link)
        link.start_client(timeout=10)
        link.auth_publickey(asset.reach.user, key)
        channel = link.open_session()
        channel.exec_command(COMMAND)
        channel.sendall(script)
        channel.shutdown_write()
        said = b"".join(iter(lambda: channel.recv(65_536), b""))
        assert channel.recv_exit_status() == 0
        return said
    finally:
        link.close()


def _offer(link: paramiko.Transport) -> None:
    offered = link.get_security_options()
    offered.kex = tuple(name for name in KEX if name in offered.kex)
    offered.ciphers = CIPHERS
    offered.digests = MACS
    offered.key_types = ("ssh-ed25519",)
