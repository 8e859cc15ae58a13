"""Ports that the guides call high-risk, each with its reason.

Sources: the high-risk guide of 2025, 6.4.3.1 (21, 23, 25, 69, 111, 135, 137-139, 445, 512-514, 873, 2049, 3389, 5900,
6379, 11211, 27017); the evaluation step of GB/T 28448-2019 for 8.1.4.4 b (21, 23, 135, 137-139, 445, 3389); services
without authentication by default that field handbooks add (2375, 9200).
"""

from secaudit.model.text import Text

HIGH_RISK: dict[tuple[str, int], Text] = {
    ("tcp", 21): Text("FTP 明文传输", "FTP in clear text"),
    ("tcp", 23): Text("Telnet 明文远程管理", "Telnet: remote management in clear text"),
    ("tcp", 25): Text("邮件中继", "Mail relay"),
    ("udp", 69): Text("TFTP 无鉴别", "TFTP without authentication"),
    ("tcp", 111): Text("RPC 端口映射", "RPC port mapper"),
    ("udp", 111): Text("RPC 端口映射", "RPC port mapper"),
    ("tcp", 135): Text("Windows RPC", "Windows RPC"),
    ("udp", 137): Text("NetBIOS 名称服务", "NetBIOS names"),
    ("udp", 138): Text("NetBIOS 数据报", "NetBIOS datagrams"),
    ("tcp", 139): Text("NetBIOS 共享", "NetBIOS shares"),
    ("tcp", 445): Text("SMB 共享", "SMB shares"),
    ("tcp", 512): Text("rexec 明文远程执行", "rexec in clear text"),
    ("tcp", 513): Text("rlogin 明文远程登录", "rlogin in clear text"),
    ("tcp", 514): Text(
        "rsh 明文远程执行，或未加密的 syslog", "rsh in clear text, or syslog without encryption"
    ),
    ("tcp", 873): Text("rsync 服务常无鉴别", "rsync daemon, often without authentication"),
    ("tcp", 2049): Text("NFS 共享", "NFS shares"),
    ("tcp", 2375): Text("Docker 远程接口无鉴别", "Docker remote API without authentication"),
    ("tcp", 3389): Text("远程桌面", "Remote desktop"),
    ("tcp", 5900): Text("VNC 远程桌面", "VNC remote desktop"),
    ("tcp", 6379): Text("Redis 默认无鉴别", "Redis, no authentication by default"),
    ("tcp", 9200): Text("Elasticsearch 默认无鉴别", "Elasticsearch, no authentication by default"),
    ("tcp", 11211): Text("Memcached 无鉴别", "Memcached without authentication"),
    ("udp", 11211): Text("Memcached 无鉴别，可被用于放大攻击", "Memcached: no authentication, amplification"),
    ("tcp", 27017): Text("MongoDB 默认无鉴别", "MongoDB, no authentication by default"),
}

HIGH_RISK_TCP_PORTS: tuple[int, ...] = tuple(port for protocol, port in HIGH_RISK if protocol == "tcp")


def reason_of(protocol: str, port: int) -> str:
    """Why the port is high-risk (English), "" when it is not."""
    text = HIGH_RISK.get((protocol, port))
    return text.en if text else ""
