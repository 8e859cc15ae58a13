"""Headings and words of asset lists in Chinese and English, as the register has them."""

from typing import Final

# Our name of the column → what lists call it; compared without spaces, case, _ and -.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "assetid", "编号", "资产编号", "资产标识", "标识"),
    "name": ("name", "assetname", "hostname", "名称", "资产名称", "设备名称", "主机名", "主机名称"),
    "kind": ("kind", "type", "os", "类型", "资产类型", "设备类型", "操作系统"),
    "address": ("address", "ip", "ipaddress", "host", "地址", "ip地址", "管理地址", "管理ip"),
    "zone": ("zone", "networkzone", "区域", "安全域", "网络区域", "安全区域"),
    "importance": ("importance", "重要性", "重要程度"),
    "transport": ("transport", "连接方式", "到达方式"),
    "port": ("port", "sshport", "ssh端口", "登录端口"),
    "user": ("user", "username", "sshuser", "用户", "用户名", "登录用户", "账号"),
    "key": ("key", "sshkey", "密钥", "私钥"),
    "passphrase": ("passphrase", "密钥口令"),
    "password": ("password", "口令", "密码", "登录口令", "登录密码"),
    "sudo": ("sudo", "提权"),
    "services": ("services", "服务", "开放服务", "声明的服务"),
    "secrecy": ("secrecy", "classification", "密级"),
    "classified": ("classified", "涉密", "是否涉密"),
}
REACH: Final = ("transport", "port", "user", "key", "passphrase", "password", "sudo")

WORDS: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "服务器": "linux",
        "linux服务器": "linux",
        "debian": "linux",
        "ubuntu": "linux",
        "centos": "linux",
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
    "sudo": {"无": "none", "免密": "all", "免口令": "all"},
    "transport": {"无": "none", "本机": "local"},
}


def column_of(heading: str) -> str | None:
    """``IP 地址`` → ``address``; None for a heading that is not known."""
    plain = "".join(heading.lower().split()).replace("_", "").replace("-", "")
    return next((name for name, headings in HEADINGS.items() if plain in headings), None)


def word_of(column: str, cell: str) -> str:
    """The register's word for a cell: ``数据库`` → ``database``; a cell without one stays as it is."""
    lower = cell.lower()
    return WORDS.get(column, {}).get(lower, lower if column in WORDS else cell)
