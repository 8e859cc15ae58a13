"""Ports that the guides call high-risk, each with its reason: a code word that the check tells in both languages.

Sources: the high-risk guide of 2025, 6.4.3.1 (21, 23, 25, 69, 111, 135, 137-139, 445, 512-514, 873, 2049, 3389, 5900,
6379, 11211, 27017); the evaluation step of GB/T 28448-2019 for 8.1.4.4 b (21, 23, 135, 137-139, 445, 3389); services
without authentication by default that field handbooks add (2375, 9200).
"""

from typing import Final

CLEAR_TEXT: Final = "clear_text"
NO_AUTHENTICATION: Final = "no_authentication"
SHARING: Final = "sharing"
REMOTE_DESKTOP: Final = "remote_desktop"
REMOTE_CALLS: Final = "remote_calls"
RELAY: Final = "relay"

HIGH_RISK: dict[tuple[str, int], str] = {
    ("tcp", 21): CLEAR_TEXT,  # FTP
    ("tcp", 23): CLEAR_TEXT,  # Telnet
    ("tcp", 25): RELAY,  # SMTP
    ("udp", 69): NO_AUTHENTICATION,  # TFTP
    ("tcp", 111): REMOTE_CALLS,  # RPC port mapper
    ("udp", 111): REMOTE_CALLS,
    ("tcp", 135): REMOTE_CALLS,  # Windows RPC
    ("udp", 137): SHARING,  # NetBIOS names
    ("udp", 138): SHARING,  # NetBIOS datagrams
    ("tcp", 139): SHARING,  # NetBIOS sessions
    ("tcp", 445): SHARING,  # SMB
    ("tcp", 512): CLEAR_TEXT,  # rexec
    ("tcp", 513): CLEAR_TEXT,  # rlogin
    ("tcp", 514): CLEAR_TEXT,  # rsh, or syslog without encryption
    ("tcp", 873): NO_AUTHENTICATION,  # rsync daemon, often without
    ("tcp", 2049): SHARING,  # NFS
    ("tcp", 2375): NO_AUTHENTICATION,  # Docker remote API
    ("tcp", 3389): REMOTE_DESKTOP,  # RDP
    ("tcp", 5900): REMOTE_DESKTOP,  # VNC
    ("tcp", 6379): NO_AUTHENTICATION,  # Redis
    ("tcp", 9200): NO_AUTHENTICATION,  # Elasticsearch
    ("tcp", 11211): NO_AUTHENTICATION,  # Memcached
    ("udp", 11211): NO_AUTHENTICATION,  # and amplification
    ("tcp", 27017): NO_AUTHENTICATION,  # MongoDB
}

HIGH_RISK_TCP_PORTS: tuple[int, ...] = tuple(port for protocol, port in HIGH_RISK if protocol == "tcp")


def reason_of(protocol: str, port: int) -> str:
    """Why the port is high-risk, "" when it is not."""
    return HIGH_RISK.get((protocol, port), "")
