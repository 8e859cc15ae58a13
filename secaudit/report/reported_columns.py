"""Headings and words of lists of problems, as evaluators, authorities and scanners write them."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from secaudit.model.content import Severity

# Our name of the column → what lists call it; compared without spaces, case, brackets, _ and -.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": (
        *("问题编号", "编号", "漏洞编号", "隐患编号", "number", "id", "findingid", "vulnerabilityid"),
        *("cve", "cve编号", "cveid", "cnvd编号", "cnnvd编号", "pluginid"),
    ),
    "system": (
        *("系统", "系统名称", "定级对象", "定级对象名称", "信息系统", "信息系统名称", "所属系统", "业务系统"),
        *("被测系统", "system", "systemname", "informationsystem"),
    ),
    "asset": (
        *(
            "资产",
            "资产名称",
            "资产编号",
            "资产地址",
            "测评对象",
            "设备",
            "设备名称",
            "主机",
            "主机名",
            "主机ip",
        ),
        *(
            "ip",
            "ip地址",
            "地址",
            "对象",
            "目标",
            "asset",
            "assetname",
            "host",
            "hostname",
            "address",
            "ipaddress",
        ),
        *("target", "object", "device"),
    ),
    "title": (
        *("问题", "问题名称", "安全问题", "存在问题", "存在的问题", "问题标题", "标题", "漏洞名称", "漏洞"),
        *(
            "隐患",
            "隐患名称",
            "安全隐患",
            "title",
            "problem",
            "name",
            "vulnerability",
            "vulnerabilityname",
            "finding",
        ),
    ),
    "description": (
        *(
            "描述",
            "问题描述",
            "详细描述",
            "漏洞描述",
            "隐患描述",
            "问题详情",
            "详情",
            "现状",
            "测评结果记录",
            "结果记录",
        ),
        *("description", "detail", "details", "record", "synopsis"),
    ),
    "severity": (
        *(
            "严重程度",
            "风险等级",
            "风险级别",
            "危险等级",
            "危险级别",
            "危害等级",
            "危害程度",
            "漏洞等级",
            "漏洞级别",
        ),
        *("问题等级", "等级", "级别", "severity", "risk", "risklevel", "riskfactor"),
    ),
    "item": (
        *("测评项", "对应测评项", "检查项", "关联检查", "条款", "对应条款", "测评单元", "测评指标", "要求项"),
        *("item", "check", "requirement", "clause", "step"),
    ),
    "remedy": (
        "整改建议",
        "修复建议",
        "处置建议",
        "解决方案",
        "解决办法",
        "建议",
        "remedy",
        "solution",
        "advice",
    ),
    "document": (
        "文号",
        "通报文号",
        "通报编号",
        "报告编号",
        "文件编号",
        "document",
        "documentnumber",
        "reportnumber",
    ),
    "issued_by": (
        *(
            "通报单位",
            "发文单位",
            "签发单位",
            "发出单位",
            "测评机构",
            "检查单位",
            "issuedby",
            "issuer",
            "authority",
        ),
    ),
    "date": (
        *(
            "日期",
            "通报日期",
            "发文日期",
            "发现日期",
            "发现时间",
            "测评日期",
            "扫描日期",
            "扫描时间",
            "date",
            "issuedon",
        ),
        *("foundon", "discovered"),
    ),
    "deadline": (
        *(
            "整改期限",
            "整改时限",
            "整改截止日期",
            "期限",
            "限期",
            "截止日期",
            "完成时限",
            "deadline",
            "due",
            "duedate",
        ),
    ),
}
SHOWN: Final[Mapping[str, tuple[str, str]]] = {
    "number": ("问题编号", "number"),
    "system": ("系统", "system"),
    "asset": ("资产", "asset"),
    "title": ("问题", "title"),
    "description": ("问题描述", "description"),
    "severity": ("严重程度", "severity"),
    "item": ("测评项或检查", "item or check"),
    "remedy": ("整改建议", "remedy"),
    "document": ("文号", "document"),
    "issued_by": ("发文单位", "issued by"),
    "date": ("日期", "date"),
    "deadline": ("整改期限", "deadline"),
}
"""Chinese and English heading of each column as the empty workbook has it."""
REQUIRED: Final = ("title", "severity")
SEVERITIES: Final[Mapping[Severity, tuple[str, ...]]] = {
    Severity.HIGH: ("高", "高危", "高风险", "紧急", "严重", "超危", "危急", "high", "critical", "urgent"),
    Severity.MEDIUM: ("中", "中危", "中风险", "中等", "medium", "moderate"),
    Severity.LOW: ("低", "低危", "低风险", "轻微", "low", "minor"),
}
INFORMATION: Final = ("信息", "提示", "信息级", "info", "information", "informational", "none", "log")
"""What scanners list beside problems."""
_SPARE: Final = str.maketrans("", "", " \u3000\t\n_-()（）:：*＊")


def column_of(heading: str) -> str | None:
    """``IP 地址`` → ``asset``; None for a heading that is not known."""
    plain = _plain(heading)
    for name, headings in HEADINGS.items():
        if plain in headings or plain in map(_plain, SHOWN[name]):
            return name
    return None


def nearest_heading(heading: str) -> str | None:
    """The known heading that a mistyped one was meant to be."""
    known = [name for headings in HEADINGS.values() for name in headings]
    near = get_close_matches(_plain(heading), known, n=1, cutoff=0.8)
    return near[0] if near else None


def severity_of(cell: str) -> Severity | None:
    """``高危`` → HIGH; None for a word that is not known."""
    word = _plain(cell)
    return next((severity for severity, words in SEVERITIES.items() if word in words), None)


def is_information(cell: str) -> bool:
    """Whether a scanner says of a row that it is no problem."""
    return _plain(cell) in INFORMATION


def shown_columns(keys: tuple[str, ...]) -> str:
    """Columns for a person, in both languages."""
    return ", ".join("/".join(SHOWN[key]) for key in keys)


def _plain(heading: str) -> str:
    return heading.lower().translate(_SPARE)
