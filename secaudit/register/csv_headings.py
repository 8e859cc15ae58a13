"""Headings and words of asset lists in Chinese and English, as the register has them."""

from difflib import get_close_matches
from typing import Final

# Our name of the column → what lists call it; compared without spaces, case, _ and -.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "assetid", "编号", "资产编号", "资产标识", "标识"),
    "name": ("name", "assetname", "hostname", "名称", "资产名称", "设备名称", "主机名", "主机名称"),
    "kind": ("kind", "type", "类型", "资产类型", "设备类型"),
    "os": ("os", "operatingsystem", "操作系统", "操作系统版本", "系统类型"),
    "address": ("address", "ip", "ipaddress", "host", "地址", "ip地址", "管理地址", "管理ip", "主机ip"),
    "zone": ("zone", "networkzone", "区域", "安全域", "网络区域", "安全区域"),
    "importance": ("importance", "重要性", "重要程度"),
    "hypervisor": ("hypervisor", "vmhost", "宿主机", "宿主机名称", "物理机", "虚拟化主机"),
    "transport": ("transport", "连接方式", "到达方式"),
    "port": ("port", "sshport", "端口", "端口号", "ssh端口", "登录端口"),
    "user": ("user", "username", "sshuser", "用户", "用户名", "登录用户", "账号"),
    "key": ("key", "sshkey", "密钥", "私钥"),
    "passphrase": ("passphrase", "密钥口令"),
    "password": ("password", "口令", "密码", "登录口令", "登录密码"),
    "sudo": ("sudo", "提权"),
    "jump": ("jump", "jumphost", "jumphosts", "proxyjump", "跳板机", "堡垒机", "跳板"),
    "sudo_password": ("sudopassword", "提权口令", "提权密码"),
    "services": ("services", "服务", "开放服务", "声明的服务"),
    "secrecy": ("secrecy", "classification", "密级"),
    "classified": ("classified", "涉密", "是否涉密"),
}
# What lists often hold and the register does not: left out with a remark, like every heading that nobody knows.
LEFT_OUT: Final = (
    "责任人",
    "负责人",
    "owner",
    "contact",
    "用途",
    "备注",
    "说明",
    "purpose",
    "remark",
    "remarks",
    "note",
    "notes",
    "comment",
)
REACH: Final = ("transport", "port", "user", "key", "passphrase", "password", "sudo", "jump", "sudo_password")

WORDS: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "服务器": "linux",
        "linux服务器": "linux",
        "windows服务器": "windows",
        "终端": "terminal",
        "移动终端": "mobile-terminal",
        "网络设备": "network-device",
        "交换机": "network-device",
        "路由器": "network-device",
        "安全设备": "security-device",
        "防火墙": "security-device",
        "虚拟设备": "virtual-device",
        "网关": "gateway",
        "数据库": "database",
        "中间件": "middleware",
        "系统软件": "system-software",
        "应用": "application",
        "应用系统": "application",
        "管理平台": "management-platform",
        "机房": "machine-room",
        "人员": "person",
        "文档": "document",
        "记录": "record",
    },
    "importance": {
        "低": "low",
        "中": "medium",
        "高": "high",
        "一般": "low",
        "重要": "medium",
        "关键": "high",
    },
    "sudo": {
        "无": "none",
        "免密": "all",
        "免口令": "all",
        "清单": "listed",
        "口令": "password",
        "密码": "password",
    },
    "transport": {"无": "none", "本机": "local", "采集包": "bundle"},
}


# The beginnings of names of operating systems → kind: ``CentOS Linux 7.9``, ``Red Hat Enterprise Linux``, ``麒麟 V10``.
SYSTEMS: Final[dict[str, tuple[str, ...]]] = {
    "linux": (
        *(
            "linux",
            "centos",
            "red hat",
            "redhat",
            "rhel",
            "rocky",
            "almalinux",
            "alma linux",
            "fedora",
            "oracle linux",
        ),
        *("debian", "ubuntu", "suse", "sles", "opensuse", "deepin", "amazon linux", "alpine", "arch linux"),
        *(
            "openeuler",
            "open euler",
            "euleros",
            "anolis",
            "龙蜥",
            "kylin",
            "neokylin",
            "麒麟",
            "银河麒麟",
            "中标麒麟",
        ),
        *("uos", "uniontech", "统信", "欧拉", "tencentos", "opencloudos", "alibaba cloud linux"),
    ),
    "windows": ("windows", "win server", "microsoft windows"),
}


def column_of(heading: str) -> str | None:
    """``IP 地址`` → ``address``; None for a heading that is not known."""
    plain = _plain(heading)
    return next((name for name, headings in HEADINGS.items() if plain in headings), None)


def is_left_out(heading: str) -> bool:
    """Whether the register is known to have no place for such a column."""
    return _plain(heading) in LEFT_OUT


def nearest_heading(heading: str) -> str | None:
    """The known heading that a mistyped one was meant to be: ``adress`` → ``address``."""
    known = [name for headings in HEADINGS.values() for name in headings]
    near = get_close_matches(_plain(heading), known, n=1, cutoff=0.75)
    return near[0] if near else None


def accepted_headings() -> str:
    """The headings, one for each column in Chinese and English, for a person."""
    words = (
        (name, next((word for word in known if not word.isascii()), "")) for name, known in HEADINGS.items()
    )
    return ", ".join(f"{name}/{chinese}" if chinese else name for name, chinese in words)


def _plain(heading: str) -> str:
    return "".join(heading.lower().split()).replace("_", "").replace("-", "")


def kind_of(kind: str, system: str) -> str:
    """The kind of an asset by its column and by that of its operating system: a Windows server is no Linux."""
    seen = word_of("kind", system)
    if not kind or (kind in SYSTEMS and seen in SYSTEMS):
        return seen or "linux"
    return kind


def word_of(column: str, cell: str) -> str:
    """The register's word for a cell: ``数据库`` → ``database``; a cell without one stays as it is."""
    lower = " ".join(cell.lower().split())
    if column == "kind" and lower not in WORDS["kind"]:
        for kind, beginnings in SYSTEMS.items():
            if lower.startswith(beginnings):
                return kind
    return WORDS.get(column, {}).get(lower, lower if column in WORDS else cell)
